#include "server/steering/strength.h"

#include <gmock/gmock.h>

#include "tests/server/steering/world.h"

namespace steering {
namespace {

using dnswire::Family;
using health::Force;
using health::State;
using std::chrono::seconds;

// "outer" has the endpoint "a" and the pool "inner" of "b" and "c", which spills to "d" alone.
class StrengthTest : public testing::Test {
 protected:
  StrengthTest() {
    const EndpointId a = world_.add("a", "192.0.2.1");
    const EndpointId b = world_.add("b", "192.0.2.2");
    const EndpointId c = world_.add("c", "192.0.2.3");
    const EndpointId d = world_.add("d", "192.0.2.4");
    behind_ = world_.add_pool("behind", {{d}}, Pick::All);
    inner_ = world_.add_pool("inner", {{b}, {c}}, Pick::All);
    outer_ = world_.add_pool("outer", {{a}, {inner_}}, Pick::All);
    record_ = world_.add_record(outer_);
  }

  void down(std::initializer_list<const char*> names) {
    for (const char* name : names) world_.set(name, State::Down);
  }
  Census count(PoolId pool, Family family = Family::V4) {
    return count_members(world_.situation(record_, family), world_.pool(pool));
  }
  Strength strength(const Member& member, Family family = Family::V4) {
    return strength_of(world_.situation(record_, family), member);
  }
  Strength inner(Family family = Family::V4) { return strength({inner_}, family); }
  std::optional<PoolId> serving(PoolId first) {
    steadiness_ = {};
    return serving_pool(world_.situation(record_), first, steadiness_);
  }

