#include "dnswire/header.h"

#include <gtest/gtest.h>

#include <array>

#include "random.h"

namespace dnswire {
namespace {

TEST(Header, ReadsEveryFieldFromItsBits) {
  const std::array<std::uint8_t, 12> wire{0x12, 0x34, 0x28, 0x00, 0x00, 0x01,
                                          0x00, 0x02, 0x00, 0x03, 0x01, 0x04};
  const Header header = Header::parse(wire);
  EXPECT_EQ(header.id, 0x1234);
  EXPECT_EQ(header.opcode, Opcode::Update);
  EXPECT_EQ(header.qdcount, 1);
  EXPECT_EQ(header.ancount, 2);
  EXPECT_EQ(header.nscount, 3);
  EXPECT_EQ(header.arcount, 260);
}

TEST(Header, EachFlagIsOneBit) {
  const auto parsed = [](std::uint16_t flags) {
    std::array<std::uint8_t, 12> wire{};
    store16(&wire[2], flags);
    return Header::parse(wire);
  };
  EXPECT_TRUE(parsed(0x8000).qr && !parsed(0x7fff).qr);
  EXPECT_TRUE(parsed(0x0400).aa && !parsed(0xfbff).aa);
  EXPECT_TRUE(parsed(0x0200).tc && !parsed(0xfdff).tc);
  EXPECT_TRUE(parsed(0x0100).rd && !parsed(0xfeff).rd);
  EXPECT_TRUE(parsed(0x0080).ra && !parsed(0xff7f).ra);
  EXPECT_TRUE(parsed(0x0020).ad && !parsed(0xffdf).ad);
  EXPECT_TRUE(parsed(0x0010).cd && !parsed(0xffef).cd);
  EXPECT_EQ(parsed(0x0003).rcode, Rcode::NxDomain);
}

TEST(Header, WritesWhatItReadExceptTheReservedBit) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (int i = 0; i < 1000; ++i) {
    auto wire = random.octets(kHeaderSize);
    wire[3] &= 0xbf;  // Z, RFC 1035 4.1.1: must be zero
    std::vector<std::uint8_t> written(kHeaderSize, 0xff);
    Header::parse(wire).write(written);
    EXPECT_EQ(written, wire);
  }
}

TEST(Header, WritesTheLowerFourBitsOfAnExtendedRcode) {
  Header header;
  header.rcode = Rcode::BadVers;
  std::array<std::uint8_t, 12> wire{};
  header.write(wire);
  EXPECT_EQ(load16(&wire[2]), 0);
}

TEST(Rcode, HasNameOrNumber) {
  EXPECT_EQ(to_text(Rcode::NoError), "NOERROR");
  EXPECT_EQ(to_text(Rcode::FormErr), "FORMERR");
  EXPECT_EQ(to_text(Rcode::ServFail), "SERVFAIL");
  EXPECT_EQ(to_text(Rcode::NxDomain), "NXDOMAIN");
  EXPECT_EQ(to_text(Rcode::NotImp), "NOTIMP");
  EXPECT_EQ(to_text(Rcode::Refused), "REFUSED");
  EXPECT_EQ(to_text(Rcode::BadVers), "BADVERS");
  EXPECT_EQ(to_text(static_cast<Rcode>(11)), "RCODE11");
}

}  // namespace
}  // namespace dnswire
