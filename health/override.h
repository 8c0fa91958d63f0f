// What an operator says of endpoints, for a time or until taken back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "health/board.h"

namespace health {

// `target` is "[ZONE/]ENDPOINT" or "pool:[ZONE/]POOL"; without a zone, in every zone; `*` and `?`
// are wildcards. At most one override has a target.
struct Override {
  std::string target;
  Force force = Force::Drained;      // never None
  std::string reason;                // for people, may be empty
  std::string author;                // for people, may be empty
  std::int64_t created = 0;          // seconds since 1970
  std::int64_t expires = 0;          // seconds since 1970; 0: never
  std::optional<std::uint32_t> ttl;  // seconds, of answers that rest on it
  friend bool operator==(const Override&, const Override&) = default;
};

// One endpoint as overrides name it. Names without the final dot, matched without regard to case.
struct OverrideSubject {
  std::string_view zone;
  std::string_view endpoint;
  std::vector<std::string_view> pools;  // of its zone, that it is a member of
};

// `*` any number of characters, `?` one; ASCII case ignored. Linear in both.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text) noexcept;

// The one way to write a target: lower case, zones without the final dot.
[[nodiscard]] std::string canonical_target(std::string_view target);

// Empty: sound; else a sentence that says what is wrong with it.
[[nodiscard]] std::string find_fault(const Override& override);

[[nodiscard]] bool applies_to(const Override& override, const OverrideSubject& subject);

// What holds for a subject at a moment: of all that apply and have not expired, the newest.
struct Forced {
  Force force = Force::None;
  std::optional<std::uint32_t> ttl;
  std::int64_t expires = 0;  // 0: never
  std::size_t which = 0;     // index into the overrides; meaningless for None
  friend bool operator==(const Forced&, const Forced&) = default;
};
[[nodiscard]] Forced resolve(const std::vector<Override>& overrides, const OverrideSubject& subject,
                             std::int64_t now);

}  // namespace health
