// One SvcParam: its key and its value. RFC 9460 7, 9461 5, 9540 4. For the sources of this folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dnswire/bytes.h"
#include "dnswire/error.h"

namespace dnswire {

enum class SvcParamKey : std::uint16_t {
  Mandatory = 0,
  Alpn = 1,
  NoDefaultAlpn = 2,
  Port = 3,
  Ipv4Hint = 4,
  Ech = 5,
  Ipv6Hint = 6,
  DohPath = 7,
  Ohttp = 8,
  Invalid = 65535,  // RFC 9460 14.3.2
};

struct SvcParamKeyText {
  std::uint16_t number;
  bool generic;  // keyNNNNN: the value is written as it stands on the wire
};

// "alpn", "key65333". RFC 9460 2.1.
[[nodiscard]] Result<SvcParamKeyText> svc_param_key_from_text(std::string_view text) noexcept;

// The value in wire format, 65,535 octets at most and fitting the key. `text` is as written,
// without its quotes, escapes unresolved.
[[nodiscard]] Result<std::vector<std::uint8_t>> svc_param_from_text(SvcParamKeyText key,
                                                                    std::string_view text);

[[nodiscard]] bool fits_svc_param(std::uint16_t key, Bytes value) noexcept;

// Adds key=value. Requires: the value fits.
void append_svc_param(std::string& text, std::uint16_t key, Bytes value);

}  // namespace dnswire