  World world_;
  PoolId behind_{}, inner_{}, outer_{};
  zones::DynamicId record_{};
  Steadiness steadiness_;
};

TEST_F(StrengthTest, CountsWhoIsThereAndWhoIsHealthy) {
  down({"b"});
  EXPECT_EQ(count(inner_).present, 2U);
  EXPECT_EQ(count(inner_).healthy, 1U);
  EXPECT_EQ(count(inner_).some, 1U);
  EXPECT_EQ(count(inner_).unchecked, 0U);
  EXPECT_EQ(count(inner_, Family::V6).present, 0U);
}

TEST_F(StrengthTest, CountsAPoolAsOneMember) {
  EXPECT_EQ(count(outer_).present, 2U);
  EXPECT_EQ(count(outer_).healthy, 2U);
  down({"b"});
  EXPECT_EQ(count(outer_).healthy, 2U);
  down({"c"});
  EXPECT_EQ(count(outer_).healthy, 1U);
  EXPECT_EQ(count(outer_).present, 2U);
}

TEST_F(StrengthTest, CountsWhoIsServedForWantOfAVerdict) {
  for (const char* name : {"a", "b", "c"}) world_.set(name, State::Unknown, 0);
  EXPECT_EQ(count(outer_).unchecked, 2U);
  EXPECT_EQ(count(inner_).unchecked, 2U);
  world_.standing("b").force = Force::Up;
  world_.standing("c").force = Force::Drained;
  EXPECT_EQ(count(outer_).unchecked, 1U);
  EXPECT_EQ(count(inner_).unchecked, 0U);
}

TEST_F(StrengthTest, APoolIsKnownToBeUpByWhomItSpillsToAsWell) {
  world_.pool(inner_).then = behind_;
  for (const char* name : {"a", "b", "c", "d"}) world_.set(name, State::Unknown, 0);
  EXPECT_EQ(count(outer_).unchecked, 2U);
  world_.set("d", State::Up);
  EXPECT_EQ(count(outer_).unchecked, 1U);
}

TEST_F(StrengthTest, AnEndpointIsHealthyByAnyOfItsAddresses) {
  world_.put_face("a", "192.0.2.11");
  down({"a"});
  EXPECT_EQ(strength({world_.endpoints.at("a")}), Strength::Enough);
  world_.set("a", State::Down, 10, Family::V4, 1);
  EXPECT_EQ(strength({world_.endpoints.at("a")}), Strength::None);
}

TEST_F(StrengthTest, APoolWithTooFewHasSome) {
  world_.pool(inner_).min_healthy = 2;
  EXPECT_EQ(inner(), Strength::Enough);
  down({"b"});
  EXPECT_EQ(inner(), Strength::Some);
  down({"c"});
  EXPECT_EQ(inner(), Strength::None);
}

TEST_F(StrengthTest, APoolIsAsStrongAsTheBestThatItSpillsTo) {
  world_.pool(inner_).min_healthy = 2;
  world_.pool(inner_).then = behind_;
  down({"b"});
  EXPECT_EQ(inner(), Strength::Enough) << "d is enough for behind";
  down({"d"});
  EXPECT_EQ(inner(), Strength::Some);
  down({"c"});
  EXPECT_EQ(inner(), Strength::None);
  world_.set("d", State::Up);
  EXPECT_EQ(inner(), Strength::Enough);
}

TEST_F(StrengthTest, SpillingIsForHealthNotForAFamilyThatThePoolLacks) {
  world_.pool(inner_).then = behind_;
  world_.put_face("a", "2001:db8::1");
  world_.put_face("d", "2001:db8::4");
  EXPECT_EQ(inner(Family::V6), Strength::None);
  EXPECT_EQ(count(outer_, Family::V6).present, 1U);
  EXPECT_EQ(count(outer_, Family::V6).healthy, 1U);
  Steadiness rests;
  rest_on_all(world_.situation(record_, Family::V6), Member{inner_}, rests);
  EXPECT_EQ(rests.time, seconds::max()) << "nobody can change it";
  world_.put_face("b", "2001:db8::2");
  world_.set("b", State::Down, 10, Family::V6);
  EXPECT_EQ(inner(Family::V6), Strength::Enough);
}

TEST_F(StrengthTest, TheFirstPoolWithEnoughServesElseTheFirstWithSome) {
  world_.pool(outer_).min_healthy = 2;
  world_.pool(outer_).then = behind_;
  EXPECT_EQ(serving(outer_), outer_);
  down({"a"});
  EXPECT_EQ(serving(outer_), behind_);
  down({"d"});
  EXPECT_EQ(serving(outer_), outer_);
  down({"b", "c"});
  EXPECT_EQ(serving(outer_), std::nullopt);
}

TEST_F(StrengthTest, APoolOfPoolsWithTooFewHasSome) {
  world_.pool(inner_).min_healthy = 2;
  down({"a", "b"});
  EXPECT_EQ(count(outer_).healthy, 0U);
  EXPECT_EQ(count(outer_).some, 1U);
  EXPECT_EQ(serving(outer_), outer_);
}

TEST_F(StrengthTest, RestsOnThoseThatKeepAPoolAtItsLeast) {
  std::ignore = serving(outer_);
  EXPECT_EQ(steadiness_.time, seconds::max()) << "what is picked will say";
  world_.set("c", State::Failing, 3);
  world_.pool(outer_).min_healthy = 2;
  std::ignore = serving(outer_);
  EXPECT_EQ(steadiness_.time, seconds(3));
  EXPECT_EQ(steadiness_.whose, world_.endpoints.at("c"));
}

TEST_F(StrengthTest, RestsOnThosePassedOverAndOnThoseThatTheyMightSpillTo) {
  world_.pool(inner_).then = behind_;
  down({"a", "b", "c"});
  world_.set("d", State::Recovering, 4);
  std::ignore = serving(outer_);
  EXPECT_EQ(steadiness_.time, seconds(4)) << "d could serve for inner";
  world_.set("d", State::Up, 4);
  world_.set("c", State::Up, 20);
  world_.pool(outer_).min_healthy = 3;
  std::ignore = serving(outer_);
  EXPECT_EQ(steadiness_.time, seconds(10)) << "inner has enough: d plays no part";
}

}  // namespace
}  // namespace steering
