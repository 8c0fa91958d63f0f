// The words of a master file (RFC 1035 5.1), as views into its text. Private to this folder.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace zones {

struct Position {
  int line = 0;    // from 1
  int column = 0;  // from 1, in octets
};

struct Token {
  std::string_view text;  // as it stands there, quotes and escapes included
  Position position;
};

struct TextProblem {
  Position position;
  std::string text;
};

// A record or a directive: the words of one line, or of several that parentheses make one.
struct Entry {
  bool begins_with_blank = false;  // a record that has the owner of the one before
  bool has_parentheses = false;
  std::vector<Token> tokens;  // never empty

  // The words from `first` on, quotes preserved, with blanks alone between them: a view of the file
  // where nothing else stands there, of `scratch` where there are parentheses.
  [[nodiscard]] std::string_view text_from(std::size_t first, std::string& scratch) const;
};

// Parts the text of a master file into entries. A word ends at a blank, a parenthesis, a comment
// or the end of the line, but not inside quotes, which may also stand inside a word: key="a b"
// (RFC 9460 2.1). A quoted string ends on its line.
//
// Borrows: the text outlives the lexer and its entries.
class MasterLexer {
 public:
  explicit MasterLexer(std::string_view text) noexcept;

  // The next entry, good until the next call; nullptr at the end of the text. A problem takes the
  // place of the entry that it is in, and reading goes on behind that.
  [[nodiscard]] tl::expected<const Entry*, TextProblem> next();

  // What next() would read: whole lines.
  [[nodiscard]] std::string_view rest() const noexcept { return text_.substr(at_); }
  [[nodiscard]] int line() const noexcept { return line_; }  // where that begins
  // Goes behind the line in front of rest(), which has so many octets, its end included.
  void skip_line(std::size_t size) noexcept;

 private:
  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }
  [[nodiscard]] Position here() const noexcept;
  void read_entry();
  bool read_line_part();
  void read_word();
  void skip_word();
  bool skip_quoted() noexcept;
  void close_parenthesis();
  void end_line() noexcept;
  void add_problem(Position position, std::string_view text);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
  int depth_ = 0;    // open parentheses
  Position opened_;  // the outermost of them
  Entry entry_;
  std::optional<TextProblem> problem_;  // the first of the entry
};

// The first octet that no text file holds: NUL and other control characters but tabs and the ends
// of lines (LF, or CR LF).
[[nodiscard]] std::optional<TextProblem> find_binary(std::string_view text);

}  // namespace zones
