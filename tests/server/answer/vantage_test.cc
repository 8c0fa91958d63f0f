#include "server/answer/vantage.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "geo/prefix_set.h"
#include "tests/dnswire/random.h"

namespace answer {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Prefix;

IpAddress address(std::string_view text) { return IpAddress::from_text(text).value(); }
Prefix prefix(std::string_view text) { return Prefix::from_text(text).value(); }

const IpAddress kResolver = address("198.51.100.53");

Vantage from(const Prefix& subnet, const IpAddress& source = kResolver) {
  dnswire::Query query;
  query.edns.emplace();
  query.edns->client_subnet = dnswire::ClientSubnet{false, subnet.address, subnet.length, 0};
  return {source, query};
}
Vantage from(std::string_view subnet) { return from(prefix(subnet)); }

TEST(Vantage, IsTheSourceWithoutEdns) {
  const Vantage vantage(address("::ffff:192.0.2.1"), dnswire::Query{});
  EXPECT_EQ(vantage.client(), address("192.0.2.1"));
  EXPECT_EQ(vantage.scope(24), 0);
}

TEST(Vantage, IsTheSourceWithoutClientSubnet) {
  dnswire::Query query;
  query.edns.emplace();
  const Vantage vantage(kResolver, query);
  EXPECT_EQ(vantage.client(), kResolver);
  EXPECT_EQ(vantage.scope(24), 0);
}

TEST(Vantage, IsTheSourceForSourcePrefixZero) {  // RFC 7871 7.1.2
  for (const char* const subnet : {"0.0.0.0/0", "::/0"}) {
    const Vantage vantage = from(subnet);
    EXPECT_EQ(vantage.client(), kResolver);
    EXPECT_EQ(vantage.scope(24), 0);
  }
}

TEST(Vantage, PrivateAddressesHaveNoPlace) {  // RFC 6890
  for (const char* const placeless : {"192.168.1.2", "::ffff:10.0.0.1", "fe80::1"}) {
    EXPECT_TRUE(is_placeless(address(placeless))) << placeless;
  }
  EXPECT_FALSE(is_placeless(address("192.0.2.1")));
  EXPECT_EQ(from(prefix("192.0.2.0/24"), address("10.0.0.1")).client(), address("192.0.2.0"));
  EXPECT_EQ(from(prefix("192.168.0.0/16"), address("10.0.0.1")).client(), address("10.0.0.1"));
}

TEST(Vantage, IsTheSubnetThatSaysSomething) {
  const Vantage vantage = from("133.11.0.0/16");
  EXPECT_EQ(vantage.client(), address("133.11.0.0"));
  EXPECT_EQ(vantage.scope(8), 8);
  EXPECT_EQ(vantage.scope(20), 20) << "longer than the source prefix is allowed";
}

TEST(Vantage, ScopeIsZeroForWhatRestsOnNothing) {
  for (const char* const subnet : {"133.11.0.0/16", "10.0.0.0/8", "2400::/12", "2002::/16"}) {
    EXPECT_EQ(from(subnet).scope(0), 0) << subnet;
  }
}

TEST(Vantage, LooksAtNoMoreThan24And56Bits) {  // RFC 7871 11.1
  const Vantage four = from("133.11.22.33/32");
  EXPECT_EQ(four.client(), address("133.11.22.0"));
  EXPECT_EQ(four.scope(32), 24);
  const Vantage six = from("2400:1:2:3456:7::1/128");
  EXPECT_EQ(six.client(), address("2400:1:2:3400::"));
  EXPECT_EQ(six.scope(64), 56);
}

TEST(Vantage, FallsBackToTheResolverForSpecialNetworks) {
  const std::initializer_list<std::pair<const char*, int>> all{
      {"0.1.0.0/16", 8},      {"10.1.2.0/24", 8},       {"100.100.0.0/16", 10},
      {"127.0.0.1/32", 8},    {"169.254.1.0/24", 16},   {"172.31.0.0/16", 12},
      {"192.168.3.0/24", 16}, {"224.0.0.0/4", 3},       {"255.255.255.255/32", 3},
      {"fd00::/8", 7},        {"fe80::/64", 10},        {"ff02::/16", 8},
      {"::1/128", 8},         {"64:ff9b::/96", 8},      {"::ffff:192.0.2.0/120", 8},
      {"2001::/32", 32},      {"2002:a01:200::/40", 24}};
  for (const auto& [subnet, scope] : all) {
    const Vantage vantage = from(subnet);
    EXPECT_EQ(vantage.client(), kResolver) << subnet;
    EXPECT_EQ(vantage.scope(24), scope) << subnet;
    EXPECT_EQ(vantage.scope(1), scope) << subnet << ": the resolver's depth is another's";
  }
}

TEST(Vantage, ScopeTellsSubnetsFromSpecialNetworksBesideThem) {
  EXPECT_EQ(from("192.169.0.0/16").scope(1), 16);
  EXPECT_EQ(from("11.0.0.0/8").scope(1), 8);
  EXPECT_EQ(from("2001:1::/32").scope(1), 32) << "beside Teredo";
  EXPECT_EQ(from("2003::/16").scope(1), 16) << "beside 6to4";
}

TEST(Vantage, Takes6To4AsTheIpv4AddressInside) {  // RFC 3056 2
  const Vantage vantage = from("2002:850b:1600::/40");
  EXPECT_EQ(vantage.client(), address("133.11.22.0"));
  EXPECT_EQ(vantage.scope(8), 24);
  EXPECT_EQ(vantage.scope(24), 40);
  EXPECT_EQ(vantage.scope(32), 48);
}

// Answers differ by network; each is kept under the block that its scope names. No two blocks may
// overlap, and whoever falls into a block gets what is kept there. RFC 7871 7.2.1.
class Cache {
 public:
  explicit Cache(std::vector<const char*> networks) {
    for (const char* const network : networks) networks_.insert(prefix(network));
  }

