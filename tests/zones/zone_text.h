// Zones for tests, written as one record a line: "OWNER TTL TYPE RDATA".
#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>

#include "dnswire/name.h"
#include "dnswire/rdata.h"
#include "zones/zone_builder.h"

namespace zones {

inline dnswire::Name name_of(std::string_view text) {
  auto name = dnswire::Name::from_text(text);
  EXPECT_TRUE(name) << text;
  return name.value_or(dnswire::Name());
}

// A DS record's RDATA, and that of what a signer adds; nothing here verifies them.
inline const std::string kDsData =
    "1 13 2 0000000000000000000000000000000000000000000000000000000000000000";
inline const std::string kNsecData = "next.example. A";
inline const std::string kRrsigData =
    "A 13 2 60 20300101000000 20200101000000 1 example.org. AAAAAAAA";

inline ZoneBuilder::Outcome add_line(ZoneBuilder& builder, const std::string& line) {
  std::istringstream words(line);
  std::string owner;
  std::uint32_t ttl = 0;
  std::string type_text;
  std::string rdata_text;
  words >> owner >> ttl >> type_text;
  std::getline(words >> std::ws, rdata_text);
  const auto type = dnswire::rr_type_from_text(type_text);
  EXPECT_TRUE(type) << line;
  const auto rdata = rdata_from_text(*type, rdata_text, builder.origin());
  EXPECT_TRUE(rdata) << line;
  const auto name = dnswire::Name::from_text(owner, builder.origin());
  EXPECT_TRUE(name) << line;
  return builder.add(*name, *type, dnswire::Ttl(ttl), *rdata);
}

// SOA, NS and one name server's address, for zones that are about something else.
inline ZoneBuilder builder_with_apex(std::string_view origin) {
  ZoneBuilder builder(name_of(origin));
  EXPECT_TRUE(add_line(builder, "@ 3600 SOA ns1 hostmaster 7 3600 900 1209600 30"));
  EXPECT_TRUE(add_line(builder, "@ 3600 NS ns1"));
  EXPECT_TRUE(add_line(builder, "ns1 3600 A 198.51.100.1"));
  return builder;
}

inline Zone zone_of(std::string_view origin, std::initializer_list<const char*> lines) {
  ZoneBuilder builder = builder_with_apex(origin);
  for (const char* line : lines) {
    const auto outcome = add_line(builder, line);
    EXPECT_TRUE(outcome) << line << ": " << outcome.error();
  }
  auto zone = std::move(builder).build();
  EXPECT_TRUE(zone);
  return std::move(*zone);
}

}  // namespace zones
