#include "server/answer/alias_table.h"

#include <gtest/gtest.h>

namespace answer {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Name;
using dnswire::Ttl;

Name name(std::string_view text) { return Name::from_text(text).value(); }
IpAddress address(std::string_view text) { return IpAddress::from_text(text).value(); }

TEST(AliasTable, KnowsNothingAtFirst) {
  const AliasTable table;
  EXPECT_FALSE(table.find(name("www.example.net."), Family::V4));
  EXPECT_EQ(table.size(), 0U);
}

TEST(AliasTable, KeepsFamiliesApart) {
  AliasTable table;
  table.put(name("www.example.net."), Family::V4, {address("192.0.2.1")}, Ttl{60});
  EXPECT_FALSE(table.find(name("www.example.net."), Family::V6));
  table.put(name("www.example.net."), Family::V6, {}, Ttl{30});
  const auto four = table.find(name("www.example.net."), Family::V4);
  const auto six = table.find(name("www.example.net."), Family::V6);
  ASSERT_TRUE(four && six);
  ASSERT_EQ(four->addresses.size(), 1U);
  EXPECT_EQ(four->addresses[0], address("192.0.2.1"));
  EXPECT_EQ(four->ttl, Ttl{60});
  EXPECT_TRUE(six->addresses.empty());
  EXPECT_EQ(six->ttl, Ttl{30});
  EXPECT_EQ(table.size(), 1U);
}

TEST(AliasTable, FindsNamesInAnyCase) {
  AliasTable table;
  table.put(name("WWW.Example.net."), Family::V4, {address("192.0.2.1")}, Ttl{60});
  EXPECT_TRUE(table.find(name("www.eXAMPLE.net."), Family::V4));
  EXPECT_FALSE(table.find(name("ww.example.net."), Family::V4));
}

TEST(AliasTable, ReplacesWhatItHad) {
  AliasTable table;
  table.put(name("www.example.net."), Family::V4, {address("192.0.2.1")}, Ttl{60});
  AliasTable other = table;
  EXPECT_EQ(table, other);
  other.put(name("www.example.net."), Family::V4, {}, Ttl{5});
  EXPECT_TRUE(other.find(name("www.example.net."), Family::V4)->addresses.empty());
  EXPECT_FALSE(table == other);
}

}  // namespace
}  // namespace answer
