#include "server/config/protocol_options_yaml.h"

#include <algorithm>
#include <charconv>

#include "server/config/duration.h"
#include "server/config/size.h"

namespace config {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr std::size_t kMaxName = 64;      // octets: NSID has to fit beside any question
constexpr std::size_t kMaxVersion = 250;  // octets: one <character-string>, RFC 1035 3.3
constexpr std::uint32_t kKibi = 1024;
constexpr std::uint32_t kMebi = 1024 * kKibi;

template <class T>
struct Range {
  T least;
  T most;
};

// `auto` is absent, `none` is empty.
std::optional<std::string> self_description(YamlFile& file, const Fields& fields,
                                            std::string_view key, std::size_t longest) {
  const auto text = fields.text(key);
  if (!text || *text == "auto") return std::nullopt;
  if (*text == "none") return std::string();
  const bool control = std::any_of(text->begin(), text->end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (text->size() <= longest && !control) return text;
  file.problem(*fields.find(key),
               fields.named(key) + " " +
                   (control ? "has control characters"
                            : "has " + std::to_string(text->size()) + " octets, more than " +
                                  std::to_string(longest)));
  return std::nullopt;
}

void read_size(YamlFile& file, const Fields& fields, std::string_view key,
               Range<std::uint32_t> range, std::uint32_t& size) {
  const auto text = fields.text(key);
  if (!text) return;
  const auto value = parse_size(*text);
  if (value && *value >= range.least && *value <= range.most) {
    size = static_cast<std::uint32_t>(*value);
    return;
  }
  file.problem(
      *fields.find(key),
      fields.named(key) + (value ? " is " + in_backticks(*text) + ", which is not from " +
                                       to_size_text(range.least) + " to " + to_size_text(range.most)
                                 : ": " + value.error()));
}

void read_period(YamlFile& file, const Fields& fields, std::string_view key,
                 Range<milliseconds> range, milliseconds& period) {
  const auto value = fields.duration(key);
  if (!value) return;
  if (*value >= range.least && *value <= range.most) {
    period = *value;
    return;
  }
  file.problem(*fields.find(key), fields.named(key) + " is " + to_text(*value) +
                                      ", which is not from " + to_text(range.least) + " to " +
                                      to_text(range.most));
}

// "50us" or "1ms", or `off`: shorter than any other duration, and one number.
void read_busy_poll(YamlFile& file, const Fields& fields, std::chrono::microseconds& busy_poll) {
  constexpr std::uint32_t kMost = 10'000;  // us
  const auto text = fields.text("busy_poll");
  if (!text || *text == "off") return;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text->data() + text->size() - end));
  const std::uint32_t scale = unit == "us" ? 1 : unit == "ms" ? 1000 : 0;
  if (error == std::errc{} && scale != 0 && number != 0 && number <= kMost / scale) {
    busy_poll = std::chrono::microseconds{number * scale};
    return;
  }
  file.problem(*fields.find("busy_poll"),
               fields.named("busy_poll") + " is " + in_backticks(*text) +
                   ", which is neither `off` nor from `1us` to `10ms`: write for example `50us`");
}

}  // namespace

IdentityOptions read_identity(YamlFile& file, const YAML::Node& node) {
  const Fields fields(file, node, "`identity`", {"name", "version"});
  return {self_description(file, fields, "name", kMaxName),
          self_description(file, fields, "version", kMaxVersion)};
}

CookieOptions read_cookies(YamlFile& file, const YAML::Node& node) {
  const Fields fields(file, node, "`cookies`", {"enabled", "secrets", "require"});
  CookieOptions cookies;
  cookies.enabled = fields.boolean("enabled").value_or(cookies.enabled);
  cookies.require = fields.boolean("require").value_or(cookies.require);
  cookies.secrets = fields.text("secrets").value_or("");
  cookies.names_secrets = !cookies.secrets.empty();
  if (cookies.require && !cookies.enabled) {
    file.problem(*fields.find("require"),
                 "`cookies` are required and not enabled; leave one of the two out");
  }
  return cookies;
}

UdpOptions read_udp(YamlFile& file, const YAML::Node& node) {
  const Fields fields(file, node, "`udp`", {"receive_buffer", "send_buffer", "busy_poll"});
  constexpr Range<std::uint32_t> kBuffer{64 * kKibi, 1024 * kMebi};
  UdpOptions udp;
  read_size(file, fields, "receive_buffer", kBuffer, udp.receive_buffer);
  read_size(file, fields, "send_buffer", kBuffer, udp.send_buffer);
  read_busy_poll(file, fields, udp.busy_poll);
  return udp;
}

TcpOptions read_tcp(YamlFile& file, const YAML::Node& node) {
  const Fields fields(
      file, node, "`tcp`",
      {"idle", "message", "stall", "clients", "clients_per_address", "owed", "fast_open"});
  TcpOptions tcp;
  read_period(file, fields, "idle", {100ms, 1h}, tcp.idle);
  read_period(file, fields, "message", {100ms, 1min}, tcp.message);
  read_period(file, fields, "stall", {100ms, 1min}, tcp.stall);
  if (const auto clients = fields.number("clients", 1, 1'000'000)) tcp.max_clients = *clients;
  if (const auto clients = fields.number("clients_per_address", 1, 1'000'000)) {
    tcp.max_per_address = *clients;
  }
  auto owed = static_cast<std::uint32_t>(tcp.max_owed);
  // Less would not hold the longest reply with its length.
  read_size(file, fields, "owed", {65 * kKibi, 64 * kMebi}, owed);
  tcp.max_owed = owed;
  tcp.fast_open = fields.number("fast_open", 0, 65535).value_or(tcp.fast_open);
  return tcp;
}

zones::Limits read_limits(YamlFile& file, const YAML::Node& node) {
  const Fields fields(file, node, "`limits`", {"addresses"});
  zones::Limits limits;
  if (const auto addresses = fields.number("addresses", 100, 1000)) limits.addresses = *addresses;
  return limits;
}

}  // namespace config
