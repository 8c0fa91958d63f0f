#include "server/posix/client_group.h"

namespace posix {

dnswire::IpAddress client_group(const dnswire::IpAddress& address) noexcept {
  return address.family() == dnswire::Family::V6 ? address.masked(64) : address;
}

}  // namespace posix
