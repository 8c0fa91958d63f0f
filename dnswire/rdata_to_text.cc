// The writing half of rdata.h.
#include "dnswire/address.h"
#include "dnswire/address_prefixes.h"
#include "dnswire/base_encoding.h"
#include "dnswire/location.h"
#include "dnswire/presentation.h"
#include "dnswire/rdata_field.h"
#include "dnswire/svcb.h"
#include "dnswire/timestamp.h"
#include "dnswire/type_bitmap.h"

namespace dnswire {
namespace {

std::uint32_t load_number(Bytes octets) noexcept {
  std::uint32_t value = 0;
  for (const std::uint8_t octet : octets) value = value << 8 | octet;
  return value;
}

void append_strings(std::string& text, Bytes octets) {
  for (bool first = true; !octets.empty(); first = false) {
    if (!first) text += ' ';
    append_quoted(text, octets.subspan(1, octets[0]));
    octets = octets.subspan(octets[0] + std::size_t{1});
  }
}

// Hexadecimal digits, `size` octets in a group.
void append_groups(std::string& text, Bytes octets, std::size_t size, char separator) {
  for (std::size_t at = 0; at < octets.size(); at += size) {
    if (at > 0) text += separator;
    append_hex(text, octets.subspan(at, size));
  }
}

void append_salt(std::string& text, Bytes octets) {
  if (octets.size() == 1) {
    text += '-';
  } else {
    append_hex(text, octets.subspan(1));
  }
}

// Requires: `octets` are the field, checked.
void append_field(std::string& text, Field field, Bytes octets) {
  switch (field) {
    case Field::Address4:
      text += IpAddress::from_octets(Family::V4, octets).to_text();
      return;
    case Field::Address6:
      text += IpAddress::from_octets(Family::V6, octets).to_text();
      return;
    case Field::Name:
    case Field::CompressedName:
      text += NameView::trusted(octets).to_text();
      return;
    case Field::Number8:
    case Field::Number16:
    case Field::Number32:
    case Field::Period:
    case Field::Algorithm:
    case Field::CertificateType:
      text += std::to_string(load_number(octets));
      return;
    case Field::TypeCovered:
      text += to_text(static_cast<RrType>(load_number(octets)));
      return;
    case Field::Timestamp:
      return append_timestamp(text, load_number(octets));
    case Field::String:
    case Field::Strings:
      return append_strings(text, octets);
    case Field::Tag:
      text.append(octets.begin() + 1, octets.end());
      return;
    case Field::Text:
    case Field::Uri:
      return append_quoted(text, octets);
    case Field::Hex:
      return append_hex(text, octets);
    case Field::Base64:
      return append_base64(text, octets);
    case Field::Salt:
      return append_salt(text, octets);
    case Field::HashedName:
      return append_base32hex(text, octets.subspan(1));
    case Field::TypeBitmap:
      return append_type_bitmap(text, octets);
    case Field::SvcParams:
      return append_svc_params(text, octets);
    case Field::Location:
      return append_location(text, octets);
    case Field::AddressPrefixes:
      return append_address_prefixes(text, octets);
    case Field::Eui48:
    case Field::Eui64:
      return append_groups(text, octets, 1, '-');
    case Field::Locator64:
      return append_groups(text, octets, 2, ':');
  }
}

std::string generic_text(Bytes rdata) {
  std::string text = "\\# " + std::to_string(rdata.size());
  text.reserve(text.size() + 1 + 2 * rdata.size());
  if (!rdata.empty()) text += ' ';
  append_hex(text, rdata);
  return text;
}

// Has the type, and have these octets, a form of their own?
bool has_own_form(RrType type, Bytes rdata) noexcept {
  const auto fields = rdata_fields(type);
  if (fields.empty() || !check_rdata(type, rdata)) return false;
  return fields.back() != Field::SvcParams || !has_idle_svc_params(rdata);
}

}  // namespace

std::string rdata_to_text(RrType type, Bytes rdata) {
  if (!has_own_form(type, rdata)) return generic_text(rdata);
  std::string text;
  for (const Field field : rdata_fields(type)) {
    const std::size_t size = *field_size(field, rdata);
    std::string part;
    append_field(part, field, rdata.first(size));
    if (!text.empty() && !part.empty()) text += ' ';
    text += part;
    rdata = rdata.subspan(size);
  }
  return text;
}

}  // namespace dnswire
