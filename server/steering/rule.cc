#include "server/steering/rule.h"

#include <algorithm>
#include <memory>

namespace steering {
namespace {

using geo::Location;

template <class T>
bool contains(const std::vector<T>& values, const T& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool is_near(const std::vector<Circle>& circles, const Location& location) {
  return location.coordinates && std::ranges::any_of(circles, [&](const Circle& circle) {
           return geo::distance_km(circle.center, *location.coordinates) <= circle.km;
         });
}

bool is_placed_by(const Rule& rule, const Location& location) {
  if (!rule.continents.empty() &&
      !(location.continent && contains(rule.continents, *location.continent))) {
    return false;
  }
  if (!rule.countries.empty() &&
      !(location.country && contains(rule.countries, *location.country))) {
    return false;
  }
  if (!rule.subdivisions.empty() && !contains(rule.subdivisions, location.subdivision)) {
    return false;
  }
  if (!rule.near.empty() && !is_near(rule.near, location)) return false;
  return rule.asns.empty() || (location.asn != 0 && contains(rule.asns, location.asn));
}

}  // namespace

std::size_t find_rule(const DynamicRecord& record, const Location& location,
                      std::span<const bool> inside) {
  const std::size_t last = record.rules.size() - 1;
  std::size_t set = 0;
  for (std::size_t i = 0; i < last; ++i) {
    const Rule& rule = record.rules[i];
    const bool in_nets = !rule.nets || inside[set++];
    if (in_nets && is_placed_by(rule, location)) return i;
  }
  return last;
}

std::size_t find_rule(const DynamicRecord& record, const Location& location,
                      const dnswire::IpAddress& client) {
  const auto inside = std::make_unique<bool[]>(record.rules.size());
  std::size_t sets = 0;
  for (const Rule& rule : record.rules) {
    if (!rule.nets) continue;
    inside[sets++] = std::ranges::any_of(
        *rule.nets, [&](const dnswire::Prefix& net) { return net.contains(client.unwrapped()); });
  }
  return find_rule(record, location, std::span<const bool>(inside.get(), sets));
}

}  // namespace steering
