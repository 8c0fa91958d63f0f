// Who serves the world by a dynamic name, and who would if an endpoint fell.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "dnswire/name.h"
#include "dnswire/rr_type.h"
#include "geo/location.h"
#include "server/admin/assumption.h"
#include "server/answer/snapshot.h"

namespace admin {

struct MapRequest {
  dnswire::Name name;
  dnswire::RrType type = dnswire::RrType::A;  // A or AAAA
  std::vector<Assumption> assumptions;
};

// What a person wrote, or a sentence that says what is wrong with it. No type: A.
[[nodiscard]] tl::expected<MapRequest, std::string> parse_map_request(
    std::string_view name, std::string_view type, std::string_view assumptions = {});

// What one endpoint has of the clients. Shares are parts of 1 of the IPv4 addresses, and of the
// IPv6 /48 networks, that are not special.
struct WorldShare {
  std::string who;  // an endpoint; or what answers instead: "192.0.2.9", "SERVFAIL"
  std::vector<geo::CountryCode> countries;  // most of whose clients it has
  double ipv4 = 0;
  double ipv6 = 0;
};

struct World {
  std::vector<WorldShare> known;    // of the clients whose place is known; largest first
  std::vector<WorldShare> unknown;  // of the others, without countries
};

// One endpoint is out: what would be then.
struct WorldWithout {
  std::string who;
  bool is_checked = true;  // false: nobody would notice, it would stay
  World world;
};

struct WorldMap {
  dnswire::Name name;
  dnswire::RrType type = dnswire::RrType::A;
  std::vector<std::string> assumed;    // "down: tokyo"
  std::vector<std::string> databases;  // "country.mmdb"
  std::size_t countries = 0;           // that the map knows networks of
  double unknown_ipv4 = 0;             // part of all: of unknown place
  double unknown_ipv6 = 0;
  World now;
  std::vector<WorldWithout> without;  // each endpoint that has clients now, at most kMostWithout
  std::vector<std::string> left_out;  // those over that
};
inline constexpr std::size_t kMostWithout = 8;

// Takes each class of clients through a decision; what draws or hashes, through 256. The time is
// that of a walk over the whole map: not for a thread that others wait for. The error is a
// sentence: the name is not dynamic, or an assumption speaks of nobody.
[[nodiscard]] tl::expected<WorldMap, std::string> map_world(const MapRequest& request,
                                                            const answer::Snapshot& snapshot);

}  // namespace admin
