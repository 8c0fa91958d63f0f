#include "dnswire/address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include "random.h"

namespace dnswire {
namespace {

IpAddress address(std::string_view text) { return IpAddress::from_text(text).value(); }

// What the system's own reader makes of the text: an oracle.
tl::expected<IpAddress, Error> system_address(const std::string& text) {
  std::array<std::uint8_t, 16> octets{};
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) {
    return IpAddress::from_octets(Family::V4, Bytes(octets).first(4));
  }
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) {
    return IpAddress::from_octets(Family::V6, octets);
  }
  return tl::unexpected(Error::BadAddress);
}

TEST(IpAddress, ReadsAndWritesIpv4) {
  EXPECT_EQ(address("192.0.2.1").to_text(), "192.0.2.1");
  EXPECT_EQ(address("0.0.0.0"), IpAddress());
  EXPECT_EQ(address("255.255.255.255").octets()[3], 255);
}

TEST(IpAddress, WritesIpv6AsRfc5952Says) {
  EXPECT_EQ(address("2001:DB8:0:0:0:0:0:1").to_text(), "2001:db8::1");
  EXPECT_EQ(address("2001:db8:0:1:1:1:1:1").to_text(), "2001:db8:0:1:1:1:1:1");  // 4.2.2
  EXPECT_EQ(address("2001:0:0:1:0:0:0:1").to_text(), "2001:0:0:1::1");           // 4.2.3
  EXPECT_EQ(address("2001:db8:0:0:1:0:0:1").to_text(), "2001:db8::1:0:0:1");     // 4.2.3
  EXPECT_EQ(address("0::").to_text(), "::");
  EXPECT_EQ(address("1::").to_text(), "1::");
  EXPECT_EQ(address("::00ab").to_text(), "::ab");
  EXPECT_EQ(address("1:2:3:4:5:6:0:0").to_text(), "1:2:3:4:5:6::");
  EXPECT_EQ(address("::ffff:c000:0201").to_text(), "::ffff:192.0.2.1");  // 5
}

TEST(IpAddress, RefusesWhatIsNoAddress) {
  for (const char* text : {"",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.256",
                           "01.2.3.4",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "1..2.3",
                           "1.2.3.",
                           "1.2.3.-4",
                           "1.2.3.4/8",
                           "10.1.0.52999999999999999999999999999999999999",
                           ":",
                           ":::",
                           "1",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "1::2:3:4:5:6:7:8",
                           "1::2::3",
                           ":1::2",
                           "1::2:",
                           "12345::",
                           "g::",
                           "::1.2.3",
                           "1.2.3.4::",
                           "::1.2.3.4:5",
                           "::1%eth0",
                           "[::1]",
                           "2001:67c:2e8:22::c100:68b:2001:1:2:3:4:5",
                           "1:2:3:4:5:6:7:1.2.3.4"}) {
    EXPECT_EQ(IpAddress::from_text(text), tl::unexpected(Error::BadAddress)) << text;
  }
}

TEST(IpAddress, IsWrittenSoThatTheSystemReadsItBack) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (int i = 0; i < 20000; ++i) {
    const bool v4 = random.chance(4);
    auto octets = random.octets(v4 ? 4 : 16);
    for (auto& octet : octets) octet = random.chance(2) ? 0 : octet;
    const auto one = IpAddress::from_octets(v4 ? Family::V4 : Family::V6, octets);
    EXPECT_EQ(system_address(one.to_text()), one) << one.to_text();
    EXPECT_EQ(IpAddress::from_text(one.to_text()), one) << one.to_text();
  }
}

TEST(IpAddress, ReadsExactlyWhatTheSystemReads) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  int good = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string text(random.between(0, 18), ' ');
    for (char& one : text) one = "::::..0129aF"[random.between(0, 11)];
    const auto expected = system_address(text);
    good += expected.has_value() ? 1 : 0;
    EXPECT_EQ(IpAddress::from_text(text), expected) << text;
  }
  EXPECT_GT(good, 100);
}

