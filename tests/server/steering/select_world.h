// Three endpoints, and a way to pick among members without rules and policies around it.
#pragma once

#include <utility>

#include "server/steering/select.h"
#include "tests/server/steering/world.h"

namespace steering {

// Three places on the equator: 90, 0 and 10 degrees east of the client.
class SelectWorld : public testing::Test {
 protected:
  SelectWorld() {
    a_ = world_.add("a", "192.0.2.1", true, geo::Coordinates{0, 90});
    b_ = world_.add("b", "192.0.2.2", true, geo::Coordinates{0, 0});
    c_ = world_.add("c", "192.0.2.3", true, geo::Coordinates{0, 10});
    place(geo::Coordinates{0, 0});
  }

  // Where the client is.
  void place(std::optional<geo::Coordinates> coordinates) {
    geo::Location location;
    location.coordinates = coordinates;
    world_.map = map_of({{net("203.0.113.0/24"), location}});
  }

  std::vector<std::string> pick(Pick pick, std::uint16_t max = 0, const Eligible& eligible = {}) {
    const PoolId pool = world_.add_pool("pool", {{a_}, {b_}, {c_}}, pick);
    world_.pool(pool).max = max;
    return pick_from(pool, eligible);
  }

  // Fills in steadiness_ and picks_ as well.
  std::vector<std::string> pick_from(PoolId pool, const Eligible& eligible = {}) {
    const zones::DynamicId record = world_.add_record(pool);
    const Situation now = world_.situation(record, family_, "203.0.113.1");
    steadiness_ = {};
    picks_.clear();
    world_.workspace.addresses.clear();
    select(now, pool, eligible, world_.workspace, steadiness_, &picks_);
    world_.plan.records.clear();
    std::vector<std::string> result;
    for (const auto& address : world_.workspace.addresses) result.push_back(address.to_text());
    return result;
  }

  World world_;
  EndpointId a_{}, b_{}, c_{};
  dnswire::Family family_ = dnswire::Family::V4;
  Steadiness steadiness_;
  Picks picks_;
};

}  // namespace steering
