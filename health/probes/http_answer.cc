#include "health/probes/http_answer.h"

#include <openssl/crypto.h>
#include <re2/re2.h>

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>

namespace probes {
namespace {

using boost::beast::string_view;
using boost::system::error_code;
using health::Identity;
using health::Reason;
namespace http = boost::beast::http;

// A server may send several 1xx before the answer proper (RFC 9110 15.2); this many is a game.
constexpr int kMaxInterim = 8;

bool is_wanted(const health::HttpSpec& spec, int status) noexcept {
  return std::any_of(spec.status.begin(), spec.status.end(), [status](health::StatusRange range) {
    return range.first <= status && status <= range.last;
  });
}

std::string wanted_text(const health::HttpSpec& spec) {
  std::string text;
  for (const health::StatusRange& range : spec.status) {
    if (!text.empty()) text += ", ";
    text += std::to_string(range.first);
    if (range.last != range.first) text += "-" + std::to_string(range.last);
  }
  return text;
}

// 101 ends the HTTP talk: it is an answer proper (RFC 9110 15.2.2).
bool is_interim(int status) noexcept { return status >= 100 && status < 200 && status != 101; }

// In a time that does not tell how much of it was right.
bool is_token(std::string_view value, const std::string& token) noexcept {
  return value.size() == token.size() &&
         CRYPTO_memcmp(value.data(), token.data(), token.size()) == 0;
}

}  // namespace

// Keeps the status, the body, de-chunked, and what is asked of the headers. Beast's own body types
// reserve memory by what Content-Length says; this one holds only what has arrived.
class HttpAnswer::Parser final : public http::basic_parser<false> {
 public:
  explicit Parser(const health::CheckSpec& check) : identity_(check.identity) {
    header_limit(2 * health::kMaxBody);  // never reached: feed() stops earlier
    body_limit(boost::none);
    skip(check.http.method == "HEAD");  // RFC 9110 9.3.2: no content, whatever Content-Length says
  }

  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] const std::string& body() const noexcept { return body_; }
  [[nodiscard]] const std::string& location() const noexcept { return location_; }
  [[nodiscard]] bool has_header() const noexcept { return has_header_; }
  [[nodiscard]] bool has_token() const noexcept { return has_token_; }

 private:
  void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int code, string_view, int, error_code&) override { status_ = code; }
  void on_field_impl(http::field field, string_view name, string_view value, error_code&) override {
    if (field == http::field::location) location_.assign(value.data(), value.size());
    if (identity_.header.empty() || !boost::beast::iequals(name, identity_.header)) return;
    has_header_ = true;
    if (is_token({value.data(), value.size()}, identity_.token)) has_token_ = true;
  }
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

  const Identity& identity_;
  int status_ = 0;
  bool has_header_ = false;
  bool has_token_ = false;
  std::string location_;
  std::string body_;
};

bool HttpAnswer::Search::found_in(const std::string& body) {
  if (found_) return true;
  found_ = body.find(text_, searched_) != std::string::npos;
  searched_ = body.size() - std::min(body.size(), text_.size() - 1);
  return found_;
}

HttpAnswer::HttpAnswer(const health::CheckSpec& check, const re2::RE2* body_regex)
    : check_(check),
      body_regex_(body_regex),
      parser_(std::make_unique<Parser>(check)),
      identity_(check.identity.body),
      body_(check.http.body) {}

HttpAnswer::~HttpAnswer() = default;

std::optional<Outcome> HttpAnswer::feed(std::string_view octets) {
  received_ += octets.substr(0, health::kMaxBody - received_.size());
  if (auto outcome = parse()) return outcome;
  if (received_.size() < health::kMaxBody) return std::nullopt;
  if (header_judged_) return judge_whole_body("in the first 16 KiB");
  return Outcome{Reason::Protocol, "HTTP header longer than 16 KiB"};
}

Outcome HttpAnswer::end() {
  if (header_judged_) return judge_whole_body("before the connection was closed");
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
    parser_ = std::make_unique<Parser>(check_);
    return std::nullopt;
  }
  header_judged_ = true;
  const Identity& identity = check_.identity;
  if (identity.header.empty() || parser_->has_token()) return std::nullopt;
  return Outcome{Reason::Identity,
                 "header " + printable(identity.header) +
                     (parser_->has_header() ? " does not hold the token" : " is missing")};
}

std::optional<Outcome> HttpAnswer::judge_status() {
  const int status = parser_->status();
  if (is_wanted(check_.http, status)) return std::nullopt;
  std::string text = "HTTP " + std::to_string(status);
  if (status / 100 == 3 && !parser_->location().empty())
    text += " to " + printable(parser_->location());
  return Outcome{Reason::Status, text + ", wanted " + wanted_text(check_.http)};
}

std::optional<Outcome> HttpAnswer::judge_body() {
  if (!header_judged_) return std::nullopt;  // an interim response has been dropped
  const bool is_whole = parser_->is_done();
  if (identity_.found_in(parser_->body())) {
    if (auto outcome = judge_status()) return outcome;
    if (body_.found_in(parser_->body()) && body_regex_ == nullptr) return Outcome{};
  }
  if (is_whole) return judge_whole_body("in the body");
  return std::nullopt;
}

Outcome HttpAnswer::judge_whole_body(std::string_view where) {
  const std::string& body = parser_->body();
  if (!identity_.found_in(body))
    return {Reason::Identity,
            "what shows that it is the endpoint was not found " + std::string(where)};
  if (auto outcome = judge_status()) return *std::move(outcome);
  if (!body_.found_in(body))
    return {Reason::Body,
            "\"" + printable(check_.http.body) + "\" not found " + std::string(where)};
  // Only now: what matches a part need not match the whole.
  if (body_regex_ != nullptr && !re2::RE2::PartialMatch(body, *body_regex_))
    return {Reason::Body,
            "no match of \"" + printable(check_.http.body_regex) + "\" " + std::string(where)};
  return {};
}

}  // namespace probes
