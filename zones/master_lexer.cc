#include "zones/master_lexer.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace zones {
namespace {

// RDATA has 65,535 octets at most and so, one hexadecimal digit a word, not many more words than
// this: what has more is a parenthesis that was not closed.
constexpr std::size_t kMaxTokens = 140'000;

enum class Kind : std::uint8_t { Plain, Blank, LineEnd, Comment, Open, Close, Quote, Escape };

constexpr auto make_kinds() {
  std::array<Kind, 256> kinds{};
  kinds[' '] = kinds['\t'] = kinds['\r'] = Kind::Blank;
  kinds['\n'] = Kind::LineEnd;
  kinds[';'] = Kind::Comment;
  kinds['('] = Kind::Open;
  kinds[')'] = Kind::Close;
  kinds['"'] = Kind::Quote;
  kinds['\\'] = Kind::Escape;
  return kinds;
}
constexpr std::array<Kind, 256> kKinds = make_kinds();

Kind kind_of(char character) noexcept { return kKinds[static_cast<std::uint8_t>(character)]; }

// An octet that no text file holds, as a problem.
TextProblem binary_at(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto octet = static_cast<unsigned>(text[at]);
  return {{static_cast<int>(line), static_cast<int>(at - start) + 1},
          "not text: an octet of value " + std::to_string(octet) +
              " stands here; master files are text, and such an octet in a record is written \\0" +
              std::to_string(octet / 10) + std::to_string(octet % 10)};
}

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";  // some editors put it before UTF-8

}  // namespace

std::string_view Entry::text_from(std::size_t first, std::string& scratch) const {
  if (first >= tokens.size()) return {};
  if (!has_parentheses) {
    const char* const begin = tokens[first].text.data();
    const char* const end = tokens.back().text.data() + tokens.back().text.size();
    return {begin, static_cast<std::size_t>(end - begin)};
  }
  scratch.clear();
  for (std::size_t i = first; i < tokens.size(); ++i) {
    if (i > first) scratch += ' ';
    scratch += tokens[i].text;
  }
  return scratch;
}

MasterLexer::MasterLexer(std::string_view text) noexcept : text_(text) {
  if (text_.starts_with(kByteOrderMark)) at_ = line_start_ = kByteOrderMark.size();
}

Position MasterLexer::here() const noexcept {
  return {line_, static_cast<int>(at_ - line_start_) + 1};
}

void MasterLexer::add_problem(Position position, std::string_view text) {
  if (!problem_) problem_ = TextProblem{position, std::string(text)};
}

void MasterLexer::end_line() noexcept {
  ++at_;
  ++line_;
  line_start_ = at_;
}

tl::expected<const Entry*, TextProblem> MasterLexer::next() {
  while (!at_end()) {
    read_entry();
    if (problem_) {
      TextProblem problem = std::move(*problem_);
      problem_.reset();
      return tl::unexpected(std::move(problem));
    }
    if (!entry_.tokens.empty()) return &entry_;
  }
  return nullptr;
}

void MasterLexer::skip_line(std::size_t size) noexcept {
  at_ += size;
  ++line_;
  line_start_ = at_;
}

// Reads to the end of the line that closes the last parenthesis.
void MasterLexer::read_entry() {
  entry_.tokens.clear();
  entry_.has_parentheses = false;
  entry_.begins_with_blank = kind_of(text_[at_]) == Kind::Blank;
  depth_ = 0;
  while (read_line_part()) {
  }
  if (depth_ > 0) add_problem(opened_, "this parenthesis is never closed");
}

// One word, or what stands between words; false at the end of the entry.
bool MasterLexer::read_line_part() {
  if (at_end()) return false;
  switch (kind_of(text_[at_])) {
    case Kind::Blank:
      ++at_;
      return true;
    case Kind::LineEnd:
      end_line();
      return depth_ > 0;
    case Kind::Comment:
      at_ = std::min(text_.find('\n', at_), text_.size());
      return true;
    case Kind::Open:
      if (depth_++ == 0) opened_ = here();
      entry_.has_parentheses = true;
      ++at_;
      return true;
    case Kind::Close:
      close_parenthesis();
      return true;
    case Kind::Plain:
    case Kind::Quote:
    case Kind::Escape:
      read_word();
      return true;
  }
  return false;
}

void MasterLexer::close_parenthesis() {
  if (depth_ == 0) {
    add_problem(here(), "this closes a parenthesis that is not open");
  } else {
    --depth_;
  }
  ++at_;
}

void MasterLexer::read_word() {
  const Position position = here();
  const std::size_t start = at_;
  skip_word();
  if (problem_) return;
  if (entry_.tokens.size() == kMaxTokens) {
    const bool open = depth_ > 0;
    return add_problem(open ? opened_ : position,
                       open ? "a record of far too many words; is the parenthesis here not closed?"
                            : "a record of far too many words");
  }
  entry_.tokens.push_back({text_.substr(start, at_ - start), position});
}

void MasterLexer::skip_word() {
  while (!at_end()) {
    const Kind kind = kind_of(text_[at_]);
    if (kind == Kind::Plain) {
      ++at_;
    } else if (kind == Kind::Escape) {
      ++at_;
      // A backslash takes the next character with it, but no end of a line.
      if (!at_end() && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
    } else if (kind == Kind::Quote) {
      const Position position = here();
      if (!skip_quoted()) {
        return add_problem(position, "a quoted string begins here and does not end on its line");
      }
    } else {
      return;
    }
  }
}

// To behind the closing quote, or to the end of the line.
bool MasterLexer::skip_quoted() noexcept {
  ++at_;
  while (!at_end() && text_[at_] != '\n') {
    const char character = text_[at_++];
    if (character == '"') return true;
    if (character == '\\' && !at_end() && text_[at_] != '\n') ++at_;
  }
  return false;
}

std::optional<TextProblem> find_binary(std::string_view text) {
  // A block at a time is looked at for what may be one, which the compiler does for many octets at
  // once; ends of lines are in most blocks, so they are told apart there.
  constexpr std::size_t kBlock = 4096;
  const auto is_suspect = [](char c) {
    return static_cast<std::uint8_t>(c) < 0x20 && c != '\n' && c != '\t';
  };
  for (std::size_t block = 0; block < text.size(); block += kBlock) {
    const std::string_view part = text.substr(block, kBlock);
    unsigned suspects = 0;
    for (const char c : part) suspects |= is_suspect(c) ? 1U : 0U;
    if (suspects == 0) continue;
    for (std::size_t at = block; at < block + part.size(); ++at) {
      if (!is_suspect(text[at])) continue;
      if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') continue;
      return binary_at(text, at);
    }
  }
  return std::nullopt;
}

}  // namespace zones
