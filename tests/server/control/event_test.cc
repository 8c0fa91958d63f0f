#include "server/control/event.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace control {
namespace {

constexpr std::chrono::system_clock::time_point kNoon{std::chrono::seconds{1795348800}};

TEST(Event, TimesAreRfc3339) {
  EXPECT_EQ(rfc3339_milliseconds(kNoon + std::chrono::milliseconds(1007)),
            "2026-11-22T12:00:01.007Z");
}

TEST(Event, IsOneJsonObject) {
  Event event{Event::Kind::Alarm, "origin", "origin down: \"pool\" a", true};
  event.fields = {{"zone", "example.org"}, {"pool", "a\nb"}};
  const std::string text = to_json(event, "1f-7", kNoon);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["id"], "1f-7");
  EXPECT_EQ(json["time"], "2026-11-22T12:00:00Z");
  EXPECT_EQ(json["kind"], "alarm");
  EXPECT_EQ(json["event"], "origin");
  EXPECT_EQ(json["text"], "origin down: \"pool\" a");
  EXPECT_EQ(json["zone"], "example.org");
  EXPECT_EQ(json["pool"], "a\nb");
}

TEST(Event, SurvivesTextThatIsNoUtf8) {
  Event event{Event::Kind::Transition, "endpoint", "\xff\xfe"};
  EXPECT_FALSE(nlohmann::json::parse(to_json(event, "1", kNoon)).empty());
}

}  // namespace
}  // namespace control
