#include "dnswire/rdata.h"

#include <algorithm>
#include <array>
#include <span>

#include "dnswire/address.h"
#include "dnswire/presentation.h"

namespace dnswire {
namespace {

struct Row {
  RrType type;
  std::string_view syntax;
  std::size_t field_count;
  std::array<Field, 7> fields;
};

template <class... Fields>
constexpr Row row(RrType type, std::string_view syntax, Fields... fields) noexcept {
  return {type, syntax, sizeof...(fields), {fields...}};
}

// A new type is one row. Those asked for most come first.
constexpr std::array kRows{
    row(RrType::A, "ADDRESS", Field::Address4),
    row(RrType::AAAA, "ADDRESS", Field::Address6),
    row(RrType::NS, "NSDNAME", Field::CompressedName),
    row(RrType::SOA, "MNAME RNAME SERIAL REFRESH RETRY EXPIRE MINIMUM", Field::CompressedName,
        Field::CompressedName, Field::Number32, Field::Period, Field::Period, Field::Period,
        Field::Period),
    row(RrType::CNAME, "CNAME", Field::CompressedName),
    row(RrType::TXT, "\"STRING\" ...", Field::Strings),
    row(RrType::MX, "PREFERENCE EXCHANGE", Field::Number16, Field::CompressedName),
    row(RrType::SRV, "PRIORITY WEIGHT PORT TARGET", Field::Number16, Field::Number16,
        Field::Number16, Field::Name),
    row(RrType::CAA, "FLAGS TAG \"VALUE\"", Field::Number8, Field::Tag, Field::Text),
    row(RrType::PTR, "PTRDNAME", Field::CompressedName),
};

const Row* find_row(RrType type) noexcept {
  const auto found =
      std::find_if(kRows.begin(), kRows.end(), [type](const Row& r) { return r.type == type; });
  return found == kRows.end() ? nullptr : &*found;
}

constexpr std::size_t fixed_size(Field field) noexcept {
  switch (field) {
    case Field::Address4:
    case Field::Number32:
    case Field::Period:
      return 4;
    case Field::Address6:
      return 16;
    case Field::Number8:
      return 1;
    case Field::Number16:
      return 2;
    default:
      return 0;
  }
}

// RFC 8659 4.1: a tag has one character at least, all of them letters and digits.
bool is_tag(Bytes octets) noexcept {
  return !octets.empty() && std::all_of(octets.begin(), octets.end(), [](std::uint8_t octet) {
    const std::uint8_t lower = to_lower(octet);
    return (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
  });
}

// How many octets at the front of `rdata` the field takes.
Result<std::size_t> field_size(Field field, Bytes rdata) noexcept {
  switch (field) {
    case Field::Name:
    case Field::CompressedName:
      return NameView::parse(rdata).map([](NameView name) { return name.size(); });
    case Field::String:
    case Field::Tag: {
      if (rdata.empty() || rdata.size() - 1 < rdata[0]) return tl::unexpected(Error::Truncated);
      if (field == Field::Tag && !is_tag(rdata.subspan(1, rdata[0]))) {
        return tl::unexpected(Error::BadRdata);
      }
      return rdata[0] + std::size_t{1};
    }
    case Field::Strings: {
      std::size_t at = 0;
      do {
        const auto one = field_size(Field::String, rdata.subspan(at));
        if (!one) return one;
        at += *one;
      } while (at < rdata.size());
      return at;
    }
    case Field::Text:
      return rdata.size();
    default:
      if (rdata.size() < fixed_size(field)) return tl::unexpected(Error::Truncated);
      return fixed_size(field);
  }
}

std::uint32_t load_number(Bytes octets) noexcept {
  std::uint32_t value = 0;
  for (const std::uint8_t octet : octets) value = value << 8 | octet;
  return value;
}

void append_quoted(std::string& text, Bytes octets) {
  text += '"';
  for (const std::uint8_t octet : octets) {
    if (octet != ' ' && !is_graphic(octet)) {
      append_decimal_escape(text, octet);
      continue;
    }
    if (octet == '"' || octet == '\\') text += '\\';
    text += static_cast<char>(octet);
  }
  text += '"';
}

void append_strings(std::string& text, Bytes octets) {
  for (bool first = true; !octets.empty(); first = false) {
    if (!first) text += ' ';
    append_quoted(text, octets.subspan(1, octets[0]));
    octets = octets.subspan(octets[0] + std::size_t{1});
  }
}

// Requires: `octets` are the field, checked.
void append_field(std::string& text, Field field, Bytes octets) {
  switch (field) {
    case Field::Address4:
      text += IpAddress::from_octets(Family::V4, octets).to_text();
      break;
    case Field::Address6:
      text += IpAddress::from_octets(Family::V6, octets).to_text();
      break;
    case Field::Name:
    case Field::CompressedName:
      text += NameView::trusted(octets).to_text();
      break;
    case Field::Number8:
    case Field::Number16:
    case Field::Number32:
    case Field::Period:
      text += std::to_string(load_number(octets));
      break;
    case Field::String:
    case Field::Strings:
      append_strings(text, octets);
      break;
    case Field::Tag:
      text.append(octets.begin() + 1, octets.end());
      break;
    case Field::Text:
      append_quoted(text, octets);
      break;
  }
}

std::string generic_text(Bytes rdata) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text = "\\# " + std::to_string(rdata.size());
  text.reserve(text.size() + 1 + 2 * rdata.size());
  if (!rdata.empty()) text += ' ';
  for (const std::uint8_t octet : rdata) {
    text += kDigits[octet >> 4];
    text += kDigits[octet & 0xf];
  }
  return text;
}

}  // namespace

std::span<const Field> rdata_fields(RrType type) noexcept {
  const Row* const found = find_row(type);
  if (found == nullptr) return {};
  return std::span(found->fields).first(found->field_count);
}

std::string rdata_syntax(RrType type) {
  const Row* const found = find_row(type);
  return std::string(found == nullptr ? "\\# LENGTH HEX" : found->syntax);
}

std::string rdata_to_text(RrType type, Bytes rdata) {
  const auto fields = rdata_fields(type);
  if (fields.empty() || !check_rdata(type, rdata)) return generic_text(rdata);
  std::string text;
  for (const Field field : fields) {
    const std::size_t size = *field_size(field, rdata);
    if (!text.empty()) text += ' ';
    append_field(text, field, rdata.first(size));
    rdata = rdata.subspan(size);
  }
  return text;
}

Result<void> check_rdata(RrType type, Bytes rdata) noexcept {
  if (rdata.size() > 0xffff) return tl::unexpected(Error::RdataTooLong);
  const auto fields = rdata_fields(type);
  if (fields.empty()) return {};
  for (const Field field : fields) {
    const auto size = field_size(field, rdata);
    if (!size) return tl::unexpected(size.error());
    rdata = rdata.subspan(*size);
  }
  if (!rdata.empty()) return tl::unexpected(Error::TrailingData);
  return {};
}

}  // namespace dnswire
