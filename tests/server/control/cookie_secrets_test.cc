#include "server/control/cookie_secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace control {
namespace {

using testing::HasSubstr;
using testing::Not;
using Kind = SecretsProblem::Kind;

const std::string kFirst = "0123456789abcdef0123456789ABCDEF";
const std::string kSecond = "ffffffffffffffffffffffffffffffff";

class CookieSecretsFile : public testing::Test {
 protected:
  CookieSecretsFile() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "fairlead-secrets-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~CookieSecretsFile() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return (folder_ / "cookie-secrets").string(); }
  void write(const std::string& text, mode_t mode = 0600) const {
    std::ofstream(path()) << text;
    ::chmod(path().c_str(), mode);
  }
  SecretsProblem problem() const {
    const auto file = read_cookie_secrets(path());
    EXPECT_FALSE(file);
    return file ? SecretsProblem{} : file.error();
  }
  std::size_t files_in_folder() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  std::filesystem::path folder_;
};

TEST(CookieSecrets, AreReadInTheirOrder) {
  const auto secrets = parse_cookie_secrets("# ours\n\n  " + kFirst + "  # signs\r\n" + kSecond);
  ASSERT_TRUE(secrets) << secrets.error();
  ASSERT_EQ(secrets->size(), 2U);
  EXPECT_EQ((*secrets)[0][0], 0x01);
  EXPECT_EQ((*secrets)[0][15], 0xef);
  EXPECT_EQ((*secrets)[1][7], 0xff);
}

TEST(CookieSecrets, AreRefusedWithTheLineAndWithoutTheSecret) {
  EXPECT_EQ(parse_cookie_secrets("").error(), "holds no secret");
  EXPECT_EQ(parse_cookie_secrets("# none\n").error(), "holds no secret");
  for (const std::string& wrong :
       {kFirst.substr(1), kFirst + "0", kFirst.substr(1) + "g", kFirst + " " + kSecond}) {
    const auto parsed = parse_cookie_secrets(kSecond + "\n" + wrong + "\n");
    ASSERT_FALSE(parsed);
    const std::string& error = parsed.error();
    EXPECT_THAT(error, HasSubstr("line 2 is no secret"));
    EXPECT_THAT(error, Not(HasSubstr(wrong.substr(0, 8))));
  }
  EXPECT_EQ(parse_cookie_secrets(kFirst + "\n" + kFirst).error(),
            "line 2 repeats an earlier secret");
  std::string many;
  for (int i = 0; i < 9; ++i) many += std::to_string(i) + kFirst.substr(1) + "\n";
  EXPECT_EQ(parse_cookie_secrets(many).error(), "holds 9 secrets, more than 8");
  EXPECT_EQ(parse_cookie_secrets(many.substr(33)).value().size(), 8U);
}

TEST(CookieSecrets, AreDrawnAnewEachTime) { EXPECT_NE(draw_cookie_secret(), draw_cookie_secret()); }

TEST_F(CookieSecretsFile, IsMadeForItsOwnerOnlyAndReadAgain) {
  const dnswire::CookieSecret secret = draw_cookie_secret();
  const auto written = write_cookie_secret(path(), secret);
  ASSERT_TRUE(written) << written.error();
  struct stat status {};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(files_in_folder(), 1U) << "nothing is left behind";
  const auto file = read_cookie_secrets(path());
  ASSERT_TRUE(file) << file.error().text;
  EXPECT_EQ(file->secrets, CookieSecrets{secret});
  EXPECT_EQ(file->warning, "");
}

TEST_F(CookieSecretsFile, IsNeverReplaced) {
  write(kFirst);
  EXPECT_THAT(write_cookie_secret(path(), draw_cookie_secret()).error(), HasSubstr("exists"));
  EXPECT_EQ(read_cookie_secrets(path())->secrets, parse_cookie_secrets(kFirst).value());
  EXPECT_EQ(files_in_folder(), 1U);
}

TEST_F(CookieSecretsFile, NeedsItsFolder) {
  EXPECT_THAT(write_cookie_secret((folder_ / "nosuch/file").string(), {}).error(),
              "cannot be written: No such file or directory");
}

TEST_F(CookieSecretsFile, ThatEveryoneCanReadIsWarnedOf) {
  write(kFirst, 0644);
  EXPECT_THAT(read_cookie_secrets(path())->warning, HasSubstr("everyone on this machine can read"));
  write(kFirst, 0640);
  EXPECT_EQ(read_cookie_secrets(path())->warning, "");
}

TEST_F(CookieSecretsFile, SaysWhyItCannotBeUsed) {
  EXPECT_EQ(problem().kind, Kind::Missing);
  EXPECT_EQ(problem().text, path() + ": is not there");
  write("nonsense\n");
  EXPECT_EQ(problem().kind, Kind::Malformed);
  EXPECT_THAT(problem().text, HasSubstr(path() + ": line 1 is no secret"));
  write(std::string(70'000, '#'));
  EXPECT_THAT(problem().text, HasSubstr("is too long"));
}

TEST_F(CookieSecretsFile, IsNoSymbolicLinkNoFolderAndNoPipe) {
  write(kFirst);
  std::filesystem::rename(path(), folder_ / "elsewhere");
  std::filesystem::create_symlink(folder_ / "elsewhere", path());
  EXPECT_EQ(problem().kind, Kind::Malformed);
  EXPECT_THAT(problem().text, HasSubstr("is a symbolic link"));
  EXPECT_FALSE(write_cookie_secret(path(), {})) << "nor is anything written through it";
  std::filesystem::remove(path());
  std::filesystem::create_directory(path());
  EXPECT_THAT(problem().text, HasSubstr("is not a regular file"));
  std::filesystem::remove(path());
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_THAT(problem().text, HasSubstr("is not a regular file")) << "and does not wait";
}

}  // namespace
}  // namespace control
