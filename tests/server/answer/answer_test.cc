#include "server/answer/answer.h"

#include <gtest/gtest.h>

#include <memory>

#include "memory.h"
#include "tests/conformance/served.h"
#include "tests/dnswire/random.h"

namespace answer {
namespace {

using conformance::Ask;
using conformance::Octets;
using conformance::to_bytes;
using dnswire::Rcode;
using dnswire::RrType;

const char* const kZone = R"(zone: example.org
soa: {mname: ns.example.net., rname: hostmaster, serial: 1}
checks: {up: {type: tcp, port: 80}}
endpoints:
  tokyo:     {A: 192.0.2.1, AAAA: "2001:db8::1", at: JP, check: up}
  frankfurt: {A: 192.0.2.2, AAAA: "2001:db8::2", at: DE, check: up}
  virginia:  {A: 192.0.2.3, AAAA: "2001:db8::3", at: US-VA, check: up}
pools:
  all:      {members: [tokyo, frankfurt, virginia]}
  failover: {members: [tokyo, frankfurt, virginia], pick: failover}
  nearest:  {members: [tokyo, frankfurt, virginia], pick: nearest}
  near2:    {members: [tokyo, frankfurt, virginia], pick: nearest, max: 2}
  weighted: {members: [{tokyo: 3}, frankfurt, virginia], pick: weighted, max: 2}
records:
  "@":      {NS: [ns.example.net.], TXT: [text]}
  static:   {A: 192.0.2.9}
  alias:    {CNAME: nearest}
  loop:     {CNAME: loop}
  sub:      {NS: [ns.sub]}
  ns.sub:   {A: 192.0.2.53}
  all:      {dynamic: all}
  failover: {dynamic: failover}
  nearest:  {dynamic: nearest}
  near2:    {dynamic: near2}
  weighted: {dynamic: weighted}
  resort:   {dynamic: {pool: all, all_down: last_healthy, until_checked: nearest}}
  spare:    {dynamic: {pool: failover, all_down: {fallback: weighted}, until_checked: 192.0.2.8}}
  fixed:    {dynamic: {pool: nearest, all_down: {fallback: [192.0.2.8, "2001:db8::8"]}}}
  nodata:   {dynamic: {pool: all, all_down: nodata}}
  servfail: {dynamic: {pool: all, all_down: servfail}}
  failing:  {CNAME: servfail}
  "*.wild": {dynamic: {rules: [{country: JP, pool: all}, {net: 77.0.0.0/8, pool: near2},
                               {pool: failover}]}}
)";

struct Answer : ::testing::Test {
  conformance::Served served{{{"example.org.yaml", kZone}},
                             {{"133.0.0.0/8", "JP"}, {"77.0.0.0/8", "DE"}, {"52.0.0.0/8", "US"}}};
  std::unique_ptr<Scratch> scratch = std::make_unique<Scratch>(1);
  Client client{dnswire::IpAddress::from_text("77.0.0.1").value()};

