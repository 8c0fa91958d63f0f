// What is known of targets, and when to ask again: the resolver without sockets and clocks.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dnswire/name.h"
#include "health/check.h"
#include "server/aliases/finding.h"
#include "server/answer/alias_table.h"

namespace aliases {

using health::Duration;
using health::Instant;

// When to ask. Those of `Timing{}` are what users get; tests have shorter ones.
struct Timing {
  Duration one_try = std::chrono::seconds(2);      // for one server
  Duration retry_first = std::chrono::seconds(1);  // once nobody told; then doubled
  Duration retry_last = std::chrono::seconds(60);
  Duration confirm = std::chrono::seconds(5);  // before a denial is asked for once more
  Duration ttl_min = std::chrono::seconds(5);
  Duration ttl_max = std::chrono::hours(24);
  Duration denial_max = std::chrono::hours(3);  // RFC 2308 5
};

// TTL of what is served past its time, because nobody tells anything newer. RFC 8767 4.
inline constexpr dnswire::Ttl kStaleTtl{30};

// One family of a target.
struct Question {
  dnswire::Name name;
  dnswire::Family family = dnswire::Family::V4;
  // Who denied it (Finding::by): if there is another server, that is to be asked first.
  std::optional<std::size_t> doubted;
};

// What outlives the process.
struct SavedAddresses {
  dnswire::Name name;
  dnswire::Family family = dnswire::Family::V4;
  std::vector<dnswire::IpAddress> addresses;  // none: a denial
  dnswire::Ttl ttl{0};
  std::int64_t when = 0;  // Unix time at which it was told

  friend bool operator==(const SavedAddresses&, const SavedAddresses&) = default;
};

// What an operator wants to know, each once until the next of the same family of a name.
struct Event {
  enum class Kind : std::uint8_t {
    Failing,   // nobody tells, and what was known, if anything, is past its time
    Gone,      // there is no such name, or it has lost its addresses: NODATA is served
    Resolved,  // it has addresses, after one of the above
    Special,   // some of them are private or reserved; they are served all the same
  };
  Kind kind = Kind::Failing;
  dnswire::Name name;
  dnswire::Family family = dnswire::Family::V4;
  std::string text;  // why, for people: "SERVFAIL from 192.0.2.53:53"

  friend bool operator==(const Event&, const Event&) = default;
};

// A value is asked for again shortly before its TTL is over, and is kept as long as nobody tells
// another. That it has addresses no more must be told twice: a server that has just lost its own
// upstream may say so once. TTLs below `ttl_min` count as that.
//
// Threads: none of its own.   Time is an argument that never goes back.
class Ledger {
 public:
  explicit Ledger(std::uint64_t seed, Timing timing = {});  // the seed places the jitter

  // Replaces the targets; what is known of those that stay, stays.
  void adopt(const std::vector<dnswire::Name>& targets, Instant now);
  // Takes over what an earlier process knew of targets of which nothing is known; they are asked
  // for all the same.
  void restore(std::span<const SavedAddresses> saved, Instant now, std::int64_t unix_now);
  // What failed is due at once: there are other servers.
  void hasten(Instant now);

  // The next one that is due, to be asked now; nothing else of it is due until `record`.
  [[nodiscard]] std::optional<Question> next(Instant now);
  // When `next` has another, as far as can be told before one is recorded.
  [[nodiscard]] std::optional<Instant> due() const;
  // Returns what is worth telling. Targets that are gone meanwhile are ignored.
  std::vector<Event> record(const Question& question, Finding finding, Instant now);

  // Of all that is known; the same object as long as nothing changes.
  [[nodiscard]] std::shared_ptr<const answer::AliasTable> table();
  [[nodiscard]] std::uint64_t changes() const noexcept { return changes_; }  // of the table, so far
  // Whether every target is known of, or was asked for once.
  [[nodiscard]] bool is_settled() const noexcept { return unsettled_ == 0; }

  [[nodiscard]] std::vector<SavedAddresses> save(Instant now, std::int64_t unix_now) const;

 private:
  struct Value {
    std::vector<dnswire::IpAddress> addresses;
    Duration ttl{};
    Instant told{};
  };
  struct Entry {
    dnswire::Name name;
    dnswire::Family family = dnswire::Family::V4;
    std::optional<Value> value;
    bool is_stale = false;  // the value is past its time, and published as such
    bool is_settled = false;
    bool is_asked = false;               // just now
    std::optional<std::size_t> doubted;  // a denial waits for a second one; who told
    bool is_special = false;             // told
    unsigned failures = 0;               // in a row
    Instant due{};
    std::optional<Event::Kind> told;  // Failing or Gone
  };
  using Agenda = std::set<std::pair<Instant, std::size_t>>;

  [[nodiscard]] Entry* find(dnswire::NameView name, dnswire::Family family);
  [[nodiscard]] Duration jittered(Duration duration);
  void put_off(std::size_t index, Instant due);
  void settle(Entry& entry);
  void change() noexcept;
  void fail(Entry& entry, std::string why, Instant now, std::vector<Event>& events);
  void take(Entry& entry, Finding finding, Instant now, std::vector<Event>& events);
  void tell(Entry& entry, const Finding& finding, bool had_addresses, std::vector<Event>& events);
  [[nodiscard]] Duration time_of(const Finding& finding) const;

  Timing timing_;
  std::minstd_rand random_;
  std::vector<Entry> entries_;  // both families of a name beside each other, IPv4 first
  std::unordered_map<dnswire::Name, std::size_t, dnswire::NameHash, dnswire::NameEqual> by_name_;
  Agenda agenda_;  // of those that are not asked just now
  std::size_t unsettled_ = 0;
  std::shared_ptr<const answer::AliasTable> table_;  // null: has changed
  std::uint64_t changes_ = 0;
};

}  // namespace aliases
