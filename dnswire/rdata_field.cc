#include "dnswire/rdata_field.h"

#include <algorithm>

#include "dnswire/address_prefixes.h"
#include "dnswire/location.h"
#include "dnswire/presentation.h"
#include "dnswire/svcb.h"
#include "dnswire/type_bitmap.h"

namespace dnswire {
namespace {

constexpr std::size_t fixed_size(Field field) noexcept {
  switch (field) {
    case Field::Number8:
    case Field::Algorithm:
      return 1;
    case Field::Number16:
    case Field::CertificateType:
    case Field::TypeCovered:
      return 2;
    case Field::Address4:
    case Field::Number32:
    case Field::Period:
    case Field::Timestamp:
      return 4;
    case Field::Eui48:
      return 6;
    case Field::Eui64:
    case Field::Locator64:
      return 8;
    case Field::Address6:
    case Field::Location:
      return 16;
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

// A length octet and as many octets.
Result<std::size_t> prefixed_size(Bytes rdata) noexcept {
  if (rdata.empty() || rdata.size() - 1 < rdata[0]) return tl::unexpected(Error::Truncated);
  return rdata[0] + std::size_t{1};
}

Result<std::size_t> prefixed_size(Field field, Bytes rdata) noexcept {
  const auto size = prefixed_size(rdata);
  if (!size) return size;
  if (field == Field::Tag && !is_tag(rdata.subspan(1, rdata[0]))) {
    return tl::unexpected(Error::BadRdata);
  }
  // RFC 5155 3.2: the length of a hash is never zero.
  if (field == Field::HashedName && rdata[0] == 0) return tl::unexpected(Error::BadRdata);
  return size;
}

Result<std::size_t> strings_size(Bytes rdata) noexcept {
  std::size_t at = 0;
  do {
    const auto one = prefixed_size(rdata.subspan(at));
    if (!one) return one;
    at += *one;
  } while (at < rdata.size());
  return at;
}

// Of fields that go on to the end.
Result<std::size_t> whole_size(Bytes rdata, const Result<void>& sound) noexcept {
  return sound.map([rdata] { return rdata.size(); });
}

Result<std::size_t> plain_size(Field field, Bytes rdata) noexcept {
  const std::size_t size = fixed_size(field);
  if (rdata.size() < size) return tl::unexpected(Error::Truncated);
  if (field != Field::Location) return size;
  return check_location(rdata.first(size)).map([size] { return size; });
}

}  // namespace

Result<std::size_t> field_size(Field field, Bytes rdata) noexcept {
  switch (field) {
    case Field::Name:
    case Field::CompressedName:
      return NameView::parse(rdata).map([](NameView name) { return name.size(); });
    case Field::String:
    case Field::Tag:
    case Field::Salt:
    case Field::HashedName:
      return prefixed_size(field, rdata);
    case Field::Strings:
      return strings_size(rdata);
    case Field::Text:
      return rdata.size();
    case Field::Uri:
    case Field::Hex:
    case Field::Base64:
      if (rdata.empty()) return tl::unexpected(Error::Truncated);
      return rdata.size();
    case Field::TypeBitmap:
      return whole_size(rdata, check_type_bitmap(rdata));
    case Field::SvcParams:
      return whole_size(rdata, check_svc_params(rdata));
    case Field::AddressPrefixes:
      return whole_size(rdata, check_address_prefixes(rdata));
    default:
      return plain_size(field, rdata);
  }
}

}  // namespace dnswire
