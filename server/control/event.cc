#include "server/control/event.h"

#include <nlohmann/json.hpp>

#include "server/logging/log.h"

namespace control {

std::string_view to_text(Event::Kind kind) noexcept {
  return kind == Event::Kind::Alarm ? "alarm" : "transition";
}

std::string rfc3339_milliseconds(std::chrono::system_clock::time_point time) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  const auto fraction = (since % std::chrono::seconds(1)).count();
  std::string text = logging::rfc3339(
      std::chrono::system_clock::time_point(std::chrono::floor<std::chrono::seconds>(since)));
  const std::string digits = std::to_string(1000 + fraction).substr(1);
  return text.insert(text.size() - 1, "." + digits);
}

std::string to_json(const Event& event, std::string_view id,
                    std::chrono::system_clock::time_point time) {
  nlohmann::ordered_json json;
  json["id"] = id;
  json["time"] = logging::rfc3339(time);
  json["kind"] = to_text(event.kind);
  json["event"] = event.what;
  json["text"] = event.text;
  for (const auto& [key, value] : event.fields) json[std::string(key)] = value;
  // Names are UTF-8 as a rule; what is not must not stop the message.
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace control
