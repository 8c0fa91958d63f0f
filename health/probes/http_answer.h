// HTTP without a socket: the text of a probe's request, and the reading of what comes back.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "health/check.h"
#include "health/probes/outcome.h"

namespace probes {

// The host to name to the server: check.host or, when that is empty, the dialled address.
[[nodiscard]] const std::string& host_of(const health::Target& target) noexcept;

// A GET with `Connection: close` (RFC 9112 3, RFC 9110 7.2 for Host). Empty when path or host hold
// a space or a control character, which would make it another request than the one meant.
[[nodiscard]] std::string request_text(const health::Target& target);

// Reads one answer, octet by octet if need be, and says as early as possible what it comes to.
// Takes in at most kMaxBody octets, interim responses and headers included.
//
// Borrows: the check.
class HttpAnswer {
 public:
  explicit HttpAnswer(const health::CheckSpec& check);
  ~HttpAnswer();

  // Empty: undecided, more is needed. To be called no more after an Outcome was given.
  [[nodiscard]] std::optional<Outcome> feed(std::string_view octets);
  // The peer has closed the connection.
  [[nodiscard]] Outcome end();

 private:
  class Parser;

  [[nodiscard]] std::optional<Outcome> parse();
  [[nodiscard]] std::optional<Outcome> judge_header();
  [[nodiscard]] std::optional<Outcome> judge_body();
  [[nodiscard]] Outcome body_missing(std::string_view where) const;

  const health::CheckSpec& check_;
  std::unique_ptr<Parser> parser_;
  std::string received_;      // everything so far
  std::size_t parsed_ = 0;    // the part of it that the parser has taken
  std::size_t searched_ = 0;  // the part of the body known not to begin the wanted text
  int interim_ = 0;           // 1xx responses skipped
  bool header_judged_ = false;
};

}  // namespace probes
