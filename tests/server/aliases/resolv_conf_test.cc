#include "server/aliases/resolv_conf.h"

#include <gtest/gtest.h>

#include <net/if.h>

#include <fstream>

namespace aliases {
namespace {

std::vector<std::string> parsed(std::string_view text) {
  std::vector<std::string> servers;
  for (const Server& server : parse_resolv_conf(text)) servers.push_back(server.to_text());
  return servers;
}
using Texts = std::vector<std::string>;

TEST(ResolvConf, NamesItsServersInOrder) {
  EXPECT_EQ(parsed("# by hand\nsearch example.org\nnameserver 192.0.2.53\n\n  nameserver\t"
                   "2001:db8::53 # second\noptions edns0\n"),
            (Texts{"192.0.2.53:53", "[2001:db8::53]:53"}));
}

TEST(ResolvConf, CountsTheFirstThree) {
  EXPECT_EQ(parsed("nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\n"
                   "nameserver 192.0.2.4"),
            (Texts{"192.0.2.1:53", "192.0.2.2:53", "192.0.2.3:53"}));
}

TEST(ResolvConf, WithoutServersIsTheHostItself) {
  EXPECT_EQ(parsed(""), (Texts{"127.0.0.1:53"}));
  EXPECT_EQ(parsed("nameserver\nnameserver example\n;nameserver 192.0.2.1\nnameservers 192.0.2.1"),
            (Texts{"127.0.0.1:53"}));
  const std::vector<Server> servers = read_resolv_conf("/nonexistent/resolv.conf");
  ASSERT_EQ(servers.size(), 1U);
  EXPECT_EQ(servers[0].to_text(), "127.0.0.1:53");
}

TEST(ResolvConf, KnowsTheInterfaceOfALinksAddress) {
  const auto servers = parse_resolv_conf("nameserver fe80::1%nowhere0\nnameserver fe80::1%lo\n");
  ASSERT_EQ(servers.size(), 1U);
  EXPECT_EQ(servers[0].to_text(), "[fe80::1]:53");
  EXPECT_EQ(servers[0].interface, ::if_nametoindex("lo"));
}

TEST(ResolvConf, IsReadFromAFile) {
  const std::string path = testing::TempDir() + "aliases_resolv.conf";
  std::ofstream(path) << "nameserver 192.0.2.53\n";
  const auto servers = read_resolv_conf(path);
  ASSERT_EQ(servers.size(), 1U);
  EXPECT_EQ(servers[0].to_text(), "192.0.2.53:53");
}

}  // namespace
}  // namespace aliases
