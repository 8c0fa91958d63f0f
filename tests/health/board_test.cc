#include "health/board.h"

#include <gtest/gtest.h>

#include <chrono>

namespace health {
namespace {

using std::chrono::seconds;

CheckSpec check_every(Duration interval) {
  CheckSpec check;
  check.interval = interval;
  check.thresholds = {3, 2, 2};
  return check;
}

Verdict verdict_of(State state, std::uint16_t failures, std::uint16_t successes) {
  Verdict verdict;
  verdict.state = state;
  verdict.failures = failures;
  verdict.successes = successes;
  return verdict;
}

TEST(StandingOf, IsSteadyForTheIntervalTimesTheResultsNeeded) {
  const CheckSpec check = check_every(Duration{5000});
  EXPECT_EQ(standing_of(check, verdict_of(State::Up, 0, 0)), (Standing{State::Up, seconds(15)}));
  EXPECT_EQ(standing_of(check, verdict_of(State::Failing, 2, 1)),
            (Standing{State::Failing, seconds(5)}));
  EXPECT_EQ(standing_of(check, verdict_of(State::Down, 0, 0)),
            (Standing{State::Down, seconds(10)}));
  EXPECT_EQ(standing_of(check, verdict_of(State::Recovering, 0, 1)),
            (Standing{State::Recovering, seconds(5)}));
}

TEST(StandingOf, RoundsDownToSeconds) {
  EXPECT_EQ(standing_of(check_every(Duration{999}), verdict_of(State::Up, 0, 0)).steady,
            seconds(2));
  EXPECT_EQ(standing_of(check_every(Duration{300}), verdict_of(State::Up, 0, 0)).steady,
            seconds(0));
}

TEST(StandingOf, IsNotSteadyWhileUnknown) {
  EXPECT_EQ(standing_of(check_every(Duration{5000}), Verdict{}),
            (Standing{State::Unknown, seconds(0)}));
}

TEST(Board, IsReadByTarget) {
  const Board board({{State::Up, seconds(15)}, {State::Down, seconds(10)}});
  EXPECT_EQ(board.size(), 2U);
  EXPECT_EQ(board[TargetId{0}].state, State::Up);
  EXPECT_EQ(board[TargetId{1}].state, State::Down);
  EXPECT_EQ(board[TargetId{1}].steady, seconds(10));
}

TEST(Board, ComparesByValue) {
  const Board up({{State::Up, seconds(15)}});
  EXPECT_EQ(up, Board({{State::Up, seconds(15)}}));
  EXPECT_NE(up, Board({{State::Up, seconds(10)}}));
  EXPECT_NE(up, Board());
}

}  // namespace
}  // namespace health
