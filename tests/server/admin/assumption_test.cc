#include "server/admin/assumption.h"

#include "tests/server/control/configured.h"

namespace admin {
namespace {

using testing::HasSubstr;

TEST(Assumption, IsAWordAndATarget) {
  const auto parsed = parse_assumptions("down:Tokyo,drained:pool:example.test./edges,up:*");
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->size(), 3U);
  EXPECT_EQ((*parsed)[0].text(), "down: tokyo");
  EXPECT_EQ((*parsed)[1].text(), "drained: pool:example.test/edges");
  EXPECT_EQ((*parsed)[2].force, health::Force::Up);
  EXPECT_TRUE(parse_assumptions("")->empty());
}

TEST(Assumption, IsRefusedIfItSaysNothing) {
  for (const char* wrong : {"tokyo", "down", "dead:tokyo", ":tokyo", ",", "down:tokyo,,up:x"}) {
    EXPECT_THAT(parse_assumptions(wrong).error(), HasSubstr("assumes nothing")) << wrong;
  }
  EXPECT_THAT(parse_assumptions("down:").error(), HasSubstr("needs a target"));
}

class Assume : public control::Configured {
 protected:
  tl::expected<AssumedBoard, std::string> assume_that(const char* text) {
    const control::Loaded loaded = load();
    board_ = std::make_shared<const health::Board>(
        std::vector<health::Standing>(loaded.configuration.roster->subjects.size()));
    return assume(*parse_assumptions(text), *loaded.configuration.plan, board_);
  }
  std::shared_ptr<const health::Board> board_;
};

TEST_F(Assume, LeavesTheBoardInUseAsItIs) {
  const auto assumed = assume_that("down:tokyo");
  ASSERT_TRUE(assumed);
  EXPECT_EQ((*assumed->board)[health::SubjectId{0}].force, health::Force::Down);
  EXPECT_EQ((*board_)[health::SubjectId{0}].force, health::Force::None);
  EXPECT_EQ(assumed->assumed, (std::vector<bool>{true, false}));
}

TEST_F(Assume, SaysNothingWithoutAssumptions) {
  const auto assumed = assume_that("");
  ASSERT_TRUE(assumed);
  EXPECT_EQ(assumed->board, board_);
}

TEST_F(Assume, TakesTheLaterWord) {
  const auto assumed = assume_that("down:*,up:tokyo");
  ASSERT_TRUE(assumed);
  EXPECT_EQ((*assumed->board)[health::SubjectId{0}].force, health::Force::Up);
  EXPECT_EQ((*assumed->board)[health::SubjectId{1}].force, health::Force::Down);
}

TEST_F(Assume, RefusesWhatSpeaksOfNobody) {
  EXPECT_EQ(assume_that("down:tokio").error(),
            "no endpoint is named `tokio`, did you mean `tokyo`?");
  EXPECT_EQ(assume_that("down:pool:nosuch").error(), "no endpoint is in `pool:nosuch`");
}

}  // namespace
}  // namespace admin
