// fairlead: the command line.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "server/commands.h"
#include "server/config/options.h"
#include "server/example.h"
#include "server/service.h"
#include "server/version.h"

namespace {

struct Arguments {
  std::string config = config::kDefaultFile;
  std::string admin;
  std::string name;
  std::string type = "A";
  std::string client;
  std::vector<std::string> addresses;
  std::vector<std::string> databases;
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

server::CommandOptions options_of(const CLI::App& command, const Arguments& arguments) {
  return {arguments.config, command.count("--config") == 0, arguments.admin};
}

int run(int argc, char** argv) {
  CLI::App app{
      "fairlead: an authoritative DNS server that answers with the endpoint that is up "
      "and near.",
      "fairlead"};
  app.set_version_flag("--version", std::string("fairlead ") + server::kVersion);
  app.require_subcommand(1);
  app.footer(server::kExampleText);
  Arguments arguments;
  int status = EXIT_SUCCESS;

  CLI::App* serve = app.add_subcommand("serve", "Answer queries until told to stop");
  add_config(*serve, arguments);
  serve->callback([&] { status = server::serve(arguments.config); });

  CLI::App* check = app.add_subcommand("check", "Say everything that is wrong with the files");
  add_config(*check, arguments);
  check->callback([&] { status = server::check_files(options_of(*check, arguments)); });

  CLI::App* explain =
      app.add_subcommand("explain", "Say why a client gets the answer that it gets");
  explain->add_option("name", arguments.name, "The domain name")->required()->type_name("NAME");
  explain->add_option("type", arguments.type, "The record type")
      ->capture_default_str()
      ->type_name("TYPE");
  explain->add_option("--client", arguments.client, "The client's IP address")
      ->required()
      ->type_name("ADDRESS");
  add_config(*explain, arguments);
  add_admin(*explain, arguments);
  explain->callback([&] {
    status = server::explain_name(options_of(*explain, arguments), arguments.name, arguments.type,
                                  arguments.client);
  });

  CLI::App* geo = app.add_subcommand("geo", "Say where addresses are");
  geo->add_option("address", arguments.addresses, "IP addresses")->required()->type_name("ADDRESS");
  geo->add_option("--database", arguments.databases, "A MaxMind DB file, instead of those in use")
      ->type_name("FILE");
  add_config(*geo, arguments);
  geo->callback([&] {
    status = server::locate(options_of(*geo, arguments), arguments.addresses, arguments.databases);
  });

  CLI::App* reload = app.add_subcommand("reload", "Make the running server read its files again");
  add_config(*reload, arguments);
  add_admin(*reload, arguments);
  reload->callback([&] { status = server::reload(options_of(*reload, arguments)); });

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
