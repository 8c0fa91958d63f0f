#pragma once

#include <memory>
#include <string>
#include <vector>

#include "geo/map.h"
#include "server/steering/chart.h"
#include "server/steering/plan.h"

namespace steering {

// The charts of all dynamic records of a plan.
//
// Threads: immutable, share freely.
class Atlas {
 public:
  Atlas() = default;  // of a plan without records

  // Joins what the plan asks of places with what the map knows of them. Records that ask the same
  // share a chart. Takes milliseconds for each distinct one: not for the query path.
  [[nodiscard]] static Atlas compile(const Plan& plan, const geo::Map& map);

  // `family` is that of the answer's addresses.
  [[nodiscard]] const Chart& chart(zones::DynamicId record, dnswire::Family family) const noexcept {
    return *charts_[2 * static_cast<std::size_t>(record) + static_cast<std::size_t>(family)];
  }

  struct Size {
    std::size_t charts = 0;      // distinct ones
    std::size_t partitions = 0;  // distinct ones
    std::size_t networks = 0;    // of all partitions
    std::size_t octets = 0;      // of all partitions
  };
  [[nodiscard]] Size size() const;

 private:
  std::vector<std::shared_ptr<const Chart>> charts_;  // two for each record
};

// A rule that no client can meet as far as the map knows: index of the record, of the rule, and
// why, as a clause.
struct DeadRule {
  zones::DynamicId record{};
  std::size_t rule = 0;
  bool for_good = false;  // no newer edition of these databases helps: none knows such a field
  std::string why;        // "no geo database knows AS numbers"
};
[[nodiscard]] std::vector<DeadRule> find_dead_rules(const Plan& plan, const geo::Map& map,
                                                    const Atlas& atlas);

}  // namespace steering
