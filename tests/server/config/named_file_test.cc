#include "server/config/named_file.h"

#include "tests/server/config/check_files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class NamedFiles : public CheckFiles {
 protected:
  std::optional<std::string> secret_in(const std::string& path, const FileOwner& owner = {}) {
    problems_.clear();
    YamlFile file(folder_ + "/f.yaml", problems_);
    const auto secret =
        read_secret(file, {folder_ + "/" + path, "`token_file`", YAML::Node()}, owner);
    warnings_ = file.warnings();
    return secret;
  }
};

TEST_F(NamedFiles, ExpandsWhoseAFileIs) {
  const FileOwner owner{"example.org", "tokyo"};
  EXPECT_EQ(expand("/t/{zone}/{endpoint}.token", owner), "/t/example.org/tokyo.token");
  EXPECT_EQ(expand("/t/{endpoint}{endpoint}", owner), "/t/tokyotokyo");
  EXPECT_EQ(expand("{zone}", {"0/25.2.0.192.in-addr.arpa", "a"}), "0_25.2.0.192.in-addr.arpa")
      << "no name leads to another folder";
  EXPECT_EQ(expand("{zone}", {"{endpoint}", "a"}), "_endpoint_");
}

TEST_F(NamedFiles, ReadsASecretWithoutTheBlanksAroundIt) {
  write("a", " \n0123456789abcdef\r\n\n");
  EXPECT_EQ(secret_in("a"), "0123456789abcdef");
  write("tokens/tokyo", std::string(512, 'x'));
  EXPECT_EQ(secret_in("tokens/{endpoint}", {"", "tokyo"}), std::string(512, 'x'));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(NamedFiles, SaysWhyThereIsNoSecretAndNeverWhatIsThere) {
  EXPECT_FALSE(secret_in("nosuch"));
  EXPECT_THAT(texts(problems_), ElementsAre("`token_file` names `nosuch`, which is not there"));
  EXPECT_FALSE(secret_in("."));
  EXPECT_THAT(texts(problems_), ElementsAre(HasSubstr("which is no regular file")));
  const std::vector<std::string> no_secrets{"",
                                            "\n",
                                            "s3cret-too-short",
                                            "s3cret with a space in it",
                                            "s3cret\x01with-a-control-character",
                                            "s3cret-" + std::string(506, 'x')};
  for (std::string text : no_secrets) {
    if (text == "s3cret-too-short") text.pop_back();
    write("a", text);
    EXPECT_FALSE(secret_in("a")) << text;
    EXPECT_THAT(texts(problems_), ElementsAre(testing::AllOf(HasSubstr("which holds no secret"),
                                                             Not(HasSubstr("s3cret")))));
  }
  write("a", std::string(5000, 'x'));
  EXPECT_FALSE(secret_in("a"));
  EXPECT_THAT(texts(problems_), ElementsAre(HasSubstr("is too long")));
}

TEST_F(NamedFiles, WarnsOfASecretThatEverybodyMayRead) {
  std::filesystem::permissions(folder_ + "/token", std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  EXPECT_EQ(secret_in("token"), kToken);
  EXPECT_THAT(texts(warnings_),
              ElementsAre("`token_file` names `token`, which everybody may read: chmod 640"));
}

TEST_F(NamedFiles, KnowsTwoNamesInBraces) {
  EXPECT_THAT(complaints("{type: heartbeat, token_file: \"{name}\"}"),
              ElementsAre("`token_file` of check `web`: in braces only `{zone}` and `{endpoint}` "
                          "may stand"));
}

}  // namespace
}  // namespace config
