#include "server/answer/encode.h"

#include <gtest/gtest.h>

#include <memory>

#include "dnswire/name.h"
#include "server/answer/reply_edns.h"
#include "tests/conformance/message.h"

namespace answer {
namespace {

using conformance::Ask;
using conformance::Octets;
using conformance::read_reply;
using conformance::Reply;
using dnswire::RrType;

// RRsets with as many addresses as one likes.
Octets pack_addresses(std::size_t count) {
  Octets packed;
  for (std::size_t i = 0; i < count; ++i) {
    Octets one(zones::kRecordHead);
    zones::put_record_head(one.data(), RrType::A, dnswire::Ttl{60}, 4);
    one.insert(one.end(),
               {192, 0, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)});
    packed.insert(packed.end(), one.begin(), one.end());
  }
  return packed;
}

struct Encode : testing::Test {
  // "www.example.org. A": header 12, question 21 octets; each address 16.
  static constexpr std::size_t kBare = 12 + 21;

  dnswire::Query parse(const Ask& ask) {
    request = conformance::to_bytes(ask);
    return dnswire::parse_query(request).value();
  }
  static std::optional<dnswire::Edns> edns_for(const std::optional<dnswire::Edns>& asked,
                                               const Response& response = {}) {
    static const Settings kSettings;
    return reply_edns(asked, response, {}, {}, kSettings);
  }
  Encoded encode_addresses(const Ask& ask, std::size_t count, std::size_t limit) {
    const dnswire::Query query = parse(ask);
    packed = pack_addresses(count);
    Response response;
    response.authoritative = true;
    response.scope = 17;
    response.add({dnswire::Section::Answer,
                  query.question.name,
                  RrType::A,
                  dnswire::Ttl{60},
                  zones::RrSet(RrType::A, dnswire::Ttl{60}, packed),
                  {}});
    return encode(query, response, edns_for(query.edns, response), *buffer, limit);
  }
  Reply reject(const Octets& message) {
    const auto query = dnswire::parse_query(message);
    EXPECT_FALSE(query);
    if (query) return {};
    return read_reply(encode(query.error(), edns_for(query.error().edns), *buffer));
  }
  static Ask ask() { return {"www.example.org."}; }
  static Ask ask_edns() {
    Ask ask{"www.example.org."};
    ask.edns = true;
    return ask;
  }

