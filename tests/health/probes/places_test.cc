#include "health/probes/places.h"

#include <gtest/gtest.h>

#include <string>

namespace probes {
namespace {

struct PlacesTest : testing::Test {
  // Writes down who has got a place.
  void queue(char who) {
    if (places.take(who)) log += who;
  }
  void let_in() {
    while (const std::optional<char> who = places.next()) log += *who;
  }
  void give_back() {
    places.give_back();
    let_in();
  }

  Places<char> places{2};
  std::string log;
};

TEST_F(PlacesTest, GivesWhatIsFree) {
  for (const char who : {'A', 'B', 'C'}) queue(who);
  let_in();
  EXPECT_EQ(log, "AB");
  EXPECT_EQ(places.taken(), 2U);
  EXPECT_EQ(places.waiting(), 1U);
}

TEST_F(PlacesTest, ServesFirstComeFirst) {
  for (const char who : {'A', 'B', 'C', 'D', 'E'}) queue(who);
  give_back();
  EXPECT_EQ(log, "ABC");
  give_back();
  give_back();
  EXPECT_EQ(log, "ABCDE");
}

TEST_F(PlacesTest, KeepsWhatNobodyWaitsFor) {
  queue('A');
  queue('B');
  give_back();
  queue('C');
  queue('D');
  EXPECT_EQ(log, "ABC");
}

TEST_F(PlacesTest, LetsNobodyPassThoseInLine) {
  for (const char who : {'A', 'B', 'C'}) queue(who);
  places.give_back();
  queue('D');
  EXPECT_EQ(log, "AB");
  let_in();
  EXPECT_EQ(log, "ABC");
}

TEST_F(PlacesTest, ForgetsWhoLeavesTheLine) {
  for (const char who : {'A', 'B', 'C', 'D', 'C'}) queue(who);
  places.leave_if([](char who) { return who == 'C'; });
  EXPECT_EQ(places.waiting(), 1U);
  give_back();
  EXPECT_EQ(log, "ABD");
}

TEST_F(PlacesTest, GrowsAtOnce) {
  for (const char who : {'A', 'B', 'C', 'D', 'E'}) queue(who);
  places.resize(4);
  let_in();
  EXPECT_EQ(log, "ABCD");
}

TEST_F(PlacesTest, ShrinksAsPlacesAreGivenBack) {
  for (const char who : {'A', 'B', 'C'}) queue(who);
  places.resize(1);
  give_back();
  EXPECT_EQ(log, "AB");
  EXPECT_EQ(places.taken(), 1U);
  give_back();
  EXPECT_EQ(log, "ABC");
}

}  // namespace
}  // namespace probes
