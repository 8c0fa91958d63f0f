// fairlead: the command line.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "server/cli/commands.h"
#include "server/cli/example.h"
#include "server/cli/explain_commands.h"
#include "server/cli/health_commands.h"
#include "server/config/options.h"
#include "server/control/version.h"
#include "server/service.h"

namespace {

struct Arguments {
  std::string config = config::kDefaultFile;
  std::string admin;
  std::vector<std::string> addresses;
  std::vector<std::string> databases;
  std::string token_file;
  cli::ExplainOptions explain;
  cli::MapOptions map;
  cli::StatusOptions status;
  cli::OverrideOptions override;
  cli::DrillOptions drill;
};

void add_config(CLI::App& command, Arguments& arguments) {
  command.add_option("-c,--config", arguments.config, "The configuration file")
      ->capture_default_str()
      ->type_name("FILE");
}

void add_admin(CLI::App& command, Arguments& arguments) {
  command
      .add_option("--admin", arguments.admin,
                  "The running server's admin listener, else that of the configuration file")
      ->type_name("ADDRESS:PORT");
}

cli::CommandOptions options_of(const CLI::App& command, const Arguments& arguments) {
  return {arguments.config, command.count("--config") == 0, arguments.admin, arguments.token_file};
}

// For commands that change something in the running server.
void add_authority(CLI::App& command, Arguments& arguments) {
  add_config(command, arguments);
  add_admin(command, arguments);
  command
      .add_option("--token-file", arguments.token_file,
                  "The file with the server's token, else admin-token in its state folder")
      ->type_name("FILE");
}

constexpr const char* kTargetHelp = "[ZONE/]ENDPOINT or pool:[ZONE/]POOL; * and ? are wildcards";

void add_override(CLI::App& command, Arguments& arguments) {
  cli::OverrideOptions& override = arguments.override;
  command.add_option("target", override.target, kTargetHelp)->required()->type_name("TARGET");
  command.add_option("--for", override.period, "How long, as in 30m; else until it is taken back")
      ->type_name("DURATION");
  command.add_option("--reason", override.reason, "Why, for those who look at the status")
      ->type_name("TEXT");
  command.add_option("--ttl", override.ttl, "The longest TTL of answers that rest on it")
      ->type_name("DURATION");
  command.add_option("--author", override.author, "Who says so, else the user")->type_name("NAME");
  add_authority(command, arguments);
}

// What explain and map have in common.
void add_question(CLI::App& command, Arguments& arguments, std::string& name, std::string& type,
                  std::vector<std::string>& assume, bool& json) {
  command.add_option("name", name, "The domain name")->required()->type_name("NAME");
  command.add_option("type", type, "The record type")->capture_default_str()->type_name("TYPE");
  command
      .add_option(
          "--assume", assume,
          "As if that were so: down:TARGET, up:TARGET or drained:TARGET, where TARGET is as "
          "for drain; may be repeated; nothing is changed")
      ->type_name("WHAT")
      ->allow_extra_args(false);
  command.add_flag("--json", json, "All of it, as JSON");
  add_config(command, arguments);
  add_admin(command, arguments);
}

void add_explain_commands(CLI::App& app, Arguments& arguments, int& exit_status) {
  cli::ExplainOptions& what = arguments.explain;
  CLI::App* explain =
      app.add_subcommand("explain", "Say why a client gets the answer that it gets");
  add_question(*explain, arguments, what.name, what.type, what.assume, what.json);
  explain
      ->add_option("--client,--at", what.clients,
                   "The client's IP address; may be repeated, to compare")
      ->required()
      ->allow_extra_args(false)
      ->type_name("ADDRESS");
  explain->callback([&arguments, &exit_status, explain] {
    exit_status = cli::explain_name(options_of(*explain, arguments), arguments.explain);
  });

  cli::MapOptions& world = arguments.map;
  CLI::App* map = app.add_subcommand(
      "map", "Say who serves which part of the world, and who would if an endpoint fell");
  add_question(*map, arguments, world.name, world.type, world.assume, world.json);
  map->add_flag("--verbose", world.countries, "The countries of each endpoint as well");
  map->callback([&arguments, &exit_status, map] {
    exit_status = cli::map_name(options_of(*map, arguments), arguments.map);
  });
}

void add_health_commands(CLI::App& app, Arguments& arguments, int& exit_status) {
  CLI::App* status = app.add_subcommand("status", "Say who stands, and why");
  status->add_option("endpoint", arguments.status.endpoint, kTargetHelp)->type_name("TARGET");
  status->add_flag("--json", arguments.status.json, "All that is known, as JSON");
  status->add_flag("--results", arguments.status.results, "Each check with its latest results");
  add_config(*status, arguments);
  add_admin(*status, arguments);
  status->callback([&arguments, &exit_status, status] {
    exit_status = cli::show_status(options_of(*status, arguments), arguments.status);
  });

  CLI::App* drain = app.add_subcommand("drain", "Take endpoints out of the answers, kindly");
  add_override(*drain, arguments);
  drain->callback([&arguments, &exit_status, drain] {
    arguments.override.force = "drained";
    exit_status = cli::put_override(options_of(*drain, arguments), arguments.override);
  });

  CLI::App* undrain = app.add_subcommand("undrain", "Take back what was said with drain or force");
  undrain->add_option("target", arguments.override.target, "As it was named then")
      ->required()
      ->type_name("TARGET");
  add_authority(*undrain, arguments);
  undrain->callback([&arguments, &exit_status, undrain] {
    exit_status = cli::undrain(options_of(*undrain, arguments), arguments.override.target);
  });

  CLI::App* force = app.add_subcommand("force",
                                       "Say that endpoints are up or down, whatever "
                                       "their checks say");
  add_override(*force, arguments);
  force->add_option("state", arguments.override.force, "up or down")
      ->required()
      ->type_name("STATE")
      ->check(CLI::IsMember({"up", "down"}));
  force->callback([&arguments, &exit_status, force] {
    exit_status = cli::put_override(options_of(*force, arguments), arguments.override);
  });

  CLI::App* weigh = app.add_subcommand(
      "weigh", "Give endpoints another weight, in pools that are picked from by weight");
  add_override(*weigh, arguments);
  weigh
      ->add_option("weight", arguments.override.weight,
                   "0 (nothing, while others have some) to 1000000; usual: as configured again")
      ->required()
      ->type_name("WEIGHT");
  weigh->callback([&arguments, &exit_status, weigh] {
    exit_status = cli::weigh(options_of(*weigh, arguments), arguments.override);
  });

  CLI::App* drill = app.add_subcommand(
      "drill", "Force endpoints down for a while and say when the answers changed");
  drill->add_option("target", arguments.drill.target, kTargetHelp)->required()->type_name("TARGET");
  drill->add_option("--for", arguments.drill.period, "How long")
      ->capture_default_str()
      ->type_name("DURATION");
  drill
      ->add_option("--client", arguments.drill.client,
                   "Whose answers to watch, an address or a network; else this machine's")
      ->type_name("ADDRESS");
  add_authority(*drill, arguments);
  drill->callback([&arguments, &exit_status, drill] {
    exit_status = cli::drill(options_of(*drill, arguments), arguments.drill);
  });
}

int run(int argc, char** argv) {
  CLI::App app{
      "fairlead: an authoritative DNS server that answers with the endpoint that is up "
      "and near.",
      "fairlead"};
  app.set_version_flag("--version", std::string("fairlead ") + control::kVersion);
  app.require_subcommand(1);
  Arguments arguments;
  int status = EXIT_SUCCESS;

  CLI::App* serve = app.add_subcommand("serve", "Answer queries until told to stop");
  add_config(*serve, arguments);
  serve->callback([&] { status = server::serve(arguments.config); });

  CLI::App* check = app.add_subcommand("check", "Say everything that is wrong with the files");
  add_config(*check, arguments);
  check->callback([&] { status = cli::check_files(options_of(*check, arguments)); });

  add_explain_commands(app, arguments, status);

  CLI::App* geo = app.add_subcommand("geo", "Say where addresses are");
  geo->add_option("address", arguments.addresses, "IP addresses")->required()->type_name("ADDRESS");
  geo->add_option("--database", arguments.databases, "A MaxMind DB file, instead of those in use")
      ->type_name("FILE");
  add_config(*geo, arguments);
  geo->callback([&] {
    status = cli::locate(options_of(*geo, arguments), arguments.addresses, arguments.databases);
  });

  CLI::App* reload = app.add_subcommand("reload", "Make the running server read its files again");
  add_authority(*reload, arguments);
  reload->callback([&] { status = cli::reload(options_of(*reload, arguments)); });

  add_health_commands(app, arguments, status);
  app.footer(cli::kExampleText);  // after the commands, which would inherit it

  CLI11_PARSE(app, argc, argv);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "fairlead: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
