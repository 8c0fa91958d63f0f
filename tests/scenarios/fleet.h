// The endpoints of a story: their probes, what operators say of them, and the board that follows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dnswire/address.h"
#include "health/monitor.h"
#include "health/override.h"
#include "health/watch.h"
#include "server/config/configuration.h"

namespace scenarios {

class Fleet {
 public:
  // Borrows: the configuration.
  Fleet(const config::Configuration& configuration, health::Instant now);

  // Whose checks: endpoints by name, `*` and `?` being wildcards; a check by name, or all of them;
  // a family, or both.
  struct Probed {
    std::string endpoint;
    std::string check;  // empty: every one
    std::optional<dnswire::Family> family;
  };
  // One result of each check; false: there is no such check. `reason` None: passed.
  bool probe(const Probed& probed, health::Reason reason, health::Instant now);

  // Replaces the override of its kind and target; how long it holds, or until it is taken back.
  void put(health::Override override, std::optional<health::Duration> holds, health::Instant now);
  // False: there is none of that kind and target.
  bool erase(const std::string& target, health::OverrideKind kind, health::Instant now);
  // Whether anybody is meant by the target of an override.
  [[nodiscard]] bool applies(const health::Override& override) const;

  [[nodiscard]] health::Board board(health::Instant now);
  [[nodiscard]] const health::Monitor& monitor() const noexcept { return monitor_; }

 private:
  [[nodiscard]] std::vector<health::TargetId> targets_of(const Probed& probed) const;
  void apply_overrides(health::Instant now);
  void pardon(const health::Monitor::Changes& changes, health::Instant now);

  const config::Configuration& configuration_;
  std::vector<health::OverrideSubject> named_;  // by SubjectId
  std::vector<health::Watch> watches_;          // by TargetId
  std::vector<health::Override> overrides_;
  health::Monitor monitor_;
};

}  // namespace scenarios
