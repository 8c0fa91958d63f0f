#include "tests/scenarios/scenario.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace scenarios {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> scenario_files() {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(FAIRLEAD_SOURCE_DIR "/tests/scenarios")) {
    if (entry.path().extension() == ".scenario") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string name_of(const testing::TestParamInfo<std::string>& file) {
  return fs::path(file.param).stem().string();
}

class Scenario : public testing::TestWithParam<std::string> {};

TEST_P(Scenario, GoesAsWritten) {
  std::ifstream in(GetParam());
  std::ostringstream text;
  text << in.rdbuf();
  ASSERT_TRUE(in) << "cannot read " << GetParam();
  play(fs::path(GetParam()).filename().string(), text.str());
}

INSTANTIATE_TEST_SUITE_P(Files, Scenario, testing::ValuesIn(scenario_files()), name_of);

const char* const kZone =
    "zone\n  zone: example.test\n  soa: {serial: 1}\n"
    "  records: {\"@\": {NS: [ns.example.net.]}, www: {A: 192.0.2.1}}\n";

TEST(ScenarioRunner, ReadsStepsWithWhatIsBelowThem) {
  const auto steps = read_steps("# comment\nzone\n    a: 1\n\n      b: 2\nadvance 10s\n");
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].below, (std::vector<std::string>{"a: 1", "  b: 2"}));
  EXPECT_EQ(steps[1].words, (std::vector<std::string>{"advance", "10s"}));
  EXPECT_EQ(steps[1].line, 6);
}

TEST(ScenarioRunner, FailsWhereTheReplyIsAnother) {
  EXPECT_NONFATAL_FAILURE(
      play("here", std::string(kZone) + "query www.example.test A\n  status REFUSED\n"),
      "status NOERROR aa");
}

TEST(ScenarioRunner, FailsOnUnknownSteps) {
  EXPECT_NONFATAL_FAILURE(play("here", std::string(kZone) + "kwery www.example.test A\n"),
                          "unknown step `kwery`");
}

const char* const kFleet =
    "zone\n  zone: example.test\n  soa: {serial: 1}\n"
    "  checks: {web: {type: tcp, port: 80}}\n"
    "  endpoints: {tokyo: {A: 192.0.2.1, check: web}, home: {A: 192.0.2.2}}\n"
    "  pools: {web: {members: [tokyo, home]}}\n"
    "  records: {\"@\": {NS: [ns.example.net.]}, www: {dynamic: web}}\n";

TEST(ScenarioRunner, FailsOnProbesOfNobody) {
  for (const char* const step : {"probe kyoto pass", "probe home pass", "probe tokyo/deep pass",
                                 "probe tokyo AAAA pass", "probe kyoto* pass"}) {
    EXPECT_NONFATAL_FAILURE(play("here", std::string(kFleet) + step + "\n"), "has no such check");
  }
  EXPECT_NONFATAL_FAILURE(play("here", std::string(kFleet) + "probe tokyo maybe\n"),
                          "pass, fail or silence: maybe");
}

TEST(ScenarioRunner, FailsOnOverridesThatMeanNobody) {
  EXPECT_NONFATAL_FAILURE(play("here", std::string(kFleet) + "drain kyoto\n"),
                          "nobody is meant by kyoto");
  EXPECT_NONFATAL_FAILURE(play("here", std::string(kFleet) + "undrain tokyo\n"),
                          "nobody said so of tokyo");
  EXPECT_NONFATAL_FAILURE(play("here", std::string(kFleet) + "force tokyo out\n"),
                          "`force ENDPOINT up` or `down`");
  EXPECT_NONFATAL_FAILURE(play("here", std::string(kFleet) + "drain tokyo 10m\n"),
                          "unknown word `10m`");
}

TEST(ScenarioRunner, FailsWhereNothingIsAsked) {
  EXPECT_NONFATAL_FAILURE(play("here", kZone), "here asks nothing");
}

}  // namespace
}  // namespace scenarios
