#pragma once

#include "dnswire/address.h"

namespace posix {

// Which clients count as one where a listener has a limit for each: the address itself, or the /64
// of an IPv6 client, which has as many addresses as it likes.
[[nodiscard]] dnswire::IpAddress client_group(const dnswire::IpAddress& address) noexcept;

}  // namespace posix
