// The reading half of rdata.h: words of a line, then one field after the other.
#include "dnswire/address.h"
#include "dnswire/address_prefixes.h"
#include "dnswire/base_encoding.h"
#include "dnswire/code_point.h"
#include "dnswire/location.h"
#include "dnswire/name.h"
#include "dnswire/period.h"
#include "dnswire/presentation.h"
#include "dnswire/rdata.h"
#include "dnswire/svcb.h"
#include "dnswire/timestamp.h"
#include "dnswire/type_bitmap.h"
#include "dnswire/words.h"

namespace dnswire {
namespace {

using Octets = std::vector<std::uint8_t>;

constexpr std::size_t kMaxStringSize = 255;  // RFC 1035 3.3

void append_number(Octets& rdata, std::uint32_t value, unsigned octets) {
  while (octets-- > 0) rdata.push_back(static_cast<std::uint8_t>(value >> (8 * octets)));
}

Result<void> append_string(Octets& rdata, std::string_view text) {
  const std::size_t start = rdata.size();
  rdata.push_back(0);
  const auto done = read_octets(text, kMaxStringSize, Error::StringTooLong, rdata);
  if (!done) return done;
  rdata[start] = static_cast<std::uint8_t>(rdata.size() - start - 1);
  return {};
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
  const auto seconds = period_from_text(text);
  if (!seconds) return tl::unexpected(seconds.error());
  append_number(rdata, *seconds, 4);
  return {};
}

Result<void> append_type(Octets& rdata, std::string_view text) {
  const auto type = rr_type_from_text(text);
  if (!type) return tl::unexpected(type.error());
  append_number(rdata, static_cast<std::uint16_t>(*type), 2);
  return {};
}

Result<void> append_algorithm(Octets& rdata, std::string_view text) {
  const auto number = algorithm_from_text(text);
  if (!number) return tl::unexpected(number.error());
  append_number(rdata, *number, 1);
  return {};
}

Result<void> append_certificate_type(Octets& rdata, std::string_view text) {
  const auto number = certificate_type_from_text(text);
  if (!number) return tl::unexpected(number.error());
  append_number(rdata, *number, 2);
  return {};
}

Result<void> append_time(Octets& rdata, std::string_view text) {
  const auto seconds = timestamp_from_text(text);
  if (!seconds) return tl::unexpected(seconds.error());
  append_number(rdata, *seconds, 4);
  return {};
}

using ReadDigits = Result<void> (*)(std::string_view, Octets&);

// Octets behind a length octet, `read` being what their digits are read with.
Result<void> append_prefixed(Octets& rdata, std::string_view text, ReadDigits read) {
  const std::size_t start = rdata.size();
  if (text.size() > 2 * kMaxStringSize) return tl::unexpected(Error::StringTooLong);
  rdata.push_back(0);
  const auto done = read(text, rdata);
  if (!done) return done;
  const std::size_t size = rdata.size() - start - 1;
  if (size > kMaxStringSize) return tl::unexpected(Error::StringTooLong);
  rdata[start] = static_cast<std::uint8_t>(size);
  return {};
}

Result<void> append_salt(Octets& rdata, std::string_view text) {
  return append_prefixed(rdata, text == "-" ? std::string_view() : text, read_hex);
}

// Hexadecimal digits in `groups` groups of `octets` octets each, as "00-00-5e".
Result<void> append_groups(Octets& rdata, std::string_view text, std::size_t groups,
                           std::size_t octets, char separator) {
  const std::size_t width = 2 * octets + 1;  // the separator counted
  if (text.size() != groups * width - 1) return tl::unexpected(Error::BadEncoding);
  for (std::size_t i = 0; i < groups; ++i) {
    if (i > 0 && text[i * width - 1] != separator) return tl::unexpected(Error::BadEncoding);
    const auto done = read_hex(text.substr(i * width, width - 1), rdata);
    if (!done) return done;
  }
  return {};
}

// Octets to the end, their digits in as many words as one likes.
Result<void> append_rest(Octets& rdata, Words& words, ReadDigits read) {
  const auto digits = words.join_rest(2 * kMaxRdataSize);
  if (!digits) return tl::unexpected(digits.error());
  return read(*digits, rdata);
}

Result<void> append_strings(Octets& rdata, Words& words) {
  do {
    const auto word = words.take();
    if (!word) return tl::unexpected(word.error());
    const auto done = append_string(rdata, word->text);
    if (!done) return done;
    if (rdata.size() > kMaxRdataSize) return tl::unexpected(Error::RdataTooLong);
  } while (!words.at_end());
  return {};
}

// Fields of one word that takes no quotes.
Result<void> append_word(Octets& rdata, Field field, std::string_view text, NameView origin) {
  switch (field) {
    case Field::Address4:
      return append_address(rdata, text, Family::V4);
    case Field::Address6:
      return append_address(rdata, text, Family::V6);
    case Field::Name:
    case Field::CompressedName:
      return append_name(rdata, text, origin);
    case Field::Number8:
      return append_number_field(rdata, text, 1);
    case Field::Number16:
      return append_number_field(rdata, text, 2);
    case Field::Number32:
      return append_number_field(rdata, text, 4);
    case Field::Period:
      return append_period(rdata, text);
    case Field::Tag:
      return append_string(rdata, text);
    case Field::Algorithm:
      return append_algorithm(rdata, text);
    case Field::CertificateType:
      return append_certificate_type(rdata, text);
    case Field::TypeCovered:
      return append_type(rdata, text);
    case Field::Timestamp:
      return append_time(rdata, text);
    case Field::Salt:
      return append_salt(rdata, text);
    case Field::HashedName:
      return append_prefixed(rdata, text, read_base32hex);
    case Field::Eui48:
      return append_groups(rdata, text, 6, 1, '-');
    case Field::Eui64:
      return append_groups(rdata, text, 8, 1, '-');
    case Field::Locator64:
      return append_groups(rdata, text, 4, 2, ':');
    default:
      return tl::unexpected(Error::BadText);
  }
}

Result<void> append_field(Octets& rdata, Field field, Words& words, NameView origin) {
  switch (field) {
    case Field::Strings:
      return append_strings(rdata, words);
    case Field::Hex:
      return append_rest(rdata, words, read_hex);
    case Field::Base64:
      return append_rest(rdata, words, read_base64);
    case Field::TypeBitmap:
      return read_type_bitmap(words, rdata);
    case Field::SvcParams:
      return read_svc_params(words, rdata);
    case Field::Location:
      return read_location(words, rdata);
    case Field::AddressPrefixes:
      return read_address_prefixes(words, rdata);
    default:
      break;
  }
  const auto word = words.take();
  if (!word) return tl::unexpected(word.error());
  if (field == Field::String) return append_string(rdata, word->text);
  if (field == Field::Text || field == Field::Uri) {
    return read_octets(word->text, kMaxRdataSize, Error::RdataTooLong, rdata);
  }
  if (word->quoted) return tl::unexpected(Error::BadText);
  return append_word(rdata, field, word->text, origin);
}

Result<Octets> read_fields(std::span<const Field> fields, Words words, NameView origin) {
  Octets rdata;
  for (const Field field : fields) {
    const auto done = append_field(rdata, field, words, origin);
    if (!done) return tl::unexpected(done.error());
    if (rdata.size() > kMaxRdataSize) return tl::unexpected(Error::RdataTooLong);
  }
  if (!words.at_end()) return tl::unexpected(Error::TrailingData);
  return rdata;
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
