#include "geo/partition_builder.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "geo/countries.h"
#include "geo/special_networks.h"
#include "mmdb_writer.h"
#include "scope_check.h"
#include "temporary_file.h"

namespace geo {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Prefix;

IpAddress address(std::string_view text) { return IpAddress::from_text(text).value(); }
Prefix prefix(std::string_view text) { return Prefix::from_text(text).value(); }

Location in_country(std::string_view code) {
  Location location;
  location.country = CountryCode::from_text(code);
  return location;
}

Map map_of(std::initializer_list<std::pair<std::string_view, std::string_view>> countries) {
  std::vector<Correction> corrections;
  for (const auto& [net, code] : countries) {
    corrections.push_back({prefix(net), in_country(code)});
  }
  return load_map({}, corrections).map;
}

PrefixSet set_of(std::initializer_list<std::string_view> prefixes) {
  PrefixSet set;
  for (const std::string_view text : prefixes) set.insert(prefix(text));
  return set;
}

bool is_in(const Location& location, std::string_view code) {
  return location.country == CountryCode::from_text(code);
}

void expect_match(const Partition& partition, std::string_view text, std::uint32_t number,
                  unsigned depth) {
  const Partition::Match match = partition.find(address(text));
  EXPECT_EQ(match.number, number) << text;
  EXPECT_EQ(match.depth, depth) << text;
}

TEST(BuildPartition, JoinsWhatIsDecidedAlike) {
  const Map map = map_of({{"16.0.0.0/5", "DE"}, {"24.0.0.0/5", "FR"}, {"32.0.0.0/5", "JP"}});
  const Partition partition =
      build_partition(map, {}, PrefixSet(), [](const Location& location, std::span<const bool>) {
        return is_in(location, "DE") || is_in(location, "FR") ? 1U : 0U;
      });
  expect_match(partition, "17.0.0.1", 1, 4);
  expect_match(partition, "25.0.0.1", 1, 4);
  expect_match(partition, "33.0.0.1", 0, 3);
  expect_match(partition, "2001:db8::", 0, 1);
}

TEST(BuildPartition, IsUniformWhereTheDecisionIsAlways) {
  const Map map = map_of({{"16.0.0.0/5", "DE"}, {"2600::/16", "US"}});
  const PrefixSet set = set_of({"192.0.2.0/24"});
  const PrefixSet* const sets[] = {&set};
  const Partition partition = build_partition(
      map, sets, special_networks(), [](const Location&, std::span<const bool>) { return 3U; });
  EXPECT_TRUE(partition.is_uniform());
  expect_match(partition, "17.0.0.1", 3, 0);
}

TEST(BuildPartition, FollowsSetsToTheirFullLength) {
  const PrefixSet host = set_of({"192.0.2.1/32", "2001:db8::1/128"});
  const PrefixSet around = set_of({"192.0.2.0/24"});
  const PrefixSet* const sets[] = {&host, &around};
  const Partition partition =
      build_partition(Map(), sets, PrefixSet(), [](const Location&, std::span<const bool> inside) {
        return inside[0] ? 1U : inside[1] ? 2U : 0U;
      });
  expect_match(partition, "192.0.2.1", 1, 32);
  expect_match(partition, "192.0.2.0", 2, 32);
  expect_match(partition, "192.0.2.200", 2, 25);
  expect_match(partition, "192.0.3.0", 0, 24);
  expect_match(partition, "2001:db8::1", 1, 128);
}

TEST(BuildPartition, TakesEmptySetsAndSetsOfAll) {
  const PrefixSet none;
  const PrefixSet all = set_of({"0.0.0.0/0", "::/0"});
  const PrefixSet* const sets[] = {&none, &all};
  const Partition partition =
      build_partition(Map(), sets, PrefixSet(), [](const Location&, std::span<const bool> inside) {
        return inside[0] ? 1U : inside[1] ? 2U : 0U;
      });
  EXPECT_TRUE(partition.is_uniform());
  expect_match(partition, "192.0.2.1", 2, 0);
}

TEST(BuildPartition, KnowsNoPlaceOfPrivateAddressesWhateverTheMapSays) {
  const Map map = map_of({{"0.0.0.0/0", "DE"}, {"::/0", "DE"}});
  const PrefixSet office = set_of({"10.1.0.0/16", "fd00::/16"});
  const PrefixSet* const sets[] = {&office};
  const Partition partition = build_partition(
      map, sets, special_networks(), [&](const Location& location, std::span<const bool> inside) {
        const bool in_germany = is_in(location, "DE");
        EXPECT_EQ(in_germany, &location != map.locations().data());
        return (in_germany ? 1U : 0U) + (inside[0] ? 2U : 0U);
      });
  EXPECT_EQ(partition.find(address("10.2.0.1")).number, 0U);
  EXPECT_EQ(partition.find(address("10.1.0.1")).number, 2U);
  EXPECT_EQ(partition.find(address("11.1.0.1")).number, 1U);
  EXPECT_EQ(partition.find(address("fe80::1")).number, 0U);
  EXPECT_EQ(partition.find(address("fd00::1")).number, 2U);
  EXPECT_EQ(partition.find(address("2001:db8::1")).number, 1U);
  EXPECT_EQ(partition.find(address("2002:0a01::1")).number, 2U);  // 10.1.0.0 inside 6to4
}

TEST(BuildPartition, AsksOnceForEachPair) {
  const Map map = map_of({{"16.0.0.0/5", "DE"}, {"32.0.0.0/5", "DE"}, {"2600::/16", "US"}});
  const PrefixSet first = set_of({"17.0.0.0/8", "33.0.0.0/8", "2600:1::/32", "192.0.2.0/24"});
  const PrefixSet second = set_of({"17.1.0.0/16", "33.1.0.0/16", "33.9.0.0/16", "18.0.0.0/8"});
  const PrefixSet* const sets[] = {&first, &second};
  std::set<std::pair<const Location*, std::vector<bool>>> asked;
  const Partition partition = build_partition(
      map, sets, special_networks(), [&](const Location& location, std::span<const bool> inside) {
        EXPECT_TRUE(
            asked.emplace(&location, std::vector<bool>(inside.begin(), inside.end())).second);
        return static_cast<std::uint32_t>(asked.size());
      });
  // Germany four ways, the States and nowhere two ways.
  EXPECT_EQ(asked.size(), 8U);
  EXPECT_EQ(partition.find(address("17.1.2.3")), partition.find(address("17.1.9.9")));
  EXPECT_EQ(partition.find(address("17.1.2.3")).number, partition.find(address("33.9.2.3")).number);
}

// A world of random networks, as the sources have it and as a list.
class RandomWorld {
 public:
  explicit RandomWorld(std::mt19937& random) : random_(random) {
    for (auto count = random_() % 12; count > 0; --count) add_place();
    sets_.resize(random_() % 4);
    members_.resize(sets_.size());
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      for (auto count = random_() % 6; count > 0; --count) {
        members_[i].push_back(random_network(32, 128));
        sets_[i].insert(members_[i].back());
      }
    }
    for (auto count = random_() % 4; count > 0; --count) {
      nowhere_members_.push_back(random_network(32, 128));
      nowhere_.insert(nowhere_members_.back());
    }
    classes_ = 1 + static_cast<std::uint32_t>(random_() % 4);
    salt_ = random_();
  }

