// RFC 6891: Extension Mechanisms for DNS (EDNS(0)).
#include <gtest/gtest.h>

#include "dnswire/edns.h"
#include "tests/conformance/served.h"

namespace conformance {
namespace {

// Names whose TXT data make replies of known sizes: header 12, question, and one record.
std::string zone() {
  std::string text =
      "$TTL 60\n@ SOA ns.example.net. hostmaster 1 3600 900 604800 60\n@ NS ns.example.net.\n"
      "www A 192.0.2.1\n";
  for (int i = 0; i < 100; ++i) text += "big A 192.0." + std::to_string(i) + ".1\n";
  for (int i = 0; i < 40; ++i) text += "middle A 192.0." + std::to_string(i) + ".1\n";
  return text;
}

struct Rfc6891 : testing::Test {
  Served server{{{"example.org.zone", zone()}}};

  static Ask edns(const std::string& name) {
    Ask ask{name};
    ask.edns = true;
    return ask;
  }
};

TEST_F(Rfc6891, S6_1_1_OptInTheQueryBringsOneBack) {
  EXPECT_FALSE(server.ask({"www.example.org."}).edns);
  const Reply reply = server.ask(edns("www.example.org."));
  EXPECT_TRUE(reply.edns);
  EXPECT_EQ(reply.edns_version, 0U);
  EXPECT_EQ(reply.udp_size, 1232);
  EXPECT_FALSE(reply.subnet);
}

TEST_F(Rfc6891, S6_1_1_NegativesReferralsAndRefusalsCarryOptToo) {
  for (const char* const name : {"nothing.example.org.", "example.com.", "big.example.org."}) {
    EXPECT_TRUE(server.ask(edns(name)).edns) << name;
  }
}

TEST_F(Rfc6891, S6_1_1_TwoOptRecordsAreAFormatError) {
  Octets message = to_bytes(edns("www.example.org."));
  const Octets opt(message.end() - 11, message.end());
  message.insert(message.end(), opt.begin(), opt.end());
  message[11] = 2;
  EXPECT_EQ(server.send(message).status, "FORMERR");
}

TEST_F(Rfc6891, S6_1_2_OwnerOfOptIsTheRoot) {
  Octets message = to_bytes({"www.example.org."});
  const Octets opt{1, 'x', 0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 0};
  message.insert(message.end(), opt.begin(), opt.end());
  message[11] = 1;
  EXPECT_EQ(server.send(message).status, "FORMERR");
}

TEST_F(Rfc6891, S6_1_2_UnknownOptionsAreIgnoredAndNotReturned) {
  Octets message = to_bytes(edns("www.example.org."));
  message.back() = 6;  // RDLENGTH
  const Octets option{0xfd, 0xe9, 0, 2, 1, 2};
  message.insert(message.end(), option.begin(), option.end());
  const Reply reply = server.send(message);
  EXPECT_EQ(to_sorted_text(reply),
            "status NOERROR aa\nanswer www.example.org. 60 IN A 192.0.2.1\n");
  EXPECT_TRUE(reply.edns);
}

TEST_F(Rfc6891, S6_1_2_OptionThatOverrunsIsAFormatError) {
  Octets message = to_bytes(edns("www.example.org."));
  message.back() = 4;
  const Octets option{0xfd, 0xe9, 0, 1};
  message.insert(message.end(), option.begin(), option.end());
  EXPECT_EQ(server.send(message).status, "FORMERR");
}

TEST_F(Rfc6891, S6_1_3_HigherVersionIsBadVers) {
  for (const std::uint8_t version : std::initializer_list<std::uint8_t>{1, 2, 255}) {
    Ask ask = edns("www.example.org.");
    ask.edns_version = version;
    const Reply reply = server.ask(ask);
    EXPECT_EQ(to_text(reply), "status BADVERS\n");
    EXPECT_EQ(reply.edns_version, 0U) << "the highest that we know";
  }
}

TEST_F(Rfc6891, S6_1_4_DoIsCopied) {  // RFC 3225 3
  Ask ask = edns("www.example.org.");
  EXPECT_FALSE(server.ask(ask).dnssec_ok);
  ask.dnssec_ok = true;
  EXPECT_TRUE(server.ask(ask).dnssec_ok);
}

TEST_F(Rfc6891, S6_2_3_SizesBelow512CountAs512) {
  Ask ask = edns("www.example.org.");
  for (const std::uint16_t size : std::initializer_list<std::uint16_t>{0, 1, 511}) {
    ask.udp_size = size;
    EXPECT_EQ(to_text(server.ask(ask)),
              "status NOERROR aa\nanswer www.example.org. 60 IN A 192.0.2.1\n");
  }
}

TEST_F(Rfc6891, S6_2_3_RepliesKeepToTheSizeThatTheClientTakes) {
  // Header 12, question 24, 40 addresses of 16 octets, OPT 11.
  constexpr std::uint16_t kSize = 12 + 24 + 40 * 16 + 11;
  Ask ask = edns("middle.example.org.");
  ask.udp_size = kSize;
  const Reply whole = server.ask(ask);
  EXPECT_EQ(whole.size, kSize);
  EXPECT_EQ(whole.flags, "aa");
  ask.udp_size = kSize - 1;
  const Reply cut = server.ask(ask);
  EXPECT_EQ(cut.flags, "aa tc");
  EXPECT_TRUE(cut.answer.empty());
  EXPECT_TRUE(cut.edns) << "RFC 6891 7";
}

TEST_F(Rfc6891, S6_2_5_RepliesNeverExceedOurOwnSize) {
  Ask ask = edns("big.example.org.");
  ask.udp_size = 65535;
  const Reply reply = server.ask(ask);
  EXPECT_EQ(reply.flags, "aa tc");
  EXPECT_LE(reply.size, dnswire::kOurUdpSize);
}

TEST_F(Rfc6891, S7_FormatErrorCarriesOptIfOneWasUnderstood) {
  Octets message = to_bytes(edns("www.example.org."));
  message.push_back(0);
  const Reply reply = server.send(message);
  EXPECT_EQ(reply.status, "FORMERR");
  EXPECT_TRUE(reply.edns);
}

}  // namespace
}  // namespace conformance
