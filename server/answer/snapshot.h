#pragma once

#include <cstdint>
#include <memory>

#include "geo/map.h"
#include "health/board.h"
#include "server/answer/alias_table.h"
#include "server/answer/settings.h"
#include "server/answer/variants.h"
#include "server/steering/atlas.h"
#include "server/steering/plan.h"
#include "zones/zone_set.h"

namespace answer {

// One immutable generation of everything that queries are answered from. The parts are shared with
// the generations before and after it, as far as they did not change.
//
// Threads: immutable, share freely.   No pointer is null.
struct Snapshot {
  std::uint64_t generation = 0;
  std::shared_ptr<const zones::ZoneSet> zones;
  std::shared_ptr<const steering::Plan> plan;
  std::shared_ptr<const geo::Map> map;
  std::shared_ptr<const steering::Atlas> atlas;  // of plan and map
  std::shared_ptr<const health::Board> board;
  std::shared_ptr<const Variants> variants = std::make_shared<const Variants>();
  std::shared_ptr<const AliasTable> aliases = std::make_shared<const AliasTable>();
  std::shared_ptr<const Settings> settings = std::make_shared<const Settings>();
};

// Generation 0: no zones, nothing known. For the time before anything is loaded.
[[nodiscard]] std::shared_ptr<const Snapshot> empty_snapshot();

}  // namespace answer
