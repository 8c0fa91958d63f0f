#include "dnswire/rdata.h"

#include <algorithm>
#include <array>
#include <span>

#include "dnswire/rdata_field.h"
#include "dnswire/words.h"

namespace dnswire {
namespace {

struct DigestSize {
  std::uint8_t type;
  std::uint8_t octets;
};

// A digest at the end of RDATA. Types that are not named here may be of any length from `smallest`
// on.
struct Digest {
  std::size_t type_at = 0;  // offset of the octet that says how the digest was made
  std::size_t at = 0;       // 0: the type has no digest
  std::size_t smallest = 1;
  std::array<DigestSize, 4> sizes{};
};

// SHA-1 (RFC 4034 A.2), SHA-256 (RFC 4509), GOST (RFC 5933), SHA-384 (RFC 6605).
constexpr Digest kDsDigest{3, 4, 1, {{{1, 20}, {2, 32}, {3, 32}, {4, 48}}}};
// SHA-1 (RFC 4255 3.1.2), SHA-256 (RFC 6594).
constexpr Digest kFingerprint{1, 2, 1, {{{1, 20}, {2, 32}}}};
// SHA-384, SHA-512 (RFC 8976 2.2.3); never under twelve octets (RFC 8976 2.2.4).
constexpr Digest kZoneDigest{5, 6, 12, {{{1, 48}, {2, 64}}}};

struct Row {
  RrType type;
  std::string_view syntax;
  std::size_t field_count;
  std::array<Field, 9> fields;
  Digest digest;

