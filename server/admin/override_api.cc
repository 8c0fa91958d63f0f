#include "server/admin/override_api.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <tl/expected.hpp>
#include <utility>

#include "health/override.h"
#include "server/admin/dependents.h"
#include "server/admin/pool_weights.h"
#include "server/admin/status.h"
#include "server/config/duration.h"
#include "server/logging/log.h"
#include "zones/suggestion.h"

namespace admin {
namespace {

using health::Force;
using health::Override;
using health::OverrideKind;
using Json = nlohmann::ordered_json;
using namespace std::chrono_literals;

constexpr std::size_t kMostNames = 1000;  // in a reply

struct Asked {
  Override override;
  bool dry_run = false;
};

http::Reply refuse(unsigned status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text) + "\n"};
}

tl::expected<std::string, std::string> text_of(const Json& json, const char* key) {
  if (!json.contains(key) || json[key].is_null()) return std::string();
  if (json[key].is_string()) return json[key].get<std::string>();
  return tl::unexpected(std::string("`") + key + "` is no text");
}

tl::expected<std::chrono::seconds, std::string> seconds_of(const Json& json, const char* key) {
  const auto text = text_of(json, key);
  if (!text) return tl::unexpected(text.error());
  const auto duration = config::parse_duration(*text);
  if (!duration) return tl::unexpected(std::string("`") + key + "`: " + duration.error());
  if (*duration % 1s != 0s || *duration < 1s || *duration > 24h * 366) {
    return tl::unexpected(std::string("`") + key + "` is whole seconds, from 1s to 366d");
  }
  return std::chrono::floor<std::chrono::seconds>(*duration);
}

bool says(const Json& json, const char* key) { return json.contains(key) && !json[key].is_null(); }

tl::expected<Force, std::string> force_of(const Json& json) {
  const auto text = text_of(json, "force");
  if (!text) return tl::unexpected(text.error());
  if (*text == "drained") return Force::Drained;
  if (*text == "up") return Force::Up;
  if (*text == "down") return Force::Down;
  return tl::unexpected<std::string>("`force` is `drained`, `up` or `down`");
}

tl::expected<std::uint32_t, std::string> weight_of(const Json& json) {
  const Json& weight = json["weight"];
  if (weight.is_number_unsigned() && weight.get<std::uint64_t>() <= health::kMaxWeight) {
    return weight.get<std::uint32_t>();
  }
  return tl::unexpected("`weight` is a whole number from 0 to " +
                        std::to_string(health::kMaxWeight));
}

// Force or weight.
std::string read_word(const Json& json, Override& override) {
  if (!says(json, "weight")) {
    if (!says(json, "force")) return "say `force` (`drained`, `up` or `down`) or `weight`";
    const auto force = force_of(json);
    if (!force) return force.error();
    override.force = *force;
    return {};
  }
  if (says(json, "force")) return "`force` and `weight` are two overrides: say one at a time";
  const auto weight = weight_of(json);
  if (!weight) return weight.error();
  override.force = Force::None;
  override.weight = *weight;
  return {};
}

std::string unknown_keys(const Json& json) {
  constexpr std::array<std::string_view, 8> kKnown{"target", "force",  "weight", "for",
                                                   "ttl",    "reason", "author", "dry_run"};
  for (const auto& [key, value] : json.items()) {
    if (std::find(kKnown.begin(), kKnown.end(), key) == kKnown.end()) {
      return "there is no `" + logging::escape(key) + "`" + zones::suggest(key, kKnown);
    }
  }
  return {};
}

tl::expected<Asked, std::string> read(const std::string& body, const control::Clocks& clocks) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return tl::unexpected<std::string>("the body is no JSON object");
  if (std::string unknown = unknown_keys(json); !unknown.empty()) return tl::unexpected(unknown);
  Asked asked;
  asked.override.created = clocks.wall / 1000;
  const auto target = text_of(json, "target");
  const auto reason = text_of(json, "reason");
  const auto author = text_of(json, "author");
  for (const auto* text : {&target, &reason, &author}) {
    if (!*text) return tl::unexpected(text->error());
  }
  if (std::string fault = read_word(json, asked.override); !fault.empty()) {
    return tl::unexpected(std::move(fault));
  }
  asked.override.target = health::canonical_target(*target);
  asked.override.reason = *reason;
  asked.override.author = *author;
  if (says(json, "for")) {
    const auto period = seconds_of(json, "for");
    if (!period) return tl::unexpected(period.error());
    // Not a moment shorter than asked.
    asked.override.expires = (clocks.wall + 999) / 1000 + period->count();
  }
  if (says(json, "ttl")) {
    const auto ttl = seconds_of(json, "ttl");
    if (!ttl) return tl::unexpected(ttl.error());
    asked.override.ttl = static_cast<std::uint32_t>(ttl->count());
  }
  if (json.contains("dry_run")) {
    if (!json["dry_run"].is_boolean()) {
      return tl::unexpected<std::string>("`dry_run` is `true` or `false`");
    }
    asked.dry_run = json["dry_run"].get<bool>();
  }
  if (std::string fault = find_fault(asked.override); !fault.empty()) return tl::unexpected(fault);
  return asked;
}

}  // namespace

