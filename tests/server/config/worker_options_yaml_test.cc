// The section `workers` of fairlead.yaml, read as the server reads it.
#include "server/config/options.h"
#include "tests/server/config/files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Workers : public Files {
 protected:
  WorkerOptions read(const std::string& text) {
    zones::Problems problems;
    const auto options = load_options(write("fairlead.yaml", "zones: zones\n" + text), problems);
    EXPECT_TRUE(options) << text;
    return options.value_or(Options{}).workers;
  }
  std::vector<std::string> complaints(const std::string& text) {
    write("zones/a.yaml", "zone: example.org\nrecords:\n" + kApex);
    write("fairlead.yaml", "zones: zones\n" + text);
    return problems();
  }
};

TEST_F(Workers, AreANumberOrAuto) {
  EXPECT_EQ(read("").count, 0U);
  EXPECT_EQ(read("workers: auto\n").count, 0U);
  EXPECT_EQ(read("workers: 1024\n").count, 1024U);
  EXPECT_THAT(complaints("workers: 0\n"),
              ElementsAre(HasSubstr("fairlead.yaml:2:10: `workers` (`auto`, or how many) is `0`")));
  EXPECT_THAT(complaints("workers: [1]\n"), ElementsAre(HasSubstr("fairlead.yaml:2:10: ")));
}

TEST_F(Workers, MayHaveCores) {
  EXPECT_THAT(read("workers: {cores: [0, 2-4, 7]}\n").cores, ElementsAre(0, 2, 3, 4, 7));
  EXPECT_THAT(read("workers: {cores: 3}\n").cores, ElementsAre(3));
  EXPECT_THAT(read("workers: {cores: 1022-1023}\n").cores, ElementsAre(1022, 1023));
  const WorkerOptions all = read("workers: {count: 2, cores: all, steer: false}\n");
  EXPECT_EQ(all.count, 2U);
  EXPECT_TRUE(all.all_cores);
  EXPECT_FALSE(all.steer);
  EXPECT_TRUE(read("workers: {count: auto, cores: all, steer: true}\n").steer);
  EXPECT_TRUE(read("workers: {count: 2, cores: [0, 1], steer: true}\n").steer);
  EXPECT_FALSE(read("workers: {count: 2}\n").all_cores);
}

TEST_F(Workers, SayWhatIsWrong) {
  EXPECT_THAT(complaints("workers: {core: 1}\n"),
              ElementsAre("fairlead.yaml:2:11: unknown key `core` in `workers`, did you mean "
                          "`cores`?"));
  EXPECT_THAT(complaints("workers: {count: many}\n"),
              ElementsAre(HasSubstr("fairlead.yaml:2:18: `count` of `workers` (`auto`, or how "
                                    "many) is `many`")));
  EXPECT_THAT(complaints("workers: {cores: [0, 0-1]}\n"),
              ElementsAre("fairlead.yaml:2:22: `cores` of `workers` names core 0 twice"));
  EXPECT_THAT(complaints("workers: {cores: [0, 3-2]}\n"),
              ElementsAre("fairlead.yaml:2:22: `cores` of `workers` has `3-2`, which is neither "
                          "`all` nor a core or a range of them, 0 to 1023: write for example "
                          "`[0, 2-5]`"));
  for (const char* wrong : {"1024", "0-1024", "-1", "1-", "1-2-3", "x", "1,2"}) {
    EXPECT_THAT(complaints("workers: {cores: [\"" + std::string(wrong) + "\"]}\n"),
                ElementsAre(HasSubstr("neither `all` nor a core")))
        << wrong;
  }
  EXPECT_THAT(complaints("workers: {count: 3, cores: [0, 1]}\n"),
              ElementsAre("fairlead.yaml:2:18: `count` of `workers` is 3, more than the 2 of "
                          "`cores`"));
  EXPECT_THAT(complaints("workers: {steer: true}\n"),
              ElementsAre("fairlead.yaml:2:18: `steer` of `workers` needs `cores`"));
  EXPECT_THAT(complaints("workers: {count: 1, cores: [0, 1], steer: true}\n"),
              ElementsAre("fairlead.yaml:2:43: `steer` of `workers` needs one worker for each of "
                          "`cores`: leave out `count`"));
  EXPECT_THAT(complaints("workers: {cores: [0], steer: often}\n"),
              ElementsAre(HasSubstr("fairlead.yaml:2:30: `steer` of `workers`")));
}

}  // namespace
}  // namespace config
