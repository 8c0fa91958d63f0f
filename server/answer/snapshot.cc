#include "server/answer/snapshot.h"

namespace answer {

std::shared_ptr<const Snapshot> empty_snapshot() {
  Snapshot snapshot;
  snapshot.zones = std::make_shared<const zones::ZoneSet>();
  snapshot.plan = std::make_shared<const steering::Plan>();
  snapshot.map = std::make_shared<const geo::Map>();
  snapshot.atlas = std::make_shared<const steering::Atlas>();
  snapshot.board = std::make_shared<const health::Board>();
  return std::make_shared<const Snapshot>(std::move(snapshot));
}

}  // namespace answer
