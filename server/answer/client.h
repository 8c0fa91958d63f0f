#pragma once

#include <cstdint>

#include "dnswire/address.h"

namespace answer {

enum class Transport : std::uint8_t { Udp, Tcp };

struct Client {
  dnswire::IpAddress address;  // where the packet came from
  Transport transport = Transport::Udp;
};

}  // namespace answer
