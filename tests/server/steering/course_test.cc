#include "server/steering/course.h"

#include <gmock/gmock.h>

#include "server/steering/trace.h"
#include "tests/server/steering/world.h"

namespace steering {
namespace {

using dnswire::Family;
using dnswire::Ttl;
using health::Force;
using health::State;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using By = Course::By;

// A pool of two, and one behind it.
class CourseTest : public testing::Test {
 protected:
  CourseTest() {
    const EndpointId a = world_.add("a", "192.0.2.1");
    const EndpointId b = world_.add("b", "192.0.2.2");
    const EndpointId c = world_.add("c", "192.0.2.3");
    const EndpointId d = world_.add("d", "192.0.2.4");
    first_ = world_.add_pool("first", {{a}, {b}}, Pick::All);
    behind_ = world_.add_pool("behind", {{c}}, Pick::All);
    fixed_ = world_.add_pool("fixed", {{d}}, Pick::All);
    world_.plan.pools[0].then = behind_;
    record_ = world_.add_record(first_);
  }

  DynamicRecord& record() { return world_.plan.records[0]; }
  Course course(Family family = Family::V4) {
    return find_course(world_.situation(record_, family), record(), first_);
  }
  void set_all(State state, int steady = 10) {
    for (const char* name : {"a", "b", "c"}) world_.set(name, state, steady);
  }

  World world_;
  PoolId first_{}, behind_{}, fixed_{};
  zones::DynamicId record_{};
};

TEST_F(CourseTest, LeadsToTheFirstPoolWithEnough) {
  EXPECT_EQ(course().by, By::Health);
  EXPECT_EQ(course().pool, first_);
  world_.set("a", State::Down);
  world_.set("b", State::Down);
  EXPECT_EQ(course().pool, behind_);
}

TEST_F(CourseTest, LastResortIsAboutTheFirstPool) {
  set_all(State::Down);
  EXPECT_EQ(course().by, By::LastResort);
  EXPECT_EQ(course().pool, first_);
  record().all_down = AllDown::NoData;
  EXPECT_FALSE(course().pool);
  EXPECT_THAT(course().fixed, IsEmpty());
  record().all_down = AllDown::ServFail;
  EXPECT_TRUE(course().servfail);
}

TEST_F(CourseTest, SaysWhenTheFamilyIsNotThere) {
  record().all_down = AllDown::ServFail;
  record().until_checked.pool = fixed_;
  EXPECT_EQ(course(Family::V6).by, By::NoFamily);
  EXPECT_FALSE(course(Family::V6).servfail);
}

TEST_F(CourseTest, UntilCheckedSpeaksWhileNobodyIsKnownToBeUp) {
  set_all(State::Unknown, 0);
  EXPECT_EQ(course().by, By::Health) << "who has no verdict is served, unless the record says else";
  record().until_checked.pool = fixed_;
  EXPECT_EQ(course().by, By::UntilChecked);
  EXPECT_EQ(course().pool, fixed_);
  world_.set("a", State::Down);
  world_.set("c", State::Recovering);
  EXPECT_EQ(course().by, By::UntilChecked) << "b still has none";
  world_.set("b", State::Down);
  EXPECT_EQ(course().by, By::LastResort);
}

TEST_F(CourseTest, UntilCheckedEndsWithTheFirstThatIsKnownToBeServed) {
  const auto check = [this](const char* what) {
    EXPECT_EQ(course().by, By::Health) << what;
    set_all(State::Unknown, 0);
    EXPECT_EQ(course().by, By::UntilChecked) << what;
  };
  record().until_checked.addresses = {ip("192.0.2.9")};
  set_all(State::Unknown, 0);
  world_.set("b", State::Up);
  check("up");
  world_.set("b", State::Failing);
  check("failing");
  world_.set("c", State::Up);
  check("up in the pool behind");
  world_.standing("a").force = Force::Up;
  check("forced up");
  world_.set("a", State::Down);
  world_.standing("a").held = true;
  check("held");
  world_.set("a", State::Down);
  world_.standing("a").rescued = true;
  check("rescued");
  world_.standing("a") = {};
  check("no check");
}

TEST_F(CourseTest, WhoIsForcedOutIsNotWaitedFor) {
  record().until_checked.pool = fixed_;
  set_all(State::Down);
  world_.set("a", State::Unknown, 0);
  world_.standing("a").force = Force::Drained;
  EXPECT_EQ(course().by, By::LastResort);
}

TEST_F(CourseTest, UntilCheckedServesFixedAddressesAtTtlMin) {
  set_all(State::Unknown, 0);
  record().until_checked.addresses = {ip("192.0.2.9"), ip("2001:db8::9"), ip("192.0.2.8")};
  const Decision decision = world_.decide(record_);
  EXPECT_THAT(texts(decision), ElementsAre("192.0.2.9", "192.0.2.8"));
  EXPECT_TRUE(decision.unchecked);
  EXPECT_FALSE(decision.last_resort);
  EXPECT_EQ(decision.ttl, record().ttl_min);
}

TEST_F(CourseTest, UntilCheckedServesAPoolAsIfAllWereUp) {
  set_all(State::Unknown, 0);
  record().until_checked.pool = fixed_;
  world_.set("d", State::Down, 100);
  EXPECT_THAT(texts(world_.decide(record_)), ElementsAre("192.0.2.4"));
  EXPECT_EQ(world_.decide(record_).ttl, record().ttl_min);
  world_.standing("d").cap = seconds(1);
  EXPECT_EQ(world_.decide(record_).ttl, Ttl(1));
}

TEST_F(CourseTest, UntilCheckedWithoutTheFamilyIsADenialForTtlMin) {
  world_.put_face("a", "2001:db8::1");
  world_.set("a", State::Unknown, 0, Family::V6);
  record().until_checked.addresses = {ip("192.0.2.9")};
  const Decision decision = world_.decide(record_, Family::V6);
  EXPECT_THAT(decision.addresses, IsEmpty());
  EXPECT_TRUE(decision.unchecked);
  EXPECT_FALSE(decision.servfail);
  EXPECT_EQ(decision.ttl, record().ttl_min);
}

TEST_F(CourseTest, RestsOnEveryPoolThatWasPassedOver) {
  set_all(State::Down, 20);
  world_.set("c", State::Recovering, 6);
  record().all_down = AllDown::ServFail;
  EXPECT_EQ(world_.decide(record_).ttl, Ttl(6));
}

}  // namespace
}  // namespace steering
