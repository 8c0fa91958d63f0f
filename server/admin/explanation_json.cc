#include "server/admin/explanation_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "server/admin/location_text.h"

namespace admin {
namespace {

using Json = nlohmann::ordered_json;
using Kind = ExplainedStep::Kind;
using Status = ExplainedAnswer::Status;

const char* word_of(Kind kind) {
  switch (kind) {
    case Kind::Static:
      return "static";
    case Kind::Dynamic:
      return "dynamic";
    case Kind::Cname:
      return "cname";
    case Kind::Dname:
      return "dname";
    case Kind::Alias:
      return "alias";
    case Kind::Referral:
      return "referral";
    case Kind::NoData:
      return "nodata";
    case Kind::NoSuchName:
      return "nxdomain";
    case Kind::Outside:
      return "outside";
    case Kind::Loop:
      return "loop";
    case Kind::TooMany:
      return "too_many_aliases";
  }
  return "";
}

const char* word_of(Status status) {
  switch (status) {
    case Status::Records:
      return "records";
    case Status::NoData:
      return "nodata";
    case Status::NoSuchName:
      return "nxdomain";
    case Status::Referral:
      return "referral";
    case Status::Refused:
      return "refused";
    case Status::Failure:
      return "servfail";
  }
  return "";
}

// Absent and empty are null: every key is always there.
Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }
Json or_null(const std::optional<dnswire::Ttl>& ttl) { return ttl ? Json(ttl->count()) : Json(); }
Json or_null(const std::optional<double>& km) { return km ? Json(std::lround(*km)) : Json(); }
template <class Number>
Json or_null(const std::optional<Number>& number) {
  return number ? Json(*number) : Json();
}

Json json_of(const ExplainedPool& pool);

Json json_of(const ExplainedMember& member) {
  Json json;
  json[member.pools.empty() ? "endpoint" : "pool"] = member.name;
  json["zone"] = member.zone;
  json["chosen"] = member.chosen;
  json["why"] = member.why;
  json["position"] = or_null(member.position);
  json["distance_km"] = or_null(member.distance);
  json["counted_as_km"] = or_null(member.counted_as);
  json["bias"] = member.bias;
  json["weight"] = member.weight;
  json["configured_weight"] = member.configured_weight;
  if (!member.pools.empty()) {
    json["pools"] = Json::array();
    for (const ExplainedPool& pool : member.pools) json["pools"].push_back(json_of(pool));
    return json;
  }
  json["addresses"] = Json::array();
  for (const ExplainedAddress& address : member.addresses) {
    json["addresses"].push_back({{"address", address.address.to_text()},
                                 {"state", address.state},
                                 {"served", address.served},
                                 {"chosen", address.chosen},
                                 {"notes", or_null(address.notes)}});
  }
  return json;
}

Json json_of(const ExplainedPool& pool) {
  Json json{{"pool", pool.name},
            {"zone", pool.zone},
            {"pick", to_text(pool.pick)},
            {"healthy", pool.healthy},
            {"needs", pool.needs},
            {"serves", pool.serves},
            {"stands_in", pool.stands_in},
            {"has_family", pool.has_family},
            {"origin_down", pool.origin_down},
            {"then", or_null(pool.then)},
            {"order_for", or_null(pool.order_for)},
            {"members", Json::array()}};
  for (const ExplainedMember& member : pool.members) json["members"].push_back(json_of(member));
  return json;
}

Json json_of(const std::optional<ExplainedFailover>& failover) {
  if (!failover) return {};
  Json json{{"none", or_null(failover->none)}};
  json["bound_seconds"] =
      failover->bound ? Json(std::ceil(static_cast<double>(failover->bound->count()) / 100) / 10)
                      : Json();
  json["slowest"] = or_null(failover->slowest);
  json["caches_seconds"] = failover->bound ? Json(failover->caches.count()) : Json();
  json["stays"] = failover->stays;
  json["then"] = or_null(failover->then);
  return json;
}

Json json_of(const std::optional<ExplainedDecision>& decision) {
  if (!decision) return {};
  Json json{{"family", decision->family == dnswire::Family::V6 ? "ipv6" : "ipv4"},
            {"rule", decision->rule + 1},
            {"rules", Json::array()},
            {"pools", Json::array()},
            {"instead", or_null(decision->instead)},
            {"failover", json_of(decision->failover)}};
  for (const ExplainedRule& rule : decision->rules) {
    json["rules"].push_back({{"condition", rule.condition}, {"pool", rule.pool}});
  }
  for (const ExplainedPool& pool : decision->pools) json["pools"].push_back(json_of(pool));
  return json;
}

Json json_of(const ExplainedStep& step) {
  Json json{{"kind", word_of(step.kind)},
            {"name", step.name.to_text()},
            {"zone", step.serial ? Json(step.zone.to_text()) : Json()},
            {"serial", or_null(step.serial)},
            {"owner", step.owner.to_text()},
            {"wildcard", step.wildcard},
            {"target", step.target ? Json(step.target->to_text()) : Json()},
            {"ttl", or_null(step.ttl)},
            {"note", or_null(step.note)}};
  json["decision"] = json_of(step.decision);
  return json;
}

Json place_of(const ExplainedClient& client) {
  const geo::Location& location = client.location;
  Json json{{"address", client.address.to_text()},
            {"special", client.is_special},
            {"network", client.network.to_text()},
            {"place", location_text(location)},
            {"source", or_null(client.source)}};
  json["continent"] = location.continent ? Json(to_text(*location.continent)) : Json();
  json["country"] = location.country ? Json(location.country->text()) : Json();
  json["subdivision"] = or_null(location.subdivision);
  const auto& point = location.coordinates;
  json["latitude"] = point ? Json(point->latitude) : Json();
  json["longitude"] = point ? Json(point->longitude) : Json();
  json["centroid"] = location.coordinates_are_centroid;
  json["asn"] = location.asn == 0 ? Json() : Json(location.asn);
  return json;
}

Json json_of(const ExplainedAnswer& answer) {
  Json json{{"status", word_of(answer.status)},
            {"why", or_null(answer.why)},
            {"records", Json::array()},
            {"ttl", or_null(answer.ttl)},
            {"ttl_because", or_null(answer.ttl_because)},
            {"scope", or_null(answer.scope)},
            {"scope_because", or_null(answer.scope_because)}};
  for (const ExplainedRecord& record : answer.records) {
    json["records"].push_back({{"type", to_text(record.type)}, {"data", record.data}});
  }
  return json;
}

}  // namespace

std::string explanation_json(const Explanation& explanation) {
  Json json{{"name", explanation.name.to_text()},
            {"type", to_text(explanation.type)},
            {"assumed", explanation.assumed},
            {"clients", Json::array()}};
  for (const ExplainedClient& client : explanation.clients) {
    Json one{{"client", place_of(client)}, {"steps", Json::array()}};
    for (const ExplainedStep& step : client.steps) one["steps"].push_back(json_of(step));
    one["answer"] = json_of(client.answer);
    json["clients"].push_back(std::move(one));
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace admin
