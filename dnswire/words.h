// The words of RDATA in presentation format. For the sources of this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dnswire/error.h"

namespace dnswire {

inline constexpr std::size_t kMaxRdataSize = 65535;  // RDLENGTH has sixteen bits

struct Word {
  std::string_view text;  // without its quotes, escapes as they are
  bool quoted = false;
};

// key, key=value or key="value". RFC 9460 2.1.
struct Parameter {
  std::string_view key;
  std::optional<Word> value;
};

// Parts text into words as RFC 1035 5.1 has them. Comments and parentheses are a matter of whole
// files and were taken out before.
//
// Borrows: the text outlives what is taken from it.
class Words {
 public:
  explicit Words(std::string_view text) noexcept : text_(text) { skip_blanks(); }

  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }

  // Error::Truncated when there is no further word.
  [[nodiscard]] Result<Word> take() noexcept;
  // A word without quotes: Error::BadText for one that has them.
  [[nodiscard]] Result<std::string_view> take_plain() noexcept;
  [[nodiscard]] Result<Parameter> take_parameter() noexcept;

  // All words that are left, one at least, without the blanks between them: Base64 and hexadecimal
  // digits may be split at will. Error::RdataTooLong for more than `largest` characters.
  [[nodiscard]] Result<std::string> join_rest(std::size_t largest);

 private:
  void skip_blanks() noexcept;
  void skip_character() noexcept;
  Result<Word> read_quoted() noexcept;
  Result<Word> read_plain(char stop_at) noexcept;  // up to that character or a blank

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace dnswire
