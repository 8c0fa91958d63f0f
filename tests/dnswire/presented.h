// RDATA in presentation format for tests: read, refused, and written again.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "dnswire/base_encoding.h"
#include "dnswire/name.h"
#include "dnswire/rdata.h"
#include "oracle.h"

namespace dnswire::testing {

// Of text that is to be refused.
inline Error error_of(RrType type, std::string_view text) {
  const auto rdata = rdata_from_text(type, text, NameView());
  EXPECT_FALSE(rdata) << to_text(type) << " " << text.substr(0, 200);
  return rdata ? Error::UnknownClass : rdata.error();
}

// The octets as hexadecimal digits, or what is wrong with the text.
inline std::string hex_of(RrType type, std::string_view text) {
  const auto rdata = rdata_from_text(type, text, NameView());
  if (!rdata) return std::string(describe(rdata.error()));
  std::string hex;
  append_hex(hex, *rdata);
  return hex;
}

// The text as it is written again, or what is wrong with it.
inline std::string rewritten(RrType type, std::string_view text) {
  const auto rdata = rdata_from_text(type, text, NameView());
  return rdata ? rdata_to_text(type, *rdata) : std::string(describe(rdata.error()));
}

// Octets from hexadecimal digits, blanks between them ignored.
inline Octets octets(std::string_view digits) {
  std::string joined;
  for (const char digit : digits) {
    if (digit != ' ') joined += digit;
  }
  Octets result;
  EXPECT_TRUE(read_hex(joined, result)) << digits;
  return result;
}

// What is wrong with the octets that these digits stand for.
inline Error wire_error(RrType type, std::string_view digits) {
  const auto checked = check_rdata(type, octets(digits));
  EXPECT_FALSE(checked) << to_text(type) << " " << digits;
  return checked ? Error::UnknownClass : checked.error();
}

}  // namespace dnswire::testing
