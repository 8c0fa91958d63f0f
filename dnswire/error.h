// Why bytes or text are not what they should be.
#pragma once

#include <cstdint>
#include <string_view>
#include <tl/expected.hpp>

namespace dnswire {

enum class Error : std::uint8_t {
  Truncated,     // the bytes or the text end too early
  TrailingData,  // something is left over after the last field
  LabelTooLong,  // over 63 octets, RFC 1035 2.3.4
  NameTooLong,   // over 255 octets, RFC 1035 2.3.4
  EmptyLabel,    // two dots in a row
  BadEscape,     // \DDD over 255, or a backslash at the end, RFC 1035 5.1
  BadPointer,    // a compression pointer where none may stand, or one that does not point back
  BadLabelType,  // label types 01 and 10, RFC 1035 4.1.4
  BadNumber,
  NumberTooLarge,
  BadAddress,
  HostBitsSet,    // a network with bits set behind its prefix length
  BadText,        // a quoted string without its end, a character that does not belong
  StringTooLong,  // a <character-string> over 255 octets, RFC 1035 3.3
  RdataTooLong,   // over 65,535 octets
  BadRdata,       // RDATA whose octets do not form the fields of its type
  BadEncoding,    // hexadecimal, Base32 or Base64 (RFC 4648) that is malformed
  BadMnemonic,    // neither a number nor a word that stands for one
  BadTime,        // neither YYYYMMDDHHmmSS nor seconds, RFC 4034 3.2
  BadLocation,    // a coordinate or distance out of range, RFC 1876 3
  BadDigestSize,  // a digest that is not as long as its type demands
  UnknownSvcParam,
  RepeatedSvcParam,
  BadSvcParam,         // a value that does not fit its key, RFC 9460 7
  MissingSvcParam,     // one that others rely on, RFC 9460 2.4.3, 8
  AliasWithSvcParams,  // RFC 9460 2.4.2
  UnknownType,
  UnknownClass,
};

template <class T>
using Result = tl::expected<T, Error>;

// A clause for error messages, without a capital or a full stop: "a label is longer than 63
// octets".
[[nodiscard]] std::string_view describe(Error error) noexcept;

}  // namespace dnswire
