#include "health/subject.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <random>
#include <string>

namespace health {
namespace {

using std::chrono::seconds;

// "u30 d10": a letter for each state (? u f d r) and the seconds for which it is steady.
std::vector<PartStanding> parts_of(std::string_view text) {
  std::vector<PartStanding> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view letters = "?ufdr";
    PartStanding part{static_cast<State>(letters.find(text[at++])), Duration{0}};
    for (; at < text.size() && text[at] != ' '; ++at) {
      part.steady = part.steady * 10 + seconds(text[at] - '0');
    }
    ++at;
    parts.push_back(part);
  }
  return parts;
}

struct Combination {
  std::string_view name;
  std::string_view parts;
  std::uint16_t need = 0;
  State state = State::Up;
  int steady = -1;  // seconds; -1: nothing can change it
};

void PrintTo(const Combination& combination, std::ostream* out) { *out << combination.name; }

class Combine : public testing::TestWithParam<Combination> {};

TEST_P(Combine, GivesStateAndHowLongItIsSteady) {
  const Combination& expected = GetParam();
  const Combined combined = combine(parts_of(expected.parts), expected.need);
  EXPECT_EQ(to_text(combined.state), to_text(expected.state));
  EXPECT_EQ(combined.steady,
            expected.steady < 0 ? Duration::max() : Duration(seconds(expected.steady)));
}

INSTANTIATE_TEST_SUITE_P(
    Subject, Combine,
    testing::Values(
        Combination{"NobodyJudgesIt", "", 0, State::Up, -1},
        Combination{"NothingIsNeeded", "d10", 0, State::Up, -1},
        Combination{"OneUp", "u30", 1, State::Up, 30},
        Combination{"OneFailing", "f20", 1, State::Failing, 20},
        Combination{"OneDown", "d20", 1, State::Down, 20},
        Combination{"OneRecovering", "r10", 1, State::Recovering, 10},
        Combination{"OneUnknown", "?0", 1, State::Unknown, 0},
        Combination{"AllFallWithTheFirst", "u30 u20 u40", 3, State::Up, 20},
        Combination{"AllOfThemFailWithOne", "u30 f10", 2, State::Failing, 10},
        Combination{"AllRiseWithTheLast", "u30 d20 d40", 3, State::Down, 40},
        Combination{"AllRecoverWithTheLast", "u30 r10", 2, State::Recovering, 10},
        Combination{"OneDownAmongAllIsDownWhateverRecovers", "d20 r10", 2, State::Down, 20},
        Combination{"AnyFallsWithTheLast", "u30 u20 u40", 1, State::Up, 40},
        Combination{"AnyIsUpWhileOneIs", "d10 u30 f10", 1, State::Up, 30},
        Combination{"AnyFailsWhereTheOnlyOneDoes", "d10 f20", 1, State::Failing, 20},
        Combination{"AnyRisesWithTheFirst", "d20 d40", 1, State::Down, 20},
        Combination{"AnyRecoversWithTheFirst", "d20 r10", 1, State::Recovering, 10},
        Combination{"TwoOfThreeFallWithTheSecond", "u30 u20 u40", 2, State::Up, 30},
        Combination{"TwoOfThreeWithOneDownFallWithTheFirst", "u30 d1 u40", 2, State::Up, 30},
        Combination{"TwoOfThreeRiseWithTheFirst", "u30 d10 d5", 2, State::Down, 5},
        Combination{"EnoughUpNeedNotWaitForTheUnknown", "u30 u20 ?0", 2, State::Up, 20},
        Combination{"TheUnknownCouldStillMakeEnough", "u30 ?0 d10", 2, State::Unknown, 0},
        Combination{"TheUnknownCannotMakeEnough", "?0 d10 d20", 2, State::Down, 10},
        Combination{"NeedIsAtMostAllOfThem", "u30 u20", 9, State::Up, 20}),
    [](const auto& instance) { return std::string(instance.param.name); });

bool is_up(const PartStanding& part) { return part.state == State::Up; }

// Whether the parts whose turn it is can make the whole another one, up or down.
bool can_differ_at(const std::vector<PartStanding>& parts, std::uint16_t need, Duration then) {
  const auto up = std::count_if(parts.begin(), parts.end(), is_up);
  const auto falling = std::count_if(parts.begin(), parts.end(), [&](const PartStanding& part) {
    return is_up(part) && part.steady <= then;
  });
  const auto rising = std::count_if(parts.begin(), parts.end(), [&](const PartStanding& part) {
    return !is_up(part) && part.steady <= then;
  });
  return up >= need ? up - falling < need : up + rising >= need;
}

TEST(Combine, IsSteadyExactlyUntilEnoughPartsCanHaveChanged) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto draw = [&](int from, int to) {
    return std::uniform_int_distribution<>(from, to)(random);
  };
  for (int round = 0; round < 5000; ++round) {
    std::vector<PartStanding> parts(static_cast<std::size_t>(draw(1, 6)));
    for (PartStanding& part : parts) {
      part = {draw(0, 1) == 0 ? State::Up : State::Down, Duration{draw(0, 8)}};
    }
    const auto need = static_cast<std::uint16_t>(draw(1, static_cast<int>(parts.size())));
    const Duration steady = combine(parts, need).steady;
    EXPECT_TRUE(can_differ_at(parts, need, steady));
    EXPECT_FALSE(can_differ_at(parts, need, steady - Duration{1}));
  }
}

TEST(LongestToFallOfASubject, IsWhenOnePartMoreIsDownThanItCanSpare) {
  const std::vector<Duration> parts{seconds(30), seconds(10), seconds(20)};
  EXPECT_EQ(longest_to_fall(parts, 3), seconds(10));
  EXPECT_EQ(longest_to_fall(parts, 2), seconds(20));
  EXPECT_EQ(longest_to_fall(parts, 1), seconds(30));
  EXPECT_EQ(longest_to_fall(parts, 9), seconds(10));
  EXPECT_EQ(longest_to_fall(parts, 0), Duration::max());
  EXPECT_EQ(longest_to_fall(std::vector<Duration>{}, 0), Duration::max());
}

TEST(Advice, RescuesAndNeverCondemns) {
  EXPECT_TRUE(is_served(State::Down, Advice::Up));
  EXPECT_TRUE(is_served(State::Up, Advice::Down));
  EXPECT_TRUE(is_served(State::Unknown, Advice::None));
  EXPECT_FALSE(is_served(State::Down, Advice::None));
  EXPECT_FALSE(is_served(State::Down, Advice::Down));
}

TEST(Level, HasText) {
  EXPECT_EQ(to_text(Level::Edge), "edge");
  EXPECT_EQ(to_text(Level::Origin), "origin");
}

}  // namespace
}  // namespace health
