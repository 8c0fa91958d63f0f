#include "health/board.h"

#include <gtest/gtest.h>

#include <chrono>

namespace health {
namespace {

using std::chrono::seconds;

Standing standing_of(State state, Force force = Force::None) {
  Standing standing;
  standing.state = state;
  standing.force = force;
  return standing;
}

struct Shown {
  State state = State::Up;
  Force force = Force::None;
  bool held = false;
  bool rescued = false;
  std::string_view text;
  bool is_served = false;
};

class StandingShown : public testing::TestWithParam<Shown> {};

TEST_P(StandingShown, SaysInOneWordWhyItIsServedOrNot) {
  const Shown& shown = GetParam();
  Standing standing = standing_of(shown.state, shown.force);
  standing.held = shown.held;
  standing.rescued = shown.rescued;
  EXPECT_EQ(to_text(standing), shown.text);
  EXPECT_EQ(standing.is_served(), shown.is_served);
}

INSTANTIATE_TEST_SUITE_P(
    Board, StandingShown,
    testing::Values(Shown{State::Unknown, Force::None, false, false, "unknown", true},
                    Shown{State::Up, Force::None, false, false, "up", true},
                    Shown{State::Failing, Force::None, false, false, "failing", true},
                    Shown{State::Down, Force::None, false, false, "down", false},
                    Shown{State::Recovering, Force::None, false, false, "recovering", false},
                    Shown{State::Down, Force::None, true, false, "held", true},
                    Shown{State::Down, Force::None, false, true, "rescued", true},
                    Shown{State::Up, Force::Drained, false, false, "drained", false},
                    Shown{State::Down, Force::Drained, false, false, "drained", false},
                    Shown{State::Down, Force::Up, false, false, "forced-up", true},
                    Shown{State::Up, Force::Down, false, false, "forced-down", false},
                    Shown{State::Down, Force::Down, true, false, "forced-down", false},
                    Shown{State::Down, Force::Drained, false, true, "drained", false}));

TEST(Force, HasText) {
  EXPECT_EQ(to_text(Force::None), "");
  EXPECT_EQ(to_text(Force::Drained), "drained");
  EXPECT_EQ(to_text(Force::Up), "forced-up");
  EXPECT_EQ(to_text(Force::Down), "forced-down");
}

TEST(Board, IsReadBySubject) {
  const Board board({standing_of(State::Up), standing_of(State::Down)});
  EXPECT_EQ(board.size(), 2U);
  EXPECT_EQ(board[SubjectId{0}].state, State::Up);
  EXPECT_EQ(board[SubjectId{1}].state, State::Down);
}

TEST(Board, ComparesByValue) {
  const Board up({standing_of(State::Up)});
  EXPECT_EQ(up, Board({standing_of(State::Up)}));
  EXPECT_NE(up, Board());
  Standing sooner = standing_of(State::Up);
  sooner.steady = seconds(10);
  EXPECT_NE(up, Board({sooner}));
}

}  // namespace
}  // namespace health
