// What a probe came to, as its steps hand it upward.
#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "health/check.h"
#include "health/observation.h"

namespace probes {

struct Outcome {
  health::Reason reason = health::Reason::None;  // None: passed
  std::string detail;                            // for people; printable ASCII

  [[nodiscard]] bool passed() const noexcept { return reason == health::Reason::None; }
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// What a failed system call says of the target or, as Reason::Resource, of ourselves.
[[nodiscard]] Outcome failure_of(const boost::system::error_code& error);

// `text` fit for a log or a terminal: octets outside printable ASCII become \xNN, a backslash is
// doubled, and what exceeds `limit` octets is cut with an ellipsis.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 100);

// "2s", "150ms".
[[nodiscard]] std::string to_text(health::Duration duration);

}  // namespace probes
