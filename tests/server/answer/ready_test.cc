#include "server/answer/ready.h"

#include <gtest/gtest.h>

#include <array>

#include "both_ways.h"
#include "random_zone.h"
#include "stage.h"
#include "tests/conformance/message.h"

namespace answer {
namespace {

using dnswire::Name;
using dnswire::RrType;
using dnswire::testing::Random;
using testing::BothWays;
using testing::random_request;
using testing::RandomZone;
using testing::Stage;

Client random_client(Random& random) {
  const auto octets = random.octets(4);
  return {dnswire::IpAddress::from_octets(dnswire::Family::V4, octets),
          random.chance(4) ? Transport::Tcp : Transport::Udp};
}

// All that is asked of one zone, or of two of which one is below the other.
class Questions {
 public:
  Questions(Random& random, BothWays& ways, const Snapshot& snapshot)
      : random_(random), ways_(ways), snapshot_(snapshot) {}

  void ask(const Name& name, RrType type, dnswire::RrClass klass = dnswire::RrClass::IN) {
    const dnswire::Question question{name, type, klass};
    const auto request = random_request(random_, question, random_.chance(3));
    const Client client = random_client(random_);
    SCOPED_TRACE(name.to_text() + " " + to_text(type));
    ways_.compare(request, client, snapshot_);
  }

  // For everything that the zone has, in each form that it is sent in.
  void ask_for_all(RandomZone& random_zone, const zones::Zone& zone) {
    for (const zones::NodeId node : zone.nodes()) {
      for (std::size_t i = 0; i < zone.rrset_count(node); ++i) {
        const RrType type = zone.rrset_at(node, i).type();
        for (int times = 0; times < 3; ++times) ask(random_zone.name_for(zone.name(node)), type);
      }
    }
  }

