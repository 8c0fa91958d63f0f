#include "server/admin/world_map_json.h"

#include <nlohmann/json.hpp>

namespace admin {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::vector<WorldShare>& shares) {
  Json json = Json::array();
  for (const WorldShare& share : shares) {
    Json countries = Json::array();
    for (const geo::CountryCode& country : share.countries) countries.push_back(country.text());
    json.push_back({{"who", share.who},
                    {"countries", std::move(countries)},
                    {"ipv4", share.ipv4},
                    {"ipv6", share.ipv6}});
  }
  return json;
}

Json json_of(const World& world) {
  return {{"known", json_of(world.known)}, {"unknown", json_of(world.unknown)}};
}

}  // namespace

std::string world_map_json(const WorldMap& map) {
  Json json{{"name", map.name.to_text()},       {"type", to_text(map.type)},
            {"assumed", map.assumed},           {"databases", map.databases},
            {"countries", map.countries},       {"unknown_ipv4", map.unknown_ipv4},
            {"unknown_ipv6", map.unknown_ipv6}, {"now", json_of(map.now)},
            {"without", Json::array()},         {"left_out", map.left_out}};
  for (const WorldWithout& one : map.without) {
    Json without{{"who", one.who}, {"checked", one.is_checked}};
    without.update(json_of(one.world));
    json["without"].push_back(std::move(without));
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace admin
