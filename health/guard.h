#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "health/check.h"
#include "health/judge.h"

namespace health {

// By what a target is reached: each fails on its own.
enum class Uplink : std::uint8_t {
  V4,
  V6,
  Other,  // names to resolve, heartbeats
};
inline constexpr std::size_t kUplinkCount = 3;
[[nodiscard]] std::string_view to_text(Uplink uplink) noexcept;                // "ipv4"
[[nodiscard]] std::optional<Uplink> uplink_of(const Target& target) noexcept;  // none: exec

struct GuardSpec {
  std::uint8_t share = 80;         // percent of the hosts that stood; 0: only canaries count
  std::uint16_t at_least = 3;      // hosts
  std::vector<TargetId> canaries;  // hosts of others, that hardly ever fail
  friend bool operator==(const GuardSpec&, const GuardSpec&) = default;
};

// Tells a dead fleet from a dead uplink of our own.
//
// A host is an address, whatever the number of its checks. It has fallen silent when the newest
// result of every check of it is silence (`is_silence`); an answer of any kind shows that the
// network works. This node is cut off when `share` of the hosts that stood, and `at_least` so many,
// fell silent within two intervals (the longest of that uplink), or every canary is down by
// silence and most of the hosts that stood, if any did, fell silent as well, for a canary may die
// on its own. While the newest result of a canary is an answer it is not, whatever the hosts do.
// Targets that fell by silence in that time are held: their results do not count. It ends when so
// few hosts are silent that it would not begin, or a canary answers; what was held is then judged
// anew.
//
// Pure; one for all uplinks. A result takes the same time whatever the number of targets, but for
// those that begin and end an isolation.
class Guard {
 public:
  struct Turn {
    Uplink uplink{};
    bool isolated = false;          // began; else: ended
    std::vector<TargetId> targets;  // began: fell in the time before, held from now on.
                                    // ended: were held, to be pardoned
  };

  // Takes over a new configuration. `former[i]` is what target i was before, if it was there:
  // what is known of it is kept. `verdicts` by target. A host that was not there, silent while its
  // checks are all served, fell silent just now: so a process that was cut off leaves its hosts to
  // the next one. A target that takes the place of a held one, and is down, is held.
  void adopt(const GuardSpec& spec, std::span<const Target> targets,
             std::span<const std::optional<TargetId>> former,
             std::span<const Verdict* const> verdicts, Instant now);

  // Tells a result that has been judged.
  [[nodiscard]] std::optional<Turn> record(TargetId target, const Verdict& before,
                                           const Verdict& after, Instant now);

  [[nodiscard]] bool is_isolated(Uplink uplink) const noexcept;
  [[nodiscard]] bool holds(TargetId target) const noexcept;
  [[nodiscard]] bool is_canary(TargetId target) const noexcept;

 private:
  enum class HostId : std::uint32_t {};

  // Of one target.
  struct Known {
    std::optional<Uplink> uplink;
    HostId host{};  // meaningless without an uplink and for canaries
    bool canary = false;
    bool answered = false;  // its newest result is an answer
    bool silent = false;    // its newest result is silence
    bool down = false;      // canaries: and that took it down
    bool held = false;
    bool listed = false;          // in Link::held
    std::optional<Instant> fell;  // by silence, and is down since
  };
  enum class Presence : std::uint8_t {
    Unknown,   // no answer yet, ever
    Standing,  // answered, and was not silent altogether since
    Fallen,    // has fallen silent, a short time ago
    Gone,      // is silent for long: says nothing about us
  };
  struct Host {
    Uplink uplink{};
    Presence presence = Presence::Unknown;
    std::uint32_t checks = 0;
    std::uint32_t silent = 0;  // of them
    Instant since{};           // Fallen
  };
  struct Link {
    bool isolated = false;
    Duration window{0};        // within which hosts fall together
    std::size_t standing = 0;  // hosts
    std::size_t fallen = 0;    // hosts
    std::size_t canaries = 0;
    std::size_t answering = 0;  // canaries
    std::size_t down = 0;       // canaries
    // Oldest first. An entry counts while its host or target says the same time.
    std::deque<std::pair<Instant, HostId>> silences;
    std::deque<std::pair<Instant, TargetId>> falls;
    std::vector<TargetId> held;  // and some that rose again meanwhile
  };

  void place(std::span<const Target> targets);
  [[nodiscard]] static Known known_from(const Verdict& verdict) noexcept;
  [[nodiscard]] std::vector<bool> held_hosts() const;  // by HostId
  void inherit_holds(const Guard& former, std::span<const Target> targets,
                     std::span<const std::optional<TargetId>> former_targets,
                     std::span<const Verdict* const> verdicts);
  void settle_hosts(const Guard& former, std::span<const Verdict* const> verdicts, Instant now);
  void settle_links(const Guard& former);

  void tell_canary(Known& known, bool answered, bool is_down);
  void tell_host(Known& known, bool answered, Instant now);
  void tell_fall(TargetId target, const Verdict& before, const Verdict& after, Instant now);
  void hold(Link& link, TargetId target);
  void tidy(Link& link);
  void expire(Link& link, Instant now);
  [[nodiscard]] bool is_cut_off(const Link& link) const noexcept;
  [[nodiscard]] Turn begin(Uplink uplink);
  [[nodiscard]] Turn end(Uplink uplink);

  [[nodiscard]] Known& at(TargetId target) noexcept {
    return known_[static_cast<std::size_t>(target)];
  }
  [[nodiscard]] Host& at(HostId host) noexcept { return hosts_[static_cast<std::size_t>(host)]; }
  [[nodiscard]] Link& at(Uplink uplink) noexcept {
    return links_[static_cast<std::size_t>(uplink)];
  }

  GuardSpec spec_;
  std::vector<Known> known_;  // by TargetId
  std::vector<Host> hosts_;   // by HostId
  std::unordered_map<std::string, HostId> hosts_by_address_;
  std::array<Link, kUplinkCount> links_;
};

}  // namespace health