 private:
  Random& random_;
  BothWays& ways_;
  const Snapshot& snapshot_;
};

std::string random_origin(Random& random) {
  switch (random.between(0, 7)) {
    case 0:
      return ".";
    case 1:
      return "Deep.Sub.Example.Test.";
    case 2: {
      std::string origin = "test.";
      while (origin.size() < 160) origin = "long" + std::to_string(origin.size()) + "." + origin;
      return origin;
    }
    default:
      return "a.test.";
  }
}

TEST(Ready, SaysWhatIsComposedForTheQuestion) {
  constexpr int kZones = 120;
  Random random;
  SCOPED_TRACE(random.seed_text());
  BothWays ways;
  Snapshot snapshot = *empty_snapshot();
  snapshot.settings = std::make_shared<const Settings>(testing::rich_settings());
  for (int i = 0; i < kZones && !::testing::Test::HasFailure(); ++i) {
    RandomZone random_zone(random, random_origin(random));
    for (std::size_t left = random.between(5, 30); left > 0; --left) random_zone.add_something();
    constexpr std::array<std::size_t, 4> kSizes{512, 1232, 1232, 18'000};
    random_zone.add_large(kSizes[random.between(0, 3)] + random.between(0, 40) - 30);
    if (i % 10 == 0) random_zone.add_large(zones::kMaxRrSetSize - random.between(0, 3000));
    const auto zone = std::make_shared<const zones::Zone>(random_zone.build());
    auto zones = std::make_shared<zones::ZoneSet>();
    zones->add(zone);
    // One that is there for the DS records at its apex, and for aliases that lead into it.
    RandomZone below(random, "sub." + (zone->origin().is_root() ? "" : zone->origin().to_text()));
    for (int left = random.chance(2) ? 5 : 0; left > 0; --left) below.add_something();
    if (random.chance(2)) zones->add(std::make_shared<const zones::Zone>(below.build()));
    snapshot.zones = zones;
    Questions questions(random, ways, snapshot);
    questions.ask_for_all(random_zone, *zone);
    for (int j = 0; j < 60; ++j) questions.ask(random_zone.any_name(), random_zone.any_type());
    for (int j = 0; j < 10; ++j) questions.ask(below.any_name(), below.any_type());
    questions.ask(random_zone.any_name(), random_zone.any_type(), dnswire::RrClass::CH);
  }
  const BothWays::Count& count = ways.count();
  EXPECT_GT(count.asked, 10'000U);
  EXPECT_GT(count.ready * 2, count.asked) << "most are ready";
  EXPECT_GT(count.truncated, 20U);
  EXPECT_GT(count.too_long, 20U);
}

// What one question is sent, and whether that was ready.
struct Sent {
  std::vector<std::string> answer, authority;
  bool ready = false;
};

class ByHand {
 public:
  explicit ByHand(Stage& stage) : snapshot_(stage.snapshot()) {}

  Sent ask(const char* name, const char* type) {
    const auto request = conformance::to_bytes({.name = name, .type = type});
    const Client client{dnswire::IpAddress::from_text("198.51.100.53").value()};
    const std::size_t before = ways_.count().ready;
    ways_.compare(request, client, snapshot_);
    const auto reply = conformance::read_reply(answer(request, client, snapshot_, 0, *scratch_));
    return {reply.answer, reply.authority, ways_.count().ready > before};
  }

 private:
  Snapshot snapshot_;
  BothWays ways_;
  std::unique_ptr<Scratch> scratch_ = std::make_unique<Scratch>(1);
};

using Lines = std::vector<std::string>;

TEST(Ready, HasRecordsOfEveryKind) {
  Stage stage{"example.com."};
  stage.add("ns.example.com.", "A", 60, "192.0.2.53");
  stage.add("www.example.com.", "MX", 60, "10 mail.WWW.example.com.");
  ByHand hand(stage);
  const Sent sent = hand.ask("wWw.Example.com.", "MX");
  EXPECT_TRUE(sent.ready);
  EXPECT_EQ(sent.answer, Lines{"wWw.Example.com. 60 IN MX 10 mail.wWw.Example.com."});
  EXPECT_TRUE(hand.ask("ns.example.com.", "A").ready);
  EXPECT_TRUE(hand.ask("example.com.", "SOA").ready);
}

TEST(Ready, MovesThePointersOfWildcards) {
  Stage stage{"example.com."};
  stage.add("ns.example.com.", "A", 60, "192.0.2.53");
  stage.add("*.w.example.com.", "MX", 60, "10 mail.w.example.com.");
  stage.add("*.w.example.com.", "MX", 60, "20 other.mail.w.example.com.");
  ByHand hand(stage);
  const Sent sent = hand.ask("some.thing.w.example.com.", "MX");
  EXPECT_TRUE(sent.ready);
  EXPECT_EQ(sent.answer,
            (Lines{"some.thing.w.example.com. 60 IN MX 10 mail.w.example.com.",
                   "some.thing.w.example.com. 60 IN MX 20 other.mail.w.example.com."}));
}

// A pointer to the question would say the name that was asked for instead.
TEST(Ready, LeavesToComposeAWildcardThatNamesItself) {
  Stage stage{"example.com."};
  stage.add("ns.example.com.", "A", 60, "192.0.2.53");
  stage.add("*.w.example.com.", "MX", 60, "10 a.*.w.example.com.");
  stage.add("*.v.example.com.", "PTR", 60, "*.V.example.com.");
  ByHand hand(stage);
  const Sent below = hand.ask("b.w.example.com.", "MX");
  EXPECT_FALSE(below.ready);
  EXPECT_EQ(below.answer, Lines{"b.w.example.com. 60 IN MX 10 a.*.w.example.com."});
  const Sent itself = hand.ask("b.v.example.com.", "PTR");
  EXPECT_FALSE(itself.ready);
  EXPECT_EQ(itself.answer, Lines{"b.v.example.com. 60 IN PTR *.v.example.com."});
}

TEST(Ready, Denies) {
  Stage stage{"example.com."};
  stage.add("ns.example.com.", "A", 60, "192.0.2.53");
  ByHand hand(stage);
  const Lines soa{"example.com. 30 IN SOA ns.example.com. h.example.com. 1 3600 900 1209600 30"};
  for (const auto& [name, type] :
       {std::pair("a.very.deep.example.com.", "A"), std::pair("ns.example.com.", "AAAA"),
        std::pair("example.com.", "TXT")}) {
    const Sent sent = hand.ask(name, type);
    EXPECT_TRUE(sent.ready) << name;
    EXPECT_EQ(sent.authority, soa) << name;
  }
}

// Aliases and referrals are composed, and so is what asks for no records.
TEST(Ready, LeavesToComposeWhatIsMoreThanOneRrset) {
  Stage stage{"example.com."};
  stage.add("ns.example.com.", "A", 60, "192.0.2.53");
  stage.add("alias.example.com.", "CNAME", 60, "ns.example.com.");
  stage.add("dname.example.com.", "DNAME", 60, "example.com.");
  stage.add("cut.example.com.", "NS", 60, "ns.elsewhere.");
  ByHand hand(stage);
  EXPECT_FALSE(hand.ask("alias.example.com.", "A").ready);
  EXPECT_TRUE(hand.ask("alias.example.com.", "CNAME").ready);
  EXPECT_FALSE(hand.ask("ns.dname.example.com.", "A").ready);
  EXPECT_FALSE(hand.ask("x.cut.example.com.", "A").ready);
  EXPECT_FALSE(hand.ask("ns.example.com.", "TYPE0").ready);
  EXPECT_FALSE(hand.ask("elsewhere.", "A").ready);
}

}  // namespace
}  // namespace answer
