// The pick by a hash of the client's network: what many clients get, before and after a change.
#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

#include "server/steering/select.h"
#include "tests/server/steering/chi_square.h"
#include "tests/server/steering/world.h"

namespace steering {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using health::State;
using testing::ElementsAre;
using testing::SizeIs;

constexpr std::uint32_t kClients = 20000;
constexpr std::size_t kEndpoints = 10;

// The first address of the n-th network of /24, all of them public.
IpAddress client(std::uint32_t n) {
  const std::array<std::uint8_t, 4> octets{static_cast<std::uint8_t>(20 + (n >> 16)),
                                           static_cast<std::uint8_t>(n >> 8),
                                           static_cast<std::uint8_t>(n), 0};
  return IpAddress::from_octets(Family::V4, octets);
}

class SelectSticky : public testing::Test {
 protected:
  SelectSticky() { fill(world_, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}); }

  // "edge0" at 192.0.2.10 and so on.
  static void fill(World& world, const std::vector<std::size_t>& order) {
    std::vector<Member> members;
    for (const std::size_t i : order) {
      const std::string number = std::to_string(i);
      members.push_back({world.add("edge" + number, ("192.0.2.1" + number).c_str())});
    }
    world.add_record(world.add_pool("edges", members, Pick::Sticky));
  }

  static std::vector<std::string> owners(World& world) {
    const Atlas atlas = Atlas::compile(world.plan, world.map);
    const health::Board board = world.board();
    std::vector<std::string> result;
    for (std::uint32_t n = 0; n < kClients; ++n) {
      const Decision decision = decide(world.plan, atlas, board, zones::DynamicId{0}, Family::V4,
                                       client(n), world.workspace);
      result.push_back(decision.addresses.size() == 1 ? decision.addresses[0].to_text() : "?");
    }
    return result;
  }
  std::vector<std::string> owners() { return owners(world_); }

  static Counts count(const std::vector<std::string>& owners) {
    Counts counts;
    for (const std::string& owner : owners) ++counts[owner];
    return counts;
  }

  void weigh(std::size_t member, std::uint32_t weight) {
    world_.plan.pools[0].members[member].weight = weight;
  }

  World world_;
};

TEST_F(SelectSticky, GivesEveryNetworkOneMemberAndAllMembersAlike) {
  const Counts counts = count(owners());
  ASSERT_THAT(counts, SizeIs(kEndpoints));
  Counts alike;
  for (const auto& [owner, seen] : counts) alike[owner] = 1;
  EXPECT_LT(chi_square(counts, alike), 27.88) << "0.1 % of fair draws are worse";
}

TEST_F(SelectSticky, IsTheSameOnAServerThatReadsItsFilesInAnotherOrder) {
  World other;
  fill(other, {3, 9, 0, 7, 5, 1, 8, 2, 6, 4});
  EXPECT_EQ(owners(other), owners());
}

TEST_F(SelectSticky, OnlyTheShareOfTheOneThatFallsMovesAndComesBack) {
  const auto before = owners();
  world_.set("edge4", State::Down);
  const auto after = owners();
  std::size_t moved = 0;
  for (std::uint32_t n = 0; n < kClients; ++n) {
    if (before[n] == "192.0.2.14") {
      ++moved;
      ASSERT_NE(after[n], "192.0.2.14");
    } else {
      ASSERT_EQ(after[n], before[n]) << "client " << n;
    }
  }
  EXPECT_LE(moved, kClients / kEndpoints + kClients / 100);
  Counts heirs;
  Counts alike;
  for (std::uint32_t n = 0; n < kClients; ++n) {
    if (before[n] == after[n]) continue;
    ++heirs[after[n]];
    alike[after[n]] = 1;
  }
  EXPECT_THAT(heirs, SizeIs(kEndpoints - 1)) << "all others take over a part";
  EXPECT_LT(chi_square(heirs, alike), 26.12) << "and the same part; 0.1 % of fair draws are worse";
  world_.set("edge4", State::Up);
  EXPECT_EQ(owners(), before);
}

TEST_F(SelectSticky, ANewMemberTakesItsShareAndNothingElseMoves) {
  const auto before = owners();
  Member member{world_.add("edge10", "192.0.2.20")};
  member.key = sticky_key("edge10");
  world_.plan.pools[0].members.insert(world_.plan.pools[0].members.begin(), member);
  const auto after = owners();
  std::size_t moved = 0;
  for (std::uint32_t n = 0; n < kClients; ++n) {
    if (after[n] == before[n]) continue;
    ASSERT_EQ(after[n], "192.0.2.20");
    ++moved;
  }
  EXPECT_LE(moved, kClients / (kEndpoints + 1) + kClients / 100);
  EXPECT_GE(moved, kClients / (kEndpoints + 1) - kClients / 100);
}

TEST_F(SelectSticky, SharesAreThoseOfTheWeights) {
  for (std::size_t i = 4; i < kEndpoints; ++i) weigh(i, 0);
  weigh(0, 5);
  weigh(1, 3);
  weigh(2, 2);
  weigh(3, 10);
  const Counts counts = count(owners());
  EXPECT_THAT(counts, SizeIs(4)) << "who has weight 0 gets nobody";
  EXPECT_LT(
      chi_square(counts,
                 {{"192.0.2.10", 5}, {"192.0.2.11", 3}, {"192.0.2.12", 2}, {"192.0.2.13", 10}}),
      kWorst3);
}

