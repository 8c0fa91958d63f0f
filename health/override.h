// What an operator says of endpoints, for a time or until taken back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "health/board.h"

namespace health {

// An override says one thing: that endpoints are out or in, or what they weigh where a pool draws
// by weight. The two do not touch each other.
enum class OverrideKind : std::uint8_t { Force, Weight };
[[nodiscard]] std::string_view to_text(OverrideKind kind) noexcept;  // "weight"

inline constexpr std::uint32_t kMaxWeight = 1'000'000;  // as in zone files

// `target` is "[ZONE/]ENDPOINT" or "pool:[ZONE/]POOL", that is all its members; without a zone, in
// every zone; `*` and `?` are wildcards. At most one override of a kind has a target.
struct Override {
  std::string target;
  Force force = Force::Drained;         // None where there is a weight, and only there
  std::optional<std::uint32_t> weight;  // in place of the configuration's; at most kMaxWeight
  std::string reason;                   // for people, may be empty
  std::string author;                   // for people, may be empty
  std::int64_t created = 0;             // seconds since 1970
  std::int64_t expires = 0;             // seconds since 1970; 0: never
  std::optional<std::uint32_t> ttl;     // seconds, of answers that rest on it

  [[nodiscard]] OverrideKind kind() const noexcept {
    return weight ? OverrideKind::Weight : OverrideKind::Force;
  }
  friend bool operator==(const Override&, const Override&) = default;
};

// What it says, in a word or two: "drained", "weight 10".
[[nodiscard]] std::string word_of(const Override& override);

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

// What holds for a subject at a moment: of each kind the newest of all that apply and have not
// expired, of the same second the last. Null: there is none.
//
// Borrows: the overrides.
struct InForce {
  const Override* force = nullptr;
  const Override* weight = nullptr;

  [[nodiscard]] std::optional<std::uint32_t> ttl() const noexcept;  // the shorter one
  [[nodiscard]] std::int64_t expires() const noexcept;              // the first one; 0: never
};
[[nodiscard]] InForce in_force(const std::vector<Override>& overrides,
                               const OverrideSubject& subject, std::int64_t now);

}  // namespace health
