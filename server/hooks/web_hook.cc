#include "server/hooks/web_hook.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>
#include <charconv>

namespace hooks {
namespace {

namespace http = boost::beast::http;

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || stop != end || port == 0) return std::nullopt;
  return port;
}

bool is_visible(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

// "host", "host:port", "[::1]:port" into `place`.
bool read_authority(std::string_view authority, WebPlace& place) {
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) return false;
  const std::size_t colon = authority.find(':', bracket);
  std::string_view host = authority.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  place.host = host;
  place.host_header = authority;
  place.port = place.tls ? 443 : 80;
  if (colon != std::string_view::npos) {
    const auto port = parse_port(authority.substr(colon + 1));
    if (!port) return false;
    place.port = *port;
  }
  return !place.host.empty();
}

}  // namespace

std::string WebPlace::name() const { return (tls ? "https://" : "http://") + host_header; }

std::optional<WebPlace> parse_place(std::string_view url) {
  if (!is_visible(url) || url.find_first_of("@#\\") != std::string_view::npos) return std::nullopt;
  constexpr std::string_view kPlain = "http://";
  constexpr std::string_view kTls = "https://";
  WebPlace place;
  place.tls = url.starts_with(kTls);
  if (!place.tls && !url.starts_with(kPlain)) return std::nullopt;
  url.remove_prefix(place.tls ? kTls.size() : kPlain.size());
  const std::size_t end = std::min(url.find_first_of("/?"), url.size());
  if (!read_authority(url.substr(0, end), place)) return std::nullopt;
  const std::string_view rest = url.substr(end);
  place.target = (rest.starts_with('/') ? "" : "/") + std::string(rest);
  return place;
}

std::string signature_of(std::string_view secret, std::int64_t timestamp, std::string_view body) {
  const std::string text = std::to_string(timestamp) + "." + std::string(body);
  const auto* octets = reinterpret_cast<const unsigned char*>(text.data());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), octets, text.size(),
       digest.data(), &size);
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result = "sha256=";
  for (std::size_t i = 0; i < size; ++i) {
    result += {kDigits[digest[i] >> 4], kDigits[digest[i] & 15]};
  }
  return result;
}

Message message_of(const WebPlace& place, const Event& event, std::string_view secret,
                   std::int64_t timestamp) {
  Message message(http::verb::post, place.target, 11);
  message.set(http::field::host, place.host_header);
  message.set(http::field::user_agent, "fairlead");
  message.set(http::field::content_type, "application/json");
  message.set(http::field::connection, "close");
  const std::string_view kind = to_text(event.kind);
  message.set("X-Fairlead-Event", boost::beast::string_view(kind.data(), kind.size()));
  message.set("X-Fairlead-Id", event.id);
  message.set("X-Fairlead-Timestamp", std::to_string(timestamp));
  if (!secret.empty()) {
    message.set("X-Fairlead-Signature", signature_of(secret, timestamp, event.json));
  }
  message.body() = event.json;
  message.prepare_payload();
  return message;
}

std::string_view to_text(Kind kind) noexcept {
  return kind == Kind::Transition ? "transition" : "alarm";
}

}  // namespace hooks
