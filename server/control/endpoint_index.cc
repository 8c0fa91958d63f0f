#include "server/control/endpoint_index.h"

namespace control {

using dnswire::Family;
using health::SubjectId;
using steering::EndpointId;

EndpointIndex::EndpointIndex(const steering::Plan& plan, std::size_t subjects)
    : plan_(plan), faces_(subjects), pool_names_(plan.endpoints.size()) {
  for (std::uint32_t i = 0; i < plan.endpoints.size(); ++i) {
    for (const Family family : {Family::V4, Family::V6}) {
      std::uint32_t number = 0;
      for (const steering::Face& face : plan.endpoints[i].faces_of(family)) {
        faces_[static_cast<std::size_t>(face.subject)].push_back({EndpointId{i}, family, number++});
      }
    }
  }
  for (std::uint32_t i = 0; i < plan.pools.size(); ++i) {
    note_pool(steering::PoolId{i}, plan.pools[i].name);
  }
}

// Those of pools that are members are in the pool as well.
void EndpointIndex::note_pool(steering::PoolId pool, std::string_view name) {
  for (const steering::Member& member : plan_[pool].members) {
    if (const steering::PoolId* below = member.pool()) {
      note_pool(*below, name);
    } else {
      pool_names_[static_cast<std::size_t>(*member.endpoint())].push_back(name);
    }
  }
}

health::OverrideSubject EndpointIndex::override_subject(EndpointId id) const {
  const steering::Endpoint& endpoint = plan_[id];
  return {endpoint.zone, endpoint.name, pool_names_[static_cast<std::size_t>(id)]};
}

std::vector<EndpointId> EndpointIndex::matching(const health::Override& override) const {
  std::vector<EndpointId> found;
  for (std::uint32_t i = 0; i < plan_.endpoints.size(); ++i) {
    if (applies_to(override, override_subject(EndpointId{i}))) found.push_back(EndpointId{i});
  }
  return found;
}

std::string EndpointIndex::name_of(SubjectId subject) const {
  const auto& faces = faces_[static_cast<std::size_t>(subject)];
  if (faces.empty()) return {};
  const steering::Endpoint& endpoint = plan_[faces.front().endpoint];
  const FaceId& face = faces.front();
  const std::string name = endpoint.zone + "/" + endpoint.name + "/";
  if (faces.size() > 1) return name + "both";
  const auto alike = endpoint.faces_of(face.family);
  return name + std::string(family_text(face.family)) +
         (alike.size() > 1 ? "/" + alike[face.index].address.to_text() : "");
}

std::vector<std::optional<SubjectId>> EndpointIndex::match(const EndpointIndex& former) const {
  std::unordered_map<std::string, SubjectId> known;
  for (std::uint32_t i = 0; i < former.faces_.size(); ++i) {
    if (!former.faces_[i].empty()) known.emplace(former.name_of(SubjectId{i}), SubjectId{i});
  }
  std::vector<std::optional<SubjectId>> result(faces_.size());
  for (std::uint32_t i = 0; i < faces_.size(); ++i) {
    const auto found = known.find(name_of(SubjectId{i}));
    if (found != known.end()) result[i] = found->second;
  }
  return result;
}

std::vector<std::string> EndpointIndex::override_targets() const {
  std::vector<std::string> names;
  for (const steering::Endpoint& endpoint : plan_.endpoints) names.push_back(endpoint.name);
  for (const steering::Pool& pool : plan_.pools) names.push_back("pool:" + pool.name);
  return names;
}

}  // namespace control
