#include "server/config/steering_table.h"

namespace config {

health::TargetId SteeringTable::target(const health::Target& target) {
  auto& alike = by_address_[target.address];
  for (const std::uint32_t index : alike) {
    if (targets_[index] == target) return health::TargetId{index};
  }
  const auto index = static_cast<std::uint32_t>(targets_.size());
  alike.push_back(index);
  targets_.push_back(target);
  return health::TargetId{index};
}

}  // namespace config
