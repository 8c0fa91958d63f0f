#include "tests/server/config/steering_files.h"

namespace config {
namespace {

using testing::ElementsAre;

class PoolGraph : public SteeringFiles {
 protected:
  std::vector<std::string> complaints_of(const std::string& pools) {
    return complaints("endpoints:\n  e: {A: 192.0.2.1}\npools:\n" + pools);
  }
};

TEST_F(PoolGraph, PrintsTheWayOfACircle) {
  EXPECT_THAT(complaints_of("  p: {members: [p]}\n"),
              ElementsAre("zones/a.yaml:5:3: pools lead in a circle: p → p"));
  EXPECT_THAT(complaints_of("  p: {members: [e], then: p}\n"),
              ElementsAre("zones/a.yaml:5:3: pools lead in a circle: p → then p"));
  EXPECT_THAT(complaints_of("  p: {members: [e], then: q}\n  q: {members: [e], then: p}\n"),
              ElementsAre("zones/a.yaml:5:3: pools lead in a circle: p → then q → then p"));
  EXPECT_THAT(complaints_of("  top: {members: [a]}\n  a: {members: [e, b]}\n"
                            "  b: {members: [e], then: c}\n  c: {members: [a]}\n"),
              ElementsAre("zones/a.yaml:6:3: pools lead in a circle: a → b → then c → a"));
}

TEST_F(PoolGraph, PrintsEveryCircle) {
  EXPECT_THAT(complaints_of("  a: {members: [b, c]}\n  b: {members: [a]}\n"
                            "  c: {members: [c, e]}\n"),
              ElementsAre("zones/a.yaml:5:3: pools lead in a circle: a → b → a",
                          "zones/a.yaml:7:3: pools lead in a circle: c → c"));
}

TEST_F(PoolGraph, AllowsSeveralWaysToOnePool) {
  EXPECT_THAT(complaints("endpoints:\n  e: {A: 192.0.2.1}\npools:\n"
                         "  a: {members: [b, c], then: d}\n  b: {members: [d]}\n"
                         "  c: {members: [d], then: b}\n  d: {members: [e]}\n",
                         {"a"}),
              ElementsAre("loaded"));
}

TEST_F(PoolGraph, RefusesChainsThatNoQueryCouldFollow) {
  const auto chain = [](int pools) {
    std::string text = "endpoints:\n  e: {A: 192.0.2.1}\npools:\n";
    for (int i = 1; i < pools; ++i) {
      text += "  p" + std::to_string(i) + ": {members: [p" + std::to_string(i + 1) + "]}\n";
    }
    return text + "  p" + std::to_string(pools) + ": {members: [e]}\n";
  };
  EXPECT_THAT(complaints(chain(1000), {"p1"}), ElementsAre("loaded"));
  EXPECT_THAT(complaints(chain(1001), {"p1"}),
              ElementsAre("zones/a.yaml:5:3: pool `p1` leads over more than 1000 pools one below "
                          "another"));
}

TEST_F(PoolGraph, RefusesMoreWaysThanAQueryCouldLookAt) {
  std::string text = "endpoints:\n  e: {A: 192.0.2.1}\n  f: {A: 192.0.2.2}\npools:\n";
  for (int i = 1; i <= 20; ++i) {
    const std::string below = i == 20 ? "e" : "p" + std::to_string(i + 1);
    const std::string also = i == 20 ? "f" : "q" + std::to_string(i + 1);
    for (const char* name : {"p", "q"}) {
      text += "  " + std::string(name) + std::to_string(i) + ": {members: [" + below + ", " + also +
              "]}\n";
    }
  }
  const std::string why = " leads to more than 100000 addresses, each counted for every way to it";
  EXPECT_THAT(complaints(text, {"p1", "q1"}), ElementsAre("zones/a.yaml:12:3: pool `p4`" + why,
                                                          "zones/a.yaml:13:3: pool `q4`" + why))
      << "those above them are not to blame";
}

}  // namespace
}  // namespace config
