#include "server/config/configuration.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <map>

#include "server/config/steering_table.h"
#include "server/config/zone_yaml.h"
#include "zones/audit.h"
#include "zones/master_file.h"

namespace config {
namespace {

namespace fs = std::filesystem;
using zones::Problems;
using zones::Zone;

// Sorted, so that messages and numbers come in the same order everywhere.
std::vector<fs::path> zone_files(const std::string& folder, Problems& problems) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const fs::path& path = entry.path();
    const bool hidden = path.filename().string().front() == '.';
    const bool known = path.extension() == ".yaml" || path.extension() == ".zone";
    if (!known || hidden) continue;
    std::error_code unreadable;
    if (entry.is_regular_file(unreadable)) {
      files.push_back(path);
    } else {
      problems.push_back({path.string(), 0, 0, "is not a regular file"});
    }
  }
  if (error) {
    problems.push_back({folder, 0, 0,
                        "the folder of zones cannot be read: " + error.message() +
                            "; `zones` in fairlead.yaml names it"});
  } else if (files.empty() && problems.empty()) {
    problems.push_back({folder, 0, 0, "no zone in this folder; a zone is a *.yaml or *.zone file"});
  }
  std::sort(files.begin(), files.end());
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

std::optional<Zone> load_zone(const fs::path& file, zones::Limits limits, SteeringTable& table,
                              Problems& problems) {
  if (file.extension() == ".yaml") {
    return load_zone_yaml(file.string(), serial_of(file), limits, table, problems);
  }
  auto zone = zones::load_master_file(file.string(), limits);
  if (zone) return std::move(*zone);
  problems.insert(problems.end(), zone.error().begin(), zone.error().end());
  return std::nullopt;
}

}  // namespace

tl::expected<Configuration, Problems> load(const std::string& file) {
  Problems problems;
  const auto options = load_options(file, problems);
  if (!options) return tl::unexpected(std::move(problems));

  SteeringTable table;
  auto zones = std::make_shared<zones::ZoneSet>();
  std::map<std::string, std::string> file_of;  // by origin
  for (const fs::path& path : zone_files(options->zones, problems)) {
    auto zone = load_zone(path, options->limits, table, problems);
    if (!zone) continue;
    const std::string origin = zone->origin().to_text();
    std::string key = origin;
    std::transform(key.begin(), key.end(), key.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (zones->add(std::make_shared<const Zone>(std::move(*zone)))) {
      file_of[key] = path.string();
    } else {
      problems.push_back(
          {path.string(), 0, 0, "zone " + origin + " is in " + file_of[key] + " already"});
    }
  }
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  std::vector<std::string> warnings = zones::audit(*zones);
  return Configuration{*options, std::move(zones),
                       std::make_shared<const steering::Plan>(std::move(table.plan)),
                       std::move(table.targets()), std::move(warnings)};
}

}  // namespace config
