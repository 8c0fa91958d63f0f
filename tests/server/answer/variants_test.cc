#include "server/answer/variants.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "server/steering/reach.h"
#include "tests/server/steering/random_plan.h"

namespace answer {
namespace {

using dnswire::Family;
using steering::Pick;
using steering::Random;
using steering::World;
using zones::DynamicId;
using Kind = Variant::Kind;

using PlanPointer = std::shared_ptr<const steering::Plan>;
using AtlasPointer = std::shared_ptr<const steering::Atlas>;

PlanPointer plan_of(const World& world) {
  return std::make_shared<const steering::Plan>(world.plan);
}
AtlasPointer atlas_of(const World& world) {
  return std::make_shared<const steering::Atlas>(steering::Atlas::compile(world.plan, world.map));
}
std::shared_ptr<const health::Board> board_of(const World& world) {
  return std::make_shared<const health::Board>(world.board());
}

// Two endpoints, a pool of each; three records, of which the first and the last are alike.
struct Pair {
  Pair() {
    world.add("one", "192.0.2.1");
    world.add("two", "192.0.2.2");
    const auto first = world.add_pool("first", {{world.endpoints["one"]}}, Pick::All);
    const auto second = world.add_pool("second", {{world.endpoints["two"]}}, Pick::All);
    for (const auto pool : {first, second, first}) world.add_record(pool);
    plan = plan_of(world);
    atlas = atlas_of(world);
  }
  [[nodiscard]] Variants make(const Variants& before) const {
    return Variants::make(plan, atlas, board_of(world), before);
  }

