// The address space by country and class of clients.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "dnswire/address.h"
#include "geo/location.h"
#include "geo/map.h"
#include "server/steering/chart.h"

namespace admin {

struct Space {
  double ipv4 = 0;  // addresses
  double ipv6 = 0;  // /48 networks
};

// Private and reserved networks are left out, and those of IPv6 that stand for IPv4.
struct WorldCensus {
  struct Place {
    bool is_known = false;                    // else `country` is absent
    std::optional<geo::CountryCode> country;  // absent: only coordinates or a continent
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  using ClassNumber = std::uint32_t;  // index into Chart::classes()

  std::map<std::pair<Place, ClassNumber>, Space> spaces;
  // By class: addresses of clients in it, spread over its networks; none: nobody is in it.
  std::vector<std::vector<dnswire::IpAddress>> samples;
};

// Walks over the whole map. `samples_of`: how many samples each class needs.
[[nodiscard]] WorldCensus take_census(const geo::Map& map, const steering::Chart& chart,
                                      std::span<const std::size_t> samples_of);

}  // namespace admin