  [[nodiscard]] constexpr Row with(const Digest& its_digest) const noexcept {
    Row copy = *this;
    copy.digest = its_digest;
    return copy;
  }
};

template <class... Fields>
constexpr Row row(RrType type, std::string_view syntax, Fields... fields) noexcept {
  return {type, syntax, sizeof...(fields), {fields...}, {}};
}

// A new type is one row. Those asked for most come first.
constexpr std::array kRows{
    row(RrType::A, "ADDRESS", Field::Address4),
    row(RrType::AAAA, "ADDRESS", Field::Address6),
    row(RrType::HTTPS, "PRIORITY TARGET KEY=VALUE ...", Field::Number16, Field::Name,
        Field::SvcParams),
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
    row(RrType::DS, "KEY-TAG ALGORITHM DIGEST-TYPE DIGEST-IN-HEX", Field::Number16,
        Field::Algorithm, Field::Number8, Field::Hex)
        .with(kDsDigest),
    row(RrType::DNSKEY, "FLAGS PROTOCOL ALGORITHM KEY-IN-BASE64", Field::Number16, Field::Number8,
        Field::Algorithm, Field::Base64),
    row(RrType::RRSIG,
        "TYPE-COVERED ALGORITHM LABELS ORIGINAL-TTL EXPIRATION INCEPTION KEY-TAG SIGNER "
        "SIGNATURE-IN-BASE64",
        Field::TypeCovered, Field::Algorithm, Field::Number8, Field::Number32, Field::Timestamp,
        Field::Timestamp, Field::Number16, Field::Name, Field::Base64),
    row(RrType::NSEC, "NEXT-NAME TYPE ...", Field::Name, Field::TypeBitmap),
    row(RrType::NSEC3, "HASH-ALGORITHM FLAGS ITERATIONS SALT-IN-HEX NEXT-HASHED-NAME TYPE ...",
        Field::Number8, Field::Number8, Field::Number16, Field::Salt, Field::HashedName,
        Field::TypeBitmap),
    row(RrType::NSEC3PARAM, "HASH-ALGORITHM FLAGS ITERATIONS SALT-IN-HEX", Field::Number8,
        Field::Number8, Field::Number16, Field::Salt),
    row(RrType::SVCB, "PRIORITY TARGET KEY=VALUE ...", Field::Number16, Field::Name,
        Field::SvcParams),
    row(RrType::NAPTR, "ORDER PREFERENCE \"FLAGS\" \"SERVICES\" \"REGEXP\" REPLACEMENT",
        Field::Number16, Field::Number16, Field::String, Field::String, Field::String, Field::Name),
    row(RrType::TLSA, "USAGE SELECTOR MATCHING-TYPE DATA-IN-HEX", Field::Number8, Field::Number8,
        Field::Number8, Field::Hex),
    row(RrType::SSHFP, "ALGORITHM TYPE FINGERPRINT-IN-HEX", Field::Number8, Field::Number8,
        Field::Hex)
        .with(kFingerprint),
    row(RrType::DNAME, "TARGET", Field::Name),
    row(RrType::SPF, "\"STRING\" ...", Field::Strings),
    row(RrType::CDS, "KEY-TAG ALGORITHM DIGEST-TYPE DIGEST-IN-HEX", Field::Number16,
        Field::Algorithm, Field::Number8, Field::Hex)
        .with(kDsDigest),
    row(RrType::CDNSKEY, "FLAGS PROTOCOL ALGORITHM KEY-IN-BASE64", Field::Number16, Field::Number8,
        Field::Algorithm, Field::Base64),
    row(RrType::CSYNC, "SERIAL FLAGS TYPE ...", Field::Number32, Field::Number16,
        Field::TypeBitmap),
    row(RrType::ZONEMD, "SERIAL SCHEME HASH-ALGORITHM DIGEST-IN-HEX", Field::Number32,
        Field::Number8, Field::Number8, Field::Hex)
        .with(kZoneDigest),
    row(RrType::SMIMEA, "USAGE SELECTOR MATCHING-TYPE DATA-IN-HEX", Field::Number8, Field::Number8,
        Field::Number8, Field::Hex),
    row(RrType::OPENPGPKEY, "KEY-IN-BASE64", Field::Base64),
    row(RrType::CERT, "TYPE KEY-TAG ALGORITHM CERTIFICATE-IN-BASE64", Field::CertificateType,
        Field::Number16, Field::Algorithm, Field::Base64),
    row(RrType::DHCID, "DATA-IN-BASE64", Field::Base64),
    row(RrType::URI, "PRIORITY WEIGHT \"TARGET\"", Field::Number16, Field::Number16, Field::Uri),
    row(RrType::LOC,
        "DEGREES MINUTES SECONDS N|S DEGREES MINUTES SECONDS E|W ALTITUDEm SIZEm HORIZONTALm "
        "VERTICALm",
        Field::Location),
    row(RrType::HINFO, "\"CPU\" \"OS\"", Field::String, Field::String),
    row(RrType::RP, "MBOX-DNAME TXT-DNAME", Field::Name, Field::Name),
    row(RrType::AFSDB, "SUBTYPE HOSTNAME", Field::Number16, Field::Name),
    row(RrType::RT, "PREFERENCE INTERMEDIATE-HOST", Field::Number16, Field::Name),
    row(RrType::PX, "PREFERENCE MAP822 MAPX400", Field::Number16, Field::Name, Field::Name),
    row(RrType::KX, "PREFERENCE EXCHANGER", Field::Number16, Field::Name),
    row(RrType::APL, "AFI:ADDRESS/PREFIX ...", Field::AddressPrefixes),
    row(RrType::NID, "PREFERENCE NODE-ID", Field::Number16, Field::Locator64),
    row(RrType::L32, "PREFERENCE LOCATOR", Field::Number16, Field::Address4),
    row(RrType::L64, "PREFERENCE LOCATOR", Field::Number16, Field::Locator64),
    row(RrType::LP, "PREFERENCE FQDN", Field::Number16, Field::Name),
    row(RrType::EUI48, "XX-XX-XX-XX-XX-XX", Field::Eui48),
    row(RrType::EUI64, "XX-XX-XX-XX-XX-XX-XX-XX", Field::Eui64),
    row(RrType::RESINFO, "\"KEY=VALUE\" ...", Field::Strings),
    row(RrType::WALLET, "\"STRING\" ...", Field::Strings),
    row(RrType::MB, "MADNAME", Field::CompressedName),
    row(RrType::MG, "MGMNAME", Field::CompressedName),
    row(RrType::MR, "NEWNAME", Field::CompressedName),
    row(RrType::MINFO, "RMAILBX EMAILBX", Field::CompressedName, Field::CompressedName),
};

const Row* find_row(RrType type) noexcept {
  const auto found =
      std::find_if(kRows.begin(), kRows.end(), [type](const Row& r) { return r.type == type; });
  return found == kRows.end() ? nullptr : &*found;
}

std::span<const Field> fields_of(const Row& row) noexcept {
  return std::span(row.fields).first(row.field_count);
}

// Requires: the fields of the type.
bool digest_fits(const Digest& digest, Bytes rdata) noexcept {
  if (digest.at == 0) return true;
  const std::size_t size = rdata.size() - digest.at;
  if (size < digest.smallest) return false;
  return std::all_of(digest.sizes.begin(), digest.sizes.end(), [&](DigestSize known) {
    return known.octets == 0 || known.type != rdata[digest.type_at] || known.octets == size;
  });
}

}  // namespace

bool has_compressed_names(RrType type) noexcept {
  // All of them are types of RFC 1035, whose numbers are small.
  static constexpr std::uint32_t kTypes = [] {
    std::uint32_t types = 0;
    for (const Row& row : kRows) {
      const bool compressed = std::any_of(row.fields.begin(), row.fields.end(), [](Field field) {
        return field == Field::CompressedName;
      });
      if (compressed) types |= 1U << static_cast<unsigned>(row.type);
    }
    return types;
  }();
  const auto number = static_cast<unsigned>(type);
  return number < 32 && (kTypes >> number & 1) != 0;
}

std::span<const Field> rdata_fields(RrType type) noexcept {
  const Row* const found = find_row(type);
  return found == nullptr ? std::span<const Field>() : fields_of(*found);
}

std::string rdata_syntax(RrType type) {
  const Row* const found = find_row(type);
  return std::string(found == nullptr ? "\\# LENGTH HEX" : found->syntax);
}

Result<void> check_rdata(RrType type, Bytes rdata) noexcept {
  if (rdata.size() > kMaxRdataSize) return tl::unexpected(Error::RdataTooLong);
  const Row* const found = find_row(type);
  if (found == nullptr) return {};
  Bytes rest = rdata;
  for (const Field field : fields_of(*found)) {
    const auto size = field_size(field, rest);
    if (!size) return tl::unexpected(size.error());
    rest = rest.subspan(*size);
  }
  if (!rest.empty()) return tl::unexpected(Error::TrailingData);
  if (!digest_fits(found->digest, rdata)) return tl::unexpected(Error::BadDigestSize);
  return {};
}

}  // namespace dnswire
