// RDATA between presentation format and wire format, one table row per type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dnswire/bytes.h"
#include "dnswire/error.h"
#include "dnswire/name_view.h"
#include "dnswire/rr_type.h"

namespace dnswire {

// The parts that the RDATA of a type is made of, in order.
enum class Field : std::uint8_t {
  Address4,
  Address6,
  Name,            // uncompressed (RFC 3597 4)
  CompressedName,  // of the types of RFC 1035: may be compressed in messages
  Number8,
  Number16,
  Number32,
  Period,   // seconds; text may carry units: 1h30m
  String,   // <character-string>, RFC 1035 3.3
  Strings,  // one or more of them, to the end
  Tag,      // a <character-string> of letters and digits, RFC 8659 4.1
  Text,     // octets to the end, written as one quoted string, RFC 8659 4.1
  Uri,      // the same, not empty, RFC 7553 4.4
  // The next three are numbers that may also be written by name.
  Algorithm,        // eight bits, RFC 4034 A.1
  CertificateType,  // sixteen bits, RFC 4398 2.1
  TypeCovered,      // an RR type, RFC 4034 3.1.1
  Timestamp,        // 32 bits, written as YYYYMMDDHHmmSS, RFC 4034 3.2
  Hex,              // to the end, not empty
  Base64,           // to the end, not empty
  Salt,             // a length octet, then hexadecimal digits, or "-" for none, RFC 5155 3.3
  HashedName,       // a length octet, then Base32 with the extended hex alphabet, RFC 5155 3.3
  TypeBitmap,       // to the end, RFC 4034 4.1.2
  SvcParams,        // to the end, RFC 9460 2.1
  Location,         // RFC 1876
  AddressPrefixes,  // to the end, RFC 3123
  Eui48,            // six octets with hyphens between, RFC 7043 3.2
  Eui64,            // eight of them, RFC 7043 4.2
  Locator64,        // four groups of sixteen bits with colons between, RFC 6742 2.1.1
};

// Empty for a type that is not known: RFC 3597 \# serves then.
[[nodiscard]] std::span<const Field> rdata_fields(RrType type) noexcept;

// Are there names in it that may be compressed in messages (RFC 3597 4)? Asked for each record of
// an answer: cheaper than to look at the fields.
[[nodiscard]] bool has_compressed_names(RrType type) noexcept;

// How the type is written, for error messages: "PREFERENCE EXCHANGE" for MX; "\# LENGTH HEX" for a
// type that is not known.
[[nodiscard]] std::string rdata_syntax(RrType type);

// Reads presentation format; names without a final dot are relative to `origin`. `\# LENGTH HEX`
// (RFC 3597 5) is understood for every type and checked against the fields of a known one.
[[nodiscard]] Result<std::vector<std::uint8_t>> rdata_from_text(RrType type, std::string_view text,
                                                                NameView origin);

// Requires nothing of `rdata`: octets that do not fit the type are written as `\# LENGTH HEX`, and
// so is an alias among SVCB and HTTPS that has parameters (RFC 9460 2.4.2: nobody looks at them).
[[nodiscard]] std::string rdata_to_text(RrType type, Bytes rdata);

// Are these octets well-formed RDATA of that type, names uncompressed, nothing left over? Digests
// are as long as their type demands.
[[nodiscard]] Result<void> check_rdata(RrType type, Bytes rdata) noexcept;

}  // namespace dnswire
