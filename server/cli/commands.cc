#include "server/cli/commands.h"

#include <filesystem>
#include <iostream>

#include "server/admin/location_text.h"
#include "server/cli/admin_client.h"
#include "server/config/options.h"
#include "server/control/loaded.h"

namespace cli {
namespace {

using namespace std::chrono_literals;

void print_problems(const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) std::cerr << problem << '\n';
}

}  // namespace

int check_files(const CommandOptions& options) {
  const auto loaded = control::load_first(options.configuration_file);
  if (!loaded) {
    print_problems(loaded.error());
    std::cerr << loaded.error().size() << " problem(s)\n";
    return 1;
  }
  print_problems(loaded->database_problems);
  for (const std::string& warning : loaded->warnings) std::cerr << "warning: " << warning << '\n';
  for (const auto& zone : loaded->configuration.zones->all()) {
    std::cout << "zone " << zone->origin().to_text() << ": " << zone->node_count()
              << " names, serial " << zone->serial() << '\n';
  }
  const steering::Plan& plan = *loaded->configuration.plan;
  std::cout << plan.endpoints.size() << " endpoints, " << plan.pools.size() << " pools, "
            << loaded->configuration.roster->targets.size() << " checks\n";
  for (const geo::DatabaseInfo& info : loaded->map->databases()) {
    std::cout << "geo database " << info.path << ": " << info.networks << " networks\n";
  }
  if (!loaded->database_problems.empty()) {
    std::cerr << loaded->database_problems.size() << " problem(s)\n";
    return 1;
  }
  std::cout << "ok\n";
  return 0;
}

int locate(const CommandOptions& options, const std::vector<std::string>& addresses,
           std::vector<std::string> databases) {
  std::vector<geo::Correction> corrections;
  if (databases.empty() && std::filesystem::exists(options.configuration_file)) {
    zones::Problems problems;
    const auto read = config::load_options(options.configuration_file, problems);
    for (const zones::Problem& problem : problems) std::cerr << problem.to_text() << '\n';
    if (!read) return 1;
    databases = read->databases.value_or(std::vector<std::string>());
    corrections = read->corrections;
  }
  if (databases.empty()) {
    databases = {control::bundled_database()};
    if (databases.front().empty()) {
      std::cerr << "fairlead: the database that comes with fairlead is not beside the program; "
                   "name one with --database FILE\n";
      return 1;
    }
  }
  const auto [map, problems] = geo::load_map(databases, corrections);
  print_problems(problems);
  if (map.databases().empty()) return 1;
  int status = problems.empty() ? 0 : 1;
  for (const std::string& text : addresses) {
    const auto address = dnswire::IpAddress::from_text(text);
    if (!address) {
      std::cerr << "fairlead: `" << text << "` is no IP address\n";
      status = 1;
      continue;
    }
    const geo::Placement place = map.locate(*address);
    std::cout << text << "/" << int{place.depth} << "  " << admin::location_text(*place.location)
              << '\n';
  }
  return status;
}

int reload(const CommandOptions& options) {
  const auto client = AdminClient::writer(options);
  if (!client) {
    std::cerr << "fairlead: " << client.error() << '\n';
    return 1;
  }
  const auto reply = client->request("POST", "/reload", {}, 120s);
  if (reply) {
    std::cout << *reply;
    return 0;
  }
  std::cerr << reply.error() << (reply.error().ends_with('\n') ? "" : "\n");
  return 1;
}

}  // namespace cli
