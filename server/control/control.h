#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/aliases/resolver.h"
#include "server/control/loaded.h"
#include "server/control/supervisor.h"
#include "server/hooks/dispatcher.h"
#include "server/metrics/metrics.h"
#include "server/transport/publisher.h"

namespace boost::asio {
class io_context;
}

namespace control {

// Where the two roads meet: joins what files say with who stands, and publishes it.
//
// Threads: everything on the io_context's thread.   Borrows: all it is given.
class Control {
 public:
  Control(boost::asio::io_context& io, transport::Publisher& publisher, metrics::Metrics& metrics,
          std::uint64_t seed);
  ~Control();

  // Before the first adopt(): what an earlier process knew, and where to write what this one finds
  // out.
  void remember(state::Store::Opened opened);

  // Takes over what was loaded: checks that did not change go on, others stop and start.
  // `publish_now`: at a reload; at the start it is `when_settled` that publishes first.
  void adopt(Loaded loaded, bool publish_now);

  // Takes over databases that were read again; publishes at once. False: other files were loaded
  // meanwhile, the databases must be read for those.
  bool adopt_databases(Loaded loaded);
  // They cannot be used: an alarm, and everything stays.
  void refuse_databases(const LoadError& why);

  // Calls `done` after one round of checks (Supervisor::when_settled) and of questions for targets
  // of ALIAS, with what they found published.
  void when_settled(std::function<void()> done);

  // What a person should look at besides health: sentences. Targets of ALIAS that nobody tells the
  // addresses of, databases that cannot be used.
  [[nodiscard]] std::vector<std::string> alarms() const;
  [[nodiscard]] std::size_t failing_aliases() const noexcept { return alias_alarms_.size(); }

  [[nodiscard]] const Loaded& loaded() const noexcept { return loaded_; }
  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }
  [[nodiscard]] Supervisor& supervisor() noexcept { return supervisor_; }
  [[nodiscard]] const Supervisor& supervisor() const noexcept { return supervisor_; }
  [[nodiscard]] const hooks::Dispatcher& hooks() const noexcept { return hooks_; }

 private:
  struct Timer;

  void on_event(const Event& event);
  void count_move(const FaceId& face, const steering::Endpoint& endpoint, std::string_view from,
                  std::string_view to);
  void adopt_aliases();
  void on_aliases();
  void on_alias_event(const aliases::Event& event);
  void end_databases_alarm();
  void show_loaded();
  void publish();
  void publish_soon(bool at_once);
  void collect_later();

  transport::Publisher& publisher_;
  metrics::Metrics& metrics_;
  Loaded loaded_;
  std::uint64_t generation_ = 0;
  std::uint64_t event_count_ = 0;
  const std::string event_prefix_;  // of this process
  std::string databases_alarm_;
  // By target and family.
  std::map<std::pair<dnswire::Name, dnswire::Family>, std::string> alias_alarms_;
  bool serving_ = false;   // before, nothing is published
  bool adopting_ = false;  // what changes meanwhile is published at the end
  std::unique_ptr<Timer> timer_;
  hooks::Dispatcher hooks_;
  Supervisor supervisor_;
  std::vector<aliases::SavedAddresses> former_aliases_;  // of an earlier process
  aliases::Resolver aliases_;
};

}  // namespace control
