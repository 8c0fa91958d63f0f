// HTTP without a socket: the reading of what comes back.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "health/check.h"
#include "health/probes/outcome.h"

namespace re2 {
class RE2;
}

namespace probes {

// Reads one answer, octet by octet if need be, and says as early as possible what it comes to:
// first whether it is the endpoint that answers (`identity`), then status, then body. Takes in at
// most kMaxBody octets, interim responses and headers included.
//
// Borrows: the check and the expression, which is null if the check has none, else sound.
class HttpAnswer {
 public:
  explicit HttpAnswer(const health::CheckSpec& check, const re2::RE2* body_regex = nullptr);
  ~HttpAnswer();

  // Empty: undecided, more is needed. To be called no more after an Outcome was given.
  [[nodiscard]] std::optional<Outcome> feed(std::string_view octets);
  // The peer has closed the connection.
  [[nodiscard]] Outcome end();

 private:
  class Parser;

  // A text to be found in the body, which arrives in parts.
  class Search {
   public:
    explicit Search(const std::string& text) : text_(text), found_(text.empty()) {}
    [[nodiscard]] bool found_in(const std::string& body);

   private:
    const std::string& text_;
    std::size_t searched_ = 0;  // the part of the body known not to begin the text
    bool found_;
  };

  [[nodiscard]] std::optional<Outcome> parse();
  [[nodiscard]] std::optional<Outcome> judge_header();
  [[nodiscard]] std::optional<Outcome> judge_status();
  [[nodiscard]] std::optional<Outcome> judge_body();
  // Nothing more will come: `where` says where the body stopped.
  [[nodiscard]] Outcome judge_whole_body(std::string_view where);

  const health::CheckSpec& check_;
  const re2::RE2* body_regex_;
  std::unique_ptr<Parser> parser_;
  std::string received_;    // everything so far
  std::size_t parsed_ = 0;  // the part of it that the parser has taken
  int interim_ = 0;         // 1xx responses skipped
  bool header_judged_ = false;
  Search identity_;
  Search body_;
};

}  // namespace probes
