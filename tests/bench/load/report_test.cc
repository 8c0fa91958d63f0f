#include "bench/load/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace load {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Outcome outcome() {
  Outcome result;
  result.tally.sent = 2000;
  result.tally.answered = 1990;
  result.tally.lost = 10;
  result.tally.arrived = 2000;
  result.tally.octets = 1990 * 60;
  result.tally.rcodes[0] = 1980;
  result.tally.rcodes[3] = 10;
  result.tally.latency.record(100ns);
  result.measured = 2s;
  result.server_time = 6ms;
  return result;
}

TEST(Report, IsWhatIsMeasured) {
  Options options;
  options.server_processes = {1};
  const auto json = nlohmann::json::parse(to_json(options, outcome()));
  EXPECT_EQ(json["queries_per_second"], 1000);
  EXPECT_EQ(json["lost"], 10);
  EXPECT_EQ(json["loss"], 0.005);
  EXPECT_EQ(json["rcodes"]["NOERROR"], 1980);
  EXPECT_EQ(json["rcodes"]["NXDOMAIN"], 10);
  EXPECT_EQ(json["latency_us"]["p50"], 0.1);
  EXPECT_EQ(json["server_ns_per_answer"], 3000);
  EXPECT_EQ(json["server_cores"], 0.003);
  EXPECT_FALSE(json.contains("behind_us"));
  EXPECT_FALSE(json.contains("connections"));
}

TEST(Report, ReadsAsText) {
  Options options;
  options.server_processes = {1};
  const std::string text = to_text(options, outcome());
  EXPECT_THAT(text, HasSubstr("1000 per second, for 2.00 s"));
  EXPECT_THAT(text, HasSubstr("lost 10 (0.5000 %)"));
  EXPECT_THAT(text, HasSubstr("NOERROR 1980, NXDOMAIN 10; truncated 0, 60 octets each"));
  EXPECT_THAT(text, HasSubstr("server 3000 ns per answer"));
}

TEST(Report, StandsWithoutAnyAnswer) {
  const auto json = nlohmann::json::parse(to_json({}, {}));
  EXPECT_EQ(json["queries_per_second"], 0);
  EXPECT_EQ(json["loss"], 0);
  EXPECT_FALSE(json.contains("server_ns_per_answer"));
  EXPECT_THAT(to_text({}, {}), HasSubstr("replies    none"));
}

}  // namespace
}  // namespace load
