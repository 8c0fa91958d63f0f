#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dnswire/address.h"
#include "health/override.h"
#include "health/subject.h"
#include "server/steering/plan.h"

namespace control {

// As labels and reports have it: "ipv4".
[[nodiscard]] constexpr std::string_view family_text(dnswire::Family family) noexcept {
  return family == dnswire::Family::V4 ? "ipv4" : "ipv6";
}

// One address of an endpoint.
struct FaceId {
  steering::EndpointId endpoint{};
  dnswire::Family family = dnswire::Family::V4;
  std::uint32_t index = 0;  // among the endpoint's addresses of that family
};

// From what health knows (subjects) to what operators know (endpoints and pools of zones), and
// back.
//
// Borrows: the plan.
class EndpointIndex {
 public:
  explicit EndpointIndex(const steering::Plan& plan, std::size_t subjects);

  // Whose standing a subject is: one face, or all of an endpoint.
  [[nodiscard]] std::span<const FaceId> faces(health::SubjectId subject) const noexcept {
    return faces_[static_cast<std::size_t>(subject)];
  }
  [[nodiscard]] health::OverrideSubject override_subject(steering::EndpointId endpoint) const;
  [[nodiscard]] std::vector<steering::EndpointId> matching(const health::Override& override) const;

  // "example.org/tokyo/ipv4", with the address behind it where there are several; the same in every
  // configuration.
  [[nodiscard]] std::string name_of(health::SubjectId subject) const;
  // For each subject of this index the one of `former` with its name.
  [[nodiscard]] std::vector<std::optional<health::SubjectId>> match(
      const EndpointIndex& former) const;

  // Names that a target of overrides may have, for suggestions: endpoints, and pools as "pool:all".
  [[nodiscard]] std::vector<std::string> override_targets() const;

 private:
  void note_pool(steering::PoolId pool, std::string_view name);

  const steering::Plan& plan_;
  std::vector<std::vector<FaceId>> faces_;                 // by subject
  std::vector<std::vector<std::string_view>> pool_names_;  // by endpoint
};

}  // namespace control
