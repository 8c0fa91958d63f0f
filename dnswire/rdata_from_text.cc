// The reading half of rdata.h: words of a line, then one field after the other.
#include <optional>

#include "dnswire/address.h"
#include "dnswire/name.h"
#include "dnswire/presentation.h"
#include "dnswire/rdata.h"

namespace dnswire {
namespace {

using Octets = std::vector<std::uint8_t>;

constexpr std::size_t kMaxStringSize = 255;   // RFC 1035 3.3
constexpr std::size_t kMaxRdataSize = 65535;  // RDLENGTH has sixteen bits

struct Word {
  std::string_view text;  // without its quotes, escapes as they are
  bool quoted = false;
};

constexpr bool is_blank(char character) noexcept {
  return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

// Parts text into words as RFC 1035 5.1 has them. Comments and parentheses are a matter of whole
// files and were taken out before.
class Words {
 public:
  explicit Words(std::string_view text) noexcept : text_(text) { skip_blanks(); }

  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }

  // Error::Truncated when there is no further word.
  Result<Word> take() noexcept {
    if (at_end()) return tl::unexpected(Error::Truncated);
    const auto word = text_[at_] == '"' ? take_quoted() : take_plain();
    skip_blanks();
    return word;
  }

 private:
  void skip_blanks() noexcept {
    while (!at_end() && is_blank(text_[at_])) ++at_;
  }

  // A backslash takes the next character with it.
  void skip_character() noexcept {
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
    ++at_;
  }

  Result<Word> take_quoted() noexcept {
    const std::size_t start = ++at_;
    while (!at_end() && text_[at_] != '"') skip_character();
    if (at_end()) return tl::unexpected(Error::BadText);
    const Word word{text_.substr(start, at_ - start), true};
    ++at_;
    if (!at_end() && !is_blank(text_[at_])) return tl::unexpected(Error::BadText);
    return word;
  }

  Result<Word> take_plain() noexcept {
    constexpr std::string_view kDelimiters = "\"();";
    const std::size_t start = at_;
    while (!at_end() && !is_blank(text_[at_])) {
      if (kDelimiters.find(text_[at_]) != std::string_view::npos) {
        return tl::unexpected(Error::BadText);
      }
      skip_character();
    }
    return Word{text_.substr(start, at_ - start), false};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void append_number(Octets& rdata, std::uint32_t value, unsigned octets) {
  while (octets-- > 0) rdata.push_back(static_cast<std::uint8_t>(value >> (8 * octets)));
}

// Adds the word with its escapes resolved, `largest` octets at most.
Result<void> append_text(Octets& rdata, std::string_view text, std::size_t largest,
                         Error too_long) {
  const std::size_t start = rdata.size();
  for (std::size_t at = 0; at < text.size();) {
    const auto octet = read_octet(text, at);
    if (!octet) return tl::unexpected(octet.error());
    if (rdata.size() - start == largest) return tl::unexpected(too_long);
    rdata.push_back(*octet);
  }
  return {};
}

Result<void> append_string(Octets& rdata, std::string_view text) {
  const std::size_t start = rdata.size();
  rdata.push_back(0);
  const auto done = append_text(rdata, text, kMaxStringSize, Error::StringTooLong);
  if (!done) return done;
  rdata[start] = static_cast<std::uint8_t>(rdata.size() - start - 1);
  return {};
}

// Seconds per unit, longest first; 0 for a character that is no unit.
std::uint32_t seconds_per(char unit) noexcept {
  switch (to_lower(unit)) {
    case 'w':
      return 604800;
    case 'd':
      return 86400;
    case 'h':
      return 3600;
    case 'm':
      return 60;
    case 's':
      return 1;
    default:
      return 0;
  }
}

// "3600", "1h30m": with units, every number has one and each is shorter than the one before, so
// that a slip of the finger does not pass.
Result<std::uint32_t> read_period(std::string_view text) noexcept {
  if (text.empty() || is_digit(text.back())) return read_number(text, 0xffffffff);
  std::uint64_t total = 0;
  std::uint32_t last_unit = 0xffffffff;
  while (!text.empty()) {
    std::size_t digits = 0;
    while (digits < text.size() && is_digit(text[digits])) ++digits;
    if (digits == text.size()) return tl::unexpected(Error::BadNumber);
    const auto number = read_number(text.substr(0, digits), 0xffffffff);
    if (!number) return number;
    const std::uint32_t unit = seconds_per(text[digits]);
    if (unit == 0 || unit >= last_unit) return tl::unexpected(Error::BadNumber);
    last_unit = unit;
    total += std::uint64_t{*number} * unit;
    text.remove_prefix(digits + 1);
  }
  if (total > 0xffffffff) return tl::unexpected(Error::NumberTooLarge);
  return static_cast<std::uint32_t>(total);
}

Result<void> append_address(Octets& rdata, std::string_view text, Family family) {
  const auto address = IpAddress::from_text(text);
  if (!address) return tl::unexpected(address.error());
  if (address->family() != family) return tl::unexpected(Error::BadAddress);
  rdata.insert(rdata.end(), address->octets().begin(), address->octets().end());
  return {};
}

Result<void> append_name(Octets& rdata, std::string_view text, NameView origin) {
  const auto name = Name::from_text(text, origin);
  if (!name) return tl::unexpected(name.error());
  const Bytes wire = name->view().wire();
  rdata.insert(rdata.end(), wire.begin(), wire.end());
  return {};
}

Result<void> append_number_field(Octets& rdata, std::string_view text, unsigned octets) {
  const auto number = read_number(text, 0xffffffffU >> (32 - 8 * octets));
  if (!number) return tl::unexpected(number.error());
  append_number(rdata, *number, octets);
  return {};
}

Result<void> append_period(Octets& rdata, std::string_view text) {
  const auto seconds = read_period(text);
  if (!seconds) return tl::unexpected(seconds.error());
  append_number(rdata, *seconds, 4);
  return {};
}

constexpr bool takes_quotes(Field field) noexcept {
  return field == Field::String || field == Field::Strings || field == Field::Text;
}

Result<void> append_field(Octets& rdata, Field field, Word word, NameView origin) {
  if (word.quoted && !takes_quotes(field)) return tl::unexpected(Error::BadText);
  switch (field) {
    case Field::Address4:
      return append_address(rdata, word.text, Family::V4);
    case Field::Address6:
      return append_address(rdata, word.text, Family::V6);
    case Field::Name:
    case Field::CompressedName:
      return append_name(rdata, word.text, origin);
    case Field::Number8:
      return append_number_field(rdata, word.text, 1);
    case Field::Number16:
      return append_number_field(rdata, word.text, 2);
    case Field::Number32:
      return append_number_field(rdata, word.text, 4);
    case Field::Period:
      return append_period(rdata, word.text);
    case Field::String:
    case Field::Strings:
    case Field::Tag:
      return append_string(rdata, word.text);
    case Field::Text:
      return append_text(rdata, word.text, kMaxRdataSize, Error::RdataTooLong);
  }
  return tl::unexpected(Error::BadText);
}

Result<Octets> read_fields(std::span<const Field> fields, Words words, NameView origin) {
  Octets rdata;
  for (const Field field : fields) {
    do {
      const auto word = words.take();
      if (!word) return tl::unexpected(word.error());
      const auto done = append_field(rdata, field, *word, origin);
      if (!done) return tl::unexpected(done.error());
      if (rdata.size() > kMaxRdataSize) return tl::unexpected(Error::RdataTooLong);
    } while (field == Field::Strings && !words.at_end());
  }
  if (!words.at_end()) return tl::unexpected(Error::TrailingData);
  return rdata;
}

std::optional<std::uint8_t> hex_digit(char raw) noexcept {
  const char character = to_lower(raw);
  if (is_digit(character)) return static_cast<std::uint8_t>(character - '0');
  if (character < 'a' || character > 'f') return std::nullopt;
  return static_cast<std::uint8_t>(character - 'a' + 10);
}

// What follows `\#`. RFC 3597 5.
Result<Octets> read_generic(Words words) {
  const auto length_word = words.take();
  if (!length_word) return tl::unexpected(length_word.error());
  const auto length = read_number(length_word->text, kMaxRdataSize);
  if (!length) return tl::unexpected(length.error());
  Octets rdata;
  bool half = false;
  while (!words.at_end()) {
    const auto word = words.take();
    if (!word) return tl::unexpected(word.error());
    for (const char character : word->text) {
      const auto digit = hex_digit(character);
      if (!digit || word->quoted) return tl::unexpected(Error::BadText);
      if (!half && rdata.size() == *length) return tl::unexpected(Error::TrailingData);
      if (half) {
        rdata.back() = static_cast<std::uint8_t>(rdata.back() << 4 | *digit);
      } else {
        rdata.push_back(*digit);
      }
      half = !half;
    }
  }
  if (half || rdata.size() < *length) return tl::unexpected(Error::Truncated);
  return rdata;
}

}  // namespace

Result<std::vector<std::uint8_t>> rdata_from_text(RrType type, std::string_view text,
                                                  NameView origin) {
  Words words(text);
  Words after_first = words;
  const auto first = after_first.take();
  const auto fields = rdata_fields(type);
  const bool generic = first && !first->quoted && first->text == "\\#";
  if (!generic && fields.empty()) {
    // Without knowing the fields of a type nothing but `\#` can be read.
    return tl::unexpected(first ? Error::BadText : first.error());
  }
  auto rdata = generic ? read_generic(after_first) : read_fields(fields, words, origin);
  if (!rdata) return rdata;
  const auto fits = check_rdata(type, *rdata);
  if (!fits) return tl::unexpected(fits.error());
  return rdata;
}

}  // namespace dnswire