  Octets request, packed;
  std::unique_ptr<std::array<std::uint8_t, 65535>> buffer =
      std::make_unique<std::array<std::uint8_t, 65535>>();
};

TEST_F(Encode, FillsEveryLimitAndNotOneOctetMore) {
  for (const std::size_t limit : {512U, 1232U, 65535U}) {
    const std::size_t most = (limit - kBare) / 16;
    const Encoded full = encode_addresses(ask(), most, limit);
    EXPECT_FALSE(full.truncated);
    EXPECT_EQ(full.message.size(), kBare + most * 16);
    EXPECT_EQ(read_reply(full.message).answer.size(), most);
    const Encoded over = encode_addresses(ask(), most + 1, limit);
    EXPECT_TRUE(over.truncated);
    EXPECT_EQ(over.message.size(), kBare);
    EXPECT_EQ(to_text(read_reply(over.message)), "status NOERROR aa tc\n");
  }
}

TEST_F(Encode, KeepsRoomForOpt) {
  const std::size_t limit = kBare + 40 * 16 + 11;
  EXPECT_FALSE(encode_addresses(ask_edns(), 40, limit).truncated);
  const Encoded over = encode_addresses(ask_edns(), 40, limit - 1);
  EXPECT_TRUE(over.truncated);
  EXPECT_TRUE(read_reply(over.message).edns);
}

TEST_F(Encode, LeavesOutAllRrSetsWhenTheLastDoesNotFit) {
  const dnswire::Query query = parse(ask());
  packed = pack_addresses(20);
  Response response;
  const zones::RrSet rrset(RrType::A, dnswire::Ttl{60}, packed);
  for (const auto section : {dnswire::Section::Answer, dnswire::Section::Additional}) {
    response.add({section, query.question.name, RrType::A, dnswire::Ttl{60}, rrset, {}});
  }
  EXPECT_EQ(to_text(read_reply(
                encode(query, response, edns_for(query.edns, response), *buffer, 512).message)),
            "status NOERROR tc\n");
  const Reply whole =
      read_reply(encode(query, response, edns_for(query.edns, response), *buffer, 1232).message);
  EXPECT_EQ(whole.answer.size(), 20U);
  EXPECT_EQ(whole.additional.size(), 20U);
}

TEST_F(Encode, WritesTailoredAddressesInTheirOrder) {
  const dnswire::Query query = parse({"www.example.org.", "AAAA"});
  const std::vector<dnswire::IpAddress> addresses{
      dnswire::IpAddress::from_text("2001:db8::2").value(),
      dnswire::IpAddress::from_text("2001:db8::1").value()};
  Response response;
  response.add({dnswire::Section::Answer,
                query.question.name,
                RrType::AAAA,
                dnswire::Ttl{7},
                {},
                addresses});
  EXPECT_EQ(to_text(read_reply(
                encode(query, response, edns_for(query.edns, response), *buffer, 512).message)),
            "status NOERROR\n"
            "answer www.example.org. 7 IN AAAA 2001:db8::2\n"
            "answer www.example.org. 7 IN AAAA 2001:db8::1\n");
}

TEST_F(Encode, CopiesRdAndClearsAllOtherFlags) {
  for (const bool rd : {false, true}) {
    Octets message = conformance::to_bytes(ask());
    message[2] = static_cast<std::uint8_t>(0x06 | (rd ? 1 : 0));  // AA, TC, RD
    message[3] = 0xf0;                                            // RA, Z, AD, CD
    const dnswire::Query query = dnswire::parse_query(message).value();
    const Reply reply =
        read_reply(encode(query, Response(), edns_for(query.edns), *buffer, 512).message);
    EXPECT_EQ(reply.flags, rd ? "rd" : "");
  }
}

TEST_F(Encode, WritesTheRcode) {
  const dnswire::Query query = parse(ask());
  Response response;
  for (const auto& [rcode, text] : std::initializer_list<std::pair<dnswire::Rcode, const char*>>{
           {dnswire::Rcode::ServFail, "SERVFAIL"},
           {dnswire::Rcode::NxDomain, "NXDOMAIN"},
           {dnswire::Rcode::Refused, "REFUSED"}}) {
    response.rcode = rcode;
    EXPECT_EQ(
        read_reply(encode(query, response, edns_for(query.edns, response), *buffer, 512).message)
            .status,
        text);
  }
}

TEST_F(Encode, EchoesOptWithDoSubnetAndScope) {
  Ask sent = ask_edns();
  sent.dnssec_ok = true;
  sent.subnet = "133.11.128.0/17";
  const Reply reply = read_reply(encode_addresses(sent, 1, 512).message);
  EXPECT_TRUE(reply.dnssec_ok);
  EXPECT_EQ(reply.udp_size, dnswire::kOurUdpSize);
  ASSERT_TRUE(reply.subnet);
  EXPECT_EQ(reply.subnet->prefix, "133.11.128.0/17");
  EXPECT_EQ(reply.subnet->scope, 17U);
}

TEST_F(Encode, HasNoOptWhereNoneWasSent) {
  EXPECT_FALSE(read_reply(encode_addresses(ask(), 1, 512).message).edns);
}

TEST_F(Encode, RejectsWithBadVers) {
  Ask sent = ask_edns();
  sent.edns_version = 1;
  const Reply reply = reject(conformance::to_bytes(sent));
  EXPECT_EQ(to_text(reply), "status BADVERS\n");
  EXPECT_EQ(reply.edns_version, 0U);
  EXPECT_EQ(reply.question, std::vector<std::string>{"www.example.org. IN A"});
}

TEST_F(Encode, RejectsWithFormErrAndEchoesWhatWasUnderstood) {
  Octets message = conformance::to_bytes(ask_edns());
  message.push_back(0);
  const Reply late = reject(message);
  EXPECT_EQ(to_text(late), "status FORMERR\n");
  EXPECT_TRUE(late.edns);
  EXPECT_EQ(late.question.size(), 1U);
  message.resize(14);
  const Reply early = reject(message);
  EXPECT_EQ(to_text(early), "status FORMERR\n");
  EXPECT_EQ(early.size, 12U);
  EXPECT_EQ(early.id, 4711);
}

TEST_F(Encode, RejectsWithNotImpAndTheSameOpcode) {
  Octets message = conformance::to_bytes(ask());
  message[2] = 5 << 3;  // UPDATE
  EXPECT_EQ(to_text(reject(message)), "status NOTIMP\n");
  EXPECT_EQ((*buffer)[2] >> 3 & 0x0f, 5);
}

TEST_F(Encode, LongestQuestionAndSubnetAlwaysFit) {
  std::string name;
  for (int i = 0; i < 3; ++i) name += std::string(63, 'x') + ".";
  name += std::string(61, 'y') + ".";
  Ask sent{name};
  sent.subnet = "2400:1:2:3:4:5:6:7/128";
  const dnswire::Query query = parse(sent);
  const Reply reply =
      read_reply(encode(query, Response(), edns_for(query.edns), *buffer, 512).message);
  EXPECT_EQ(reply.size, 12U + 259 + 11 + 8 + 16);
  EXPECT_TRUE(reply.subnet);
}

}  // namespace
}  // namespace answer
