#include "tests/server/config/steering_files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kChecks =
    "checks:\n  x: {type: tcp, port: 1}\n  y: {type: tcp, port: 2}\n  z: {type: tcp, port: 3}\n"
    "endpoints:\n";

class CombinationYaml : public SteeringFiles {
 protected:
  health::Subject subject(const std::string& checks) {
    return subject_of(loaded(kChecks + "  a: {A: 192.0.2.1, " + checks + "}\n"), 0);
  }
  std::vector<std::string> wrong(const std::string& checks) {
    auto texts = complaints(kChecks + "  a: {A: 192.0.2.1, " + checks + "}\n");
    for (std::string& text : texts) text = text.substr(text.find(' ') + 1);
    return texts;
  }
};

TEST_F(CombinationYaml, SaysHowManyAreNeeded) {
  const auto expect = [this](const char* checks, std::size_t count, unsigned need) {
    const auto combined = subject(checks);
    EXPECT_EQ(combined.checks.size(), count) << checks;
    EXPECT_EQ(combined.need, need) << checks;
  };
  expect("check: x", 1, 1);
  expect("checks: x", 1, 1);
  expect("checks: [x, y]", 2, 2);
  expect("checks: {all: [x, y, z]}", 3, 3);
  expect("checks: {any: [x, y, z]}", 3, 1);
  expect("checks: {need: 2, of: [x, y, z]}", 3, 2);
  expect("at: JP", 0, 0);
}

TEST_F(CombinationYaml, SaysWhatIsWrong) {
  EXPECT_THAT(wrong("check: xx"), ElementsAre("`check` of endpoint `a`: there is no check `xx`, "
                                              "did you mean `x`?"));
  EXPECT_THAT(wrong("check: x, checks: [y]"),
              ElementsAre("endpoint `a` has both `check` and `checks`; put all into `checks`"));
  EXPECT_THAT(wrong("checks: [x, x]"), ElementsAre("`checks` of endpoint `a`: `x` stands twice"));
  EXPECT_THAT(wrong("checks: []"), ElementsAre("`checks` of endpoint `a` is an empty list"));
  EXPECT_THAT(wrong("checks: {any: []}"),
              ElementsAre("`any` of `checks` of endpoint `a` is an empty list"));
  EXPECT_THAT(
      wrong("checks: {all: [x], any: [y]}"),
      ElementsAre("`checks` of endpoint `a` is one of `all: [...]`, `any: [...]` and `need: "
                  "N, of: [...]`"));
  EXPECT_THAT(wrong("checks: {need: 4, of: [x, y, z]}"),
              ElementsAre("`need` of `checks` of endpoint `a` is 4 of 3 checks"));
  EXPECT_THAT(wrong("checks: {need: 0, of: [x]}"),
              ElementsAre(HasSubstr("is `0`, which is not a number from 1 to 16")));
  EXPECT_THAT(wrong("checks: {need: 1}"), ElementsAre("`checks` of endpoint `a` lacks `of`"));
  EXPECT_THAT(wrong("checks: {of: [x]}"), ElementsAre("`checks` of endpoint `a` lacks `need`"));
}

}  // namespace
}  // namespace config
