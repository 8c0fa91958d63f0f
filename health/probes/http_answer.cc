#include "health/probes/http_answer.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cassert>
#include <cstdint>

namespace probes {
namespace {

using boost::beast::string_view;
using boost::system::error_code;
using health::Reason;
namespace http = boost::beast::http;

// A server may send several 1xx before the answer proper (RFC 9110 15.2); this many is a game.
constexpr int kMaxInterim = 8;

bool fits_request(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char each) {
    const auto octet = static_cast<unsigned char>(each);
    return octet <= 0x20 || octet == 0x7f;
  });
}

bool is_ipv6(const std::string& host) {
  error_code error;
  return boost::asio::ip::make_address_v6(host, error), !error;
}

std::uint16_t default_port(health::ProbeType type) noexcept {
  return type == health::ProbeType::Https ? 443 : 80;
}

bool is_wanted(const health::CheckSpec& check, int status) noexcept {
  return std::any_of(check.status.begin(), check.status.end(), [status](health::StatusRange range) {
    return range.first <= status && status <= range.last;
  });
}

std::string wanted_text(const health::CheckSpec& check) {
  std::string text;
  for (const health::StatusRange& range : check.status) {
    if (!text.empty()) text += ", ";
    text += std::to_string(range.first);
    if (range.last != range.first) text += "-" + std::to_string(range.last);
  }
  return text;
}

// 101 ends the HTTP talk: it is an answer proper (RFC 9110 15.2.2).
bool is_interim(int status) noexcept { return status >= 100 && status < 200 && status != 101; }

}  // namespace

// Keeps the status and the body, de-chunked. Beast's own body types reserve memory by what
// Content-Length says; this one holds only what has arrived.
class HttpAnswer::Parser final : public http::basic_parser<false> {
 public:
  Parser() {
    header_limit(2 * health::kMaxBody);  // never reached: feed() stops earlier
    body_limit(boost::none);
  }

  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] const std::string& body() const noexcept { return body_; }

 private:
  void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int code, string_view, int, error_code&) override { status_ = code; }
  void on_field_impl(http::field, string_view, string_view, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override { return append(body); }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    return append(body);
  }
  void on_finish_impl(error_code&) override {}

  std::size_t append(string_view body) {
    body_.append(body.data(), body.size());
    return body.size();
  }

  int status_ = 0;
  std::string body_;
};

const std::string& host_of(const health::Target& target) noexcept {
  return target.check.host.empty() ? target.address : target.check.host;
}

std::string request_text(const health::Target& target) {
  const std::string& host = host_of(target);
  const std::string path = target.check.path.empty() ? "/" : target.check.path;
  if (!fits_request(host) || !fits_request(path)) return {};
  std::string text = "GET " + path + " HTTP/1.1\r\nHost: ";
  text += is_ipv6(host) ? "[" + host + "]" : host;
  if (target.check.port != default_port(target.check.type))
    text += ":" + std::to_string(target.check.port);
  return text + "\r\nUser-Agent: fairlead\r\nAccept: */*\r\nConnection: close\r\n\r\n";
}

HttpAnswer::HttpAnswer(const health::CheckSpec& check)
    : check_(check), parser_(std::make_unique<Parser>()) {}

HttpAnswer::~HttpAnswer() = default;

std::optional<Outcome> HttpAnswer::feed(std::string_view octets) {
  received_ += octets.substr(0, health::kMaxBody - received_.size());
  if (auto outcome = parse()) return outcome;
  if (received_.size() < health::kMaxBody) return std::nullopt;
  if (header_judged_) return body_missing("in the first 16 KiB");
  return Outcome{Reason::Protocol, "HTTP header longer than 16 KiB"};
}

Outcome HttpAnswer::end() {
  if (header_judged_) return body_missing("before the connection was closed");
  return {Reason::Protocol, received_.empty() ? "connection closed without an answer"
                                              : "connection closed within the HTTP header"};
}

std::optional<Outcome> HttpAnswer::parse() {
  while (parsed_ < received_.size()) {
    error_code error;
    const boost::asio::const_buffer unread(received_.data() + parsed_, received_.size() - parsed_);
    parsed_ += parser_->put(unread, error);
    if (error && error != http::error::need_more)
      return Outcome{Reason::Protocol, "malformed HTTP answer (" + error.message() + ")"};
    if (parser_->is_header_done()) {
      if (auto outcome = judge_header()) return outcome;
      if (auto outcome = judge_body()) return outcome;
    }
    if (error) break;
  }
  return std::nullopt;
}

std::optional<Outcome> HttpAnswer::judge_header() {
  if (header_judged_) return std::nullopt;
  if (is_interim(parser_->status())) {
    if (++interim_ > kMaxInterim)
      return Outcome{Reason::Protocol, "more than 8 interim HTTP responses"};
    parser_ = std::make_unique<Parser>();
    return std::nullopt;
  }
  header_judged_ = true;
  if (!is_wanted(check_, parser_->status())) {
    return Outcome{Reason::Status,
                   "HTTP " + std::to_string(parser_->status()) + ", wanted " + wanted_text(check_)};
  }
  if (check_.body.empty()) return Outcome{};
  return std::nullopt;
}

std::optional<Outcome> HttpAnswer::judge_body() {
  if (!header_judged_) return std::nullopt;  // an interim response has been dropped
  const std::string& body = parser_->body();
  if (body.find(check_.body, searched_) != std::string::npos) return Outcome{};
  searched_ = body.size() - std::min(body.size(), check_.body.size() - 1);
  if (parser_->is_done()) return body_missing("in the body");
  return std::nullopt;
}

Outcome HttpAnswer::body_missing(std::string_view where) const {
  return {Reason::Body, "\"" + printable(check_.body) + "\" not found " + std::string(where)};
}

}  // namespace probes
