#include "server/posix/secret_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace posix {
namespace {

using testing::HasSubstr;
using Kind = SecretFileProblem::Kind;

class SecretFiles : public testing::Test {
 protected:
  SecretFiles() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "fairlead-secret-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~SecretFiles() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name = "secret") const { return (folder_ / name).string(); }

  std::filesystem::path folder_;
};

TEST_F(SecretFiles, AreForTheirOwnerOnlyAndReadAgain) {
  ASSERT_TRUE(write_secret_file(path(), "text\n"));
  struct stat status {};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  const auto file = read_secret_file(path());
  ASSERT_TRUE(file) << file.error().clause;
  EXPECT_EQ(file->text, "text\n");
  EXPECT_FALSE(file->is_public);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1)
      << "nothing is left behind";
}

TEST_F(SecretFiles, AreNeverReplaced) {
  ASSERT_TRUE(write_secret_file(path(), "first"));
  EXPECT_THAT(write_secret_file(path(), "second").error(), HasSubstr("exists"));
  EXPECT_EQ(read_secret_file(path())->text, "first");
}

TEST_F(SecretFiles, SayWhatStandsInTheirPlace) {
  EXPECT_EQ(read_secret_file(path()).error().kind, Kind::Missing);
  std::filesystem::create_symlink("/etc/hostname", path());
  EXPECT_EQ(read_secret_file(path()).error().kind, Kind::Malformed);
  EXPECT_THAT(read_secret_file(path()).error().clause, HasSubstr("symbolic link"));
  std::filesystem::create_directory(path("folder"));
  EXPECT_EQ(read_secret_file(path("folder")).error().clause, "is not a regular file");
  std::ofstream(path("long")) << std::string(70'000, 'x');
  EXPECT_EQ(read_secret_file(path("long")).error().clause, "is too long");
}

TEST_F(SecretFiles, TellThatEveryoneCanReadThem) {
  std::ofstream(path()) << "text";
  ::chmod(path().c_str(), 0644);
  EXPECT_TRUE(read_secret_file(path())->is_public);
  ::chmod(path().c_str(), 0640);
  EXPECT_FALSE(read_secret_file(path())->is_public);
}

TEST_F(SecretFiles, HaveTheirFolderMadeForItsOwnerOnly) {
  make_folder_of(path("inner/secret"));
  struct stat status {};
  ASSERT_EQ(::stat(path("inner").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0700U);
  make_folder_of(path("a/b/secret"));
  EXPECT_FALSE(std::filesystem::exists(path("a"))) << "what is above is the operator's";
}

TEST(SecretFile, DrawsAnewEachTime) {
  std::array<std::uint8_t, 16> first{};
  std::array<std::uint8_t, 16> second{};
  draw_secret(first);
  draw_secret(second);
  EXPECT_NE(first, second);
}

TEST(SecretFile, WritesAndReadsHex) {
  EXPECT_EQ(to_hex(std::array<std::uint8_t, 4>{0x00, 0x0f, 0xa5, 0xff}), "000fa5ff");
  EXPECT_EQ(hex_digit('7'), 7);
  EXPECT_EQ(hex_digit('c'), 12);
  EXPECT_EQ(hex_digit('F'), 15);
  for (const char c : {'g', '/', ':', '@', 'G', '`', ' ', '\0'}) EXPECT_LT(hex_digit(c), 0) << c;
}

}  // namespace
}  // namespace posix
