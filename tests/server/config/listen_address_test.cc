#include "server/config/listen_address.h"

#include <gtest/gtest.h>

namespace config {
namespace {

TEST(ListenAddress, RoundTripsThroughText) {
  for (const char* text : {"0.0.0.0:53", "[::]:53", "127.0.0.1:0", "[2001:db8::1]:65535"}) {
    const auto address = ListenAddress::from_text(text);
    ASSERT_TRUE(address) << text << ": " << address.error();
    EXPECT_EQ(address->to_text(), text);
  }
}

TEST(ListenAddress, KnowsWildcards) {
  EXPECT_TRUE(ListenAddress::from_text("0.0.0.0:53")->is_wildcard());
  EXPECT_TRUE(ListenAddress::from_text("[::]:53")->is_wildcard());
  EXPECT_FALSE(ListenAddress::from_text("[::1]:53")->is_wildcard());
  EXPECT_FALSE(ListenAddress::from_text("0.0.0.1:53")->is_wildcard());
}

TEST(ListenAddress, RefusesWhatIsNotAnAddressAndAPort) {
  for (const char* text :
       {"", ":", ":53", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1:+1", "127.0.0.1: 53", "127.0.0.1:53 ", "localhost:53", "::1:53", "[::1]",
        "[]:53", "[127.0.0.1]:53", "[::1:53", "::1]:53", "[::1%lo]:53", "127.0.0.1:53:53"}) {
    EXPECT_FALSE(ListenAddress::from_text(text)) << text;
  }
}

TEST(ListenAddress, SaysWhatIsWrong) {
  EXPECT_EQ(ListenAddress::from_text("127.0.0.1:99999").error(),
            "'99999' is not a port number (0 to 65535)");
  EXPECT_EQ(ListenAddress::from_text("example.org:53").error(),
            "'example.org' is not an IP address");
  EXPECT_EQ(ListenAddress::from_text("::1:53").error(),
            "an IPv6 address needs brackets before its port: [2001:db8::1]:53");
}

}  // namespace
}  // namespace config
