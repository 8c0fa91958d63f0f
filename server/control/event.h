#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace control {

// Something that happened to the health of endpoints or of this node: told to the log and to hooks.
struct Event {
  enum class Kind : std::uint8_t {
    Transition,  // an endpoint's state, an override
    Alarm,       // a person should look: isolation, origin down, certificates, the state file,
                 // databases, aliases
  };
  using Fields = std::vector<std::pair<std::string_view, std::string>>;

  Kind kind = Kind::Transition;
  std::string_view what;  // "endpoint", "override", "isolation", "origin", "certificate", "state",
                          // "geo_database", "alias"
  std::string text;       // a sentence for people
  bool bad = false;       // for the worse; false: for the better, or neither
  bool minor = false;     // for the log alone
  Fields fields{};        // what it concerns: {"zone", "example.org"}, {"endpoint", "tokyo"}, ...
};

[[nodiscard]] std::string_view to_text(Event::Kind kind) noexcept;  // "transition"

// One JSON object: id, time (RFC 3339), kind, event, text, and the fields.
[[nodiscard]] std::string to_json(const Event& event, std::string_view id,
                                  std::chrono::system_clock::time_point time);

// "2026-11-22T12:00:00.123Z", RFC 3339 5.6.
[[nodiscard]] std::string rfc3339_milliseconds(std::chrono::system_clock::time_point time);

}  // namespace control