TEST_F(SelectSticky, AHigherWeightOnlyDrawsClientsToItsMember) {
  const auto before = owners();
  world_.standing("edge7").weight = 3;
  const auto after = owners();
  std::size_t moved = 0;
  for (std::uint32_t n = 0; n < kClients; ++n) {
    if (after[n] == before[n]) continue;
    ASSERT_EQ(after[n], "192.0.2.17");
    ++moved;
  }
  EXPECT_NEAR(static_cast<double>(moved) / kClients, 3.0 / 12 - 1.0 / 10, 0.01);
  world_.standing("edge7").weight = 0;
  EXPECT_EQ(count(owners()).count("192.0.2.17"), 0U) << "an operator's weight of 0 empties it";
}

TEST_F(SelectSticky, ZeroComesBehindAllOthers) {
  for (std::size_t i = 1; i < kEndpoints; ++i) weigh(i, 0);
  EXPECT_THAT(count(owners()), SizeIs(1));
  world_.set("edge0", State::Down);
  const Counts counts = count(owners());
  EXPECT_THAT(counts, SizeIs(kEndpoints - 1)) << "among themselves all alike";
}

TEST_F(SelectSticky, ClientsOfOneNetworkGetTheSame) {
  const zones::DynamicId record{0};
  world_.pool(PoolId{0}).sticky_bits = {16, 32};
  const auto first = texts(world_.decide(record, Family::V4, "20.7.0.1"));
  EXPECT_EQ(texts(world_.decide(record, Family::V4, "20.7.255.200")), first);
  EXPECT_EQ(texts(world_.decide(record, Family::V4, "::ffff:20.7.1.1")), first);
  EXPECT_EQ(world_.decide(record, Family::V4, "20.7.255.200").scope, 16);
  EXPECT_EQ(texts(world_.decide(record, Family::V4, "2a00:1::1")),
            texts(world_.decide(record, Family::V4, "2a00:1:ffff::1")));
  EXPECT_EQ(world_.decide(record, Family::V4, "2a00:1::1").scope, 32);
}

TEST_F(SelectSticky, LooksAtTwentyFourAndFiftySixBitsUnlessToldOtherwise) {
  EXPECT_EQ(world_.decide(zones::DynamicId{0}, Family::V4, "20.7.0.1").scope, 24);
  EXPECT_EQ(world_.decide(zones::DynamicId{0}, Family::V4, "2a00:1::1").scope, 56);
}

TEST_F(SelectSticky, WhereThereIsNoChoiceTheClientIsNotLookedAt) {
  world_.plan.pools[0].members.resize(1);
  EXPECT_EQ(world_.decide(zones::DynamicId{0}, Family::V4, "20.7.0.1").scope, 0);
}

TEST_F(SelectSticky, MaxGivesTheNextBestAsWell) {
  world_.plan.pools[0].max = 3;
  const zones::DynamicId record{0};
  const auto three = texts(world_.decide(record, Family::V4, "20.7.0.1"));
  ASSERT_THAT(three, SizeIs(3));
  world_.plan.pools[0].max = 0;
  EXPECT_THAT(texts(world_.decide(record, Family::V4, "20.7.0.1")), ElementsAre(three[0]));
  const std::string best = "edge" + three[0].substr(three[0].size() - 1);
  world_.set(best, State::Down);
  EXPECT_THAT(texts(world_.decide(record, Family::V4, "20.7.0.1")), ElementsAre(three[1]));
}

TEST_F(SelectSticky, RestsOnThoseWithAHigherScore) {
  const zones::DynamicId record{0};
  world_.plan.pools[0].max = kEndpoints;
  const auto all = texts(world_.decide(record, Family::V4, "20.7.0.1"));
  const auto name = [&](std::size_t rank) {
    return "edge" + all.at(rank).substr(all.at(rank).size() - 1);
  };
  world_.plan.pools[0].max = 0;
  world_.set(name(0), State::Down, 20);
  world_.set(name(2), State::Down, 7);
  EXPECT_EQ(world_.decide(record, Family::V4, "20.7.0.1").ttl, dnswire::Ttl(20))
      << "who comes behind plays no part";
  world_.set(name(0), State::Down, 6);
  EXPECT_EQ(world_.decide(record, Family::V4, "20.7.0.1").ttl, dnswire::Ttl(6));
}

TEST(StickyScore, IsHigherForAnyWeightThanForNone) {
  for (std::uint32_t n = 0; n < 1000; ++n) {
    EXPECT_GT(sticky_score(n, client(n), 1), 0);
    EXPECT_LT(sticky_score(n, client(n), 0), 0);
    EXPECT_LT(sticky_score(n, client(n), 1000000), std::numeric_limits<double>::infinity());
  }
}

TEST(StickyScore, KeysThatAreAlikeHaveNothingInCommon) {
  int first = 0;
  for (std::uint32_t n = 0; n < 1000; ++n) {
    if (sticky_score(1, client(n), 1) > sticky_score(2, client(n), 1)) ++first;
  }
  EXPECT_NEAR(first, 500, 80);
}

}  // namespace
}  // namespace steering
