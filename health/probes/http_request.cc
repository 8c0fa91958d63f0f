#include "health/probes/http_request.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>
#include <cstdint>
#include <string_view>

namespace probes {
namespace {

using boost::beast::iequals;
using health::HttpSpec;

template <typename Predicate>
bool all_octets(std::string_view text, Predicate&& fits) {
  return std::all_of(text.begin(), text.end(),
                     [&](char each) { return fits(static_cast<unsigned char>(each)); });
}

// Of a request target, or a host.
bool fits_in_line(std::string_view text) {
  return all_octets(text, [](unsigned octet) { return octet > 0x20 && octet != 0x7f; });
}

// RFC 9110 5.5: no control characters but the tab.
bool fits_in_value(std::string_view text) {
  return all_octets(
      text, [](unsigned octet) { return octet == '\t' || (octet >= 0x20 && octet != 0x7f); });
}

// RFC 9110 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && all_octets(text, [&](unsigned octet) {
    const auto each = static_cast<char>(octet);
    return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'z') ||
           (each >= 'A' && each <= 'Z') || kMarks.find(each) != std::string_view::npos;
  });
}

bool is_sound(const HttpSpec& http, const std::string& host) {
  return is_token(http.method) && fits_in_line(http.path) && fits_in_line(host) &&
         fits_in_value(http.user_agent) &&
         std::all_of(http.headers.begin(), http.headers.end(), [](const auto& header) {
           return is_token(header.first) && fits_in_value(header.second);
         });
}

std::uint16_t default_port(health::ProbeType type) noexcept {
  return type == health::ProbeType::Https ? 443 : 80;
}

// An address, or a name, with the port unless that is the usual one or the host already says it.
std::string authority(const std::string& host, const health::CheckSpec& check) {
  boost::system::error_code error;
  boost::asio::ip::make_address_v6(host, error);
  const bool has_port = error && host.find(':') != std::string::npos;
  std::string text = error ? host : "[" + host + "]";
  if (!has_port && check.port != default_port(check.type)) text += ":" + std::to_string(check.port);
  return text;
}

void add_header(std::string& text, const std::string& name, const std::string& value) {
  text += name + ": " + value + "\r\n";
}

void add_unless_given(std::string& text, const HttpSpec& http, const std::string& name,
                      const std::string& value) {
  const bool given = std::any_of(http.headers.begin(), http.headers.end(),
                                 [&](const auto& header) { return iequals(header.first, name); });
  if (!given) add_header(text, name, value);
}

}  // namespace

const std::string& host_of(const health::Target& target) noexcept {
  return target.check.http.host.empty() ? target.address : target.check.http.host;
}

std::string request_text(const health::Target& target) {
  const HttpSpec& http = target.check.http;
  const std::string& host = host_of(target);
  if (!is_sound(http, host)) return {};
  std::string text = http.method + " " + (http.path.empty() ? "/" : http.path) + " HTTP/1.1\r\n";
  add_unless_given(text, http, "Host", authority(host, target.check));
  if (!http.user_agent.empty()) add_unless_given(text, http, "User-Agent", http.user_agent);
  add_unless_given(text, http, "Accept", "*/*");
  // RFC 9110 8.6: methods that usually come with content say that there is none.
  if (http.method == "POST" || http.method == "PUT" || http.method == "PATCH")
    add_unless_given(text, http, "Content-Length", "0");
  for (const auto& [name, value] : http.headers) add_header(text, name, value);
  add_unless_given(text, http, "Connection", "close");
  return text + "\r\n";
}

}  // namespace probes
