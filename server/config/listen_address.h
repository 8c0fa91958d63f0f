#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "dnswire/address.h"

namespace config {

// An IP address and a port, as written in the configuration: "192.0.2.1:53", "[2001:db8::1]:53".
struct ListenAddress {
  dnswire::IpAddress address;
  std::uint16_t port = 0;  // 0: any free one

  // The error is a clause that says what is wrong with the text.
  [[nodiscard]] static tl::expected<ListenAddress, std::string> from_text(std::string_view text);
  [[nodiscard]] std::string to_text() const;
  [[nodiscard]] bool is_wildcard() const noexcept;  // 0.0.0.0 or [::]

  friend bool operator==(const ListenAddress&, const ListenAddress&) noexcept = default;
};

}  // namespace config
