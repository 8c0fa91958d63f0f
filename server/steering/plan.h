// Endpoints, pools and rules as the configuration states them: values, resolved to indices.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dnswire/address.h"
#include "dnswire/rr_type.h"
#include "geo/location.h"
#include "geo/prefix_set.h"
#include "health/monitor.h"
#include "health/subject.h"
#include "zones/zone.h"

namespace steering {

enum class EndpointId : std::uint32_t {};
enum class PoolId : std::uint32_t {};

// An address of an endpoint, and as whom health knows it.
struct Face {
  dnswire::IpAddress address;
  health::SubjectId subject{};
};

// One place that can serve users.
struct Endpoint {
  std::string zone;  // the zone it is written in, without the final dot
  std::string name;
  std::array<std::optional<Face>, 2> faces;  // by dnswire::Family
  std::optional<geo::Coordinates> at;
  std::string place;  // `at` as written: "JP", "US-VA", "50.11, 8.68"

  [[nodiscard]] const std::optional<Face>& face(dnswire::Family family) const noexcept {
    return faces[static_cast<std::size_t>(family)];
  }
};

enum class Pick : std::uint8_t {
  All,       // every healthy member
  Failover,  // the first healthy ones in the order written
  Weighted,  // drawn by weight
  Nearest,   // by distance to the client; within 5 % counts as equal
};
[[nodiscard]] std::string_view to_text(Pick pick) noexcept;

// Addresses in one answer, as records in any other RRset; a pool's `max` may only lower it.
inline constexpr std::size_t kMaxAddresses = 100;

struct Member {
  EndpointId endpoint;
  std::uint32_t weight = 1;  // 0: never drawn
};

// A set of endpoints and a policy that picks among them.
struct Pool {
  std::string zone;  // the zone it is written in, without the final dot
  std::string name;
  std::vector<Member> members;
  Pick pick = Pick::All;
  std::uint16_t max = 0;          // most addresses in an answer; 0: what is usual for the pick
  std::uint16_t min_healthy = 1;  // fewer, and `then` serves
  std::optional<PoolId> then;
  // By dnswire::Family: who tells whether the origin behind the members is down. None: no member of
  // that family has a check of the origin.
  std::array<std::optional<health::GroupId>, 2> groups;
};

// Which clients get which pool. At most one of the three kinds is set; none: everybody.
struct Rule {
  std::vector<geo::Continent> continents;
  std::vector<geo::CountryCode> countries;
  geo::PrefixSet nets;
  PoolId pool{};
  std::string text;  // the condition as written, for people: "continent AS, OC"; "everyone"

  [[nodiscard]] bool catches_all() const noexcept {
    return continents.empty() && countries.empty() && nets.empty();
  }
};

// What to answer when no endpoint of a family is healthy.
enum class AllDown : std::uint8_t {
  All,          // as if all were up, but for those that an operator took out
  LastHealthy,  // those that were the last to fall
  Fallback,     // DynamicRecord::fallback
  NoData,
  ServFail,
};
[[nodiscard]] std::string_view to_text(AllDown all_down) noexcept;  // "last_healthy"

// An answer that health has no say in: addresses of either family, or else a pool as if all were
// up.
struct Fixed {
  std::vector<dnswire::IpAddress> addresses;
  std::optional<PoolId> pool;

  [[nodiscard]] bool empty() const noexcept { return addresses.empty() && !pool; }
};

// A name whose A and AAAA RRsets are tailored.
struct DynamicRecord {
  std::vector<Rule> rules;  // first match; the last one catches all
  dnswire::Ttl ttl{60};
  dnswire::Ttl ttl_min{5};
  AllDown all_down = AllDown::All;
  Fixed fallback;       // for AllDown::Fallback
  Fixed until_checked;  // while nobody is known to be up and somebody has no verdict yet;
                        // empty: who has no verdict is served
};

// Everything that zones say of steering, in one place.
//
// Threads: immutable once loaded, share freely.   Indices are checked when it is made.
struct Plan {
  std::vector<Endpoint> endpoints;
  std::vector<Pool> pools;
  std::vector<DynamicRecord> records;  // by zones::DynamicId

  [[nodiscard]] const Endpoint& operator[](EndpointId id) const noexcept {
    return endpoints[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] const Pool& operator[](PoolId id) const noexcept {
    return pools[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] const DynamicRecord& operator[](zones::DynamicId id) const noexcept {
    return records[static_cast<std::size_t>(id)];
  }
};

}  // namespace steering
