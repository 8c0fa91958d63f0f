#include "server/cli/health_commands.h"

#include <pwd.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <tl/expected.hpp>

#include "server/admin/status_text.h"
#include "server/cli/admin_client.h"
#include "server/cli/drill.h"
#include "server/config/duration.h"
#include "server/logging/log.h"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;

int fail(const std::string& sentence) {
  std::cerr << "fairlead: " << sentence << '\n';
  return 1;
}

std::string without_newline(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

// Who calls, for the record: a note for people, no proof of anything.
std::string caller() {
  if (const char* name = std::getenv("SUDO_USER"); name != nullptr && *name != '\0') return name;
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr && entry->pw_name != nullptr ? entry->pw_name : "";
}

bool is_utf8(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::ignore) ==
         Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<std::uint32_t> parse_weight(const std::string& text) {
  std::uint32_t weight = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, weight);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return weight;
}

Json body_of(const OverrideOptions& what) {
  Json body{{"target", what.target}};
  if (const auto weight = parse_weight(what.weight)) {
    body["weight"] = *weight;
  } else {
    body["force"] = what.force;
  }
  if (!what.period.empty()) body["for"] = what.period;
  if (!what.ttl.empty()) body["ttl"] = what.ttl;
  if (!what.reason.empty()) body["reason"] = what.reason;
  body["author"] = what.author.empty() ? caller() : what.author;
  return body;
}

std::string name_of(const Json& endpoint) {
  return endpoint.value("zone", "") + "/" + endpoint.value("endpoint", "");
}

// "example.org/frankfurt, example.org/tokyo", as far as fits a line.
std::string names_of(const Json& reply) {
  constexpr std::size_t kShown = 5;
  const Json& endpoints = reply["endpoints"];
  std::string text;
  for (std::size_t i = 0; i < endpoints.size() && i < kShown; ++i) {
    text += i == 0 ? "" : ", ";
    text += name_of(endpoints[i]);
  }
  if (endpoints.size() > kShown) {
    text += " and " + std::to_string(endpoints.size() - kShown) + " more";
  }
  return logging::escape(text);
}

void warn_if_not_durable(const Json& reply) {
  const std::string problem = reply.value("problem", "");
  if (problem.empty()) return;
  std::cerr << "fairlead: warning: in force, but a restart forgets it: " << logging::escape(problem)
            << '\n';
}

// `kind`: "force" or "weight". The server's reply, or a sentence.
tl::expected<Json, std::string> erase_override(const CommandOptions& options,
                                               const std::string& target, const std::string& kind) {
  auto client = AdminClient::writer(options);
  if (!client) return tl::unexpected(client.error());
  const auto reply =
      client->request("DELETE", "/overrides?target=" + percent_encoded(target) + "&kind=" + kind);
  if (!reply) return tl::unexpected(without_newline(reply.error()));
  Json json = Json::parse(*reply, nullptr, false);
  if (json.is_object()) return json;
  return tl::unexpected<std::string>("the server's reply is not understood");
}

}  // namespace

int show_status(const CommandOptions& options, const StatusOptions& what) {
  auto client = AdminClient::reader(options);
  if (!client) return fail(client.error());
  std::string target = "/status";
  if (!what.endpoint.empty()) target += "?endpoint=" + percent_encoded(what.endpoint);
  const auto reply = client->request("GET", target);
  if (!reply) return fail(reply.error());
  if (what.json) {
    std::cout << *reply;
    return 0;
  }
  const auto text = admin::status_text(*reply, what.results);
  if (!text) return fail(text.error());
  std::cout << *text;
  return 0;
}

int put_override(const CommandOptions& options, const OverrideOptions& what) {
  auto client = AdminClient::writer(options);
  if (!client) return fail(client.error());
  if (!is_utf8(what.target + what.reason + what.author)) {
    return fail("the target, --reason and --author are text in UTF-8");
  }
  const auto reply = client->request("PUT", "/overrides", body_of(what).dump());
  if (!reply) return fail(without_newline(reply.error()));
  const Json json = Json::parse(*reply, nullptr, false);
  if (!json.is_object()) return fail("the server's reply is not understood");
  std::cout << names_of(json) << ": "
            << (what.weight.empty() ? what.force : "weight " + what.weight)
            << (what.period.empty() ? ", until it is taken back" : ", for " + what.period) << '\n';
  warn_if_not_durable(json);
  return 0;
}

int undrain(const CommandOptions& options, const std::string& target) {
  const auto reply = erase_override(options, target, "force");
  if (!reply) return fail(reply.error());
  std::cout << "override of " << logging::escape(target) << " taken back\n";
  for (const Json& endpoint : (*reply)["endpoints"]) {
    if (!endpoint.contains("force")) continue;
    std::cout << logging::escape(name_of(endpoint) + " is still " + endpoint.value("force", "") +
                                 ", by the override of " + endpoint.value("by", ""))
              << '\n';
  }
  warn_if_not_durable(*reply);
  return 0;
}

int weigh(const CommandOptions& options, const OverrideOptions& what) {
  if (what.weight != "usual") {
    if (!parse_weight(what.weight)) {
      return fail("the weight is a whole number from 0, or `usual`: as configured");
    }
    return put_override(options, what);
  }
  if (!what.period.empty() || !what.ttl.empty() || !what.reason.empty()) {
    return fail("`usual` takes the weight back, for good: it goes without --for, --ttl, --reason");
  }
  const auto reply = erase_override(options, what.target, "weight");
  if (!reply) return fail(reply.error());
  std::cout << "weight of " << logging::escape(what.target) << " taken back\n";
  for (const Json& endpoint : (*reply)["endpoints"]) {
    if (!endpoint.contains("weight")) continue;
    std::cout << logging::escape(name_of(endpoint) + " still has weight " +
                                 std::to_string(endpoint.value("weight", 0U)) +
                                 ", by the override of " + endpoint.value("weight_by", ""))
              << '\n';
  }
  warn_if_not_durable(*reply);
  return 0;
}

int drill(const CommandOptions& options, const DrillOptions& what) {
  const auto period = config::parse_duration(what.period);
  if (!period) return fail("--for: " + period.error());
  if (*period < std::chrono::seconds(2) || *period > std::chrono::hours(1)) {
    return fail("--for is from 2s to 1h");
  }
  std::optional<dnswire::Prefix> client_network;
  if (!what.client.empty()) {
    const auto network = dnswire::Prefix::from_text(what.client);
    if (!network) return fail("--client: " + std::string(describe(network.error())));
    client_network = *network;
  }
  auto client = AdminClient::writer(options);
  if (!client) return fail(client.error());
  OverrideOptions override;
  override.target = what.target;
  override.force = "down";
  override.period = what.period;
  override.reason = "drill";
  if (!is_utf8(what.target)) return fail("the target is text in UTF-8");
  return run_drill(*client, body_of(override).dump(), *period, client_network, std::cout,
                   std::cerr);
}

}  // namespace cli
