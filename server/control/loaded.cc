#include "server/control/loaded.h"

#include <malloc.h>

#include <algorithm>
#include <filesystem>

#include "server/control/protocol_settings.h"

namespace control {
namespace {

namespace fs = std::filesystem;
using zones::Zone;

// The name of a record, "www.example.org.".
std::string name_of(const zones::ZoneSet& zones, zones::DynamicId record) {
  for (const auto& zone : zones.all()) {
    for (const zones::NodeId node : zone->nodes()) {
      if (zone->dynamic(node) == record) return zone->name(node).to_text();
    }
  }
  return {};
}

std::string describe(const Loaded& loaded, const steering::DeadRule& dead) {
  const steering::Plan& plan = *loaded.configuration.plan;
  return name_of(*loaded.configuration.zones, dead.record) + " rule " +
         std::to_string(dead.rule + 1) + " (" + plan[dead.record].rules[dead.rule].text +
         ") can never match: " + dead.why;
}

// What the databases say, and what the plan makes of it. Rules that no client can meet are errors
// where every database could be read and none knows such a thing; else warnings.
LoadError take_geography(Loaded& loaded) {
  loaded.database_files = look_at(loaded.databases);
  auto [map, problems] = geo::load_map(loaded.databases, loaded.configuration.options.corrections);
  loaded.map = std::make_shared<const geo::Map>(std::move(map));
  loaded.database_problems = std::move(problems);
  const steering::Plan& plan = *loaded.configuration.plan;
  loaded.atlas =
      std::make_shared<const steering::Atlas>(steering::Atlas::compile(plan, *loaded.map));

  const bool is_whole = loaded.database_problems.empty() &&
                        (loaded.configuration.options.databases || !loaded.databases.empty());
  LoadError errors;
  if (!is_whole) return errors;  // a louder warning is on its way
  for (const auto& dead : steering::find_dead_rules(plan, *loaded.map, *loaded.atlas)) {
    if (dead.for_good) {
      errors.push_back(describe(loaded, dead) +
                       "; add one that does to `geo.databases`, or take the rule out");
    } else {
      loaded.warnings.push_back(describe(loaded, dead));
    }
  }
  return errors;
}

tl::expected<Loaded, LoadError> with_geography(config::Configuration configuration) {
  Loaded loaded;
  loaded.configuration = std::move(configuration);
  const auto& chosen = loaded.configuration.options.databases;
  if (chosen) {
    loaded.databases = *chosen;
  } else if (const std::string bundled = bundled_database(); !bundled.empty()) {
    loaded.databases = {bundled};
  }
  loaded.warnings = loaded.configuration.warnings;
  LoadError errors = take_geography(loaded);
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return loaded;
}

void take_settings(Loaded& loaded, ProtocolSettings settings) {
  loaded.settings = std::make_shared<const answer::Settings>(std::move(settings.settings));
  loaded.warnings.insert(loaded.warnings.end(), settings.warnings.begin(), settings.warnings.end());
}

void give_secret(Loaded& loaded, const answer::Settings* before) {
  ProtocolSettings settings{*loaded.settings, {}};
  provide_cookie_secret(loaded.configuration.options.cookies, before, settings);
  take_settings(loaded, std::move(settings));
}

LoadError texts_of(const zones::Problems& problems) {
  LoadError texts;
  for (const zones::Problem& problem : problems) texts.push_back(problem.to_text());
  return texts;
}

bool has_database(const geo::Map& map, const std::string& path) {
  return std::any_of(map.databases().begin(), map.databases().end(),
                     [&](const geo::DatabaseInfo& info) { return info.path == path; });
}

bool lost_a_database(const Loaded& before, const Loaded& after) {
  return std::ranges::any_of(after.databases, [&](const std::string& path) {
    return has_database(*before.map, path) && !has_database(*after.map, path);
  });
}

const Zone* find_zone(const zones::ZoneSet& zones, const Zone& like) {
  const Zone* const zone = zones.find(like.origin());
  return zone != nullptr && zone->origin() == like.origin() ? zone : nullptr;
}

std::string zone_line(const char* change, const Zone& zone) {
  return std::string("zone ") + zone.origin().to_text() + " " + change + ": serial " +
         std::to_string(zone.serial()) + ", " + std::to_string(zone.node_count()) + " names\n";
}

std::string describe_zones(const zones::ZoneSet& before, const zones::ZoneSet& after) {
  std::string text;
  for (const auto& zone : after.all()) {
    const Zone* old = find_zone(before, *zone);
    if (old == nullptr) text += zone_line("is new", *zone);
    if (old == nullptr || old == zone.get() || old->same_data(*zone)) continue;
    text += zone_line("changed", *zone);
    // RFC 1982 3.2. Nobody but a person who compares serials minds.
    const bool grew = static_cast<std::int32_t>(zone->serial() - old->serial()) > 0;
    if (!grew) text += "zone " + zone->origin().to_text() + ": the serial did not grow\n";
  }
  for (const auto& zone : before.all()) {
    if (find_zone(after, *zone) == nullptr) text += zone_line("is gone", *zone);
  }
  return text;
}

std::string describe_targets(const std::vector<health::Target>& before,
                             const std::vector<health::Target>& after) {
  const auto missing_from = [](const auto& in, const auto& from) {
    return std::count_if(in.begin(), in.end(), [&](const health::Target& target) {
      return std::find(from.begin(), from.end(), target) == from.end();
    });
  };
  const auto fresh = missing_from(after, before);
  const auto gone = missing_from(before, after);
  if (fresh == 0 && gone == 0) return {};
  return "checks: " + std::to_string(fresh) + " started, " + std::to_string(gone) + " stopped, " +
         std::to_string(static_cast<std::ptrdiff_t>(after.size()) - fresh) + " go on\n";
}

std::string describe_options(const config::Options& before, const config::Options& after) {
  std::string text;
  const auto note = [&](bool changed, const char* key) {
    if (changed) text += std::string("`") + key + "` changed: takes effect at the next start\n";
  };
  note(before.listen != after.listen, "listen");
  note(before.workers != after.workers, "workers");
  note(before.admin != after.admin, "admin");
  note(before.state != after.state, "state");
  note(before.log_level != after.log_level || before.log_format != after.log_format, "log");
  note(before.udp != after.udp, "udp");
  note(before.tcp.fast_open != after.tcp.fast_open, "tcp.fast_open");
  config::TcpOptions rest = before.tcp;
  rest.fast_open = after.tcp.fast_open;
  if (rest != after.tcp) text += "`tcp` changed\n";
  note(before.heartbeat != after.heartbeat, "heartbeat");
  if (before.probes != after.probes) text += "`probes` changed\n";
  if (before.isolation != after.isolation) text += "`isolation` changed\n";
  if (before.hooks != after.hooks) text += "`hooks` changed\n";
  if (before.limits.addresses != after.limits.addresses) text += "`limits` changed\n";
  if (before.corrections != after.corrections) text += "`geo.corrections` changed\n";
  if (before.resolvers != after.resolvers) text += "`resolver` changed\n";
  return text;
}

std::string describe_databases(const geo::Map& before, const geo::Map& after) {
  std::string text;
  for (const geo::DatabaseInfo& info : after.databases()) {
    const bool same = std::any_of(
        before.databases().begin(), before.databases().end(),
        [&](const auto& old) { return old.path == info.path && old.built == info.built; });
    if (!same) text += "geo database " + info.path + " is new or newer\n";
  }
  for (const geo::DatabaseInfo& info : before.databases()) {
    if (!has_database(after, info.path)) text += "geo database " + info.path + " is gone\n";
  }
  return text;
}

// `before`: what of it is the same in the files now need not be made again.
tl::expected<Loaded, LoadError> load_files(const std::string& file,
                                           const config::Configuration* before) {
  // Blocks as large as those that zones are made of go back to the system when they are freed.
  ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
  auto configuration = config::load(file, before);
  if (!configuration) return tl::unexpected(texts_of(configuration.error()));
  auto settings = read_protocol_settings(configuration->options);
  if (!settings) return tl::unexpected(LoadError{std::move(settings.error())});
  auto loaded = with_geography(std::move(*configuration));
  if (!loaded) return loaded;
  take_settings(*loaded, std::move(*settings));
  ::malloc_trim(0);  // what reading took, trees of YAML above all, goes back to the system
  return loaded;
}

}  // namespace

tl::expected<Loaded, LoadError> load_first(const std::string& file) {
  return load_files(file, nullptr);
}

tl::expected<Loaded, LoadError> load_to_serve(const std::string& file) {
  auto loaded = load_first(file);
  if (loaded) give_secret(*loaded, nullptr);
  return loaded;
}

tl::expected<Loaded, LoadError> load_again(const std::string& file, const Loaded& before) {
  auto loaded = load_files(file, &before.configuration);
  if (!loaded) return loaded;
  if (lost_a_database(before, *loaded)) {
    return tl::unexpected(std::move(loaded->database_problems));
  }
  give_secret(*loaded, before.settings.get());
  return loaded;
}

tl::expected<Loaded, LoadError> load_databases_again(const Loaded& before) {
  Loaded loaded = before;
  loaded.warnings.clear();
  LoadError errors = take_geography(loaded);
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  if (lost_a_database(before, loaded)) return tl::unexpected(std::move(loaded.database_problems));
  ::malloc_trim(0);
  return loaded;
}

std::string bundled_database() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  // Installed beside bin/, or in the source tree of which build/ is a folder.
  for (fs::path folder = program.parent_path(); folder != folder.root_path();
       folder = folder.parent_path()) {
    for (const char* where : {"share/fairlead/country.mmdb", "geo/data/country.mmdb"}) {
      if (fs::exists(folder / where, error)) return (folder / where).string();
    }
  }
  return {};
}

std::string describe_changes(const Loaded& before, const Loaded& after) {
  const auto& old = before.configuration;
  const auto& now = after.configuration;
  const std::string text = describe_zones(*old.zones, *now.zones) +
                           describe_targets(old.roster->targets, now.roster->targets) +
                           (*old.plan == *now.plan ? "" : "endpoints, pools or rules changed\n") +
                           describe_databases(*before.map, *after.map) +
                           describe_settings(*before.settings, *after.settings) +
                           describe_options(old.options, now.options);
  return text.empty() ? "nothing changed\n" : text;
}

}  // namespace control
