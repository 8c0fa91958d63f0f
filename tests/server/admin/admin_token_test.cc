#include "server/admin/admin_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace admin {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

const std::string kToken = "0123456789abcdef0123456789ABCDEF";

class AdminTokenFile : public testing::Test {
 protected:
  AdminTokenFile() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "fairlead-token-XXXXXX").string();
    above_ = ::mkdtemp(pattern.data());
  }
  ~AdminTokenFile() override { std::filesystem::remove_all(above_); }

  std::string folder() const { return (above_ / "state").string(); }
  std::string path() const { return folder() + "/admin-token"; }
  void write(const std::string& text, mode_t mode = 0600) const {
    std::filesystem::create_directory(folder());
    std::ofstream(path()) << text;
    ::chmod(path().c_str(), mode);
  }
  static mode_t mode_of(const std::string& name) {
    struct stat status {};
    EXPECT_EQ(::stat(name.c_str(), &status), 0) << name;
    return status.st_mode & 07777;
  }

  std::filesystem::path above_;
};

TEST_F(AdminTokenFile, IsMadeAtTheFirstStartAndKept) {
  const auto made = provide_admin_token(folder());
  ASSERT_TRUE(made) << made.error();
  EXPECT_THAT(*made, MatchesRegex("[0-9a-f]{64}"));
  EXPECT_EQ(warn_of_admin_token(folder()), "");
  EXPECT_EQ(mode_of(folder()), 0700U);
  EXPECT_EQ(mode_of(path()), 0600U);
  EXPECT_EQ(provide_admin_token(folder()).value(), *made);
  EXPECT_EQ(read_admin_token(folder()).value(), *made);
  std::filesystem::remove(path());
  EXPECT_NE(provide_admin_token(folder()).value(), *made);
}

TEST_F(AdminTokenFile, MayBeWrittenByHand) {
  for (const char* end : {"", "\n", "\r\n"}) {
    write(kToken + end);
    EXPECT_EQ(provide_admin_token(folder()).value(), kToken);
    EXPECT_EQ(read_admin_token(folder()).value(), kToken);
  }
}

TEST_F(AdminTokenFile, IsRefusedWithoutTellingIt) {
  for (const std::string& wrong : {std::string(), kToken.substr(1), kToken + "g", " " + kToken,
                                   kToken + "\n" + kToken + "\n", "# " + kToken}) {
    write(wrong);
    const auto provided = provide_admin_token(folder());
    ASSERT_FALSE(provided) << wrong;
    EXPECT_THAT(provided.error(), StartsWith(path() + " is no token"));
    EXPECT_THAT(provided.error(), Not(HasSubstr("0123")));
    EXPECT_EQ(read_admin_token(folder()).error(), provided.error());
  }
}

TEST_F(AdminTokenFile, ThatEveryoneCanReadIsWarnedOf) {
  write(kToken, 0644);
  EXPECT_THAT(warn_of_admin_token(folder()),
              HasSubstr("everyone on this machine can read the admin token"));
  write(kToken, 0640);
  EXPECT_EQ(warn_of_admin_token(folder()), "");
}

TEST_F(AdminTokenFile, IsNoSymbolicLinkAndNoFolder) {
  write(kToken);
  std::filesystem::rename(path(), folder() + "/elsewhere");
  std::filesystem::create_symlink("elsewhere", path());
  EXPECT_THAT(provide_admin_token(folder()).error(), HasSubstr("is a symbolic link"));
  std::filesystem::remove(path());
  std::filesystem::create_symlink("nowhere", path());
  EXPECT_THAT(provide_admin_token(folder()).error(), HasSubstr("is a symbolic link"));
  std::filesystem::remove(path());
  std::filesystem::create_directory(path());
  EXPECT_THAT(provide_admin_token(folder()).error(), HasSubstr("is not a regular file"));
}

TEST_F(AdminTokenFile, IsNotMadeForACommand) {
  EXPECT_EQ(read_admin_token(folder()).error(),
            path() + " is not there: a server makes it when it starts");
  EXPECT_FALSE(std::filesystem::exists(folder()));
}

TEST_F(AdminTokenFile, SaysThatItCannotBeMade) {
  const auto made = provide_admin_token(folder() + "/deeper");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error(),
            folder() + "/deeper/admin-token cannot be written: No such file or directory");
}

TEST(AdminToken, MatchesTheWholeOfItAlone) {
  EXPECT_TRUE(token_matches("Bearer " + kToken, kToken));
  EXPECT_TRUE(token_matches("bearer  " + kToken, kToken));
  for (const std::string& header :
       {std::string(), kToken, "Basic " + kToken, std::string("Bearer"), std::string("Bearer "),
        "Bearer " + kToken.substr(1), "Bearer " + kToken + "0", "Bearer x" + kToken.substr(1),
        "Bearer " + kToken + " x"}) {
    EXPECT_FALSE(token_matches(header, kToken)) << header;
  }
  EXPECT_FALSE(token_matches("Bearer ", ""));
  EXPECT_FALSE(token_matches("Bearer x", ""));
}

}  // namespace
}  // namespace admin
