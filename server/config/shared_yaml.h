// shared.yaml in the folder of zones: checks, endpoints and pools for all of them. Private to this
// folder.
#pragma once

#include <memory>
#include <string>

#include "server/config/steering_yaml.h"

namespace config {

inline constexpr const char* kSharedFile = "shared.yaml";

// Pinned: names point to one another.
class Shared {
 public:
  // `path` may lead nowhere: then there is nothing to share.
  Shared(const std::string& path, zones::Problems& problems, const SteeringTable& table);
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  // False: it cannot be read at all, so that zones would name what nobody knows.
  [[nodiscard]] bool read(bool may_exec, SteeringTable& table);

  // For zones: ZoneOptions::shared.
  [[nodiscard]] SteeringNames& names() noexcept { return names_; }
  // Warns of what no zone uses. To be called when all are read.
  void settle(SteeringTable& table);

 private:
  YamlFile file_;
  SteeringNames names_;
};

}  // namespace config
