#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "geo/map.h"
#include "server/answer/settings.h"
#include "server/config/configuration.h"
#include "server/control/database_watch.h"
#include "server/steering/atlas.h"

namespace control {

// Everything that files say, geography included: what a generation is made of.
struct Loaded {
  config::Configuration configuration;
  std::shared_ptr<const geo::Map> map;
  std::shared_ptr<const steering::Atlas> atlas;  // of the plan and the map
  std::shared_ptr<const answer::Settings> settings = std::make_shared<const answer::Settings>();
  std::vector<std::string> databases;          // those that were to be used
  FileLooks database_files;                    // as they looked before they were read
  std::vector<std::string> database_problems;  // one sentence for each that could not be
  std::vector<std::string> warnings;           // sentences, of zones and of settings
};

// Problems as lines for people.
using LoadError = std::vector<std::string>;

// Reads, and changes nothing: a database that cannot be used leaves the server without its
// geography, and cookies may lack a secret.
[[nodiscard]] tl::expected<Loaded, LoadError> load_first(const std::string& file);

// For the start: load_first(), and a secret for cookies, made where there is none yet.
[[nodiscard]] tl::expected<Loaded, LoadError> load_to_serve(const std::string& file);

// For a reload, all or nothing: a database that `before` could use and that cannot be used now is
// an error.
[[nodiscard]] tl::expected<Loaded, LoadError> load_again(const std::string& file,
                                                         const Loaded& before);

// `before` with its databases read again, nothing else: a newer edition takes over, or the error
// says why it cannot and everything stays.
[[nodiscard]] tl::expected<Loaded, LoadError> load_databases_again(const Loaded& before);

// The database that comes with fairlead, found from where the program lies; empty if it is not
// there.
[[nodiscard]] std::string bundled_database();

// What a reload changed: a line for each zone that came, went or is another now, and for what only
// a restart can change; "nothing changed" otherwise.
[[nodiscard]] std::string describe_changes(const Loaded& before, const Loaded& after);

}  // namespace control
