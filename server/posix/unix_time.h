#pragma once

#include <ctime>

#include "dnswire/cookie.h"

namespace posix {

// The time of day to a few milliseconds, without a system call.
[[nodiscard]] inline dnswire::UnixTime unix_now() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return static_cast<dnswire::UnixTime>(now.tv_sec);
}

}  // namespace posix