  [[nodiscard]] Partition build() const {
    std::vector<const PrefixSet*> sets;
    for (const PrefixSet& set : sets_) sets.push_back(&set);
    return build_partition(map(), sets, nowhere_,
                           [this](const Location& location, std::span<const bool> inside) {
                             return classify(location.country, {inside.begin(), inside.end()});
                           });
  }

  [[nodiscard]] SlowPartition slow() const {
    SlowPartition slow;
    for (const auto& [net, code] : places_) slow.networks.push_back(net);
    for (const auto& members : members_) {
      slow.networks.insert(slow.networks.end(), members.begin(), members.end());
    }
    slow.networks.insert(slow.networks.end(), nowhere_members_.begin(), nowhere_members_.end());
    slow.number = [this](const IpAddress& at) { return number(at); };
    return slow;
  }

 private:
  static constexpr std::array kCodes{"DE", "FR", "JP", "US"};

  static bool contains(const std::vector<Prefix>& networks, const IpAddress& at) {
    return std::ranges::any_of(networks, [&at](const Prefix& one) { return one.contains(at); });
  }

  // Near each other, so that they meet, nest and fill each other up. None of IPv6 holds addresses
  // of IPv4.
  Prefix random_network(unsigned limit4, unsigned limit6) {
    const Family family = random_() % 2 == 0 ? Family::V4 : Family::V6;
    const unsigned limit = family == Family::V4 ? limit4 : limit6;
    const auto length = static_cast<unsigned>(4 + random_() % (limit - 3));
    Octets octets{};
    octets[0] = family == Family::V4 ? 18 : 0x26;
    for (int flips = 0; flips < 3; ++flips) {
      const auto bit = static_cast<unsigned>(4 + random_() % (limit - 4));
      octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] ^ 0x80U >> bit % 8);
    }
    return prefix_of(make_address(family, octets), length);
  }

  void add_place() {
    const Prefix net = random_network(kMaxDepth4, kMaxDepth6);
    const bool known =
        std::ranges::any_of(places_, [&](const auto& one) { return one.first == net; });
    if (!known) places_.emplace_back(net, kCodes[random_() % kCodes.size()]);
  }

  // Half of the places from a database, where later networks replace what they cover, the others
  // from corrections, whose order does not count.
  [[nodiscard]] Map map() const {
    std::vector<std::pair<Prefix, const char*>> by_length = places_;
    std::ranges::stable_sort(by_length, {}, [](const auto& one) { return one.first.length; });
    if (salt_ % 2 == 0) {
      std::vector<Correction> corrections;
      for (const auto& [net, code] : by_length) corrections.push_back({net, in_country(code)});
      return load_map({}, corrections).map;
    }
    std::vector<MmdbNetwork> networks{{"8000::/1", {{"country_code", "XX"}}}};
    for (const auto& [net, code] : by_length) {
      networks.push_back({net.to_text(), {{"country_code", code}}});
    }
    networks.push_back({"203.0.113.0/24", {{"country_code", "DE"}}});  // a database must know one
    const TemporaryFile file(write_mmdb(networks));
    return load_map(std::span(&file.path(), 1)).map;
  }

  [[nodiscard]] std::optional<CountryCode> country(const IpAddress& at) const {
    if (contains(nowhere_members_, at)) return std::nullopt;
    if (salt_ % 2 == 1 && prefix("203.0.113.0/24").contains(at)) {
      return CountryCode::from_text("DE");
    }
    const std::pair<Prefix, const char*>* best = nullptr;
    for (const auto& one : places_) {
      if (!one.first.contains(at)) continue;
      if (best == nullptr || one.first.length > best->first.length) best = &one;
    }
    return best == nullptr ? std::nullopt : CountryCode::from_text(best->second);
  }

  [[nodiscard]] std::uint32_t number(const IpAddress& at) const {
    std::vector<bool> inside;
    for (const auto& members : members_) inside.push_back(contains(members, at));
    return classify(country(at), inside);
  }

  // Any function of the two.
  [[nodiscard]] std::uint32_t classify(const std::optional<CountryCode>& country,
                                       const std::vector<bool>& inside) const {
    const std::size_t hash = std::hash<std::vector<bool>>{}(inside)*31 +
                             (country ? std::hash<std::string_view>{}(country->text()) : 0);
    return static_cast<std::uint32_t>((hash ^ salt_) * 0x9E3779B97F4A7C15 >> 40) % classes_;
  }

  std::mt19937& random_;
  std::vector<std::pair<Prefix, const char*>> places_;
  std::vector<PrefixSet> sets_;
  std::vector<std::vector<Prefix>> members_;  // by set
  PrefixSet nowhere_;
  std::vector<Prefix> nowhere_members_;
  std::uint32_t classes_ = 1;
  std::size_t salt_ = 0;
};

TEST(BuildPartition, AgreesWithAListOfEverything) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 150; ++round) {
    SCOPED_TRACE(round);
    const RandomWorld world(random);
    SlowPartition slow = world.slow();
    slow.networks.push_back(prefix("203.0.113.0/24"));
    const Partition partition = world.build();
    expect_same(partition, slow, 10, random);
    expect_sound_walk(partition);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace geo
