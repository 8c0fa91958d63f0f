#include "tests/server/config/files.h"

namespace config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class HooksYaml : public Files {
 protected:
  HooksYaml() {
    write("zones/a.yaml", "zone: example.org\nrecords:\n" + kApex);
    write("secret", "0123456789abcdef\n");
    write("ca.pem", "-----BEGIN CERTIFICATE-----\n");
    std::filesystem::permissions(folder_ / "secret", std::filesystem::perms::owner_all);
  }

  std::vector<HookOptions> hooks(const std::string& text) {
    write("fairlead.yaml", "zones: zones\ngeo: {databases: []}\nhooks: " + text + "\n");
    EXPECT_THAT(problems(), ElementsAre("loaded"));
    const auto loaded = load();
    return loaded ? loaded->options.hooks : std::vector<HookOptions>{};
  }
  std::vector<std::string> complaints(const std::string& text) {
    write("fairlead.yaml", "zones: zones\ngeo: {databases: []}\nhooks: " + text + "\n");
    auto texts = problems();
    for (std::string& line : texts) line = line.substr(line.find(' ') + 1);
    return texts;
  }
};

TEST_F(HooksYaml, ReadsHooks) {
  const auto read = hooks(
      "[{url: \"https://hooks.example/x\", secret_file: secret, ca: ca.pem, verify: false, on: "
      "alarms, timeout: 2s}, {exec: [/usr/local/bin/page, ops], on: [transitions, alarms]}]");
  ASSERT_THAT(read, SizeIs(2));
  EXPECT_EQ(read[0].url, "https://hooks.example/x");
  EXPECT_EQ(read[0].secret, "0123456789abcdef");
  EXPECT_EQ(read[0].ca_file, (folder_ / "ca.pem").string());
  EXPECT_FALSE(read[0].verify);
  EXPECT_FALSE(read[0].transitions);
  EXPECT_TRUE(read[0].alarms);
  EXPECT_EQ(read[0].timeout, 2s);
  EXPECT_THAT(read[1].argv, ElementsAre("/usr/local/bin/page", "ops"));
  EXPECT_TRUE(read[1].transitions && read[1].alarms);
  EXPECT_THAT(hooks("[]"), IsEmpty());
}

TEST_F(HooksYaml, TellsEverythingWithinFiveSecondsUnlessToldOtherwise) {
  const auto read = hooks("[{url: \"http://127.0.0.1:9\"}]");
  ASSERT_THAT(read, SizeIs(1));
  EXPECT_TRUE(read[0].transitions && read[0].alarms && read[0].verify);
  EXPECT_EQ(read[0].timeout, 5s);
  EXPECT_EQ(read[0].secret, "");
}

TEST_F(HooksYaml, SaysWhatIsWrong) {
  EXPECT_THAT(complaints("{url: \"http://a\"}"), ElementsAre("`hooks` is a list: begin with `- `"));
  EXPECT_THAT(complaints("[{on: alarms}]"), ElementsAre("a hook has one of `url` and `exec`"));
  EXPECT_THAT(complaints("[{url: \"http://a\", exec: [/a]}]"),
              ElementsAre("a hook has one of `url` and `exec`"));
  EXPECT_THAT(complaints("[{url: \"ftp://a\"}]"),
              ElementsAre("a hook: `url` does not begin with `https://` or `http://`"));
  EXPECT_THAT(complaints("[{url: \"https://me:s3cret@a\"}]"),
              ElementsAre("a hook: `url` has a user before `@`; sign with a `secret_file`"));
  EXPECT_THAT(complaints("[{url: \"http://a\", ca: ca.pem, verify: false}]"),
              ElementsAre("a hook: `ca` is for https only", "a hook: `verify` is for https only"));
  EXPECT_THAT(complaints("[{url: \"http://a\", secret_file: nosuch}]"),
              ElementsAre("`secret_file` of a hook names `nosuch`, which is not there"));
  EXPECT_THAT(complaints("[{url: \"http://a\", secret_file: \"{zone}\"}]"),
              ElementsAre("a hook: `secret_file` is of no endpoint, and has no braces"));
  EXPECT_THAT(complaints("[{exec: [page]}]"),
              ElementsAre(HasSubstr("`exec` of a hook begins with `page`, which is no path from "
                                    "the root")));
  EXPECT_THAT(complaints("[{exec: [/a], secret_file: secret}]"),
              ElementsAre("a hook: `secret_file` is for hooks with a `url` only"));
  EXPECT_THAT(complaints("[{exec: [/a], on: [alarm]}]"),
              ElementsAre("`on` of a hook is `alarm`, which is none of `transitions` or `alarms`, "
                          "did you mean `alarms`?"));
  EXPECT_THAT(complaints("[{exec: [/a], on: [alarms, alarms]}]"),
              ElementsAre("`on` of a hook: `alarms` stands twice"));
  EXPECT_THAT(complaints("[{exec: [/a], on: []}]"), ElementsAre(HasSubstr("is an empty list")));
  EXPECT_THAT(complaints("[{exec: [/a], timeout: 2m}]"),
              ElementsAre("a hook: `timeout` is from 100ms to 1m"));
  EXPECT_THAT(complaints("[{exec: [/a]}, {exec: [/a]}]"), ElementsAre("this hook stands twice"));
}

TEST_F(HooksYaml, WarnsOfASecretThatEverybodyMayRead) {
  std::filesystem::permissions(folder_ / "secret", std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  std::ignore = hooks("[{url: \"http://a\", secret_file: secret}]");
  EXPECT_THAT(warnings(), ElementsAre("fairlead.yaml:3:40: `secret_file` of a hook names `secret`, "
                                      "which everybody may read: chmod 640"));
}

}  // namespace
}  // namespace config
