// RFC 1035: Domain Names - Implementation and Specification.
#include <gtest/gtest.h>

#include "tests/conformance/served.h"

namespace conformance {
namespace {

const char* const kZone = R"($TTL 1h
@ IN SOA ns hostmaster (
    2024010101 ; serial
    1h 15m 2w 1m )
  IN NS ns                  ; the owner is that of the line before
ns 300 IN A 192.0.2.1
   300 IN A 192.0.2.2
txt TXT "two words" single "semicolon; inside" "quote \" and \\ and \065"
escaped\.dot A 192.0.2.3
$ORIGIN deep.example.org.
relative A 192.0.2.4
absolute.example.org. A 192.0.2.5
@ MX 10 relative
$TTL 30
late A 192.0.2.6
)";

struct Rfc1035 : testing::Test {
  Served server{{{"example.org.zone", kZone}}};
};

TEST_F(Rfc1035, S5_1_BlankOwnerIsTheLastOne) {
  EXPECT_EQ(server.text_of("ns.example.org. A"),
            "status NOERROR aa\n"
            "answer ns.example.org. 300 IN A 192.0.2.1\n"
            "answer ns.example.org. 300 IN A 192.0.2.2\n");
  EXPECT_EQ(server.ask({"example.org.", "NS"}).answer.size(), 1U);
}

TEST_F(Rfc1035, S5_1_ParenthesesJoinLines) {
  EXPECT_EQ(server.text_of("example.org. SOA"),
            "status NOERROR aa\n"
            "answer example.org. 3600 IN SOA ns.example.org. hostmaster.example.org. 2024010101 "
            "3600 900 1209600 60\n");
}

TEST_F(Rfc1035, S5_1_OriginMovesRelativeNames) {
  EXPECT_EQ(server.ask({"relative.deep.example.org."}).answer.size(), 1U);
  EXPECT_EQ(server.ask({"absolute.example.org."}).answer.size(), 1U);
  EXPECT_EQ(server.text_of("deep.example.org. MX"),
            "status NOERROR aa\n"
            "answer deep.example.org. 3600 IN MX 10 relative.deep.example.org.\n");
}

TEST_F(Rfc1035, S5_1_TtlHoldsFromThereOn) {  // $TTL: RFC 2308 4
  EXPECT_EQ(server.text_of("late.deep.example.org. A"),
            "status NOERROR aa\n"
            "answer late.deep.example.org. 30 IN A 192.0.2.6\n");
}

TEST_F(Rfc1035, S5_1_QuotesAndEscapes) {
  EXPECT_EQ(server.text_of("txt.example.org. TXT"),
            "status NOERROR aa\n"
            R"(answer txt.example.org. 3600 IN TXT "two words" "single" "semicolon; inside" )"
            R"("quote \" and \\ and A")"
            "\n");
}

TEST_F(Rfc1035, S5_1_EscapedDotIsInsideALabel) {
  EXPECT_EQ(server.ask({"escaped\\.dot.example.org."}).answer.size(), 1U);
  EXPECT_EQ(server.ask({"escaped.dot.example.org."}).status, "NXDOMAIN");
}

TEST_F(Rfc1035, S4_1_1_IdIsCopied) {
  for (const std::uint16_t id : std::initializer_list<std::uint16_t>{0, 1, 0x8000, 0xffff}) {
    Ask ask{"ns.example.org."};
    ask.id = id;
    EXPECT_EQ(server.ask(ask).id, id);
  }
}

TEST_F(Rfc1035, S4_1_1_OpcodesOtherThanQueryAreNotImplemented) {
  for (const std::uint8_t opcode : std::initializer_list<std::uint8_t>{1, 2, 3, 4, 5, 6, 15}) {
    Octets message = to_bytes({"ns.example.org."});
    message[2] = static_cast<std::uint8_t>(opcode << 3);
    EXPECT_EQ(server.send(message).status, "NOTIMP") << int{opcode};
  }
}

TEST_F(Rfc1035, S4_1_1_ResponsesGetNoReply) {
  Octets message = to_bytes({"ns.example.org."});
  message[2] |= 0x80;
  EXPECT_EQ(to_text(server.send(message)), "silence\n");
}

TEST_F(Rfc1035, S4_1_1_LessThanAHeaderGetsNoReply) {
  const Octets message = to_bytes({"ns.example.org."});
  for (std::size_t size = 0; size < 12; ++size) {
    EXPECT_EQ(server.send(dnswire::Bytes(message).first(size)).size, 0U) << size;
  }
}

TEST_F(Rfc1035, S4_1_1_MessageCutAnywhereIsAFormatError) {
  const Octets message = to_bytes({"ns.example.org."});
  for (std::size_t size = 12; size < message.size(); ++size) {
    const Reply reply = server.send(dnswire::Bytes(message).first(size));
    EXPECT_EQ(reply.status, "FORMERR") << size;
    EXPECT_EQ(reply.id, 4711) << size;
  }
}

TEST_F(Rfc1035, S4_1_1_OtherThanOneQuestionIsAFormatError) {
  for (const std::uint8_t count : std::initializer_list<std::uint8_t>{0, 2, 255}) {
    Octets message = to_bytes({"ns.example.org."});
    message[5] = count;
    EXPECT_EQ(server.send(message).status, "FORMERR") << int{count};
  }
}

TEST_F(Rfc1035, S4_1_OctetsBehindTheMessageAreAFormatError) {
  Octets message = to_bytes({"ns.example.org."});
  message.push_back(0);
  EXPECT_EQ(server.send(message).status, "FORMERR");
}

TEST_F(Rfc1035, S4_1_2_QuestionComesBack) {
  for (const char* const type : {"A", "MX", "TYPE65280"}) {
    const Reply reply = server.ask({"ns.example.org.", type});
    EXPECT_EQ(reply.question, std::vector<std::string>{std::string("ns.example.org. IN ") + type});
  }
}

TEST_F(Rfc1035, S3_2_3_ObsoleteQuestionTypesAreNotImplemented) {
  EXPECT_EQ(server.text_of("ns.example.org. MAILA"), "status NOTIMP\n");
  EXPECT_EQ(server.text_of("ns.example.org. MAILB"), "status NOTIMP\n");
}

TEST(Rfc1035Size, S4_2_1_UdpIsLimitedTo512OctetsAndTcpIsNot) {
  std::string zone =
      "$TTL 60\n@ SOA ns.example.net. hostmaster 1 3600 900 604800 60\n"
      "@ NS ns.example.net.\n";
  for (int i = 0; i < 100; ++i) zone += "www A 192.0.2." + std::to_string(i) + "\n";
  Served server{{{"example.org.zone", zone}}};
  const Reply udp = server.ask({"www.example.org."});
  EXPECT_EQ(udp.flags, "aa tc");
  EXPECT_TRUE(udp.answer.empty());
  EXPECT_LE(udp.size, 512U);
  answer::Client client{dnswire::IpAddress::from_text("192.0.2.1").value(), answer::Transport::Tcp};
  const Reply tcp = server.ask({"www.example.org."}, client);
  EXPECT_EQ(tcp.flags, "aa");
  EXPECT_EQ(tcp.answer.size(), 100U);
}

}  // namespace
}  // namespace conformance
