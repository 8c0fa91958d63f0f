// What a dynamic record makes of where its clients are: compiled, so that a query costs one
// look-up.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dnswire/address.h"
#include "geo/partition.h"
#include "server/steering/plan.h"

namespace steering {

// A member of a pool in the order in which `nearest` looks at it.
struct Ranked {
  std::uint32_t member = 0;  // index into the pool's members
  EndpointId endpoint{};     // the member, or one of those below it
  std::uint32_t group = 0;   // counted from 0; those of one group count as equally near
  friend auto operator<=>(const Ranked&, const Ranked&) = default;
};
using Order = std::vector<Ranked>;

// All clients, divided into classes: those of one class are led to the same pool and meet the same
// order of members, whatever health says. For one record and one family of addresses.
//
// Threads: immutable, share freely.
class Chart {
 public:
  struct Class {
    PoolId pool{};  // that the rule leads to
    // By the family of the client's address: bits of it that a sticky pool may look at; 0: none.
    std::array<std::uint8_t, 2> sticky_bits{};
    std::vector<std::uint32_t> orders;  // one for each pool that looks at the place
    friend auto operator<=>(const Class&, const Class&) = default;
  };
  struct Spot {
    const Class* of;       // never null
    std::uint32_t number;  // its index in classes()
    std::uint8_t depth;    // leading bits of the address that this rests on
  };
  // Of IPv4 inside IPv6, that of the IPv4 address.
  [[nodiscard]] Spot find(const dnswire::IpAddress& client) const noexcept;

  // For a pool that `of` can lead to; empty for all others.
  [[nodiscard]] std::span<const Ranked> order_of(const Class& of, PoolId pool) const noexcept;

  [[nodiscard]] const geo::Partition& partition() const noexcept { return *partition_; }
  [[nodiscard]] std::span<const Class> classes() const noexcept { return classes_; }
  // By the record's rules: whether any client meets it.
  [[nodiscard]] const std::vector<bool>& met_rules() const noexcept { return met_rules_; }

 private:
  friend class ChartBuilder;
  static constexpr std::uint32_t kNoOrder = 0xffffffff;

  std::shared_ptr<const geo::Partition> partition_;  // numbers are indices into classes_
  std::vector<Class> classes_;
  std::vector<PoolId> placed_;  // pools that look at the place; as Class::orders
  std::vector<Order> orders_;
  std::vector<bool> met_rules_;
};

}  // namespace steering
