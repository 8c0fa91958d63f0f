#include "server/config/url.h"

#include <charconv>
#include <cstdint>

#include "dnswire/address.h"
#include "server/config/text_rules.h"

namespace config {
namespace {

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), port);
  return result.ec == std::errc{} && result.ptr == text.data() + text.size() && port > 0;
}

bool is_host(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    const auto address = dnswire::IpAddress::from_text(host.substr(1, host.size() - 2));
    return address && address->family() == dnswire::Family::V6;
  }
  const auto address = dnswire::IpAddress::from_text(host);
  if (address) return address->family() == dnswire::Family::V4;
  return is_host_name(host);
}

}  // namespace

std::string_view fault_of_url(std::string_view url) noexcept {
  std::string_view rest = url;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (rest.starts_with(scheme)) {
      rest.remove_prefix(scheme.size());
      break;
    }
  }
  if (rest.size() == url.size()) return "does not begin with `https://` or `http://`";
  if (!is_visible_ascii(url)) return "has characters that a URL writes as `%20`";
  if (rest.find('#') != std::string_view::npos) return "has a fragment (`#`), which is not sent";
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  if (authority.find('@') != std::string_view::npos) {
    return "has a user before `@`; sign with a `secret_file`";
  }
  const std::size_t colon =
      authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
  if (!is_host(authority.substr(0, colon))) return "has no sound host";
  if (colon != std::string_view::npos && !is_port(authority.substr(colon + 1))) {
    return "has no sound port";
  }
  return "";
}

}  // namespace config
