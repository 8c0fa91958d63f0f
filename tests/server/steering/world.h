// A small plan that tests fill in with a line per endpoint, and a board that they set by name.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "server/steering/decide.h"
#include "server/steering/plan.h"

namespace steering {

inline dnswire::IpAddress ip(const char* text) { return *dnswire::IpAddress::from_text(text); }

struct World {
  Plan plan;
  std::vector<health::Standing> standings;
  std::map<std::string, EndpointId> endpoints;

  // One address, up and steady for 30 s; `checked` false: no check, up for good.
  EndpointId add(const std::string& name, const char* address, bool checked = true,
                 std::optional<geo::Coordinates> at = {}) {
    Endpoint endpoint;
    endpoint.zone = "example.org";
    endpoint.name = name;
    endpoint.at = at;
    put_face(endpoint, address, checked);
    const EndpointId id{static_cast<std::uint32_t>(plan.endpoints.size())};
    plan.endpoints.push_back(std::move(endpoint));
    endpoints[name] = id;
    return id;
  }

  void put_face(Endpoint& endpoint, const char* address, bool checked = true) {
    const Face face{ip(address), health::SubjectId{static_cast<std::uint32_t>(standings.size())}};
    standings.emplace_back();
    if (checked) standings.back().steady = std::chrono::seconds(30);
    endpoint.faces[static_cast<std::size_t>(face.address.family())] = face;
  }

  PoolId add_pool(const std::string& name, std::vector<Member> members, Pick pick) {
    Pool pool;
    pool.name = name;
    pool.members = std::move(members);
    pool.pick = pick;
    plan.pools.push_back(std::move(pool));
    return PoolId{static_cast<std::uint32_t>(plan.pools.size() - 1)};
  }

  // A record that leads everyone to the pool.
  zones::DynamicId add_record(PoolId pool) {
    DynamicRecord record;
    record.rules.resize(1);
    record.rules[0].pool = pool;
    plan.records.push_back(std::move(record));
    return zones::DynamicId{static_cast<std::uint32_t>(plan.records.size() - 1)};
  }

  health::Standing& standing(const std::string& name,
                             dnswire::Family family = dnswire::Family::V4) {
    const auto& face = plan[endpoints.at(name)].face(family);
    return standings[static_cast<std::size_t>(face->subject)];
  }

  void set(const std::string& name, health::State state, int steady_seconds = 10,
           dnswire::Family family = dnswire::Family::V4) {
    standing(name, family) = {};
    standing(name, family).state = state;
    standing(name, family).steady = std::chrono::seconds(steady_seconds);
  }

  [[nodiscard]] health::Board board() const { return health::Board(standings); }

  Decision decide(zones::DynamicId record, dnswire::Family family = dnswire::Family::V4,
                  const char* client = "192.0.2.1", Trace* trace = nullptr) {
    board_ = board();
    return steering::decide(plan, record, family, {ip(client), true}, map, board_, workspace,
                            trace);
  }

  geo::Map map;  // knows nothing, unless a test loads one
  Workspace workspace{1};

 private:
  health::Board board_;
};

inline std::vector<std::string> texts(const Decision& decision) {
  std::vector<std::string> result;
  for (const dnswire::IpAddress& address : decision.addresses) result.push_back(address.to_text());
  return result;
}

}  // namespace steering