void OverrideApi::put(const http::Request& request, const http::Server::Respond& respond) {
  auto asked = read(request.body, control::Clocks::now());
  if (!asked) return respond(refuse(400, asked.error()));
  const auto endpoints = supervisor_.index().matching(asked->override);
  if (endpoints.empty()) {
    const char* what = asked->override.target.starts_with("pool:") ? "no endpoint is in `"
                                                                   : "no endpoint is named `";
    return respond(refuse(404, what + logging::escape(asked->override.target) + "`" +
                                   suggestion(asked->override.target)));
  }
  const OverrideKind kind = asked->override.kind();
  if (kind == OverrideKind::Weight && !is_weighed_somewhere(endpoints)) {
    return respond(refuse(404, "a weight of `" + logging::escape(asked->override.target) +
                                   "` would change nothing: no pool with `pick: weighted` or "
                                   "`pick: sticky` has it as a member"));
  }
  if (asked->dry_run) return respond(taken({endpoints, {}}, kind));
  supervisor_.put(std::move(asked->override),
                  [this, respond, kind](const control::Supervisor::Taken& result) {
                    respond(taken(result, kind));
                  });
}

void OverrideApi::erase(const http::Request& request, const http::Server::Respond& respond) {
  const auto target = request.query.find("target");
  if (target == request.query.end()) return respond(refuse(400, "name a `target`"));
  const auto asked = request.query.find("kind");
  const std::string which = asked == request.query.end() ? "force" : asked->second;
  if (which != "force" && which != "weight") {
    return respond(refuse(400, "`kind` is `force` or `weight`"));
  }
  const OverrideKind kind = which == "weight" ? OverrideKind::Weight : OverrideKind::Force;
  const bool was_there =
      supervisor_.erase(health::canonical_target(target->second), kind,
                        [this, respond, kind](const control::Supervisor::Taken& result) {
                          respond(taken(result, kind));
                        });
  if (was_there) return;
  respond(refuse(404, (which == "weight" ? "no weight" : "no drain or force") +
                          std::string(" has the target `") + logging::escape(target->second) + "`" +
                          others(kind)));
}

std::string OverrideApi::others(OverrideKind kind) const {
  std::string text;
  for (const Override& each : supervisor_.overrides().all()) {
    if (each.kind() != kind) continue;
    text += (text.empty() ? "; there are: " : ", ") + each.target + " (" + word_of(each) + ")";
  }
  return text.empty() ? "; there is none at all" : text;
}

http::Reply OverrideApi::list() const {
  return {200, "application/json", overrides_json(supervisor_)};
}

http::Reply OverrideApi::taken(const control::Supervisor::Taken& taken, OverrideKind kind) const {
  const steering::Plan& plan = supervisor_.plan();
  Json json{
      {"endpoints", Json::array()},
      {"names", names_resting_on(surroundings_.zones(), plan, taken.endpoints, kind, kMostNames)},
      {"listening", surroundings_.listening()},
      {"problem", taken.problem}};
  for (const steering::EndpointId id : taken.endpoints) {
    Json endpoint{{"zone", plan[id].zone}, {"endpoint", plan[id].name}};
    endpoint["addresses"] = Json::array();
    for (const auto& faces : plan[id].faces) {
      for (const steering::Face& face : faces) {
        endpoint["addresses"].push_back(face.address.to_text());
      }
    }
    const health::InForce words = supervisor_.overrides().in_force(
        supervisor_.index(), id, control::Clocks::now().wall / 1000);
    if (words.force != nullptr) {
      endpoint["force"] = to_text(words.force->force);
      endpoint["by"] = words.force->target;
    }
    if (words.weight != nullptr) {
      endpoint["weight"] = *words.weight->weight;
      endpoint["weight_by"] = words.weight->target;
    }
    json["endpoints"].push_back(std::move(endpoint));
  }
  return {200, "application/json", json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"};
}

bool OverrideApi::is_weighed_somewhere(const std::vector<steering::EndpointId>& ids) const {
  return std::ranges::any_of(ids, [this](steering::EndpointId id) {
    return !pool_weights(supervisor_.plan(), id).empty();
  });
}

std::string OverrideApi::suggestion(const std::string& target) const {
  const std::vector<std::string> known = supervisor_.index().override_targets();
  const std::vector<std::string_view> views(known.begin(), known.end());
  const std::string near = zones::suggest(target, views);
  return near.empty() ? "; `fairlead status` lists them" : near;
}

}  // namespace admin
