#include "dnswire/words.h"

namespace dnswire {
namespace {

constexpr bool is_blank(char character) noexcept {
  return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

// What ends a word, or a line's data, and therefore stands inside quotes or behind a backslash.
constexpr bool is_delimiter(char character) noexcept {
  return character == '"' || character == '(' || character == ')' || character == ';';
}

}  // namespace

Result<Word> Words::take() noexcept {
  if (at_end()) return tl::unexpected(Error::Truncated);
  const auto word = text_[at_] == '"' ? read_quoted() : read_plain(' ');
  skip_blanks();
  return word;
}

Result<std::string_view> Words::take_plain() noexcept {
  const auto word = take();
  if (!word) return tl::unexpected(word.error());
  if (word->quoted) return tl::unexpected(Error::BadText);
  return word->text;
}

Result<Parameter> Words::take_parameter() noexcept {
  if (at_end()) return tl::unexpected(Error::Truncated);
  const auto key = read_plain('=');
  if (!key) return tl::unexpected(key.error());
  Parameter parameter{key->text, std::nullopt};
  if (!at_end() && text_[at_] == '=') {
    ++at_;
    const bool quoted = !at_end() && text_[at_] == '"';
    const auto value = quoted ? read_quoted() : read_plain(' ');
    if (!value) return tl::unexpected(value.error());
    parameter.value = *value;
  }
  skip_blanks();
  return parameter;
}

Result<std::string> Words::join_rest(std::size_t largest) {
  std::string joined;
  do {
    const auto word = take_plain();
    if (!word) return tl::unexpected(word.error());
    if (word->size() > largest - joined.size()) return tl::unexpected(Error::RdataTooLong);
    joined += *word;
  } while (!at_end());
  return joined;
}

void Words::skip_blanks() noexcept {
  while (!at_end() && is_blank(text_[at_])) ++at_;
}

// A backslash takes the next character with it.
void Words::skip_character() noexcept {
  if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
  ++at_;
}

Result<Word> Words::read_quoted() noexcept {
  const std::size_t start = ++at_;
  while (!at_end() && text_[at_] != '"') skip_character();
  if (at_end()) return tl::unexpected(Error::BadText);
  const Word word{text_.substr(start, at_ - start), true};
  ++at_;
  if (!at_end() && !is_blank(text_[at_])) return tl::unexpected(Error::BadText);
  return word;
}

Result<Word> Words::read_plain(char stop_at) noexcept {
  const std::size_t start = at_;
  while (!at_end() && !is_blank(text_[at_]) && text_[at_] != stop_at) {
    if (is_delimiter(text_[at_])) return tl::unexpected(Error::BadText);
    skip_character();
  }
  return Word{text_.substr(start, at_ - start), false};
}

}  // namespace dnswire