  dnswire::Bytes send(dnswire::Bytes request) {
    return answer(request, client, served.snapshot(), 0, *scratch);
  }
};

TEST_F(Answer, IsSilentToWhatIsNoQuery) {
  Octets message = to_bytes({"static.example.org."});
  EXPECT_TRUE(send({}).empty());
  EXPECT_TRUE(send(dnswire::Bytes(message).first(11)).empty());
  message[2] |= 0x80;  // QR
  EXPECT_TRUE(send(message).empty());
  EXPECT_FALSE(scratch->outcome.answered);
  EXPECT_FALSE(scratch->outcome.asked);
}

TEST_F(Answer, TellsTheOutcome) {
  EXPECT_FALSE(send(to_bytes({"near2.example.org.", "AAAA"})).empty());
  EXPECT_TRUE(scratch->outcome.answered);
  EXPECT_TRUE(scratch->outcome.asked);
  EXPECT_TRUE(scratch->outcome.dynamic);
  EXPECT_FALSE(scratch->outcome.last_resort);
  EXPECT_FALSE(scratch->outcome.truncated);
  EXPECT_EQ(scratch->outcome.type, RrType::AAAA);
  EXPECT_EQ(scratch->outcome.rcode, Rcode::NoError);

  send(to_bytes({"nothing.example.org.", "TXT"}));
  EXPECT_FALSE(scratch->outcome.dynamic) << "nothing is left of the query before";
  EXPECT_EQ(scratch->outcome.type, RrType::TXT);
  EXPECT_EQ(scratch->outcome.rcode, Rcode::NxDomain);
}

TEST_F(Answer, TellsTheOutcomeOfRejections) {
  Octets message = to_bytes({"static.example.org.", "MX"});
  message.push_back(0);
  EXPECT_FALSE(send(message).empty());
  EXPECT_TRUE(scratch->outcome.answered);
  EXPECT_TRUE(scratch->outcome.asked);
  EXPECT_EQ(scratch->outcome.type, RrType::MX);
  EXPECT_EQ(scratch->outcome.rcode, Rcode::FormErr);
}

TEST_F(Answer, WritesTheReplyIntoTheScratch) {
  const dnswire::Bytes reply = send(to_bytes({"static.example.org."}));
  EXPECT_EQ(reply.data(), scratch->reply.data());
}

TEST_F(Answer, AnswersServFailWhenMemoryRunsOut) {
  const Octets request = to_bytes({"weighted.example.org."});  // decided for each query
  ASSERT_FALSE(send(request).empty());
  EXPECT_EQ(scratch->outcome.rcode, Rcode::NoError);

  scratch = std::make_unique<Scratch>(1);  // its workspace has no room yet
  dnswire::Bytes reply;
  {
    const answer::testing::OutOfMemory none;
    reply = send(request);
  }
  EXPECT_EQ(to_text(conformance::read_reply(reply)), "status SERVFAIL\n");
  EXPECT_EQ(scratch->outcome.rcode, Rcode::ServFail);
  EXPECT_TRUE(scratch->outcome.answered);
  EXPECT_TRUE(scratch->outcome.failed);
  send(request);
  EXPECT_FALSE(scratch->outcome.failed);
  EXPECT_EQ(scratch->outcome.rcode, Rcode::NoError) << "and goes on as if nothing had been";
}

TEST_F(Answer, AllocatesNothingOnceItIsWarm) {
  std::vector<Octets> requests;
  for (const char* const name :
       {"example.org.", "static.example.org.", "alias.example.org.", "loop.example.org.",
        "x.sub.example.org.", "all.example.org.", "failover.example.org.", "nearest.example.org.",
        "near2.example.org.", "weighted.example.org.", "a.b.wild.example.org.",
        "resort.example.org.", "spare.example.org.", "fixed.example.org.", "nodata.example.org.",
        "servfail.example.org.", "failing.example.org.", "nothing.example.org.", "example.net."}) {
    for (const char* const type : {"A", "AAAA", "TXT", "ANY", "AXFR", "DS"}) {
      for (const char* const subnet : {"", "133.11.0.0/16", "77.0.0.0/8", "10.0.0.0/8",
                                       "2002:850b::/32", "2400::/12", "0.0.0.0/0"}) {
        Ask ask{name, type};
        ask.subnet = subnet;
        requests.push_back(to_bytes(ask));
      }
    }
  }
  requests.push_back(Octets(20, 0));
  const auto send_all = [&] {
    std::size_t octets = 0;
    for (const Octets& request : requests) octets += send(request).size();
    return octets;
  };
  for (const health::State state :
       {health::State::Unknown, health::State::Up, health::State::Down}) {
    health::Standing standing;
    standing.state = state;
    standing.steady = std::chrono::seconds(10);
    const std::size_t subjects = served.configuration().roster->subjects.size();
    served.publish(health::Board(std::vector<health::Standing>(subjects, standing)));
    EXPECT_GT(send_all(), 0U);
    const std::size_t before = answer::testing::allocation_count();
    EXPECT_GT(send_all(), 0U);
    EXPECT_EQ(answer::testing::allocation_count() - before, 0U) << to_text(state);
  }
}

TEST_F(Answer, SurvivesRandomOctetsInAQuery) {
  dnswire::testing::Random random;
  SCOPED_TRACE(random.seed_text());
  Ask ask{"a.wild.example.org."};
  ask.subnet = "133.11.0.0/16";
  const Octets sound = to_bytes(ask);
  for (int i = 0; i < 5000; ++i) {
    Octets request = sound;
    for (std::size_t n = random.between(1, 4); n > 0; --n) {
      request[random.between(0, request.size() - 1)] = random.octet();
    }
    if (random.chance(4)) request.resize(random.between(0, request.size()));
    const dnswire::Bytes reply = send(request);
    EXPECT_EQ(reply.empty(), !scratch->outcome.answered);
    if (reply.empty()) continue;
    ASSERT_GE(reply.size(), 12U);
    EXPECT_EQ(reply[0], request[0]);
    EXPECT_EQ(reply[1], request[1]);
    EXPECT_TRUE(reply[2] & 0x80);
    EXPECT_NE(scratch->outcome.rcode, Rcode::ServFail);
  }
}

}  // namespace
}  // namespace answer
