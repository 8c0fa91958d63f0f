#include "server/admin/status.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "server/admin/pool_weights.h"
#include "server/control/event.h"
#include "server/control/version.h"
#include "server/logging/log.h"

namespace admin {
namespace {

using dnswire::Family;
using health::SubjectId;
using health::TargetId;
using health::Verdict;
using Json = nlohmann::ordered_json;

std::chrono::system_clock::time_point time_point(std::int64_t milliseconds) {
  return std::chrono::system_clock::time_point(std::chrono::milliseconds(milliseconds));
}

std::string time_text(std::int64_t milliseconds) {
  return logging::rfc3339(time_point(milliseconds));
}

std::string dump(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json describe(const health::Override& override) {
  Json json{{"target", override.target}};
  if (override.weight) {
    json["weight"] = *override.weight;
  } else {
    json["force"] = to_text(override.force);
  }
  if (!override.reason.empty()) json["reason"] = override.reason;
  if (!override.author.empty()) json["author"] = override.author;
  json["created"] = time_text(override.created * 1000);
  if (override.expires != 0) json["expires"] = time_text(override.expires * 1000);
  if (override.ttl) json["ttl"] = *override.ttl;
  return json;
}

class StatusWriter {
 public:
  explicit StatusWriter(const control::Supervisor& supervisor) : supervisor_(supervisor) {}

  Json endpoints(const std::string& pattern) const {
    Json list = Json::array();
    const steering::Plan& plan = supervisor_.plan();
    for (std::uint32_t i = 0; i < plan.endpoints.size(); ++i) {
      const steering::EndpointId id{i};
      if (!pattern.empty() && !matches(id, pattern)) continue;
      for (const Family family : {Family::V4, Family::V6}) {
        for (const steering::Face& face : plan[id].faces_of(family)) {
          list.push_back(endpoint(id, family, face));
        }
      }
    }
    return list;
  }

  Json pools() const {
    Json list = Json::array();
    for (const steering::Pool& pool : supervisor_.plan().pools) {
      for (const Family family : {Family::V4, Family::V6}) {
        const auto& group = pool.groups[static_cast<std::size_t>(family)];
        if (!group) continue;
        list.push_back(Json{{"zone", pool.zone},
                            {"pool", pool.name},
                            {"family", control::family_text(family)},
                            {"origin_down", supervisor_.monitor().origin_is_down(*group)}});
      }
    }
    return list;
  }

  Json uplinks() const {
    Json list = Json::array();
    for (std::size_t i = 0; i < health::kUplinkCount; ++i) {
      const auto uplink = static_cast<health::Uplink>(i);
      if (supervisor_.monitor().is_isolated(uplink)) list.push_back(to_text(uplink));
    }
    return list;
  }

  Json canaries() const {
    Json list = Json::array();
    for (const TargetId target : supervisor_.roster().guard.canaries) {
      Json line = check(target);
      line["address"] = supervisor_.roster().targets[static_cast<std::size_t>(target)].address;
      list.push_back(std::move(line));
    }
    return list;
  }

 private:
  bool matches(steering::EndpointId id, const std::string& pattern) const {
    health::Override asked;
    asked.target = pattern;
    return applies_to(asked, supervisor_.index().override_subject(id));
  }

  Json endpoint(steering::EndpointId id, Family family, const steering::Face& face) const {
    const steering::Endpoint& endpoint = supervisor_.plan()[id];
    const health::Standing& standing = supervisor_.monitor().standing(face.subject);
    const health::Subject& subject =
        supervisor_.roster().subjects[static_cast<std::size_t>(face.subject)];
    Json json{{"zone", endpoint.zone},
              {"endpoint", endpoint.name},
              {"family", control::family_text(family)},
              {"address", face.address.to_text()},
              {"served", standing.is_served()},
              {"shown", subject.checks.empty() && standing.force == health::Force::None
                            ? std::string_view("unchecked")
                            : to_text(standing)},
              {"state", to_text(standing.state)}};
    const health::InForce words =
        supervisor_.overrides().in_force(supervisor_.index(), id, clocks_.wall / 1000);
    if (words.force != nullptr) json["override"] = describe(*words.force);
    if (words.weight != nullptr) {
      json["weight_override"] = describe(*words.weight);
      json["weight_override"]["configured"] =
          weights_text(supervisor_.plan(), pool_weights(supervisor_.plan(), id));
    }
    if (const std::int64_t changed = supervisor_.changed(face.subject)) {
      json["changed"] = time_text(changed);
    }
    if (!subject.checks.empty()) json["need"] = subject.need;
    json["checks"] = Json::array();
    for (const auto& part : subject.checks) {
      Json line = check(part.target);
      line["name"] = part.name;
      line["judges"] = to_text(part.level);
      json["checks"].push_back(std::move(line));
    }
    return json;
  }

  Json check(TargetId id) const {
    const health::Target& target = supervisor_.roster().targets[static_cast<std::size_t>(id)];
    const Verdict& verdict = supervisor_.engine().verdict(id);
    const health::Thresholds& thresholds = target.check.thresholds;
    Json json{{"type", to_text(target.check.type)},
              {"probes", target.address},
              {"state", to_text(verdict.state)},
              {"failures", verdict.failures},
              {"fall", thresholds.fall},
              {"successes", verdict.successes},
              {"rise", thresholds.rise}};
    if (target.check.port != 0) json["port"] = target.check.port;
    if (verdict.last.started != health::Instant{}) json["last"] = last(verdict.last);
    if (verdict.last.certificate_ends) {
      json["certificate_ends"] = time_text(*verdict.last.certificate_ends * 1000);
    }
    json["results"] = Json::array();
    for (const health::Result& result : supervisor_.engine().results(id)) {
      const std::int64_t started = clocks_.wall_of(result.started);
      json["results"].push_back(Json{{"at", control::rfc3339_milliseconds(time_point(started))},
                                     {"took_ms", result.took},
                                     {"reason", to_text(result.reason)}});
    }
    return json;
  }

  Json last(const health::Observation& observation) const {
    Json json{{"at", time_text(clocks_.wall_of(observation.started))},
              {"took_ms", observation.took.count()},
              {"passed", observation.passed}};
    if (!observation.passed) {
      json["reason"] = to_text(observation.reason);
      json["detail"] = observation.detail;
    }
    return json;
  }

  const control::Supervisor& supervisor_;
  const control::Clocks clocks_ = control::Clocks::now();
};

Json overrides_of(const control::Supervisor& supervisor) {
  Json list = Json::array();
  for (const health::Override& override : supervisor.overrides().all()) {
    Json json = describe(override);
    json["endpoints"] = supervisor.index().matching(override).size();
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace

std::string status_json(const control::Supervisor& supervisor, const StatusRequest& request) {
  const StatusWriter writer(supervisor);
  const auto counters = supervisor.engine().counters();
  Json json{{"version", control::kVersion}, {"generation", request.generation}};
  json["isolated"] = writer.uplinks();
  json["alarms"] = Json::array();
  if (const std::string problem = supervisor.state_problem(); !problem.empty()) {
    json["alarms"].push_back("state: " + problem);
  }
  for (const std::string& text : supervisor.certificate_alarms()) json["alarms"].push_back(text);
  for (const std::string& text : request.alarms) json["alarms"].push_back(text);
  if (!request.hook_problem.empty()) json["alarms"].push_back("hooks: " + request.hook_problem);
  json["probes"] = Json{{"targets", supervisor.roster().targets.size()},
                        {"in_flight", counters.in_flight},
                        {"waiting", counters.waiting},
                        {"started", counters.started},
                        {"late", counters.late}};
  json["overrides"] = overrides_of(supervisor);
  json["pools"] = writer.pools();
  json["canaries"] = writer.canaries();
  json["endpoints"] = writer.endpoints(request.pattern);
  return dump(json);
}

std::string overrides_json(const control::Supervisor& supervisor) {
  return dump(overrides_of(supervisor));
}

}  // namespace admin
