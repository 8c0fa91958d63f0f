#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "health/monitor.h"
#include "health/probes/engine.h"
#include "server/config/health_options.h"
#include "server/control/endpoint_index.h"
#include "server/control/event.h"
#include "server/control/overrides.h"
#include "server/control/probe_statistics.h"
#include "server/control/saved_health.h"
#include "server/state/store.h"
#include "server/steering/plan.h"

namespace boost::asio {
class io_context;
}

namespace control {

// Sees to the health of everything that is configured: runs the checks, keeps what operators say,
// remembers both in the state folder, and tells what happens.
//
// Threads: everything on the io_context's thread, call-backs included.   Borrows: `io`.
class Supervisor {
 public:
  struct Outlets {
    std::function<void(bool at_once)> board_changed;  // at_once: an operator waits for it
    std::function<void(const Event&)> happened;
    std::function<void(const FaceId&, const steering::Endpoint&, std::string_view from,
                       std::string_view to)>
        moved;  // an address of an endpoint, from one shown state to another
  };

  Supervisor(boost::asio::io_context& io, std::uint64_t seed, Outlets outlets);
  ~Supervisor();

  // Writes what is to be remembered and lets go of the state file; afterwards nothing is
  // remembered.
  void close();

  // Before the first adopt(). Without a store nothing is remembered: `why`, for people.
  void remember(state::Store::Opened opened);
  void remember_aliases(std::vector<state::SavedAlias> aliases);
  void remember_nothing(std::string why) { no_store_ = std::move(why); }

  // Takes over a configuration: checks that did not change go on, others stop and start; overrides
  // hold for what has their names now.
  void adopt(std::shared_ptr<const steering::Plan> plan,
             std::shared_ptr<const health::Roster> roster, const config::ProbeOptions& options);

  // Calls `done` after one round of those checks that nothing is remembered of, bounded (the
  // longest timeout, at most three seconds).
  void when_settled(std::function<void()> done);

  [[nodiscard]] health::Board board() const;

  // How an operator's word was taken. In force at once; `problem` says why it may be forgotten at a
  // restart, empty: it is on disk.
  struct Taken {
    std::vector<steering::EndpointId> endpoints;
    std::string problem;
  };
  // `done` comes once it is on disk, or is known not to be.
  void put(health::Override override, std::function<void(Taken)> done);
  // False: there is none of that kind and target.
  [[nodiscard]] bool erase(const std::string& target, health::OverrideKind kind,
                           std::function<void(Taken)> done);

  probes::Engine::Beat beat(std::string_view address, std::string_view token);

  // For those who report. References live until the next call of anything above.
  [[nodiscard]] const steering::Plan& plan() const noexcept { return *plan_; }
  [[nodiscard]] const health::Roster& roster() const noexcept { return *roster_; }
  [[nodiscard]] const EndpointIndex& index() const noexcept { return *index_; }
  [[nodiscard]] const health::Monitor& monitor() const noexcept { return monitor_; }
  [[nodiscard]] const probes::Engine& engine() const noexcept { return engine_; }
  [[nodiscard]] const Overrides& overrides() const noexcept { return overrides_; }
  [[nodiscard]] const ProbeStatistics& statistics() const noexcept { return statistics_; }
  // When a subject was last said to have changed; 0: not in this process.
  [[nodiscard]] std::int64_t changed(health::SubjectId subject) const noexcept {
    return changed_[static_cast<std::size_t>(subject)];
  }
  // Sentences on certificates near their end.
  [[nodiscard]] std::vector<std::string> certificate_alarms() const;
  // Empty: what is to be remembered is on disk; else why not.
  [[nodiscard]] std::string state_problem() const;

 private:
  struct Timers;

  void on_report(const probes::Engine::Report& report);
  void take(const health::Monitor::Changes& changes, bool at_once = false);
  void tell_subject(const health::Monitor::SubjectChange& change);
  void tell_group(const health::Monitor::GroupChange& change);
  void watch_certificate(const probes::Engine::Report& report);
  void apply_overrides();
  void await_expiry();
  [[nodiscard]] state::SavedVerdict saved(health::TargetId target, const Clocks& clocks) const;
  void save(health::TargetId target);
  void save_all();
  void keep_state();
  [[nodiscard]] std::string why(health::SubjectId subject) const;
  [[nodiscard]] std::string endpoints_of(health::TargetId target) const;

  Outlets outlets_;
  std::shared_ptr<const steering::Plan> plan_;
  std::shared_ptr<const health::Roster> roster_;
  std::unique_ptr<EndpointIndex> index_;
  health::Monitor monitor_;
  Overrides overrides_;
  ProbeStatistics statistics_;
  std::vector<std::int64_t> changed_;     // by subject; ms since 1970
  std::vector<std::string> keys_;         // by target, of the state file
  std::vector<bool> certificate_warned_;  // by target
  std::unique_ptr<state::Store> store_;
  std::unordered_map<std::string, state::SavedVerdict> saved_;       // until the first adopt()
  std::string no_store_ = "there is no state folder to keep it in";  // why
  std::string state_alarm_;  // the problem that was told last
  boost::asio::io_context& io_;
  std::unique_ptr<Timers> timers_;
  probes::Engine engine_;
};

}  // namespace control
