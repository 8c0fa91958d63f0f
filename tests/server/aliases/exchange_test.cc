#include "server/aliases/exchange.h"

#include <gtest/gtest.h>

#include "dnswire/query.h"
#include "reply.h"
#include "tests/dnswire/random.h"

namespace aliases {
namespace {

using dnswire::Family;
using dnswire::Rcode;
using dnswire::Ttl;
using Kind = Finding::Kind;

const char* const kSoa = "example. 600 SOA ns.example. h.example. 1 3600 900 1209600 40";

struct ExchangeTest : testing::Test {
  Exchange four{name("www.example."), Family::V4, 4711};
  Exchange six{name("www.example."), Family::V6, 4711};

  static Finding read(const Exchange& exchange, const Reply& reply) {
    const auto reading = exchange.read(reply_to(exchange.query(), reply));
    EXPECT_TRUE(reading);
    if (!reading) return {};
    EXPECT_FALSE(reading->truncated);
    return reading->finding;
  }
};

TEST_F(ExchangeTest, AsksForOneFamilyWithRecursion) {
  const auto query = dnswire::parse_query(six.query());
  ASSERT_TRUE(query);
  EXPECT_TRUE(query->header.rd);
  EXPECT_EQ(query->header.id, 4711);
  EXPECT_EQ(query->question.type, dnswire::RrType::AAAA);
  EXPECT_EQ(query->question.name, name("www.example."));
  ASSERT_TRUE(query->edns);
  EXPECT_EQ(query->edns->udp_size, 1232);
  EXPECT_EQ(dnswire::parse_query(four.query())->question.type, dnswire::RrType::A);
}

TEST_F(ExchangeTest, ReadsAddressesInOrderAndEachOnce) {
  const Finding finding =
      read(four, {{"www.example. 300 A 192.0.2.9", "WWW.Example. 200 A 192.0.2.1",
                   "www.example. 300 A 192.0.2.9", "www.example. 9 AAAA 2001:db8::1"}});
  EXPECT_EQ(finding,
            (Finding{Kind::Addresses, addresses({"192.0.2.1", "192.0.2.9"}), Ttl{200}, {}}));
  EXPECT_EQ(read(six, {{"www.example. 60 AAAA 2001:db8::1"}}).addresses,
            addresses({"2001:db8::1"}));
}

TEST_F(ExchangeTest, FollowsCnamesWhereverTheyStand) {
  const Finding finding =
      read(four, {{"c.example. 300 A 192.0.2.1", "b.example. 30 CNAME c.example.",
                   "www.example. 200 CNAME B.example."}});
  EXPECT_EQ(finding, (Finding{Kind::Addresses, addresses({"192.0.2.1"}), Ttl{30}, {}}));
}

TEST_F(ExchangeTest, TakesNothingThatTheNameDoesNotLeadTo) {
  const Finding finding = read(four, {{"evil.example. 300 A 192.0.2.66"}, {kSoa}});
  EXPECT_EQ(finding, (Finding{Kind::NoAddresses, {}, Ttl{40}, {}}));
  EXPECT_EQ(read(four, {{"www.example. 300 A 192.0.2.1", "b.example. 300 A 192.0.2.66"}}).addresses,
            addresses({"192.0.2.1"}));
}

TEST_F(ExchangeTest, CnamesInALoopAreAFailure) {
  const Finding finding =
      read(four, {{"www.example. 300 CNAME b.example.", "b.example. 300 CNAME www.example."}});
  EXPECT_EQ(finding, (Finding{Kind::Failure, {}, Ttl{0}, "the aliases form a loop"}));
}

TEST_F(ExchangeTest, FollowsSixteenCnames) {
  for (const int count : {16, 17}) {
    Reply reply;
    std::string owner = "www.example.";
    for (int i = 0; i < count; ++i) {
      const std::string next = "n" + std::to_string(i) + ".example.";
      reply.answer.push_back(owner + " 300 CNAME " + next);
      owner = next;
    }
    reply.answer.push_back(owner + " 300 A 192.0.2.1");
    EXPECT_EQ(read(four, reply).kind, count == 16 ? Kind::Addresses : Kind::Failure) << count;
  }
}

TEST_F(ExchangeTest, TakesTheHundredLowestAddresses) {
  Reply reply;
  for (int i = 150; i > 0; --i)
    reply.answer.push_back("www.example. 300 A 192.0.2." + std::to_string(i));
  const Finding finding = read(four, reply);
  ASSERT_EQ(finding.addresses.size(), 100U);
  EXPECT_EQ(finding.addresses.front(), addresses({"192.0.2.1"})[0]);
  EXPECT_EQ(finding.addresses.back(), addresses({"192.0.2.100"})[0]);
}

TEST_F(ExchangeTest, DenialsLastAsLongAsTheSoaSays) {
  EXPECT_EQ(read(four, {{}, {kSoa}}), (Finding{Kind::NoAddresses, {}, Ttl{40}, {}}));
  EXPECT_EQ(read(four, {{}, {kSoa}, Rcode::NxDomain}),
            (Finding{Kind::NoSuchName, {}, Ttl{40}, {}}));
  EXPECT_EQ(read(four, {{"www.example. 20 CNAME b.example."}, {kSoa}, Rcode::NxDomain}),
            (Finding{Kind::NoSuchName, {}, Ttl{20}, {}}));
  EXPECT_EQ(read(four, {{}}), (Finding{Kind::NoAddresses, {}, kTtlWithoutSoa, {}}));
}

TEST_F(ExchangeTest, AServerThatDoesNotResolveDeniesNothing) {
  EXPECT_EQ(read(four, {{}, {"example. 600 NS ns.example."}}).why,
            "a referral: it does not resolve");
  Reply alias{{"www.example. 20 CNAME b.example.net."}};
  EXPECT_EQ(read(four, alias), (Finding{Kind::NoAddresses, {}, Ttl{20}, {}}));
  alias.recursion_available = false;
  EXPECT_EQ(read(four, alias).why, "an alias without its end");
  EXPECT_EQ(read(four, {{}, {kSoa, "example. 600 NS ns.example."}}).kind, Kind::NoAddresses);
}

TEST_F(ExchangeTest, ErrorsAreFailures) {
  for (const Rcode rcode : {Rcode::ServFail, Rcode::Refused, Rcode::FormErr, Rcode::NotImp}) {
    const Finding finding = read(four, {{"www.example. 20 A 192.0.2.1"}, {kSoa}, rcode});
    EXPECT_EQ(finding, (Finding{Kind::Failure, {}, Ttl{0}, to_text(rcode)}));
  }
}

TEST_F(ExchangeTest, SaysWhenItIsTruncated) {
  Reply reply{{"www.example. 20 A 192.0.2.1"}};
  reply.truncated = true;
  const auto reading = four.read(reply_to(four.query(), reply));
  ASSERT_TRUE(reading);
  EXPECT_TRUE(reading->truncated);
  EXPECT_EQ(reading->finding.kind, Kind::Failure);
}

TEST_F(ExchangeTest, IgnoresWhatIsNoAnswer) {
  const Octets answer = reply_to(four.query(), {{"www.example. 20 A 192.0.2.1"}});
  EXPECT_FALSE(six.read(answer)) << "another type";
  EXPECT_FALSE(Exchange(name("www.example."), Family::V4, 4712).read(answer)) << "another id";
  EXPECT_FALSE(Exchange(name("ww.example."), Family::V4, 4711).read(answer)) << "another name";
  EXPECT_FALSE(four.read(four.query()));
  for (std::size_t size = 0; size < answer.size(); ++size) {
    EXPECT_FALSE(four.read(dnswire::Bytes(answer).first(size))) << size;
  }
}

TEST_F(ExchangeTest, SurvivesRandomOctets) {
  dnswire::testing::Random random;
  SCOPED_TRACE(random.seed_text());
  const Octets sound = reply_to(
      four.query(), {{"www.example. 20 CNAME b.example.", "b.example. 20 A 192.0.2.1"}, {kSoa}});
  for (int i = 0; i < 20'000; ++i) {
    Octets reply = sound;
    for (std::size_t n = random.between(1, 4); n > 0; --n) {
      reply[random.between(2, reply.size() - 1)] = random.octet();
    }
    if (const auto reading = four.read(reply)) {
      EXPECT_LE(reading->finding.addresses.size(), 1U);
    }
  }
}

}  // namespace
}  // namespace aliases
