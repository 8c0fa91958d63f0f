// Zones for tests of endpoints and pools: the steering part, without records.
#pragma once

#include "tests/server/config/files.h"

namespace config {

class SteeringFiles : public Files {
 protected:
  // `text`: checks, endpoints and pools.
  std::vector<std::string> complaints(const std::string& text) {
    return problems_of("zone: example.org\n" + text + "records:\n" + kApex);
  }
  Configuration loaded(const std::string& text) {
    EXPECT_THAT(complaints(text), testing::ElementsAre("loaded"));
    auto configuration = load();
    if (configuration) return std::move(*configuration);
    Configuration none;
    none.plan = std::make_shared<const steering::Plan>();
    none.roster = std::make_shared<const health::Roster>();
    return none;
  }
  static const health::Subject& subject_of(const Configuration& configuration, std::size_t endpoint,
                                           dnswire::Family family = dnswire::Family::V4) {
    const auto id = configuration.plan->endpoints.at(endpoint).face(family)->subject;
    return configuration.roster->subjects.at(static_cast<std::size_t>(id));
  }
  // Of the endpoint's check with that index.
  static const health::Target& target_of(const Configuration& configuration, std::size_t endpoint,
                                         std::size_t check = 0) {
    const auto id = subject_of(configuration, endpoint).checks.at(check).target;
    return configuration.roster->targets.at(static_cast<std::size_t>(id));
  }
};

}  // namespace config
