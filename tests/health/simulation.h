// A world with a clock of its own: scripted hosts, probed and judged as the engine does it.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "health/monitor.h"
#include "health/watch.h"

namespace health {

// What a probe that starts at a moment finds.
struct Finding {
  Reason reason = Reason::None;  // None: it passes
  Duration took{20};             // Timeout: the check's own, whatever this says
};
using Script = std::function<Finding(Instant now)>;

[[nodiscard]] Script always(Reason reason);
// As `usual`, but for the time from `begin` to `end`.
[[nodiscard]] Script but_between(Script usual, Instant begin, Instant end, Reason reason);

// Probes of one target never overlap: one whose start comes while another is at work starts when
// that ends.
class Simulation {
 public:
  static constexpr Instant kBegin = Instant{} + std::chrono::hours(3);

  struct Step {  // a result, judged
    TargetId target{};
    const Verdict& before;
    const Verdict& after;
    Instant now;
  };
  struct Change {
    Instant when;
    Monitor::SubjectChange what;
  };
  struct Alarm {
    Instant when;
    Monitor::UplinkChange what;
  };

  // Everybody answers; first probes are spread over one interval. With `verdicts` it goes on from
  // those of an earlier one.
  Simulation(Roster roster, std::uint64_t seed, Instant begin = kBegin,
             const std::vector<Verdict>& verdicts = {});

  void script(std::uint32_t target, Script script) { scripts_[target] = std::move(script); }
  void script_all(const Script& script) { scripts_.assign(scripts_.size(), script); }
  // Something to be done at a moment, before what else happens then.
  void at(Instant when, std::function<void()> action);
  void on_step(std::function<void(const Step&)> on_step) { on_step_ = std::move(on_step); }

  void run_until(Instant end);
  void force(std::vector<Monitor::Forcing> forces) {
    note(monitor_.force(std::move(forces), now_));
  }
  void advise(std::uint32_t subject, Advice advice) {
    note(monitor_.advise(SubjectId{subject}, advice, now_));
  }

  [[nodiscard]] Instant now() const noexcept { return now_; }
  [[nodiscard]] const Monitor& monitor() const noexcept { return monitor_; }
  [[nodiscard]] std::vector<Verdict> verdicts() const;
  [[nodiscard]] Board board() const { return monitor_.board(now_); }
  [[nodiscard]] bool is_served(std::uint32_t subject) const {
    return monitor_.standing(SubjectId{subject}).is_served();
  }
  [[nodiscard]] const std::vector<Change>& changes() const noexcept { return changes_; }
  [[nodiscard]] const std::vector<Alarm>& alarms() const noexcept { return alarms_; }
  // When a subject that was served ceased to be, or the other way round.
  [[nodiscard]] std::vector<Instant> flips(std::uint32_t subject) const;

 private:
  enum class Kind : std::uint8_t { Action, End, Start };
  struct Event {
    Instant when;
    Kind kind;
    std::uint64_t number;  // of the action, or of the target
    friend auto operator<=>(const Event&, const Event&) = default;
  };

  void start(std::uint32_t target);
  void end(std::uint32_t target);
  void note(const Monitor::Changes& changes);
  [[nodiscard]] const CheckSpec& check_of(std::uint32_t target) const {
    return monitor_.roster().targets[target].check;
  }

  Instant now_;
  Monitor monitor_;
  std::vector<Watch> watches_;
  std::vector<Script> scripts_;
  std::vector<Observation> at_work_;  // by target
  std::vector<std::function<void()>> actions_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::function<void(const Step&)> on_step_;
  std::vector<Change> changes_;
  std::vector<Alarm> alarms_;
};

}  // namespace health
