// Zones for tests of dynamic records: one that is called `www`, in line 10.
#pragma once

#include "tests/server/config/files.h"

namespace config {

class DynamicFiles : public Files {
 protected:
  // `dynamic`: what stands behind `dynamic:`. Every pool is used by another name.
  static std::string zone_with(const std::string& dynamic) {
    return "zone: example.org\nendpoints:\n  a: {A: 192.0.2.1}\npools:\n  all: {members: [a]}\n"
           "  eu: {members: [a]}\nrecords:\n" +
           kApex + "  www: {dynamic: " + dynamic +
           "}\n  every-pool: {dynamic: {rules: [{country: JP, pool: eu}, {pool: all}]}}\n";
  }
  // Without the place if that is in line 10.
  std::vector<std::string> complaints(const std::string& dynamic) {
    return without_line(problems_of(zone_with(dynamic)));
  }
  std::vector<std::string> warnings_of(const std::string& dynamic) {
    write("zones/a.yaml", zone_with(dynamic));
    return without_line(warnings());
  }
  steering::DynamicRecord record_of(const std::string& dynamic) {
    EXPECT_THAT(complaints(dynamic), testing::ElementsAre("loaded"));
    const auto loaded = load();
    return loaded ? loaded->plan->records.at(0) : steering::DynamicRecord{};
  }

  // Rules without their pools, such as "{country: NO}", before one that catches everyone.
  static std::string with_rules(const std::vector<std::string>& conditions) {
    std::string rules;
    for (std::string condition : conditions) {
      rules += condition.insert(condition.rfind('}'), ", pool: eu") + ", ";
    }
    return "{rules: [" + rules + "{pool: all}]}";
  }
  std::vector<std::string> complaints_about(const std::string& condition) {
    return complaints(with_rules({condition}));
  }
  steering::Rule rule_of(const std::string& condition) {
    return record_of(with_rules({condition})).rules.at(0);
  }

 private:
  static std::vector<std::string> without_line(std::vector<std::string> texts) {
    for (std::string& text : texts) {
      const std::string where = "zones/a.yaml:10:";
      if (text.rfind(where, 0) == 0) text = text.substr(text.find(' ') + 1);
    }
    return texts;
  }
};

}  // namespace config
