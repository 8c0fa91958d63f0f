// Zones for tests of endpoints and pools.
#pragma once

#include "tests/server/config/files.h"

namespace config {

class SteeringFiles : public Files {
 protected:
  // `text`: checks, endpoints and pools. `served`: the pools that records lead to.
  std::vector<std::string> complaints(const std::string& text,
                                      const std::vector<std::string>& served = {}) {
    std::string records = kApex;
    for (const std::string& pool : served)
      records += "  to-" + pool + ": {dynamic: " + pool + "}\n";
    return problems_of("zone: example.org\n" + text + "records:\n" + records);
  }
  // Of one that loads.
  std::vector<std::string> warnings_of(const std::string& text,
                                       const std::vector<std::string>& served = {}) {
    EXPECT_THAT(complaints(text, served), testing::ElementsAre("loaded"));
    return warnings();
  }
  Configuration loaded(const std::string& text, const std::vector<std::string>& served = {}) {
    EXPECT_THAT(complaints(text, served), testing::ElementsAre("loaded"));
    auto configuration = load();
    if (configuration) return std::move(*configuration);
    Configuration none;
    none.plan = std::make_shared<const steering::Plan>();
    none.roster = std::make_shared<const health::Roster>();
    return none;
  }
  static const health::Subject& subject_of(const Configuration& configuration, std::size_t endpoint,
                                           dnswire::Family family = dnswire::Family::V4) {
    const auto id = configuration.plan->endpoints.at(endpoint).faces_of(family)[0].subject;
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