TEST(IpAddress, MaskedClearsEveryBitFromTheLengthOn) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (const Family family : {Family::V4, Family::V6}) {
    const auto one = IpAddress::from_octets(family, random.octets(family == Family::V4 ? 4 : 16));
    for (unsigned length = 0; length <= one.bits(); ++length) {
      const IpAddress masked = one.masked(length);
      for (unsigned i = 0; i < one.bits(); ++i) {
        EXPECT_EQ(masked.bit(i), i < length && one.bit(i)) << length << " " << i;
      }
    }
    EXPECT_EQ(one.masked(200), one);
  }
}

TEST(IpAddress, UnwrapsTheIpv4AddressInsideAnIpv6One) {
  EXPECT_EQ(address("::ffff:192.0.2.1").unwrapped(), address("192.0.2.1"));
  EXPECT_EQ(address("2002:c000:201::5").unwrapped(), address("192.0.2.1"));
  EXPECT_EQ(address("64:ff9b::192.0.2.33").unwrapped(), address("192.0.2.33"));
  // The example of RFC 4380 4: a client behind a NAT with the external address 192.0.2.45.
  EXPECT_EQ(address("2001:0:4136:e378:8000:63bf:3fff:fdd2").unwrapped(), address("192.0.2.45"));
  for (const char* other : {"2001:db8::1", "64:ff9b:1::1.2.3.4", "::1.2.3.4", "192.0.2.1"}) {
    EXPECT_EQ(address(other).unwrapped(), address(other)) << other;
  }
}

TEST(IpAddress, OrdersByFamilyThenOctets) {
  EXPECT_LT(address("255.0.0.0"), address("::"));
  EXPECT_LT(address("1.2.3.4"), address("1.2.4.0"));
}

TEST(Prefix, ReadsAddressAndLength) {
  const auto net = Prefix::from_text("192.0.2.0/24");
  ASSERT_TRUE(net);
  EXPECT_EQ(net->length, 24);
  EXPECT_EQ(net->to_text(), "192.0.2.0/24");
  EXPECT_EQ(Prefix::from_text("2001:db8::/32")->to_text(), "2001:db8::/32");
  EXPECT_EQ(Prefix::from_text("192.0.2.1")->to_text(), "192.0.2.1/32");
  EXPECT_EQ(Prefix::from_text("::1")->to_text(), "::1/128");
  EXPECT_EQ(Prefix::from_text("0.0.0.0/0")->length, 0);
}

TEST(Prefix, RefusesWhatIsNoPrefix) {
  EXPECT_EQ(Prefix::from_text("192.0.2.1/24"), tl::unexpected(Error::HostBitsSet));
  EXPECT_EQ(Prefix::from_text("192.0.2/24"), tl::unexpected(Error::BadAddress));
  EXPECT_EQ(Prefix::from_text("192.0.2.0/33"), tl::unexpected(Error::NumberTooLarge));
  EXPECT_EQ(Prefix::from_text("::/129"), tl::unexpected(Error::NumberTooLarge));
  for (const char* text : {"::/", "::/0x8", "::/-1", "::/08", "::/8/8", "::/8 "}) {
    EXPECT_EQ(Prefix::from_text(text), tl::unexpected(Error::BadNumber)) << text;
  }
}

TEST(Prefix, ContainsAddressesOfItsFamilyOnly) {
  const Prefix net = Prefix::from_text("192.0.2.128/25").value();
  EXPECT_TRUE(net.contains(address("192.0.2.128")));
  EXPECT_TRUE(net.contains(address("192.0.2.255")));
  EXPECT_FALSE(net.contains(address("192.0.2.127")));
  EXPECT_FALSE(net.contains(address("192.0.3.128")));
  EXPECT_FALSE(Prefix::from_text("0.0.0.0/0")->contains(address("::")));
  EXPECT_TRUE(Prefix::from_text("::/0")->contains(address("ffff::")));
}

}  // namespace
}  // namespace dnswire
