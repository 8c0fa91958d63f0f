#include "health/probes/dns_exchange.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "dnswire/edns.h"
#include "dnswire/message_writer.h"
#include "dnswire/query.h"
#include "dnswire/rdata.h"
#include "print.h"

namespace probes {
namespace {

using dnswire::Name;
using dnswire::Rcode;
using dnswire::RrClass;
using dnswire::RrType;
using health::DnsSpec;
using health::Reason;
using Octets = std::vector<std::uint8_t>;

constexpr std::uint16_t kId = 0x1234;
const Outcome kPassed{};

struct Answer {
  std::string name;
  RrType type;
  std::string rdata;
};

struct Reply {
  std::string question = "www.example.";
  RrType type = RrType::A;
  std::uint16_t id = kId;
  bool qr = true;
  bool tc = false;
  Rcode rcode = Rcode::NoError;
  std::vector<Answer> answers{};
};

Octets octets_of(const Reply& reply) {
  std::array<std::uint8_t, 4096> buffer;
  dnswire::MessageWriter writer(buffer, buffer.size());
  if (!reply.question.empty()) {
    const auto name = Name::from_text(reply.question).value();
    EXPECT_TRUE(writer.write_question({name, reply.type, RrClass::IN}));
  }
  for (const Answer& each : reply.answers) {
    const auto rdata = dnswire::rdata_from_text(each.type, each.rdata, {}).value();
    EXPECT_TRUE(writer.write_record(dnswire::Section::Answer, Name::from_text(each.name).value(),
                                    each.type, RrClass::IN, dnswire::Ttl(60), rdata));
  }
  dnswire::Header header;
  header.id = reply.id;
  header.qr = reply.qr;
  header.tc = reply.tc;
  header.rcode = reply.rcode;
  const dnswire::Bytes message = writer.finish(header);
  return {message.begin(), message.end()};
}

DnsSpec asking(const std::string& name, const std::string& type = "A") {
  DnsSpec spec;
  spec.name = name;
  spec.type = type;
  return spec;
}

std::optional<Outcome> judged(const DnsSpec& spec, const Octets& message) {
  return DnsExchange::make(spec, kId).value().judge(message);
}
std::optional<Outcome> judged(const DnsSpec& spec, const Reply& reply) {
  return judged(spec, octets_of(reply));
}

TEST(DnsExchange, AsksAsItIsWritten) {
  const auto exchange = DnsExchange::make(asking("wWw.Example.", "AAAA"), kId).value();
  const auto query = dnswire::parse_query(exchange.query());
  ASSERT_TRUE(query);
  EXPECT_EQ(query->header.id, kId);
  EXPECT_FALSE(query->header.rd);
  EXPECT_EQ(query->question.name.to_text(), "wWw.Example.");
  EXPECT_EQ(query->question.type, RrType::AAAA);
  ASSERT_TRUE(query->edns);
  EXPECT_EQ(query->edns->udp_size, 1232);
}

TEST(DnsExchange, TakesNamesWithoutTheFinalDot) {
  const auto exchange = DnsExchange::make(asking("www.example"), kId).value();
  EXPECT_EQ(dnswire::parse_query(exchange.query())->question.name.to_text(), "www.example.");
}

TEST(DnsExchange, SaysWhatIsWrongWithTheCheck) {
  const auto fault_of = [](const DnsSpec& spec) { return DnsExchange::make(spec, kId).error(); };
  EXPECT_EQ(fault_of(asking("a..b")), "\"a..b\" is no domain name");
  EXPECT_EQ(fault_of(asking("a.example", "AAAAA")), "\"AAAAA\" is no RR type");
  DnsSpec spec = asking("a.example", "A");
  spec.answers = {"192.0.2.1", "192.0.2.999"};
  EXPECT_EQ(fault_of(spec), "\"192.0.2.999\" is no RDATA of type A");
}

TEST(DnsExchange, JudgesTheRcode) {
  Reply reply;
  EXPECT_EQ(judged(asking("www.example"), reply), kPassed);
  reply.rcode = Rcode::ServFail;
  EXPECT_EQ(judged(asking("www.example"), reply),
            (Outcome{Reason::Status, "SERVFAIL, wanted NOERROR"}));
  DnsSpec spec = asking("www.example");
  spec.rcode = 3;
  EXPECT_EQ(judged(spec, reply), (Outcome{Reason::Status, "SERVFAIL, wanted NXDOMAIN"}));
  reply.rcode = Rcode::NxDomain;
  EXPECT_EQ(judged(spec, reply), kPassed);
}

TEST(DnsExchange, WantsAllAnswers) {
  DnsSpec spec = asking("www.example");
  spec.answers = {"192.0.2.1", "192.0.2.2"};
  Reply reply;
  reply.answers = {{"www.example.", RrType::A, "192.0.2.2"}};
  EXPECT_EQ(judged(spec, reply), (Outcome{Reason::Body, "A 192.0.2.1 is not in the answer"}));
  reply.answers.push_back({"www.example.", RrType::A, "192.0.2.1"});
  reply.answers.push_back({"www.example.", RrType::A, "192.0.2.3"});
  EXPECT_EQ(judged(spec, reply), kPassed);
}

TEST(DnsExchange, FindsAnswersBehindAnAlias) {
  DnsSpec spec = asking("www.example");
  spec.answers = {"192.0.2.1"};
  Reply reply;
  reply.answers = {{"www.example.", RrType::CNAME, "edge.example."},
                   {"edge.example.", RrType::A, "192.0.2.1"}};
  EXPECT_EQ(judged(spec, reply), kPassed);
}

TEST(DnsExchange, IgnoresTheCaseOfNamesAlone) {
  DnsSpec spec = asking("example", "MX");
  spec.answers = {"10 Mail.Example."};
  Reply reply{"EXAMPLE.", RrType::MX};
  reply.answers = {{"example.", RrType::MX, "10 mail.EXAMPLE."}};
  EXPECT_EQ(judged(spec, reply), kPassed);
  spec = asking("example", "TXT");
  spec.answers = {"\"Alive\""};
  reply = {"example.", RrType::TXT};
  reply.answers = {{"example.", RrType::TXT, "\"alive\""}};
  EXPECT_EQ(judged(spec, reply)->reason, Reason::Body);
}

TEST(DnsExchange, TakesTruncationAsAResult) {
  DnsSpec spec = asking("www.example");
  Reply reply;
  reply.tc = true;
  EXPECT_EQ(judged(spec, reply), kPassed);
  spec.answers = {"192.0.2.1"};
  EXPECT_EQ(judged(spec, reply),
            (Outcome{Reason::Body, "A 192.0.2.1 is not in the answer, which is truncated"}));
}

TEST(DnsExchange, IgnoresWhatIsNoAnswerToIt) {
  const DnsSpec spec = asking("www.example");
  Reply reply;
  reply.id = kId + 1;
  EXPECT_EQ(judged(spec, reply), std::nullopt);
  reply = {};
  reply.qr = false;
  EXPECT_EQ(judged(spec, reply), std::nullopt);
  EXPECT_EQ(judged(spec, Reply{"other.example."}), std::nullopt);
  EXPECT_EQ(judged(spec, Reply{"www.example.", RrType::AAAA}), std::nullopt);
  EXPECT_EQ(judged(spec, Reply{""}), std::nullopt);
  EXPECT_EQ(judged(spec, Octets{}), std::nullopt);
  EXPECT_EQ(judged(spec, Octets{0x12}), std::nullopt);
  EXPECT_EQ(judged(spec, Octets{0, 0, 1}), std::nullopt);
}

TEST(DnsExchange, TakesAnErrorWithoutTheQuestion) {
  Reply reply{""};
  reply.rcode = Rcode::FormErr;
  EXPECT_EQ(judged(asking("www.example"), reply),
            (Outcome{Reason::Status, "FORMERR, wanted NOERROR"}));
}

TEST(DnsExchange, RefusesAMalformedAnswer) {
  Octets message = octets_of({});
  message.pop_back();
  const auto outcome = judged(asking("www.example"), message);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->reason, Reason::Protocol);
  EXPECT_TRUE(outcome->detail.starts_with("malformed DNS answer: ")) << outcome->detail;
  EXPECT_EQ(judged(asking("www.example"), Octets{0x12, 0x34, 0x80})->reason, Reason::Protocol);
}

}  // namespace
}  // namespace probes
