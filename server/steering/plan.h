// Endpoints, pools and rules as the configuration states them: values, resolved to indices.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dnswire/address.h"
#include "dnswire/name.h"
#include "dnswire/rr_type.h"
#include "geo/location.h"
#include "geo/map.h"
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

  friend bool operator==(const Face&, const Face&) = default;
};

// The zone of what is written in shared.yaml, for all zones.
inline constexpr std::string_view kSharedZone = "shared";

// One place that can serve users.
struct Endpoint {
  std::string zone;  // the zone it is written in, without the final dot; or kSharedZone
  std::string name;
  std::array<std::vector<Face>, 2> faces;  // by dnswire::Family; none: not of that family
  std::optional<geo::Coordinates> at;
  std::string place;  // `at` as written: "JP", "US-VA", "50.11, 8.68"
  // Percent, [-99, 99]: how much nearer (positive) or farther `nearest` takes it to be.
  std::int8_t bias = 0;

  [[nodiscard]] std::span<const Face> faces_of(dnswire::Family family) const noexcept {
    return faces[static_cast<std::size_t>(family)];
  }
  [[nodiscard]] bool has(dnswire::Family family) const noexcept {
    return !faces_of(family).empty();
  }

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

enum class Pick : std::uint8_t {
  All,       // every healthy member
  Failover,  // the first healthy ones in the order written
  Weighted,  // drawn by weight
  Nearest,   // by distance to the client; within 5 % counts as equal
  Sticky,    // by a hash of the client's network: rendezvous
};
[[nodiscard]] std::string_view to_text(Pick pick) noexcept;

// Addresses in one answer, as records in any other RRset; a pool's `max` may only lower it.
inline constexpr std::size_t kMaxAddresses = 100;

struct Member {
  std::variant<EndpointId, PoolId> who;
  std::uint32_t weight = 1;  // 0: never drawn, unless all are 0
  // What `sticky` knows it by: the same on every name server, whatever the order of the files.
  std::uint64_t key = 0;

  [[nodiscard]] const EndpointId* endpoint() const noexcept {
    return std::get_if<EndpointId>(&who);
  }
  [[nodiscard]] const PoolId* pool() const noexcept { return std::get_if<PoolId>(&who); }

  friend bool operator==(const Member&, const Member&) = default;
};
// Of the name that the member has within its zone.
[[nodiscard]] std::uint64_t sticky_key(std::string_view name) noexcept;

// The order in which clients of some places go to the members of a pool, as written.
struct PlaceOrder {
  std::string place;                   // ISO 3166-1 (JP) or 3166-2 (US-VA) code
  std::vector<std::uint32_t> members;  // indices; those left out come behind, by distance

  friend bool operator==(const PlaceOrder&, const PlaceOrder&) = default;
};

// A set of endpoints and other pools, and a policy that picks among them. A pool that is a member
// is healthy as long as it, or a pool along its `then`, has `min_healthy` healthy members.
struct Pool {
  std::string zone;  // the zone it is written in, without the final dot; or kSharedZone
  std::string name;
  std::vector<Member> members;
  Pick pick = Pick::All;
  std::uint16_t max = 0;          // most addresses in an answer; 0: what is usual for the pick
  std::uint16_t min_healthy = 1;  // fewer, and `then` serves
  std::optional<PoolId> then;
  std::vector<PlaceOrder> order;               // for Pick::Nearest: before any distance
  std::vector<std::uint32_t> order_elsewhere;  // clients of unknown place; empty: as written
  // By dnswire::Family: bits of the client's network, for Pick::Sticky.
  std::array<std::uint8_t, 2> sticky_bits{geo::kMaxDepth4, geo::kMaxDepth6};
  // By dnswire::Family: who tells whether the origin behind the members is down. None: no member of
  // that family has a check of the origin.
  std::array<std::optional<health::GroupId>, 2> groups;

  friend bool operator==(const Pool&, const Pool&) = default;
};

// Within so many km of a point.
struct Circle {
  geo::Coordinates center;
  double km = 0;
  friend bool operator==(const Circle&, const Circle&) = default;
};

// Which clients get which pool. Of several kinds of condition all must hold, of one kind any value;
// no condition: everybody.
struct Rule {
  std::vector<geo::Continent> continents;
  std::vector<geo::CountryCode> countries;
  std::vector<std::string> subdivisions;  // ISO 3166-2
  std::vector<Circle> near;
  std::vector<std::uint32_t> asns;
  std::optional<std::vector<dnswire::Prefix>> nets;  // a file may hold none
  PoolId pool{};
  std::string text;  // the condition as written, for people: "continent AS, OC"; "everyone"

  [[nodiscard]] bool catches_all() const noexcept {
    return continents.empty() && countries.empty() && subdivisions.empty() && near.empty() &&
           asns.empty() && !nets;
  }

  friend bool operator==(const Rule&, const Rule&) = default;
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

// Another name to answer with.
struct Target {
  enum class As : std::uint8_t {
    Addresses,  // its A and AAAA RRsets under our name (ALIAS)
    Cname,      // a CNAME record; only where nothing else has the name
  };
  dnswire::Name name;
  As as = As::Addresses;
  friend bool operator==(const Target&, const Target&) = default;
};

// An answer that health has no say in: addresses of either family, or else a pool as if all were
// up, or else another name.
struct Fixed {
  std::vector<dnswire::IpAddress> addresses;
  std::optional<PoolId> pool;
  std::optional<Target> target;

  [[nodiscard]] bool empty() const noexcept { return addresses.empty() && !pool && !target; }

  friend bool operator==(const Fixed&, const Fixed&) = default;
};

// A name whose A and AAAA RRsets are tailored, or those of another name (`ALIAS`).
struct DynamicRecord {
  std::optional<Target> alias;  // then there are no rules
  std::vector<Rule> rules;      // first match; the last one catches all
  dnswire::Ttl ttl{60};
  dnswire::Ttl ttl_min{5};
  AllDown all_down = AllDown::All;
  Fixed fallback;       // for AllDown::Fallback
  Fixed until_checked;  // while nobody is known to be up and somebody has no verdict yet;
                        // empty: who has no verdict is served

  friend bool operator==(const DynamicRecord&, const DynamicRecord&) = default;
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

  friend bool operator==(const Plan&, const Plan&) = default;
};

}  // namespace steering
