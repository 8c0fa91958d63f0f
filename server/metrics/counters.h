// What one thread counts.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "dnswire/address.h"
#include "server/answer/answer.h"

namespace metrics {

// Threads: one writer, the owner; anyone may read. A load and a store, without a locked
// instruction.
class Counter {
 public:
  void add(std::uint64_t amount = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t value() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> value_{0};
};

enum class TypeClass : std::uint8_t { A, AAAA, NS, SOA, MX, TXT, CNAME, Other };
inline constexpr std::size_t kTypeClasses = 8;

// Of the types that are counted by themselves, and all below the highest of them.
inline constexpr auto kTypeClassOf = [] {
  std::array<TypeClass, 32> classes{};
  classes.fill(TypeClass::Other);
  const auto put = [&classes](dnswire::RrType type, TypeClass of) {
    classes[static_cast<std::size_t>(type)] = of;
  };
  put(dnswire::RrType::A, TypeClass::A);
  put(dnswire::RrType::AAAA, TypeClass::AAAA);
  put(dnswire::RrType::NS, TypeClass::NS);
  put(dnswire::RrType::SOA, TypeClass::SOA);
  put(dnswire::RrType::MX, TypeClass::MX);
  put(dnswire::RrType::TXT, TypeClass::TXT);
  put(dnswire::RrType::CNAME, TypeClass::CNAME);
  return classes;
}();

[[nodiscard]] constexpr TypeClass type_class(dnswire::RrType type) noexcept {
  const auto value = static_cast<std::size_t>(type);
  return value < kTypeClassOf.size() ? kTypeClassOf[value] : TypeClass::Other;
}

inline constexpr std::size_t kCountedRcodes = 24;  // 0 to 23; RFC 6895 2.3
inline constexpr std::size_t kCacheLine = 64;

// Own cache lines, so that threads that count do not disturb each other.
struct alignas(kCacheLine) Counters {
  std::array<std::array<Counter, 2>, 2> queries;      // by answer::Transport, dnswire::Family
  std::array<Counter, 2> received_bytes;              // by answer::Transport
  std::array<Counter, 2> sent_bytes;                  // by answer::Transport
  std::array<Counter, kCountedRcodes + 1> responses;  // by RCODE; the last: any other
  std::array<Counter, kTypeClasses> types;            // questions understood, by TypeClass
  Counter dropped;                                    // silence
  Counter truncated;
  Counter dynamic;
  Counter last_resort;
  Counter failed;                  // SERVFAIL, our own fault
  std::array<Counter, 4> cookies;  // by answer::CookieUse; where there is none it is not counted
  Counter send_full;               // the socket's buffer was full
  Counter send_failed;             // any other error
  Counter tcp_accepted;
  Counter tcp_accept_failed;  // mostly out of descriptors
  Counter tcp_evicted;        // made room for another
  Counter tcp_timed_out;      // idle, or too slow
};

// What went in and out over one transport and one family of addresses.
struct Traffic {
  std::size_t queries = 0;
  std::size_t received_bytes = 0;
  std::size_t sent_bytes = 0;
};

inline void account(Counters& counters, answer::Transport transport, dnswire::Family family,
                    const Traffic& traffic) noexcept {
  const auto by_transport = static_cast<std::size_t>(transport);
  counters.queries[by_transport][static_cast<std::size_t>(family)].add(traffic.queries);
  counters.received_bytes[by_transport].add(traffic.received_bytes);
  counters.sent_bytes[by_transport].add(traffic.sent_bytes);
}

// One query, but for its traffic, which is counted for many at once.
inline void account(Counters& counters, const answer::Outcome& outcome) noexcept {
  if (outcome.asked) counters.types[static_cast<std::size_t>(type_class(outcome.type))].add();
  if (!outcome.answered) {
    counters.dropped.add();
    return;
  }
  const auto rcode = static_cast<std::size_t>(outcome.rcode);
  counters.responses[rcode < kCountedRcodes ? rcode : kCountedRcodes].add();
  if (outcome.truncated) counters.truncated.add();
  if (outcome.dynamic) counters.dynamic.add();
  if (outcome.last_resort) counters.last_resort.add();
  if (outcome.failed) counters.failed.add();
  if (outcome.cookie != answer::CookieUse::None) {
    counters.cookies[static_cast<std::size_t>(outcome.cookie)].add();
  }
}

}  // namespace metrics
