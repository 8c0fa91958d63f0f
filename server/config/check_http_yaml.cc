#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "server/config/check_parts_yaml.h"
#include "server/config/text_rules.h"

namespace config {
namespace {

using health::HttpSpec;
using health::StatusRange;

constexpr std::size_t kMostRegex = 1000;        // octets
constexpr std::int64_t kRegexMemory = 1 << 20;  // octets: what probes give it

std::optional<std::uint16_t> parse_status(std::string_view text) {
  std::uint16_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = result.ec == std::errc{} && result.ptr == text.data() + text.size();
  if (!whole || value < 100 || value > 599) return std::nullopt;
  return value;
}

std::optional<StatusRange> parse_status_range(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = parse_status(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_status(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return StatusRange{*first, *last};
}

void read_request_line(const Fields& fields, HttpSpec& http) {
  if (const auto method = fields.text("method")) {
    http.method = *method;
    if (!is_http_token(*method)) fields.problem("method", ": `method` is one word, such as `GET`");
  }
  if (const auto path = fields.text("path")) {
    http.path = *path;
    const bool sound = path->front() == '/' && path->find(' ') == std::string::npos;
    if (!sound || has_controls(*path)) {
      fields.problem("path", ": `path` begins with `/` and has no spaces");
    }
  }
  if (const auto host = fields.text("host")) {
    http.host = *host;
    if (has_controls(*host) || host->find_first_of(" /:") != std::string::npos) {
      fields.problem("host", ": `host` is a name without scheme, port or path");
    }
  }
  if (const auto agent = fields.text("user_agent")) {
    http.user_agent = *agent;
    if (has_controls(*agent)) fields.problem("user_agent", ": `user_agent` has control characters");
  }
}

// Why a header is not for the operator to set; "" if it is.
std::string_view fault_of_header(const std::string& name) {
  struct Ours {
    std::string_view name;
    std::string_view why;
  };
  constexpr std::array<Ours, 5> kOurs{
      {{"host", "is written as `host`"},
       {"user-agent", "is written as `user_agent`"},
       {"connection", "is always `close`"},
       {"content-length", "is for a body, and a probe sends none"},
       {"transfer-encoding", "is for a body, and a probe sends none"}}};
  if (!is_http_token(name)) return "is no name of a header";
  const std::string lower = to_lower(name);
  for (const Ours& ours : kOurs) {
    if (ours.name == lower) return ours.why;
  }
  return "";
}

void read_headers(const Fields& fields, const YAML::Node& node, HttpSpec& http) {
  YamlFile& file = fields.file();
  const std::string what = fields.named("headers");
  for (const Entry& entry : entries(file, node, what)) {
    const std::string_view fault = fault_of_header(entry.key);
    const bool twice = std::ranges::any_of(http.headers, [&](const auto& other) {
      return to_lower(other.first) == to_lower(entry.key);
    });
    if (!fault.empty()) {
      file.problem(entry.key_node,
                   what + ": " + in_backticks(entry.key) + " " + std::string(fault));
    } else if (twice) {
      file.problem(entry.key_node, what + ": " + in_backticks(entry.key) + " stands twice");
    }
    const auto value = file.text(entry.value, in_backticks(entry.key) + " of " + what);
    if (!value) continue;
    if (has_controls(*value)) {  // RFC 9110 5.5: a line break would begin another header
      file.problem(entry.value,
                   what + ": the value of " + in_backticks(entry.key) + " has control characters");
    }
    http.headers.emplace_back(entry.key, *value);
  }
  if (node.IsMap() && node.size() == 0) file.problem(node, what + " is empty");
}

void read_status(const Fields& fields, const YAML::Node& node, HttpSpec& http) {
  YamlFile& file = fields.file();
  const std::string what = fields.named("status");
  http.status.clear();
  for (const YAML::Node& entry : file.list(node, what)) {
    const auto text = file.text(entry, what);
    if (!text) continue;
    if (const auto range = parse_status_range(*text)) {
      http.status.push_back(*range);
    } else {
      file.problem(entry, what + " is " + in_backticks(*text) +
                              ", which is no HTTP status such as `200` or `200-299`");
    }
  }
}

void read_regex(const Fields& fields, HttpSpec& http) {
  const auto text = fields.text("body_regex");
  if (!text) return;
  http.body_regex = *text;
  if (text->size() > kMostRegex) {
    return fields.problem("body_regex", ": `body_regex` is over 1000 octets long");
  }
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(kRegexMemory);
  const RE2 regex(*text, options);
  if (regex.ok()) return;
  fields.problem("body_regex", ": `body_regex` is no regular expression of RE2's syntax: " +
                                   in_backticks(regex.error()));
}

}  // namespace

HttpSpec read_http_spec(const Fields& fields) {
  HttpSpec http;
  read_request_line(fields, http);
  if (const auto headers = fields.find("headers")) read_headers(fields, *headers, http);
  if (const auto status = fields.find("status")) read_status(fields, *status, http);
  if (const auto body = fields.text("body")) {
    http.body = *body;
    if (body->size() > health::kMaxBody) {
      fields.problem("body", ": `body` is longer than the 16 KiB that are read");
    }
  }
  read_regex(fields, http);
  if (http.method == "HEAD") {  // RFC 9110 9.3.2
    for (const char* key : {"body", "body_regex"}) {
      if (fields.find(key)) {
        fields.problem(key, ": the answer to `HEAD` has no body to look at");
      }
    }
  }
  return http;
}

}  // namespace config