  void take(const Prefix& subnet) {
    const Vantage vantage = from(subnet);
    const auto match = networks_.match(vantage.client());
    const std::uint8_t scope = vantage.scope(match.depth);
    const unsigned cap = subnet.address.family() == Family::V4 ? 24 : 56;
    ASSERT_LE(scope, cap);
    const IpAddress shown = subnet.address.masked(std::min<unsigned>(subnet.length, cap));
    const Prefix block{shown.masked(scope), scope};
    for (const auto& [other, answer] : kept_) {
      const bool overlap = other.contains(block.address) || block.contains(other.address);
      if (!overlap) continue;
      ASSERT_EQ(other, block) << other.to_text() << " and " << block.to_text();
      ASSERT_EQ(answer, match.contained) << block.to_text();
      return;
    }
    kept_.emplace(block, match.contained);
  }
  [[nodiscard]] std::size_t size() const { return kept_.size(); }

 private:
  geo::PrefixSet networks_;
  std::map<Prefix, bool> kept_;
};

const std::vector<const char*> kNetworks{
    "133.11.0.0/16", "133.0.0.0/9", "10.1.0.0/16",     "192.168.0.0/15", "198.51.100.0/24",
    "64.0.0.0/2",    "2001::/16",   "2001:db8::/32",   "2400::/12",      "2a00:1:2:3400::/56",
    "2002::/15",     "fc00::/6",    "2001:0:85b::/48", "8000::/1"};

TEST(Vantage, ScopesNeverOverlap) {
  dnswire::testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (int round = 0; round < 20; ++round) {
    Cache cache(kNetworks);
    for (int i = 0; i < 400; ++i) {
      // A random address, or one close to where something changes.
      const bool is_v6 = random.chance(2);
      const auto octets = random.octets(is_v6 ? 16 : 4);
      IpAddress one = IpAddress::from_octets(is_v6 ? Family::V6 : Family::V4, octets);
      if (!random.chance(3)) {
        static const char* const kNear[]{
            "133.11.0.0",     "10.1.0.0", "172.16.0.0",      "192.168.0.0", "198.51.100.0",
            "100.64.0.0",     "2001::",   "2001:db8::",      "2002::",      "2002:850b::",
            "2002:a01:200::", "fc00::",   "2a00:1:2:3400::", "fe80::",      "64:ff9b::"};
        const IpAddress near = address(kNear[random.between(0, std::size(kNear) - 1)]);
        std::vector<std::uint8_t> mixed(near.octets().begin(), near.octets().end());
        for (std::size_t bit = random.between(4, near.bits()); bit < near.bits(); ++bit) {
          if (random.chance(2)) mixed[bit / 8] ^= static_cast<std::uint8_t>(0x80U >> (bit % 8));
        }
        one = IpAddress::from_octets(near.family(), mixed);
      }
      const auto length = static_cast<std::uint8_t>(random.between(1, one.bits()));
      cache.take({one.masked(length), length});
      if (HasFatalFailure()) return;
    }
    EXPECT_GT(cache.size(), 20U);
  }
}

}  // namespace
}  // namespace answer
