#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "health/check.h"
#include "health/judge.h"
#include "health/override.h"
#include "health/watch.h"

namespace state {

// A stable name of a target: the same for equal targets in every process, another for others. Tells
// no secret.
[[nodiscard]] std::string key_of(const health::Target& target);

// A verdict as it outlives a process: with wall-clock times, milliseconds since 1970.
struct SavedVerdict {
  struct Result {
    std::int64_t started = 0;
    std::uint32_t took = 0;  // ms
    health::Reason reason = health::Reason::None;
  };
  std::string key;
  health::State state = health::State::Unknown;
  std::uint16_t failures = 0;
  std::uint16_t successes = 0;
  std::int64_t changed = 0;
  std::int64_t recovering = 0;
  std::string detail;           // of the newest result
  std::vector<Result> results;  // oldest first
};

// What a target of ALIAS was told to be.
struct SavedAlias {
  std::string name;
  std::uint8_t family = 4;             // 4 or 6
  std::vector<std::string> addresses;  // none: it has none
  std::uint32_t ttl = 0;               // seconds
  std::int64_t told = 0;               // seconds since 1970

  friend bool operator==(const SavedAlias&, const SavedAlias&) = default;
};

struct Saved {
  std::int64_t alive = 0;  // ms since 1970: when the process was last known to probe; 0: never
  std::vector<SavedVerdict> verdicts;
  std::vector<health::Override> overrides;
  std::vector<SavedAlias> aliases;
};

// What has to outlive the process, in one SQLite file (WAL, synchronous=FULL) with a thread of its
// own: nobody waits for the disk. A file that is damaged is put aside and begun anew.
//
// Threads: everything may be called from anywhere; call-backs come on the store's thread or, when
// too many changes wait for the disk, at once.
class Store {
 public:
  struct Opened {
    std::unique_ptr<Store> store;
    Saved saved;
    std::vector<std::string> alarms;  // sentences: what was damaged, where it was put
  };
  struct Pace {
    std::chrono::milliseconds apart{20};     // least time between writes that no operator waits for
    std::chrono::milliseconds retry{3'000};  // after a write that failed
  };
  // Or a sentence that says why not: no such folder, no permission, another process uses it. Waits
  // for the disk.
  [[nodiscard]] static tl::expected<Opened, std::string> open(const std::string& folder,
                                                              const Pace& pace = default_pace());
  ~Store();  // writes what waits
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Newest wins where several wait for the same key.
  void save(std::vector<SavedVerdict> verdicts);
  // All of them: others are forgotten.
  void save_aliases(std::vector<SavedAlias> aliases);
  // The process probes; at most every few seconds.
  void touch(std::int64_t now);
  // Verdicts of targets that are gone are forgotten.
  void keep_only(std::vector<std::string> keys);

  // `done` gets an empty text once it is on disk, or why it is not: then it is not tried again.
  using Done = std::function<void(std::string problem)>;
  void put(health::Override override, Done done);  // replaces the one of its kind and target
  void erase(std::string target, health::OverrideKind kind, Done done);

  // Empty: the last write went well; else a sentence that says why not. It goes on trying.
  [[nodiscard]] std::string problem() const;

 private:
  // An argument of its own: a nested type's initializers are not known inside the class.
  [[nodiscard]] static Pace default_pace() noexcept;

  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace state
