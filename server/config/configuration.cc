#include "server/config/configuration.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>

#include "server/config/shared_yaml.h"
#include "server/config/steering_table.h"
#include "server/config/zone_yaml.h"
#include "zones/audit.h"
#include "zones/master_file.h"

namespace config {
namespace {

namespace fs = std::filesystem;
using zones::Problems;
using zones::Zone;

struct Folder {
  std::optional<fs::path> shared;
  std::vector<fs::path> zones;  // sorted: messages and numbers come in the same order everywhere
};

Folder look_into(const std::string& folder, Problems& problems) {
  const std::size_t before = problems.size();
  std::error_code error;
  Folder files;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const fs::path& path = entry.path();
    const bool hidden = path.filename().string().front() == '.';
    const bool known = path.extension() == ".yaml" || path.extension() == ".zone";
    if (!known || hidden) continue;
    std::error_code unreadable;
    if (!entry.is_regular_file(unreadable)) {
      problems.push_back({path.string(), 0, 0, "is not a regular file"});
    } else if (path.filename() == kSharedFile) {
      files.shared = path;
    } else {
      files.zones.push_back(path);
    }
  }
  if (error) {
    problems.push_back({folder, 0, 0,
                        "the folder of zones cannot be read: " + error.message() +
                            "; `zones` in fairlead.yaml names it"});
  } else if (files.zones.empty() && problems.size() == before) {
    problems.push_back({folder, 0, 0, "no zone in this folder; a zone is a *.yaml or *.zone file"});
  }
  std::ranges::sort(files.zones);
  return files;
}

// The file's time of change in seconds since 1970: grows with every edit, and is the same on every
// server that files are copied to with their times.
std::uint32_t serial_of(const fs::path& file) {
  std::error_code error;
  const auto changed = fs::last_write_time(file, error);
  if (error) return 1;
  const auto system = std::chrono::file_clock::to_sys(changed);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(system.time_since_epoch());
  return static_cast<std::uint32_t>(seconds.count());
}

std::optional<Zone> load_zone(const fs::path& file, const ZoneOptions& options,
                              SteeringTable& table, Problems& problems) {
  if (file.extension() == ".yaml") {
    return load_zone_yaml(file.string(), serial_of(file), options, table, problems);
  }
  auto zone = zones::load_master_file(file.string(), options.limits);
  if (zone) return std::move(*zone);
  problems.insert(problems.end(), zone.error().begin(), zone.error().end());
  return std::nullopt;
}

// For comparing: without regard to case.
std::string key_of(std::string origin) {
  std::ranges::transform(origin, origin.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return origin;
}

std::shared_ptr<zones::ZoneSet> load_zones(const Folder& folder, const ZoneOptions& options,
                                           SteeringTable& table, Problems& problems) {
  auto zones = std::make_shared<zones::ZoneSet>();
  std::map<std::string, std::string> file_of;  // by origin
  for (const fs::path& path : folder.zones) {
    auto zone = load_zone(path, options, table, problems);
    if (!zone) continue;
    const std::string origin = zone->origin().to_text();
    const std::string key = key_of(origin);
    if (folder.shared && key == std::string(steering::kSharedZone) + ".") {
      problems.push_back({path.string(), 0, 0,
                          "zone " + origin + " has the name under which endpoints and pools of " +
                              folder.shared->string() + " are known; only one of the two can be"});
    } else if (zones->add(std::make_shared<const Zone>(std::move(*zone)))) {
      file_of[key] = path.string();
    } else {
      problems.push_back(
          {path.string(), 0, 0, "zone " + origin + " is in " + file_of[key] + " already"});
    }
  }
  return zones;
}

// A mistake in fairlead.yaml may stand where it allows something: then nothing is asked of zones
// that would be a mistake of theirs for that reason alone.
ZoneOptions what_zones_may(const Options& options, bool is_sound) {
  if (is_sound) return {options.limits, options.probes.exec, nullptr};
  return {{std::numeric_limits<std::size_t>::max()}, true, nullptr};
}

// Canaries come behind the targets of zones.
void add_guard(const IsolationOptions& isolation, SteeringTable& table) {
  health::GuardSpec& guard = table.roster.guard;
  guard.share = isolation.share;
  guard.at_least = isolation.at_least;
  for (const health::Target& canary : isolation.canaries) {
    guard.canaries.push_back(table.target(canary));
  }
}

void warn_of_heartbeats(const std::string& file, const Options& options,
                        const health::Roster& roster, Problems& warnings) {
  const bool any = std::ranges::any_of(roster.targets, [](const health::Target& target) {
    return target.check.type == health::ProbeType::Heartbeat;
  });
  if (!any || options.heartbeat) return;
  warnings.push_back(
      {file, 0, 0,
       "there are heartbeat checks, and no `heartbeat: {listen: ADDRESS:PORT}` where "
       "their heartbeats could arrive"});
}

}  // namespace

tl::expected<Configuration, Problems> load(const std::string& file) {
  Problems problems;
  SteeringTable table;
  const Options options = read_options(file, problems, &table.warnings);
  if (options.zones.empty()) return tl::unexpected(std::move(problems));
  ZoneOptions zone_options = what_zones_may(options, problems.empty());

  const Folder folder = look_into(options.zones, problems);
  std::optional<Shared> shared;
  if (folder.shared) {
    shared.emplace(folder.shared->string(), problems, table);
    if (!shared->read(zone_options.may_exec, table)) return tl::unexpected(std::move(problems));
    zone_options.shared = &shared->names();
  }
  auto zones = load_zones(folder, zone_options, table, problems);
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  if (shared) shared->settle(table);
  add_guard(options.isolation, table);
  warn_of_heartbeats(file, options, table.roster, table.warnings);
  std::vector<std::string> warnings = zones::audit(*zones);
  for (const zones::Problem& warning : table.warnings) warnings.push_back(warning.to_text());
  return Configuration{
      options, std::move(zones), std::make_shared<const steering::Plan>(std::move(table.plan)),
      std::make_shared<const health::Roster>(std::move(table.roster)), std::move(warnings)};
}

}  // namespace config
