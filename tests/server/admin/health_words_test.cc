#include "server/admin/health_words.h"

#include <gtest/gtest.h>

namespace admin {
namespace {

using health::Force;
using health::Standing;
using health::State;
using namespace std::chrono_literals;

health::Roster roster_of(std::vector<health::Duration> intervals, std::uint16_t need) {
  health::Roster roster;
  health::Subject subject;
  subject.need = need;
  for (const health::Duration interval : intervals) {
    health::Target target;
    target.check.interval = interval;
    const health::TargetId id{static_cast<std::uint32_t>(roster.targets.size())};
    subject.checks.push_back({"check" + std::to_string(roster.targets.size()), id, {}});
    roster.targets.push_back(std::move(target));
  }
  roster.subjects.push_back(std::move(subject));
  return roster;
}

TEST(FailoverBound, IsThatOfTheChecksAndOfPublishing) {
  const health::Roster one = roster_of({2s}, 1);
  const auto bound = failover_bound(one, health::SubjectId{0});
  ASSERT_TRUE(bound);
  EXPECT_EQ(bound->time, health::longest_to_fall(one.targets[0].check) + kLongestToPublish);
  EXPECT_EQ(bound->checks, "check0");
}

TEST(FailoverBound, JoinsChecksAsTheSubjectDoes) {
  const health::Roster all = roster_of({2s, 20s}, 2);
  const health::Roster any = roster_of({2s, 20s}, 1);
  const auto quick = failover_bound(all, health::SubjectId{0});
  const auto slow = failover_bound(any, health::SubjectId{0});
  ASSERT_TRUE(quick && slow);
  EXPECT_EQ(quick->time, health::longest_to_fall(all.targets[0].check) + kLongestToPublish)
      << "the first check to fall takes it out";
  EXPECT_EQ(slow->time, health::longest_to_fall(any.targets[1].check) + kLongestToPublish)
      << "it stays until the last has fallen";
  EXPECT_EQ(slow->checks, "check0, check1");
}

TEST(FailoverBound, WithoutACheckThereIsNone) {
  EXPECT_FALSE(failover_bound(roster_of({}, 0), health::SubjectId{0}));
}

TEST(StandingText, ShowsTheRealStateBesideTheForcedOne) {
  Standing standing;
  EXPECT_EQ(standing_text(standing), "unchecked");
  standing.steady = 10s;  // until an operator's weight ends
  EXPECT_EQ(standing_text(standing), "unchecked");
  standing.beat = 5s;
  EXPECT_EQ(standing_text(standing), "up");
  standing.force = Force::Drained;
  EXPECT_EQ(standing_text(standing), "drained (really up)");
  standing.force = Force::Up;
  standing.state = State::Down;
  EXPECT_EQ(standing_text(standing), "forced-up (really down)");
  standing.force = Force::None;
  EXPECT_EQ(standing_text(standing), "down");
  standing.held = true;
  EXPECT_EQ(standing_text(standing), "held (really down)");
}

TEST(StandingNotes, SayWhatIsBehindAStateThatIsNotSimplyUp) {
  HealthWords words;
  Standing standing;
  EXPECT_EQ(standing_notes(words, {}, standing), "");
  standing.state = State::Down;
  EXPECT_EQ(standing_notes(words, {}, standing), "") << "nobody to ask";
  words.verdict = [](health::SubjectId) { return "web: timeout, 3s ago"; };
  words.override_text = [](health::SubjectId) { return "forced up by bob"; };
  EXPECT_EQ(standing_notes(words, {}, standing), "web: timeout, 3s ago");
  standing.force = Force::Up;
  EXPECT_EQ(standing_notes(words, {}, standing), "forced up by bob; web: timeout, 3s ago");
  standing.force = Force::None;
  standing.rescued = true;
  EXPECT_EQ(standing_notes(words, {}, standing),
            "rescued: other nodes reach it; web: timeout, 3s ago");
}

TEST(StandingNotes, SayWhoGaveAWeight) {
  HealthWords words;
  words.override_text = [](health::SubjectId) { return "drained by bob"; };
  words.weight_text = [](health::SubjectId) { return "weight 0, configured 5"; };
  Standing standing;
  EXPECT_EQ(standing_notes(words, {}, standing), "");
  standing.weight = 0;
  EXPECT_EQ(standing_notes(words, {}, standing), "weight 0, configured 5");
  standing.force = Force::Drained;
  EXPECT_EQ(standing_notes(words, {}, standing), "drained by bob; weight 0, configured 5");
}

TEST(BoundText, RoundsUpToTenths) {
  EXPECT_EQ(bound_text(11'150ms), "11.2s");
  EXPECT_EQ(bound_text(11'101ms), "11.2s");
  EXPECT_EQ(bound_text(11'100ms), "11.1s");
  EXPECT_EQ(bound_text(10'901ms), "11s");
  EXPECT_EQ(bound_text(50ms), "0.1s");
}

}  // namespace
}  // namespace admin
