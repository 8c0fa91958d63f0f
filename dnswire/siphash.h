#pragma once

#include <array>
#include <cstdint>

#include "dnswire/bytes.h"

namespace dnswire {

// SipHash-2-4: a short message's authenticator, eight octets in little-endian order as its authors
// print them. J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF", 2012.
[[nodiscard]] std::array<std::uint8_t, 8> siphash24(const std::array<std::uint8_t, 16>& key,
                                                    Bytes message) noexcept;

}  // namespace dnswire
