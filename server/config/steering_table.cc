#include "server/config/steering_table.h"

namespace config {

health::TargetId SteeringTable::target(const health::Target& target) {
  auto& targets = roster.targets;
  auto& alike = by_address_[target.address];
  for (const std::uint32_t index : alike) {
    if (targets[index] == target) return health::TargetId{index};
  }
  const auto index = static_cast<std::uint32_t>(targets.size());
  alike.push_back(index);
  targets.push_back(target);
  return health::TargetId{index};
}

health::SubjectId SteeringTable::subject(health::Subject subject) {
  const auto index = static_cast<std::uint32_t>(roster.subjects.size());
  roster.subjects.push_back(std::move(subject));
  return health::SubjectId{index};
}

health::GroupId SteeringTable::group(health::Group group) {
  const auto index = static_cast<std::uint32_t>(roster.groups.size());
  roster.groups.push_back(std::move(group));
  return health::GroupId{index};
}

}  // namespace config
