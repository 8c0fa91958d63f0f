#include "server/config/listen_address.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace config {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return port;
}

struct Parts {
  std::string_view host;
  std::string_view port;
  dnswire::Family family;
};

std::optional<Parts> split(std::string_view text) noexcept {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    return Parts{host.substr(1, host.size() - 2), port, dnswire::Family::V6};
  }
  return Parts{host, port, dnswire::Family::V4};
}

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

}  // namespace

tl::expected<ListenAddress, std::string> ListenAddress::from_text(std::string_view text) {
  const std::optional<Parts> parts = split(text);
  if (!parts) {
    return tl::unexpected(quoted(text) + " has no port; write 192.0.2.1:53 or [2001:db8::1]:53");
  }
  const auto address = dnswire::IpAddress::from_text(parts->host);
  if (!address) {
    return tl::unexpected(quoted(parts->host) + " is not an IP address");
  }
  if (address->family() != parts->family) {
    return tl::unexpected(parts->family == dnswire::Family::V4
                              ? "an IPv6 address needs brackets before its port: [2001:db8::1]:53"
                              : "only an IPv6 address is written in brackets");
  }
  const std::optional<std::uint16_t> port = parse_port(parts->port);
  if (!port) {
    return tl::unexpected(quoted(parts->port) + " is not a port number (0 to 65535)");
  }
  return ListenAddress{*address, *port};
}

std::string ListenAddress::to_text() const {
  const std::string host = address.to_text();
  const std::string number = std::to_string(port);
  return address.family() == dnswire::Family::V6 ? "[" + host + "]:" + number : host + ":" + number;
}

bool ListenAddress::is_wildcard() const noexcept {
  return std::ranges::all_of(address.octets(), [](std::uint8_t octet) { return octet == 0; });
}

}  // namespace config
