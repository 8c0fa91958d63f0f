// What answers: a pool, fixed addresses, another name, or nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "server/steering/eligible.h"
#include "server/steering/plan.h"
#include "server/steering/situation.h"
#include "server/steering/strength.h"

namespace steering {

// Borrows: the plan.
struct Course {
  enum class By : std::uint8_t {
    Health,        // the first pool along `then` with enough healthy members
    UntilChecked,  // nobody is known to be up, somebody has no verdict yet
    LastResort,    // nobody is healthy
    NoFamily,      // the first pool has no address of the family, whatever its health
  };
  By by = By::Health;
  std::optional<PoolId> pool;                 // to pick from; none: `fixed` or `target`
  Eligible eligible;                          // among its members
  std::span<const dnswire::IpAddress> fixed;  // of either family
  const Target* target = nullptr;             // or null
  bool servfail = false;                      // no answer at all
  Steadiness rests;                           // of what was looked at until here
};

// `first` is the pool that the rule leads to.
[[nodiscard]] Course find_course(const Situation& now, const DynamicRecord& record,
                                 PoolId first) noexcept;

}  // namespace steering
