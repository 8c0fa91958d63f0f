// Random well-formed RDATA, made from the fields of the type.
#pragma once

#include <algorithm>
#include <array>

#include "dnswire/rdata.h"
#include "oracle.h"
#include "random.h"

namespace dnswire::testing {

// All that have a form of their own.
inline constexpr std::array kKnownTypes{
    RrType::A,          RrType::AAAA,    RrType::NS,     RrType::SOA,    RrType::MX,
    RrType::TXT,        RrType::SRV,     RrType::CNAME,  RrType::CAA,    RrType::PTR,
    RrType::DNAME,      RrType::SPF,     RrType::NAPTR,  RrType::LOC,    RrType::HINFO,
    RrType::RP,         RrType::SSHFP,   RrType::TLSA,   RrType::SMIMEA, RrType::OPENPGPKEY,
    RrType::URI,        RrType::SVCB,    RrType::HTTPS,  RrType::DS,     RrType::DNSKEY,
    RrType::CDS,        RrType::CDNSKEY, RrType::RRSIG,  RrType::NSEC,   RrType::NSEC3,
    RrType::NSEC3PARAM, RrType::CSYNC,   RrType::ZONEMD, RrType::CERT,   RrType::DHCID,
    RrType::AFSDB,      RrType::RT,      RrType::PX,     RrType::KX,     RrType::APL,
    RrType::NID,        RrType::L32,     RrType::L64,    RrType::LP,     RrType::EUI48,
    RrType::EUI64,      RrType::RESINFO, RrType::WALLET, RrType::MB,     RrType::MG,
    RrType::MR,         RrType::MINFO};

// Does the field take all that is left?
constexpr bool takes_the_rest(Field field) {
  switch (field) {
    case Field::Strings:
    case Field::Text:
    case Field::Uri:
    case Field::Hex:
    case Field::Base64:
    case Field::TypeBitmap:
    case Field::SvcParams:
    case Field::AddressPrefixes:
      return true;
    default:
      return false;
  }
}

// A length octet and `low` to `high` octets.
inline Octets random_string(Random& random, std::size_t low, std::size_t high, bool plain_only) {
  Octets octets = random.octets(random.between(low, high), plain_only);
  octets.insert(octets.begin(), static_cast<std::uint8_t>(octets.size()));
  return octets;
}

inline void append(Octets& octets, const Octets& more) {
  octets.insert(octets.end(), more.begin(), more.end());
}

inline Octets random_strings(Random& random, bool plain_only) {
  Octets all;
  for (std::size_t n = random.between(1, 3); n > 0; --n) {
    append(all, random_string(random, 0, random.chance(4) ? 255 : 9, plain_only));
  }
  return all;
}

// `plain_only`: types that ldns has the same mnemonic for, or none.
inline Octets random_type_bitmap(Random& random, bool plain_only) {
  constexpr std::array<std::uint8_t, 7> kOldTypes{0x62, 0x01, 0x80, 0x08, 0x00, 0x17, 0xb0};
  Octets all;
  std::size_t window = random.between(0, 3);
  if (plain_only) {
    append(all, {0, kOldTypes.size()});
    for (const std::uint8_t types : kOldTypes) {
      all.push_back(static_cast<std::uint8_t>(types & random.octet()));
    }
    all.back() = kOldTypes.back();
    window = 2;
  }
  for (; window < 128; window += random.between(1, 100)) {
    Octets bits = random.octets(random.between(1, 32));
    bits.back() = static_cast<std::uint8_t>(bits.back() | 1);
    append(all, {static_cast<std::uint8_t>(window), static_cast<std::uint8_t>(bits.size())});
    append(all, bits);
  }
  return all;
}

inline void append_svc_param(Octets& params, std::uint16_t key, const Octets& value) {
  Octets head(4);
  store16(&head[0], key);
  store16(&head[2], static_cast<std::uint16_t>(value.size()));
  append(params, head);
  append(params, value);
}

inline Octets random_svc_params(Random& random, bool plain_only) {
  Octets all;
  if (random.chance(4)) return all;
  if (random.chance(2)) append_svc_param(all, 0, {0, 1});
  Octets alpn;
  for (std::size_t n = random.between(1, 3); n > 0; --n) {
    append(alpn, random_string(random, 1, random.chance(4) ? 255 : 9, plain_only));
  }
  append_svc_param(all, 1, alpn);
  if (random.chance(2)) append_svc_param(all, 2, {});
  if (random.chance(2)) append_svc_param(all, 3, random.octets(2));
  if (random.chance(2)) append_svc_param(all, 4, random.octets(4 * random.between(1, 3)));
  if (random.chance(2)) append_svc_param(all, 5, random.octets(random.between(1, 40)));
  if (random.chance(2)) append_svc_param(all, 6, random.octets(16 * random.between(1, 3)));
  if (random.chance(4)) append_svc_param(all, 7, {'/', 'q', '{', '?', 'd', 'n', 's', '}'});
  if (!plain_only && random.chance(4)) append_svc_param(all, 8, {});
  if (random.chance(2))
    append_svc_param(all, 667, random.octets(random.between(1, 40), plain_only));
  if (random.chance(4)) append_svc_param(all, 65534, {});
  return all;
}

inline Octets random_location(Random& random) {
  Octets all(16);
  for (std::size_t i = 1; i < 4; ++i) {
    all[i] = static_cast<std::uint8_t>(random.between(1, 9) << 4 | random.between(0, 9));
  }
  store32(&all[4],
          static_cast<std::uint32_t>(0x80000000 - 324000000 + random.between(0, 648000000)));
  store32(&all[8],
          static_cast<std::uint32_t>(0x80000000 - 648000000 + random.between(0, 1296000000)));
  store32(&all[12], static_cast<std::uint32_t>(random.between(0, 0xffffffff)));
  return all;
}

inline Octets random_address_prefixes(Random& random) {
  Octets all;
  for (std::size_t n = random.between(0, 4); n > 0; --n) {
    const std::size_t size = random.chance(2) ? 4 : 16;
    Octets address = random.octets(random.between(0, size));
    if (!address.empty()) address.back() = static_cast<std::uint8_t>(address.back() | 1);
    append(all, {0, static_cast<std::uint8_t>(size == 4 ? 1 : 2),
                 static_cast<std::uint8_t>(random.between(0, 8 * size)),
                 static_cast<std::uint8_t>((random.chance(2) ? 0x80 : 0) | address.size())});
    append(all, address);
  }
  return all;
}

inline Octets random_field(Field field, Random& random, bool plain_only) {
  switch (field) {
    case Field::Number8:
    case Field::Algorithm:
      return random.octets(1);
    case Field::Number16:
      return random.octets(2);
    // ldns 1.8 has other mnemonics than we do: numbers of which both have the same, or none.
    case Field::TypeCovered:
      if (random.chance(2)) return {0, static_cast<std::uint8_t>(random.between(1, 16))};
      [[fallthrough]];
    case Field::CertificateType:
      return {static_cast<std::uint8_t>(random.between(0xa0, 0xef)), random.octet()};
    case Field::Address4:
    case Field::Number32:
    case Field::Period:
      return random.octets(4);
    case Field::Timestamp: {  // ldns takes those of the far future for the past
      Octets seconds = random.octets(4);
      if (plain_only) seconds[0] = static_cast<std::uint8_t>(seconds[0] & 0x7f);
      return seconds;
    }
    case Field::Eui48:
      return random.octets(6);
    case Field::Eui64:
    case Field::Locator64:
      return random.octets(8);
    case Field::Address6:
      return random.octets(16);
    case Field::Name:
    case Field::CompressedName: {
      const Name name = random.name(plain_only);
      return {name.view().wire().begin(), name.view().wire().end()};
    }
    case Field::String:
      return random_string(random, 0, 255, plain_only);
    case Field::Strings:
      return random_strings(random, plain_only);
    case Field::Tag: {
      Octets tag = random_string(random, 1, 10, true);
      for (std::size_t i = 1; i < tag.size(); ++i) tag[i] = tag[i] == '-' ? 'q' : tag[i];
      return tag;
    }
    case Field::Text:  // ldns drops an empty one
    case Field::Uri:
      return random.octets(random.between(1, 40), plain_only);
    case Field::Hex:
    case Field::Base64:
      return random.octets(random.between(1, random.chance(4) ? 600 : 40));
    case Field::Salt:
      return random_string(random, 0, 255, false);
    case Field::HashedName:
      return random_string(random, 20, 20, false);  // SHA-1; ldns pads other sizes
    case Field::TypeBitmap:
      return random_type_bitmap(random, plain_only);
    case Field::SvcParams:
      return random_svc_params(random, plain_only);
    case Field::Location:
      return random_location(random);
    case Field::AddressPrefixes:
      return random_address_prefixes(random);
  }
  return {};
}

// `rdata` with a digest of a size that fits its type, where the type of record has digests.
inline Octets with_fitting_digest(RrType type, Octets rdata, Random& random) {
  constexpr std::array<std::size_t, 5> kDsSizes{7, 20, 32, 32, 48};
  constexpr std::array<std::size_t, 3> kFingerprintSizes{7, 20, 32};
  constexpr std::array<std::size_t, 3> kZoneDigestSizes{12, 48, 64};
  const auto fit = [&](std::size_t type_at, std::span<const std::size_t> sizes) {
    const std::size_t digest_type = random.between(0, sizes.size() - 1);
    rdata[type_at] = static_cast<std::uint8_t>(digest_type);
    rdata.resize(type_at + 1);
    append(rdata, random.octets(sizes[digest_type]));
  };
  if (type == RrType::DS || type == RrType::CDS) fit(3, kDsSizes);
  if (type == RrType::SSHFP) fit(1, kFingerprintSizes);
  if (type == RrType::ZONEMD) fit(5, kZoneDigestSizes);
  return rdata;
}

// `plain_only`: names and strings that need no escapes, and what ldns has no view of its own on.
inline Octets random_rdata(RrType type, Random& random, bool plain_only) {
  Octets rdata;
  for (const Field field : rdata_fields(type)) {
    append(rdata, random_field(field, random, plain_only));
  }
  // An alias takes no parameters.
  if (type == RrType::SVCB || type == RrType::HTTPS)
    rdata[0] = static_cast<std::uint8_t>(rdata[0] | 1);
  return with_fitting_digest(type, std::move(rdata), random);
}

}  // namespace dnswire::testing