  World world;
  PlanPointer plan;
  AtlasPointer atlas;
};

constexpr DynamicId kFirst{0}, kSecond{1}, kLikeFirst{2};

TEST(Variants, AreRecordsAsTheyAreSent) {
  const Pair pair;
  const Variants variants = pair.make({});
  const Variant* const variant = variants.find(kFirst, Family::V4, 0);
  ASSERT_NE(variant, nullptr);
  EXPECT_EQ(variant->kind, Kind::Addresses);
  EXPECT_EQ(variant->count, 1U);
  EXPECT_FALSE(variant->last_resort);
  const std::vector<std::uint8_t> expected{0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 192, 0, 2, 1};
  EXPECT_TRUE(std::ranges::equal(variant->records, expected));
  const Variant* const none = variants.find(kFirst, Family::V6, 0);
  ASSERT_NE(none, nullptr);
  EXPECT_EQ(none->kind, Kind::Nothing);
  EXPECT_TRUE(none->records.empty());
  EXPECT_EQ(none->ttl, dnswire::kMaxTtl);
}

TEST(Variants, OfNothingAreNone) { EXPECT_EQ(Variants().find(kFirst, Family::V4, 0), nullptr); }

TEST(Variants, OfRecordsThatAreAlikeAreShared) {
  const Pair pair;
  const Variants variants = pair.make({});
  for (const Family family : {Family::V4, Family::V6}) {
    EXPECT_EQ(variants.find(kFirst, family, 0), variants.find(kLikeFirst, family, 0));
    EXPECT_NE(variants.find(kFirst, family, 0), variants.find(kSecond, family, 0));
  }
}

// They share a chart, for they lead their clients alike.
TEST(Variants, OfRecordsThatDifferInAnythingAreTheirOwn) {
  const auto expect_apart = [](void (*change)(steering::DynamicRecord&)) {
    Pair pair;
    change(pair.world.plan.records[2]);
    pair.world.set("one", health::State::Down);
    const auto atlas = atlas_of(pair.world);
    ASSERT_EQ(&atlas->chart(kFirst, Family::V4), &atlas->chart(kLikeFirst, Family::V4));
    const Variants variants = Variants::make(plan_of(pair.world), atlas, board_of(pair.world), {});
    const Variant* const one = variants.find(kFirst, Family::V4, 0);
    const Variant* const other = variants.find(kLikeFirst, Family::V4, 0);
    EXPECT_TRUE(one->kind != other->kind || one->ttl != other->ttl);
  };
  expect_apart([](steering::DynamicRecord& record) { record.ttl = dnswire::Ttl(7); });
  expect_apart([](steering::DynamicRecord& record) { record.ttl_min = dnswire::Ttl(20); });
  expect_apart(
      [](steering::DynamicRecord& record) { record.all_down = steering::AllDown::NoData; });
}

TEST(Variants, AreMadeAnewForThoseAloneWhoseEndpointsChange) {
  Pair pair;
  const Variants before = pair.make({});
  pair.world.set("two", health::State::Down, 7);
  const Variants after = pair.make(before);
  for (const Family family : {Family::V4, Family::V6}) {
    EXPECT_EQ(before.find(kFirst, family, 0), after.find(kFirst, family, 0));
    EXPECT_EQ(before.find(kLikeFirst, family, 0), after.find(kLikeFirst, family, 0));
    EXPECT_NE(before.find(kSecond, family, 0), after.find(kSecond, family, 0));
  }
  EXPECT_TRUE(after.find(kSecond, Family::V4, 0)->last_resort);
}

TEST(Variants, OutliveThoseThatTheyWereTakenFrom) {
  const Pair pair;
  auto before = std::make_unique<Variants>(pair.make({}));
  const Variants after = pair.make(*before);
  before.reset();
  EXPECT_EQ(after.find(kFirst, Family::V4, 0)->records.size(), 16U);
}

TEST(Variants, OfAnotherPlanOrAtlasAreMadeAnew) {
  const Pair pair;
  const Variants before = pair.make({});
  const auto board = board_of(pair.world);
  const Variants of_plan = Variants::make(plan_of(pair.world), pair.atlas, board, before);
  const Variants of_atlas = Variants::make(pair.plan, atlas_of(pair.world), board, before);
  for (const DynamicId record : {kFirst, kSecond, kLikeFirst}) {
    const Variant* const old = before.find(record, Family::V4, 0);
    EXPECT_NE(of_plan.find(record, Family::V4, 0), old);
    EXPECT_NE(of_atlas.find(record, Family::V4, 0), old);
  }
}

TEST(Variants, OfDrawsAndNetworksAreIndividual) {
  for (const Pick pick : {Pick::Weighted, Pick::Sticky}) {
    World world;
    world.add("one", "192.0.2.1");
    world.add("two", "192.0.2.2");
    world.add_record(
        world.add_pool("both", {{world.endpoints["one"]}, {world.endpoints["two"]}}, pick));
    const Variants variants = Variants::make(plan_of(world), atlas_of(world), board_of(world), {});
    EXPECT_EQ(variants.find(kFirst, Family::V4, 0)->kind, Kind::Individual);
  }
}

TEST(Variants, OfServfailAndOtherNamesAreIndividual) {
  World world;
  world.add("one", "192.0.2.1");
  const auto pool = world.add_pool("pool", {{world.endpoints["one"]}}, Pick::All);
  for (int i = 0; i < 3; ++i) world.add_record(pool);
  const steering::Target target{*dnswire::Name::from_text("elsewhere.test."),
                                steering::Target::As::Cname};
  world.plan.records[0].all_down = steering::AllDown::ServFail;
  world.plan.records[1].all_down = steering::AllDown::Fallback;
  world.plan.records[1].fallback.target = target;
  world.plan.records[2] = {};
  world.plan.records[2].alias = target;
  world.set("one", health::State::Down);
  const Variants variants = Variants::make(plan_of(world), atlas_of(world), board_of(world), {});
  EXPECT_EQ(variants.find(DynamicId{0}, Family::V4, 0)->kind, Kind::Individual);
  EXPECT_EQ(variants.find(DynamicId{1}, Family::V4, 0)->kind, Kind::Individual);
  EXPECT_EQ(variants.find(DynamicId{2}, Family::V4, 0), nullptr);
}

// A record that divides its clients into that many classes.
World world_of_classes(std::size_t classes) {
  World world;
  world.add("one", "192.0.2.1");
  steering::DynamicRecord record;
  for (std::uint32_t i = 0; i < classes; ++i) {
    steering::Rule& rule = record.rules.emplace_back();
    rule.pool = world.add_pool("p" + std::to_string(i), {{world.endpoints["one"]}}, Pick::All);
    if (i + 1 == classes) break;  // the last one catches all
    const std::string net = "20." + std::to_string(i / 256) + "." + std::to_string(i % 256);
    rule.nets.emplace().push_back(steering::net((net + ".0/24").c_str()));
  }
  world.plan.records.push_back(std::move(record));
  return world;
}

TEST(Variants, OfMoreClassesThanTheLimitAreNone) {
  for (const std::size_t more : {0U, 1U}) {
    const World world = world_of_classes(Variants::kMaxClasses + more);
    const auto atlas = atlas_of(world);
    ASSERT_EQ(atlas->chart(kFirst, Family::V4).classes().size(), Variants::kMaxClasses + more);
    const Variants variants = Variants::make(plan_of(world), atlas, board_of(world), {});
    for (const std::uint32_t number : {0U, 4095U}) {
      EXPECT_EQ(variants.find(kFirst, Family::V4, number) == nullptr, more > 0);
    }
  }
}

bool is_same(const Variant& a, const Variant& b) {
  return a.kind == b.kind && a.ttl == b.ttl && a.count == b.count &&
         a.last_resort == b.last_resort && std::ranges::equal(a.records, b.records);
}

// Health in a random walk: what was taken over step by step is what would be made from scratch, and
// no more is made than has to be.
class Walk {
 public:
  Walk(Random& random, World world)
      : random_(random),
        world_(std::move(world)),
        plan_(plan_of(world_)),
        atlas_(atlas_of(world_)),
        board_(board_of(world_)),
        variants_(Variants::make(plan_, atlas_, board_, {})) {}

