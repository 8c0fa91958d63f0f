// A small plan that tests fill in with a line per endpoint, and a board that they set by name.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "geo/special_networks.h"
#include "server/steering/atlas.h"
#include "server/steering/decide.h"
#include "server/steering/plan.h"
#include "server/steering/situation.h"
#include "server/steering/trace.h"

namespace steering {

inline dnswire::IpAddress ip(const std::string& text) {
  return *dnswire::IpAddress::from_text(text);
}
inline dnswire::Prefix net(const char* text) { return *dnswire::Prefix::from_text(text); }

// Where rules and orders have a client, those of no place included.
inline const geo::Location& location_of(const geo::Map& map, const dnswire::IpAddress& client) {
  if (geo::special_networks().match(client.unwrapped()).contained) return map.locations()[0];
  return *map.locate(client).location;
}

// A rule by those of its conditions that matter.
struct Conditions {
  std::vector<geo::Continent> continents = {};
  std::vector<geo::CountryCode> countries = {};
  std::vector<std::string> subdivisions = {};
  std::vector<Circle> near = {};
  std::vector<std::uint32_t> asns = {};
  std::optional<std::vector<dnswire::Prefix>> nets = {};

  [[nodiscard]] Rule rule() const {
    Rule rule;
    rule.continents = continents;
    rule.countries = countries;
    rule.subdivisions = subdivisions;
    rule.near = near;
    rule.asns = asns;
    rule.nets = nets;
    return rule;
  }
};

// A map of nothing but corrections.
inline geo::Map map_of(const std::vector<geo::Correction>& corrections) {
  return geo::load_map({}, corrections).map;
}

struct World {
  Plan plan;
  std::vector<health::Standing> standings;
  std::map<std::string, EndpointId> endpoints;
  geo::Map map;  // knows nothing, unless a test makes one
  Workspace workspace{1};

  // One address, up and steady for 30 s; `checked` false: no check, up for good.
  EndpointId add(const std::string& name, const char* address, bool checked = true,
                 std::optional<geo::Coordinates> at = {}) {
    const EndpointId id{static_cast<std::uint32_t>(plan.endpoints.size())};
    Endpoint& endpoint = plan.endpoints.emplace_back();
    endpoint.zone = "example.org";
    endpoint.name = name;
    endpoint.at = at;
    endpoints[name] = id;
    put_face(name, address, checked);
    return id;
  }

  // One more address of it, behind those that it has.
  void put_face(const std::string& name, const char* address, bool checked = true) {
    const Face face{ip(address), health::SubjectId{static_cast<std::uint32_t>(standings.size())}};
    standings.emplace_back();
    if (checked) standings.back().steady = std::chrono::seconds(30);
    faces(name, face.address.family()).push_back(face);
  }

  std::vector<Face>& faces(const std::string& name, dnswire::Family family) {
    auto& endpoint = plan.endpoints[static_cast<std::size_t>(endpoints.at(name))];
    return endpoint.faces[static_cast<std::size_t>(family)];
  }

  PoolId add_pool(const std::string& name, std::vector<Member> members, Pick pick) {
    Pool pool;
    pool.name = name;
    pool.pick = pick;
    for (Member& member : members) {
      const EndpointId* endpoint = member.endpoint();
      member.key = sticky_key(endpoint ? plan[*endpoint].name : plan[*member.pool()].name);
    }
    pool.members = std::move(members);
    plan.pools.push_back(std::move(pool));
    return PoolId{static_cast<std::uint32_t>(plan.pools.size() - 1)};
  }
  Pool& pool(PoolId id) { return plan.pools[static_cast<std::size_t>(id)]; }

  // A record that leads everyone to the pool.
  zones::DynamicId add_record(PoolId pool) {
    DynamicRecord record;
    record.rules.resize(1);
    record.rules[0].pool = pool;
    plan.records.push_back(std::move(record));
    return zones::DynamicId{static_cast<std::uint32_t>(plan.records.size() - 1)};
  }

  health::Standing& standing(const std::string& name, dnswire::Family family = dnswire::Family::V4,
                             std::size_t face = 0) {
    return standings[static_cast<std::size_t>(faces(name, family).at(face).subject)];
  }

  void set(const std::string& name, health::State state, int steady_seconds = 10,
           dnswire::Family family = dnswire::Family::V4, std::size_t face = 0) {
    health::Standing& standing = this->standing(name, family, face);
    standing = {};
    standing.state = state;
    standing.steady = std::chrono::seconds(steady_seconds);
  }

  [[nodiscard]] health::Board board() const { return health::Board(standings); }

  // Compiles the plan as it is now: not for many clients. Borrows: the world, until the next call.
  Decision decide(zones::DynamicId record, dnswire::Family family = dnswire::Family::V4,
                  const char* client = "192.0.2.1", Trace* trace = nullptr) {
    const Situation now = situation(record, family, client);
    if (trace != nullptr) trace->location = location_of(map, now.client);
    return steering::decide(plan, atlas_, board_, record, family, now.client, workspace, trace);
  }

  // The same of what comes before and beneath a decision.
  Situation situation(zones::DynamicId record, dnswire::Family family = dnswire::Family::V4,
                      const char* client = "192.0.2.1") {
    board_ = board();
    atlas_ = Atlas::compile(plan, map);
    client_ = ip(client).unwrapped();
    const Chart& chart = atlas_.chart(record, family);
    return {plan, board_, family, chart, *chart.find(client_).of, client_};
  }

 private:
  health::Board board_;
  Atlas atlas_;
  dnswire::IpAddress client_;
};

inline std::vector<std::string> texts(const Decision& decision) {
  std::vector<std::string> result;
  for (const dnswire::IpAddress& address : decision.addresses) result.push_back(address.to_text());
  return result;
}

}  // namespace steering
