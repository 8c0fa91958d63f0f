#include "server/config/configuration.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <limits>
#include <map>
#include <optional>
#include <thread>

#include "server/config/shared_yaml.h"
#include "server/config/steering_table.h"
#include "server/config/zone_yaml.h"
#include "zones/audit.h"

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

using MasterFiles = std::map<std::string, zones::MasterZone>;
using LoadedMasterFiles = std::map<std::string, tl::expected<zones::MasterZone, Problems>>;

bool is_master_file(const fs::path& file) { return file.extension() != ".yaml"; }

// Calls `work` for each of 0 to `count` - 1, on as many threads as there are processors.
void for_each_in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  const std::size_t processors = std::max(std::thread::hardware_concurrency(), 1U);
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < std::min(processors, count); ++i) {
    others.push_back(std::async(std::launch::async, run));
  }
  run();
  for (std::future<void>& other : others) other.get();
}

// No master file knows of another one, or of anything else but limits.
LoadedMasterFiles load_master_files(const std::vector<fs::path>& files, const zones::Limits& limits,
                                    const MasterFiles& before) {
  LoadedMasterFiles loaded;
  std::vector<LoadedMasterFiles::iterator> places;
  for (const fs::path& path : files) {
    if (!is_master_file(path)) continue;
    places.push_back(loaded.try_emplace(path.string(), zones::MasterZone{}).first);
  }
  for_each_in_parallel(places.size(), [&](std::size_t i) {
    const auto known = before.find(places[i]->first);
    places[i]->second = zones::load_master_file(places[i]->first, limits,
                                                known == before.end() ? nullptr : &known->second);
  });
  return loaded;
}

// For comparing: without regard to case.
std::string key_of(std::string origin) {
  std::ranges::transform(origin, origin.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return origin;
}

// Zones of all files, and what is wrong with them, in the order of the files.
class ZoneFiles {
 public:
  ZoneFiles(const ZoneOptions& options, const MasterFiles& before, SteeringTable& table,
            Problems& problems)
      : options_(options), before_(before), table_(table), problems_(problems) {}

  void load(const Folder& folder) {
    LoadedMasterFiles masters = load_master_files(folder.zones, options_.limits, before_);
    for (const fs::path& path : folder.zones) {
      auto zone = is_master_file(path) ? take(path, masters.at(path.string())) : load_yaml(path);
      if (zone) add(folder, path, std::move(zone));
    }
  }

  [[nodiscard]] std::shared_ptr<const zones::ZoneSet> zones() const { return zones_; }
  [[nodiscard]] MasterFiles take_master_files() && { return std::move(master_files_); }

 private:
  using SharedZone = std::shared_ptr<const Zone>;

  SharedZone take(const fs::path& path, tl::expected<zones::MasterZone, Problems>& loaded) {
    if (!loaded) {
      problems_.insert(problems_.end(), loaded.error().begin(), loaded.error().end());
      return nullptr;
    }
    return master_files_.emplace(path.string(), std::move(*loaded)).first->second.zone;
  }

  SharedZone load_yaml(const fs::path& path) {
    auto zone = load_zone_yaml(path.string(), serial_of(path), options_, table_, problems_);
    return zone ? std::make_shared<const Zone>(std::move(*zone)) : nullptr;
  }

  void add(const Folder& folder, const fs::path& path, SharedZone zone) {
    const std::string origin = zone->origin().to_text();
    const std::string key = key_of(origin);
    if (folder.shared && key == std::string(steering::kSharedZone) + ".") {
      problems_.push_back({path.string(), 0, 0,
                           "zone " + origin + " has the name under which endpoints and pools of " +
                               folder.shared->string() + " are known; only one of the two can be"});
    } else if (zones_->add(std::move(zone))) {
      file_of_[key] = path.string();
    } else {
      problems_.push_back(
          {path.string(), 0, 0, "zone " + origin + " is in " + file_of_[key] + " already"});
    }
  }

  const ZoneOptions& options_;
  const MasterFiles& before_;
  SteeringTable& table_;
  Problems& problems_;
  std::shared_ptr<zones::ZoneSet> zones_ = std::make_shared<zones::ZoneSet>();
  MasterFiles master_files_;
  std::map<std::string, std::string> file_of_;  // by origin
};

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

tl::expected<Configuration, Problems> load(const std::string& file, const Configuration* before) {
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
  const MasterFiles none;
  ZoneFiles files(zone_options, before != nullptr ? before->master_files : none, table, problems);
  files.load(folder);
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  if (shared) shared->settle(table);
  add_guard(options.isolation, table);
  warn_of_heartbeats(file, options, table.roster, table.warnings);
  std::vector<std::string> warnings = zones::audit(*files.zones());
  for (const zones::Problem& warning : table.warnings) warnings.push_back(warning.to_text());
  return Configuration{options,
                       files.zones(),
                       std::make_shared<const steering::Plan>(std::move(table.plan)),
                       std::make_shared<const health::Roster>(std::move(table.roster)),
                       std::move(warnings),
                       std::move(files).take_master_files()};
}

}  // namespace config