  void step() {
    const World before = world_;
    World other = world_;
    randomize_board(random_, other);
    for (std::size_t left = random_.between(0, 3); left > 0; --left) {
      const std::size_t subject = random_.between(0, world_.standings.size() - 1);
      world_.standings[subject] = other.standings[subject];
    }
    board_ = board_of(world_);
    Variants next = Variants::make(plan_, atlas_, board_, variants_);
    const Variants scratch = Variants::make(plan_, atlas_, board_, {});
    for (std::uint32_t i = 0; i < plan_->records.size(); ++i) {
      for (const Family family : {Family::V4, Family::V6}) {
        compare(DynamicId{i}, family, next, scratch);
        compare_makers(DynamicId{i}, family, next, before.standings);
      }
    }
    variants_ = std::move(next);
  }

  std::size_t taken_over = 0;
  std::size_t made = 0;

 private:
  void compare(DynamicId record, Family family, const Variants& next, const Variants& scratch) {
    const auto classes = atlas_->chart(record, family).classes().size();
    for (std::uint32_t number = 0; number < classes; ++number) {
      const Variant* const one = next.find(record, family, number);
      const Variant* const other = scratch.find(record, family, number);
      ASSERT_EQ(one == nullptr, other == nullptr);
      if (one != nullptr) {
        ASSERT_TRUE(is_same(*one, *other));
      }
    }
  }

  void compare_makers(DynamicId record, Family family, const Variants& next,
                      const std::vector<health::Standing>& before) {
    const Variant* const old = variants_.find(record, family, 0);
    if (old == nullptr) return;
    const auto subjects = find_subjects(*plan_, (*plan_)[record]);
    const bool is_kept = std::ranges::all_of(subjects, [&](health::SubjectId subject) {
      return before[static_cast<std::size_t>(subject)] == (*board_)[subject];
    });
    EXPECT_EQ(next.find(record, family, 0) == old, is_kept);
    ++(is_kept ? taken_over : made);
  }

  Random& random_;
  World world_;
  PlanPointer plan_;
  AtlasPointer atlas_;
  std::shared_ptr<const health::Board> board_;
  Variants variants_;
};

TEST(Variants, TakenOverAreWhatWouldBeMadeFromScratch) {
  Random random;
  SCOPED_TRACE(random.seed_text());
  std::size_t taken_over = 0;
  std::size_t made = 0;
  for (int i = 0; i < 20 && !HasFailure(); ++i) {
    World world = steering::random_world(random, false);
    if (i % 2 == 0) world.map = steering::random_map(random);
    world.plan.records.push_back(world.plan.records.front());
    randomize_board(random, world);
    Walk walk(random, std::move(world));
    for (int step = 0; step < 20 && !HasFailure(); ++step) walk.step();
    taken_over += walk.taken_over;
    made += walk.made;
  }
  EXPECT_GT(taken_over, 200U);
  EXPECT_GT(made, 200U);
}

}  // namespace
}  // namespace answer
