#include "server/logging/log.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace logging {
namespace {

using logging::Format;
using logging::Level;

constexpr std::chrono::system_clock::time_point kNoon{std::chrono::seconds{1795348800}};

TEST(Log, TimesAreRfc3339) {
  EXPECT_EQ(logging::rfc3339(kNoon), "2026-11-22T12:00:00Z");
  EXPECT_EQ(logging::rfc3339(std::chrono::system_clock::time_point{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(logging::rfc3339(kNoon - std::chrono::milliseconds(1)), "2026-11-22T11:59:59Z");
}

TEST(Log, WritesALineForPeople) {
  EXPECT_EQ(logging::render(Format::Text, Level::Info, kNoon, "zone example.org: loaded 12 names"),
            "2026-11-22T12:00:00Z info  zone example.org: loaded 12 names");
  EXPECT_EQ(
      logging::render(Format::Text, Level::Warning, kNoon, "slow", {{"took", "3 s"}, {"n", "1"}}),
      "2026-11-22T12:00:00Z warning slow took=\"3 s\" n=1");
  EXPECT_EQ(logging::render(Format::Text, Level::Error, kNoon, "x", {{"a", ""}, {"b", "c=\"d\""}}),
            R"(2026-11-22T12:00:00Z error x a="" b="c=\"d\"")");
}

TEST(Log, WritesALineForPrograms) {
  const std::string line = logging::render(Format::Json, Level::Info, kNoon, "say \"hi\"\n",
                                           {{"path", "a\\b"}, {"name", "\x01\xff"}});
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["time"], "2026-11-22T12:00:00Z");
  EXPECT_EQ(json["level"], "info");
  EXPECT_EQ(json["message"], "say \"hi\"\\x0a");
  EXPECT_EQ(json["path"], "a\\b");
  EXPECT_EQ(json["name"], "\\x01\\xff");
}

TEST(Log, EscapesWhatTerminalsAndParsersObey) {
  EXPECT_EQ(logging::escape("a\r\n\x1b[31m\x7f"), "a\\x0d\\x0a\\x1b[31m\\x7f");
  EXPECT_EQ(logging::escape("\xc2\x9b"), "\\xc2\\x9b");  // C1: control sequence introducer
  EXPECT_EQ(logging::escape(std::string_view("\0", 1)), "\\x00");
}

TEST(Log, KeepsUtf8AndEscapesWhatOnlyLooksLikeIt) {
  EXPECT_EQ(logging::escape("Köln \xe6\x9d\xb1\xe4\xba\xac \xf0\x9f\x9a\xa2"),
            "Köln \xe6\x9d\xb1\xe4\xba\xac \xf0\x9f\x9a\xa2");
  EXPECT_EQ(logging::escape("\xc0\xaf"), "\\xc0\\xaf");                    // overlong
  EXPECT_EQ(logging::escape("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");           // overlong
  EXPECT_EQ(logging::escape("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // surrogate
  EXPECT_EQ(logging::escape("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // over U+10FFFF
  EXPECT_EQ(logging::escape("\xe6\x9d"), "\\xe6\\x9d");                    // cut short
}

TEST(Log, EveryOctetGivesValidJson) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      const std::string line =
          logging::render(Format::Json, Level::Info, kNoon, text, {{"k", text}});
      ASSERT_TRUE(nlohmann::json::accept(line)) << line;
      ASSERT_EQ(line.find('\n'), std::string::npos);
    }
  }
}

TEST(Log, LeavesOutWhatIsLessGrave) {
  logging::open({Level::Warning, Format::Text});
  testing::internal::CaptureStderr();
  logging::info("not this");
  logging::warning("but this");
  const std::string written = testing::internal::GetCapturedStderr();
  logging::open({});
  EXPECT_EQ(written.find("not this"), std::string::npos);
  EXPECT_NE(written.find("Z warning but this\n"), std::string::npos);
}

TEST(Log, WritesJsonWhenAsked) {
  logging::open({Level::Debug, Format::Json});
  testing::internal::CaptureStderr();
  logging::debug("{} is no format", {{"k", "v"}});
  const auto json = nlohmann::json::parse(testing::internal::GetCapturedStderr());
  logging::open({});
  EXPECT_EQ(json["level"], "debug");
  EXPECT_EQ(json["message"], "{} is no format");
  EXPECT_EQ(json["k"], "v");
}

}  // namespace
}  // namespace logging
