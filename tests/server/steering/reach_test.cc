#include "server/steering/reach.h"

#include <algorithm>

#include "tests/server/steering/random_plan.h"

namespace steering {
namespace {

using dnswire::Family;
using health::SubjectId;

std::vector<std::uint32_t> reach(const World& world, zones::DynamicId record) {
  std::vector<std::uint32_t> numbers;
  for (const SubjectId subject : find_subjects(world.plan, world.plan[record])) {
    numbers.push_back(static_cast<std::uint32_t>(subject));
  }
  return numbers;
}

using Numbers = std::vector<std::uint32_t>;

// Endpoints "0" to "5", one address each: they are the subjects of those numbers.
World world_of_six() {
  World world;
  for (const char* name : {"0", "1", "2", "3", "4", "5"}) {
    world.add(name, ("192.0.2." + std::string(name)).c_str());
  }
  return world;
}

TEST(FindSubjects, OfBothFamiliesAndAllAddressesInRisingOrder) {
  World world = world_of_six();
  world.put_face("4", "2001:db8::4");
  world.put_face("1", "192.0.2.11");
  const auto pool =
      world.add_pool("p", {{world.endpoints["4"]}, {world.endpoints["1"]}}, Pick::Failover);
  EXPECT_EQ(reach(world, world.add_record(pool)), (Numbers{1, 4, 6, 7}));
}

TEST(FindSubjects, OfAllRules) {
  World world = world_of_six();
  const auto one = world.add_pool("one", {{world.endpoints["1"]}}, Pick::All);
  const auto two = world.add_pool("two", {{world.endpoints["2"]}}, Pick::All);
  world.add_pool("three", {{world.endpoints["3"]}}, Pick::All);
  const auto record = world.add_record(one);
  world.plan.records[0].rules.emplace_back().pool = two;
  EXPECT_EQ(reach(world, record), (Numbers{1, 2}));
}

TEST(FindSubjects, OfPoolsInsideAndBehindThem) {
  World world = world_of_six();
  const auto inner = world.add_pool("inner", {{world.endpoints["1"]}}, Pick::All);
  const auto then = world.add_pool("then", {{world.endpoints["2"]}}, Pick::All);
  const auto inner_then = world.add_pool("inner then", {{world.endpoints["3"]}}, Pick::All);
  world.pool(inner).then = inner_then;
  const auto outer = world.add_pool("outer", {{inner}, {world.endpoints["0"]}}, Pick::All);
  world.pool(outer).then = then;
  EXPECT_EQ(reach(world, world.add_record(outer)), (Numbers{0, 1, 2, 3}));
  EXPECT_EQ(reach(world, world.add_record(inner)), (Numbers{1, 3}));
}

TEST(FindSubjects, OfWhatItFallsBackTo) {
  World world = world_of_six();
  const auto main = world.add_pool("main", {{world.endpoints["5"]}}, Pick::All);
  const auto spare = world.add_pool("spare", {{world.endpoints["3"]}}, Pick::All);
  const auto early = world.add_pool("early", {{world.endpoints["2"]}}, Pick::All);
  const auto record = world.add_record(main);
  world.plan.records[0].fallback.pool = spare;
  world.plan.records[0].until_checked.pool = early;
  EXPECT_EQ(reach(world, record), (Numbers{2, 3, 5}));
}

TEST(FindSubjects, EachOnceThoughManyWaysLeadToIt) {
  World world = world_of_six();
  const auto inner = world.add_pool("inner", {{world.endpoints["1"]}}, Pick::All);
  const auto outer = world.add_pool("outer", {{inner}, {world.endpoints["1"]}}, Pick::All);
  world.pool(outer).then = inner;
  EXPECT_EQ(reach(world, world.add_record(outer)), Numbers{1});
}

TEST(FindSubjects, OfAnAliasAreNone) {
  World world = world_of_six();
  world.plan.records.emplace_back().alias =
      Target{*dnswire::Name::from_text("elsewhere.test."), Target::As::Addresses};
  EXPECT_EQ(reach(world, zones::DynamicId{0}), Numbers{});
}

// Whoever is not among them has no say in any decision.
TEST(FindSubjects, LeavesOutNobodyWhoHasASay) {
  Random random;
  SCOPED_TRACE(random.seed_text());
  std::size_t left_out = 0;
  for (int i = 0; i < 150; ++i) {
    World world = random_world(random, false);
    randomize_board(random, world);
    const Atlas atlas = Atlas::compile(world.plan, world.map);
    for (std::uint32_t which = 0; which < 2 * world.plan.records.size(); ++which) {
      const zones::DynamicId record{which / 2};
      const Family family = which % 2 == 0 ? Family::V4 : Family::V6;
      const Numbers known = reach(world, record);
      World other = world;
      randomize_board(random, other);
      for (const std::uint32_t subject : known) {
        other.standings[subject] = world.standings[subject];
      }
      left_out += world.standings.size() - known.size();
      const auto client = random_client(random);
      const Decision before =
          decide(world.plan, atlas, world.board(), record, family, client, world.workspace);
      const Decision after =
          decide(world.plan, atlas, other.board(), record, family, client, other.workspace);
      ASSERT_TRUE(std::ranges::equal(before.addresses, after.addresses)) << "plan " << i;
      ASSERT_EQ(before.ttl, after.ttl) << "plan " << i;
      ASSERT_EQ(before.target, after.target) << "plan " << i;
      ASSERT_EQ(before.servfail, after.servfail) << "plan " << i;
      ASSERT_EQ(before.last_resort, after.last_resort) << "plan " << i;
    }
  }
  EXPECT_GT(left_out, 100U);
}

}  // namespace
}  // namespace steering
