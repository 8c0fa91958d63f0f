// Other names that dynamic records answer with. Private to this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dnswire/name.h"
#include "server/config/yaml_reader.h"
#include "server/steering/plan.h"
#include "zones/zone.h"

namespace config {

// Whose record it is.
struct Owner {
  dnswire::Name name;
  dnswire::Name origin;     // of the zone
  bool has_others = false;  // other records than dynamic ones
};

struct WrittenTarget {
  dnswire::Name owner;
  steering::Target target;
  bool is_alias = false;  // of an `ALIAS`: the owner answers with nothing else
  std::string what;       // "`ALIAS` of `@`"
  YAML::Node at;
};

// Reads names, and keeps them until the zone is there.
class Targets {
 public:
  // Absent: reported. A name without a final dot is relative to the zone, as in records.
  std::optional<steering::Target> read(YamlFile& file, const YAML::Node& node,
                                       std::string_view what, const Owner& owner,
                                       steering::Target::As as, bool is_alias = false);

  // Reports targets within the zone that are not there; warns of those without addresses, and of
  // aliases that form a circle.
  void check(YamlFile& file, const zones::Zone& zone) const;

 private:
  std::vector<WrittenTarget> written_;
};

}  // namespace config
