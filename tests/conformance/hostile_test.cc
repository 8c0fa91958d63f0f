// What hurt other servers, one by one: each class of attack has a limit here that it meets.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/conformance/served.h"

namespace conformance {
namespace {

std::string zone() {
  std::string text =
      "$TTL 60\n@ SOA ns.example.net. hostmaster 1 3600 900 604800 60\n@ NS ns.example.net.\n"
      "www A 192.0.2.1\n";
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(i);
    text += "many MX " + n + " mail" + n + "\nmail" + n + " A 192.0.2." + n + "\n";
  }
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(i);
    text += "sub NS ns" + n + ".sub\nns" + n + ".sub A 192.0.2." + n + "\n";
  }
  text += "chain0 CNAME chain1\n";
  for (int i = 1; i < 10'000; ++i) {
    text += "chain" + std::to_string(i) + " CNAME chain" + std::to_string(i + 1) + "\n";
  }
  return text;
}

struct Hostile : testing::Test {
  // Loaded once: it is long.
  static Served& server() {
    static Served served{{{"example.org.zone", zone()}}};
    return served;
  }
  static std::string status(const Octets& message) { return server().send(message).status; }
  // A query with other counts: questions, answers, authority, additional.
  static Octets with_counts(std::uint16_t qd, std::uint16_t an, std::uint16_t ns,
                            std::uint16_t ar) {
    Octets message = to_bytes({"www.example.org."});
    std::uint8_t* at = &message[4];
    for (const std::uint16_t count : {qd, an, ns, ar}) {
      dnswire::store16(at, count);
      at += 2;
    }
    return message;
  }
};

// CVE-2026-52682: pointers in the question are never followed.
TEST_F(Hostile, CompressionInTheQuestionIsAFormatError) {
  for (const Octets& name : {Octets{0xc0, 12}, Octets{0xc0, 0}, Octets{0xc0, 14, 0xc0, 12},
                             Octets{1, 'a', 0xc0, 12}, Octets{0xff, 0xff}}) {
    Octets message(12);
    message[5] = 1;
    message.insert(message.end(), name.begin(), name.end());
    message.insert(message.end(), {0, 1, 0, 1});
    EXPECT_EQ(status(message), "FORMERR");
  }
}

TEST_F(Hostile, MessageFullOfPointersIsAFormatError) {
  Octets message(12);
  message[5] = 1;
  while (message.size() < 65'000) message.insert(message.end(), {0xc0, 12});
  EXPECT_EQ(status(message), "FORMERR");
  // The same behind a sound question, as the owner of an additional record.
  Octets behind = to_bytes({"www.example.org."});
  behind[11] = 1;
  while (behind.size() < 65'000) behind.insert(behind.end(), {0xc0, 12});
  EXPECT_EQ(status(behind), "FORMERR");
}

// CVE-2026-82399, CVE-2023-4408: what the header promises is not believed.
TEST_F(Hostile, CountsThatPromiseMoreThanThereIsAreAFormatError) {
  for (const unsigned wide : {2U, 255U, 65535U}) {
    const auto count = static_cast<std::uint16_t>(wide);
    EXPECT_EQ(status(with_counts(count, 0, 0, 0)), "FORMERR");
    EXPECT_EQ(status(with_counts(1, count, 0, 0)), "FORMERR");
    EXPECT_EQ(status(with_counts(1, 0, count, 0)), "FORMERR");
    EXPECT_EQ(status(with_counts(1, 0, 0, count)), "FORMERR");
    EXPECT_EQ(status(with_counts(count, count, count, count)), "FORMERR");
  }
  EXPECT_EQ(status(with_counts(0, 0, 0, 0)), "FORMERR");
}

// PowerDNS 2021-36754 (QTYPE 65535) and kin; all types stand in the sweep.
TEST_F(Hostile, MetaTypesAreNoRecords) {
  const std::map<std::string, std::string> expected{
      {"OPT", "FORMERR"},     {"TKEY", "FORMERR"}, {"TSIG", "FORMERR"},     {"TYPE0", "FORMERR"},
      {"TYPE128", "FORMERR"}, {"AXFR", "REFUSED"}, {"IXFR", "REFUSED"},     {"MAILA", "NOTIMP"},
      {"MAILB", "NOTIMP"},    {"ANY", "NOERROR"},  {"TYPE65535", "NOERROR"}};
  for (const auto& [type, rcode] : expected) {
    EXPECT_EQ(server().ask({"www.example.org.", type}).status, rcode) << type;
  }
}

// CVE-2024-2169: two servers that answer each other's errors never stop.
TEST_F(Hostile, ReplyToAReplyIsSilence) {
  for (Octets message : {to_bytes({"www.example.org."}), with_counts(0, 0, 0, 0)}) {
    for (unsigned opcode = 0; opcode < 16; ++opcode) {
      message[2] = static_cast<std::uint8_t>(0x80 | opcode << 3);
      EXPECT_EQ(server().send(message).size, 0U);
    }
  }
}

// CVE-2018-5744: an option sent many times.
TEST_F(Hostile, RepeatedOptionsAreBounded) {
  Ask ask{"www.example.org."};
  for (int i = 0; i < 64; ++i) ask.options.insert(ask.options.end(), {0, 3, 0, 0});
  EXPECT_EQ(server().ask(ask).status, "NOERROR");
  ask.options.insert(ask.options.end(), {0, 3, 0, 0});
  const Reply reply = server().ask(ask);
  EXPECT_EQ(reply.status, "FORMERR");
  EXPECT_EQ(reply.extended_error(), "0: over 64 EDNS options");
}

// NSD's unbounded chains, CVE-2021-25215.
TEST_F(Hostile, ChainOfTenThousandAliasesIsCut) {
  const Reply reply = server().ask({"chain0.example.org."});
  EXPECT_EQ(reply.status, "NOERROR");
  EXPECT_EQ(reply.answer.size(), answer::kMaxAliases);
  EXPECT_EQ(reply.answer.back(), "chain7.example.org. 60 IN CNAME chain8.example.org.");
}

// CVE-2024-11187: work for the additional section.
TEST_F(Hostile, HundredTargetsAddNothingToTheAnswer) {
  const answer::Client tcp{dnswire::IpAddress::from_text("198.51.100.53").value(),
                           answer::Transport::Tcp};
  const Reply reply = server().ask({"many.example.org.", "MX"}, tcp);
  EXPECT_EQ(reply.answer.size(), 100U);
  EXPECT_TRUE(reply.additional.empty());
}

TEST_F(Hostile, GlueIsBounded) {
  const answer::Client tcp{dnswire::IpAddress::from_text("198.51.100.53").value(),
                           answer::Transport::Tcp};
  const Reply reply = server().ask({"host.sub.example.org."}, tcp);
  EXPECT_EQ(reply.authority.size(), 100U);
  EXPECT_EQ(reply.additional.size(), 2 * answer::kMaxAliases + 2 + 26 - 1)
      << "the room of Response";
}

}  // namespace
}  // namespace conformance
