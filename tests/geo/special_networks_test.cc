#include "geo/special_networks.h"

#include <gtest/gtest.h>

namespace geo {
namespace {

bool is_special(std::string_view text) {
  return special_networks().match(dnswire::IpAddress::from_text(text).value()).contained;
}

TEST(SpecialNetworks, HoldPrivateAndReservedAddressesFromEndToEnd) {
  for (const std::string_view text :
       {"0.0.0.0",     "0.255.255.255",   "10.0.0.0",    "10.255.255.255",
        "100.64.0.0",  "100.127.255.255", "127.0.0.1",   "169.254.169.254",
        "172.16.0.0",  "172.31.255.255",  "192.168.0.0", "192.168.255.255",
        "224.0.0.1",   "255.255.255.255", "::",          "::1",
        "::192.0.2.1", "ff:ffff::",       "2001::1",     "2001:0:ffff::",
        "fc00::",      "fdff:ffff::1",    "fe80::1",     "febf::",
        "ff02::1"}) {
    EXPECT_TRUE(is_special(text)) << text;
  }
}

TEST(SpecialNetworks, HoldNoneOfTheirNeighbors) {
  for (const std::string_view text :
       {"1.0.0.0",     "9.255.255.255",   "11.0.0.0",   "100.63.255.255",
        "100.128.0.0", "126.255.255.255", "128.0.0.0",  "169.253.255.255",
        "169.255.0.0", "172.15.255.255",  "172.32.0.0", "192.167.255.255",
        "192.169.0.0", "223.255.255.255", "100::",      "2000:ffff::",
        "2001:1::",    "2001:db8::1",     "fbff::",     "fe00::",
        "fe7f::",      "fec0::",          "feff::"}) {
    EXPECT_FALSE(is_special(text)) << text;
  }
}

}  // namespace
}  // namespace geo
