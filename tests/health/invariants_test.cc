// What holds for every host, whatever it does: random checks and random hosts in a simulated world.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <random>
#include <string>

#include "tests/health/simulation.h"

namespace health {
namespace {

using Random = std::mt19937;

int draw(Random& random, int from, int to) {
  return std::uniform_int_distribution<>(from, to)(random);
}

std::uint16_t draw_count(Random& random, int to) {
  return static_cast<std::uint16_t>(draw(random, 1, to));
}

// Short intervals: the jitter of one of ten milliseconds is at an extreme two times in three.
CheckSpec draw_check(Random& random) {
  CheckSpec check;
  const int interval = 10 * draw(random, 1, 6);
  check.interval = Duration{interval};
  check.timeout = Duration{draw(random, 1, interval)};
  check.thresholds.fall = draw_count(random, 5);
  check.thresholds.rise = draw_count(random, 4);
  check.thresholds.forgive = draw_count(random, 5);
  check.thresholds.recheck = Duration{draw(random, 0, 1) * draw(random, 1, interval / 2)};
  check.thresholds.cooldown = Duration{draw(random, 0, 1) * draw(random, 1, 8 * interval)};
  check.thresholds.failback_delay = Duration{draw(random, 0, 1) * draw(random, 1, 5 * interval)};
  return check;
}

std::string to_text(const CheckSpec& check) {
  const Thresholds& thresholds = check.thresholds;
  return "interval " + std::to_string(check.interval.count()) + ", timeout " +
         std::to_string(check.timeout.count()) + ", fall " + std::to_string(thresholds.fall) +
         ", rise " + std::to_string(thresholds.rise) + ", forgive " +
         std::to_string(thresholds.forgive) + ", recheck " +
         std::to_string(thresholds.recheck.count()) + ", cooldown " +
         std::to_string(thresholds.cooldown.count()) + ", failback delay " +
         std::to_string(thresholds.failback_delay.count());
}

Finding draw_finding(Random& random, const CheckSpec& check, bool passes) {
  const Duration timeout = check.timeout;
  const Duration took = draw(random, 0, 1) == 0
                            ? timeout
                            : Duration{draw(random, 0, static_cast<int>(timeout.count()))};
  return {passes ? Reason::None : Reason::Refused, took};
}

Roster roster_of(const CheckSpec& check) {
  Roster roster;
  roster.targets.push_back({"192.0.2.1", check});
  roster.subjects.push_back({{{"check", TargetId{0}, Level::Edge}}, 1});
  return roster;
}

// A host of any kind dies for good right after a probe that passes has started: how long it goes on
// being served. Nothing if it was not.
std::optional<Duration> time_to_fall(const CheckSpec& check, Random& random) {
  Simulation world(roster_of(check), random());
  const int last = draw(random, 0, 8);  // probe that passes
  const int passes = draw(random, 1, 4);
  int probes = 0;
  Instant death = Instant::max();
  world.script(0, [&](Instant now) {
    if (probes++ < last) return draw_finding(random, check, draw(random, 0, 3) < passes);
    if (death != Instant::max()) return draw_finding(random, check, false);
    death = now;
    return draw_finding(random, check, true);
  });
  std::optional<Duration> lasted;
  bool was_served = false;
  bool is_over = false;
  world.on_step([&](const Simulation::Step& step) {
    if (step.now < death || step.after.last.started < death) return;
    if (step.after.last.started == death) was_served = is_served(step.after.state);
    if (is_served(step.after.state) || is_over) return;
    is_over = true;
    if (was_served) lasted = std::chrono::duration_cast<Duration>(step.now - death);
  });
  const Duration most = 20 * check.interval + 2 * longest_to_fall(check);
  for (Instant end = Simulation::kBegin + most; !is_over && end < Simulation::kBegin + 3 * most;
       end += most) {
    world.run_until(end);
  }
  EXPECT_TRUE(is_over) << to_text(check);
  return lasted;
}

TEST(LongestToFallOfRandomHosts, IsNeverExceeded) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  int fallen = 0;
  for (int round = 0; round < 12'000; ++round) {
    CheckSpec check = draw_check(random);
    if (round % 10 == 0) check.timeout *= 3;  // longer than the interval, often
    const auto lasted = time_to_fall(check, random);
    if (!lasted) continue;
    ++fallen;
    EXPECT_LE(lasted->count(), longest_to_fall(check).count()) << to_text(check);
  }
  EXPECT_GT(fallen, 4000);
}

struct Tight {
  std::string_view name;
  std::uint16_t fall = 3;
  int timeout = 2;
  int recheck = 1;
  int cooldown = 0;
  int percent = 100;  // of the bound, that the worst of many deaths takes
};

void PrintTo(const Tight& tight, std::ostream* out) { *out << tight.name; }

class LongestToFallOfManyDeaths : public testing::TestWithParam<Tight> {};

TEST_P(LongestToFallOfManyDeaths, IsNearlyReached) {
  CheckSpec check;
  check.interval = Duration{10};
  check.timeout = Duration{GetParam().timeout};
  check.thresholds.fall = GetParam().fall;
  check.thresholds.forgive = GetParam().fall;
  check.thresholds.recheck = Duration{GetParam().recheck};
  check.thresholds.cooldown = Duration{GetParam().cooldown};
  Random random(4711);
  Duration worst{0};
  for (int round = 0; round < 1500; ++round) {
    worst = std::max(worst, time_to_fall(check, random).value_or(Duration{0}));
  }
  EXPECT_LE(worst, longest_to_fall(check));
  EXPECT_GE(worst * 100, longest_to_fall(check) * GetParam().percent)
      << worst.count() << " of " << longest_to_fall(check).count() << " ms";
}

INSTANTIATE_TEST_SUITE_P(Judge, LongestToFallOfManyDeaths,
                         testing::Values(Tight{"OneFailure", 1}, Tight{"TheRecheckIsTheLast", 2},
                                         Tight{"AsByDefault", 3}, Tight{"FiveFailures", 5},
                                         Tight{"NoHaste", 3, 2, 0},
                                         Tight{"ARecheckThatMayComeTooLate", 3, 2, 4},
                                         Tight{"SlowProbes", 3, 6, 1, 0, 90},
                                         Tight{"AsSlowAsTheInterval", 3, 10, 1},
                                         Tight{"Cooldown", 3, 2, 1, 50, 85},
                                         Tight{"OneFailureAndCooldown", 1, 2, 1, 20, 85}),
                         [](const auto& instance) { return std::string(instance.param.name); });

// What a recheck, jitter and slow probes take off the promise of steady_for().
//
// The newest result ends at most `recheck` and two timeouts after the latest regular start: the
// regular probe and the extra one that it asked for were both slow. k results more need at least
// k - 1 regular starts more, for from one base state to the other only one extra probe is asked
// for; and k starts without rechecks. Regular starts keep their distance but for the jitter at both
// ends.
Duration most_too_long(const CheckSpec& check) {
  const Duration recheck = check.thresholds.recheck;
  const Duration sooner = recheck > Duration{0} ? check.interval + recheck : Duration{0};
  return sooner + 2 * (check.interval / 10) + 2 * check.timeout;
}

// A host that is well for some time, ill for some time, or neither.
Script moody_host(const CheckSpec& check, Random& random) {
  return [&random, &check, passes = 2, left = 0](Instant) mutable {
    if (left-- == 0) {
      left = draw(random, 1, 30);
      passes = draw(random, 0, 4);
    }
    return draw_finding(random, check, draw(random, 0, 3) < passes);
  };
}

TEST(RandomHosts, ChangeNoSoonerThanTheirStandingsSay) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  int flips = 0;
  for (int round = 0; round < 250; ++round) {
    const CheckSpec check = draw_check(random);
    SCOPED_TRACE(to_text(check));
    Simulation world(roster_of(check), random());
    world.script(0, moody_host(check, random));
    Instant promised{};
    world.on_step([&](const Simulation::Step& step) {
      const bool flipped = is_served(step.before.state) != is_served(step.after.state);
      if (flipped && step.before.state != State::Unknown) {
        ++flips;
        EXPECT_GE(step.now, promised - most_too_long(check));
        EXPECT_GE(step.now - step.before.changed, check.thresholds.cooldown);
        if (is_served(step.after.state)) {
          EXPECT_GE(step.now - step.before.recovering, check.thresholds.failback_delay);
        }
        promised = {};
      }
      promised = std::max(promised, step.now + steady_for(check, step.after));
    });
    world.run_until(Simulation::kBegin + 400 * check.interval);
  }
  EXPECT_GT(flips, 1000);
}

}  // namespace
}  // namespace health
