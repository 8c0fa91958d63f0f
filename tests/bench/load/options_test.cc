#include "bench/load/options.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace load {
namespace {

bool may(std::string_view address) {
  return may_be_loaded(dnswire::IpAddress::from_text(address).value());
}

TEST(MayBeLoaded, AllowsLoopbackAndPrivateAddresses) {
  for (const char* address :
       {"127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.1.1", "198.18.0.1", "198.19.255.255", "::1", "fd00::1", "fe80::1"}) {
    EXPECT_TRUE(may(address)) << address;
  }
}

TEST(MayBeLoaded, RefusesTheRestOfTheWorld) {
  for (const char* address : {"8.8.8.8", "172.32.0.1", "192.169.0.1", "198.20.0.1", "0.0.0.0",
                              "224.0.0.1", "::", "2001:db8::1", "2606:4700::1", "ff02::1"}) {
    EXPECT_FALSE(may(address)) << address;
  }
}

// Of a command line whose file exists.
std::optional<Options> options(std::vector<std::string> words, int& status) {
  words.insert(words.begin(), "load");
  words.insert(words.begin() + 3, FAIRLEAD_SOURCE_DIR "/README.md");
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  testing::internal::CaptureStderr();
  auto result = read_options(static_cast<int>(pointers.size()), pointers.data(), status);
  testing::internal::GetCapturedStderr();
  return result;
}

TEST(ReadOptions, ReadsWhatIsSaid) {
  int status = 0;
  const auto read = options({"127.0.0.1", "5300", "--rate", "60000", "--subnets", "both",
                             "--server-pid", "12,13", "--timeout", "250", "--sources", "4"},
                            status);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->port, 5300);
  EXPECT_EQ(read->rate, 60000);
  EXPECT_EQ(read->queries.subnets, Subnets::Both);
  EXPECT_EQ(read->server_processes, (std::vector<pid_t>{12, 13}));
  EXPECT_EQ(read->timeout, std::chrono::milliseconds(250));
  EXPECT_EQ(read->sources, 4);
}

TEST(ReadOptions, RefusesWhatCannotBe) {
  const std::vector<std::vector<std::string>> mistakes{{"8.8.8.8", "53"},
                                                       {"localhost", "53"},
                                                       {"127.0.0.1", "53", "--tcp", "--rate", "5"},
                                                       {"192.168.0.1", "53", "--sources", "2"},
                                                       {"::1", "53", "--sources", "2"},
                                                       {"127.0.0.1", "53", "--window", "0"},
                                                       {"127.0.0.1", "53", "--subnets", "ipv5"}};
  for (const auto& mistake : mistakes) {
    int status = 0;
    EXPECT_FALSE(options(mistake, status)) << mistake[0];
    EXPECT_NE(status, 0) << mistake[0];
  }
}

}  // namespace
}  // namespace load
