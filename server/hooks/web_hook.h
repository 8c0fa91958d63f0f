// A web service to tell: its address, and what is posted to it. Pure.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/hooks/dispatcher.h"

namespace hooks {

struct WebPlace {
  bool tls = false;
  std::string host;  // without brackets
  std::uint16_t port = 0;
  std::string host_header;  // RFC 9110 7.2
  std::string target;       // path and query

  // Scheme, host and port: the path of a hook may be a secret.
  [[nodiscard]] std::string name() const;
};

// "https://host[:port][/path][?query]"; absent: anything else.
[[nodiscard]] std::optional<WebPlace> parse_place(std::string_view url);

// "sha256=" and the HMAC-SHA256 of "TIMESTAMP.BODY" in hexadecimal digits. RFC 2104.
[[nodiscard]] std::string signature_of(std::string_view secret, std::int64_t timestamp,
                                       std::string_view body);

using Message = boost::beast::http::request<boost::beast::http::string_body>;

// `timestamp` in seconds since 1970; an empty secret signs nothing.
[[nodiscard]] Message message_of(const WebPlace& place, const Event& event, std::string_view secret,
                                 std::int64_t timestamp);

[[nodiscard]] std::string_view to_text(Kind kind) noexcept;  // "transition"

}  // namespace hooks
