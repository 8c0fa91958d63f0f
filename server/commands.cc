#include "server/commands.h"

#include <filesystem>
#include <iostream>

#include "server/config/options.h"
#include "server/explain.h"
#include "server/http_client.h"
#include "server/loaded.h"
#include "server/location_text.h"

namespace server {
namespace {

using namespace std::chrono_literals;

const char* const kDefaultAdmin = "127.0.0.1:8053";

void print_problems(const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) std::cerr << problem << '\n';
}

std::string percent_encoded(const std::string& text) {
  static const char* const kHex = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(octet) != 0 || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      result += c;
    } else {
      result += {'%', kHex[octet >> 4], kHex[octet & 15]};
    }
  }
  return result;
}

// Where the running server's admin listener is; or why that cannot be known.
tl::expected<config::ListenAddress, std::string> admin_address(const CommandOptions& options) {
  if (!options.admin.empty()) {
    auto address = config::ListenAddress::from_text(options.admin);
    if (!address) return tl::unexpected("--admin: " + address.error());
    return *address;
  }
  if (options.file_is_default && !std::filesystem::exists(options.configuration_file)) {
    return *config::ListenAddress::from_text(kDefaultAdmin);
  }
  zones::Problems problems;
  const auto read = config::load_options(options.configuration_file, problems);
  if (read) return read->admin;
  std::string text;
  for (const zones::Problem& problem : problems) text += problem.to_text() + "\n";
  return tl::unexpected(text + "fairlead: name the server with --admin ADDRESS:PORT");
}

int explain_from_files(const CommandOptions& options, const ExplainRequest& request,
                       const std::string& why_not_asked) {
  const auto loaded = load_first(options.configuration_file);
  if (!loaded) {
    std::cerr << why_not_asked << "; and the files cannot be evaluated:\n";
    print_problems(loaded.error());
    return 1;
  }
  std::vector<health::Standing> standings;
  health::Verdict up;
  up.state = health::State::Up;
  for (const health::Target& target : loaded->configuration.targets) {
    standings.push_back(health::standing_of(target.check, up));
  }
  answer::Snapshot snapshot;
  snapshot.zones = loaded->configuration.zones;
  snapshot.plan = loaded->configuration.plan;
  snapshot.map = loaded->map;
  snapshot.board = std::make_shared<const health::Board>(std::move(standings));
  snapshot.settings = loaded->settings;
  print_problems(loaded->database_problems);
  std::cout << "(" << why_not_asked << "; evaluated from " << options.configuration_file
            << " with every endpoint assumed up)\n\n"
            << explain(request, snapshot, [](health::TargetId) { return std::string(); });
  return 0;
}

}  // namespace

int check_files(const CommandOptions& options) {
  const auto loaded = load_first(options.configuration_file);
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
            << loaded->configuration.targets.size() << " checks\n";
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

int explain_name(const CommandOptions& options, const std::string& name, const std::string& type,
                 const std::string& client) {
  const auto request = parse_explain_request(name, type, client);
  if (!request) {
    std::cerr << "fairlead: " << request.error() << '\n';
    return 1;
  }
  const auto admin = admin_address(options);
  if (!admin) {
    std::cerr << admin.error() << '\n';
    return 1;
  }
  const std::string target = "/explain?name=" + percent_encoded(name) +
                             "&type=" + percent_encoded(type) +
                             "&client=" + percent_encoded(client);
  const auto reply = http_request("GET", *admin, target, 5s);
  if (!reply) {
    return explain_from_files(
        options, *request, "no server answers at " + admin->to_text() + " (" + reply.error() + ")");
  }
  (reply->status == 200 ? std::cout : std::cerr) << reply->body;
  return reply->status == 200 ? 0 : 1;
}

int locate(const CommandOptions& options, const std::vector<std::string>& addresses,
           std::vector<std::string> databases) {
  if (databases.empty() && std::filesystem::exists(options.configuration_file)) {
    zones::Problems problems;
    const auto read = config::load_options(options.configuration_file, problems);
    for (const zones::Problem& problem : problems) std::cerr << problem.to_text() << '\n';
    if (!read) return 1;
    databases = read->databases.value_or(std::vector<std::string>());
  }
  if (databases.empty()) {
    databases = {bundled_database()};
    if (databases.front().empty()) {
      std::cerr << "fairlead: the database that comes with fairlead is not beside the program; "
                   "name one with --database FILE\n";
      return 1;
    }
  }
  const auto [map, problems] = geo::load_map(databases);
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
    std::cout << text << "/" << int{place.depth} << "  " << location_text(*place.location) << '\n';
  }
  return status;
}

int reload(const CommandOptions& options) {
  const auto admin = admin_address(options);
  if (!admin) {
    std::cerr << admin.error() << '\n';
    return 1;
  }
  const auto reply = http_request("POST", *admin, "/reload", 120s);
  if (!reply) {
    std::cerr
        << "fairlead: " << reply.error()
        << "\nif `admin.listen` has just been changed, name the address that the server still "
           "uses with --admin\n";
    return 1;
  }
  (reply->status == 200 ? std::cout : std::cerr) << reply->body;
  return reply->status == 200 ? 0 : 1;
}

}  // namespace server
