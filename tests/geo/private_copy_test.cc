#include "geo/private_copy.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "temporary_file.h"

namespace geo {
namespace {

std::string text_of(const std::vector<std::uint8_t>& octets) {
  return {octets.begin(), octets.end()};
}

TEST(PrivateCopy, HoldsWhatWasInTheFile) {
  const TemporaryFile file("what was there");
  const auto copy = PrivateCopy::make(file.path());
  ASSERT_TRUE(copy);
  std::ifstream in(copy->path(), std::ios::binary);
  const std::string content(std::istreambuf_iterator<char>(in), {});
  EXPECT_TRUE(content.starts_with("what was there"));
  EXPECT_EQ(content.find_first_not_of('\0', 14), std::string::npos);
}

TEST(PrivateCopy, DoesNotChangeWithTheFile) {
  const TemporaryFile file(std::string(100'000, 'x'));
  const auto copy = PrivateCopy::make(file.path());
  ASSERT_TRUE(copy);
  std::filesystem::resize_file(file.path(), 0);
  EXPECT_EQ(text_of(copy->tail(100'000)), std::string(100'000, 'x'));
}

TEST(PrivateCopy, GivesTheTailOfTheFile) {
  const TemporaryFile file("abcdef");
  const auto copy = PrivateCopy::make(file.path());
  ASSERT_TRUE(copy);
  EXPECT_EQ(text_of(copy->tail(2)), "ef");
  EXPECT_EQ(text_of(copy->tail(6)), "abcdef");
  EXPECT_EQ(text_of(copy->tail(1000)), "abcdef");
}

TEST(PrivateCopy, CopiesMoreThanOneBuffer) {
  std::string large(3'000'001, 'x');
  large.back() = 'y';
  const TemporaryFile file(large);
  const auto copy = PrivateCopy::make(file.path());
  ASSERT_TRUE(copy);
  EXPECT_EQ(text_of(copy->tail(large.size() + 1)), large);
}

TEST(PrivateCopy, SaysWhyItCannotBeMade) {
  const TemporaryFile empty("");
  EXPECT_EQ(PrivateCopy::make(empty.path()).error(), "it is empty");
  EXPECT_EQ(PrivateCopy::make(empty.path() + ".none").error(),
            "it cannot be opened: No such file or directory");
  EXPECT_EQ(PrivateCopy::make(testing::TempDir()).error(), "it is not a regular file");
}

TEST(PrivateCopy, DoesNotWaitForAFifo) {
  const std::string path = testing::TempDir() + "geo-fifo-" + std::to_string(::getpid());
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(PrivateCopy::make(path).error(), "it is not a regular file");
  ::unlink(path.c_str());
}

TEST(PrivateCopy, ClosesItsDescriptor) {
  const TemporaryFile file("x");
  const auto count = [] {
    const std::filesystem::directory_iterator descriptors("/proc/self/fd");
    return std::distance(begin(descriptors), end(descriptors));
  };
  const auto before = count();
  {
    auto copy = PrivateCopy::make(file.path());
    ASSERT_TRUE(copy);
    const PrivateCopy moved(*std::move(copy));
    EXPECT_EQ(count(), before + 1);
  }
  EXPECT_EQ(count(), before);
}

}  // namespace
}  // namespace geo
