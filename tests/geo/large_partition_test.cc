// Partitions of whole databases, against libmaxminddb's own look-up and rules tried one by one: the
// database that comes with fairlead, and the one that FAIRLEAD_CITY_DATABASE names, if it does.
// FAIRLEAD_ADDRESSES is how many addresses of each family are drawn.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <maxminddb.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include "geo/countries.h"
#include "geo/partition_builder.h"
#include "geo/special_networks.h"
#include "neighbors.h"

namespace geo {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Prefix;

// What the rules below look at.
struct Facts {
  std::string_view country;  // empty if unknown
  std::optional<Coordinates> coordinates;
  bool in_office = false;
  bool in_exception = false;
};

std::uint32_t decide(const Facts& facts) {
  if (facts.in_office) return 1;
  if (facts.country == "DE" || facts.country == "FR" || facts.country == "GB") return 2;
  if (facts.in_exception) return 3;
  if (facts.coordinates) {
    const double row = std::floor((facts.coordinates->latitude + 90) / 20);
    const double column = std::floor((facts.coordinates->longitude + 180) / 20);
    return static_cast<std::uint32_t>(100 + row * 20 + column);
  }
  return facts.country.empty() ? 0 : 4 + static_cast<std::uint32_t>(facts.country[0] - 'A');
}

// A database as libmaxminddb has it.
class Reference {
 public:
  explicit Reference(const std::string& path) {
    if (MMDB_open(path.c_str(), MMDB_MODE_MMAP, &file_) != MMDB_SUCCESS) std::abort();
  }
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;
  ~Reference() { MMDB_close(&file_); }

  // Place only.
  [[nodiscard]] Facts facts(const IpAddress& address) const {
    MMDB_lookup_result_s found = look_up(address);
    if (!found.found_entry) return {};
    Facts facts;
    for (const std::array<const char*, 3>& path :
         {std::array<const char*, 3>{"country", "iso_code"},
          {"country_code"},
          {"country"},
          {"registered_country", "iso_code"}}) {
      MMDB_entry_data_s value{};
      if (MMDB_aget_value(&found.entry, &value, path.data()) != MMDB_SUCCESS) continue;
      if (value.type != MMDB_DATA_TYPE_UTF8_STRING) continue;
      const std::string_view code(value.utf8_string, value.data_size);
      if (find_country(code) == nullptr) continue;
      facts.country = code;
      break;
    }
    const auto latitude = number(found, "latitude");
    const auto longitude = number(found, "longitude");
    if (latitude && longitude && (*latitude != 0 || *longitude != 0)) {
      facts.coordinates = {*latitude, *longitude};
    }
    return facts;
  }

  // The networks of the file, in order, those without data as well. IPv4 at ::/96 counts as one.
  [[nodiscard]] std::vector<Prefix> networks(Family family) const {
    std::vector<Prefix> networks;
    std::optional<IpAddress> address = make_address(family, {});
    const unsigned above = family == Family::V4 && file_.metadata.ip_version == 6 ? 96 : 0;
    while (address) {
      const Prefix ipv4{make_address(Family::V6, {}), 96};
      const unsigned bits = ipv4.contains(*address) ? 96 : look_up(*address).netmask;
      networks.push_back(prefix_of(*address, bits > above ? bits - above : 0));
      address = neighbor(last_of(networks.back()), true);
    }
    return networks;
  }

 private:
  [[nodiscard]] MMDB_lookup_result_s look_up(const IpAddress& address) const {
    sockaddr_in four{};
    sockaddr_in6 six{};
    four.sin_family = AF_INET;
    six.sin6_family = AF_INET6;
    const bool is_four = address.family() == Family::V4;
    std::memcpy(is_four ? static_cast<void*>(&four.sin_addr) : &six.sin6_addr,
                address.octets().data(), address.octets().size());
    int error = 0;
    return MMDB_lookup_sockaddr(&file_,
                                is_four ? reinterpret_cast<const sockaddr*>(&four)
                                        : reinterpret_cast<const sockaddr*>(&six),
                                &error);
  }

  static std::optional<double> number(MMDB_lookup_result_s& found, const char* name) {
    for (const std::array<const char*, 3>& path :
         {std::array<const char*, 3>{"location", name}, {name}}) {
      MMDB_entry_data_s value{};
      if (MMDB_aget_value(&found.entry, &value, path.data()) != MMDB_SUCCESS) continue;
      if (value.type == MMDB_DATA_TYPE_DOUBLE) return value.double_value;
      if (value.type == MMDB_DATA_TYPE_FLOAT) return value.float_value;
    }
    return std::nullopt;
  }

  MMDB_s file_{};
};

// Networks of rules, as long as they may be, some of them inside of each other.
std::vector<Prefix> random_networks(std::size_t count, std::mt19937& random) {
  std::vector<Prefix> networks;
  while (networks.size() < count) {
    const Family family = networks.size() % 2 == 0 ? Family::V4 : Family::V6;
    const Prefix around = family == Family::V4 ? Prefix{} : Prefix::from_text("2400::/6").value();
    const IpAddress address = random_of(around, random);
    const unsigned first = family == Family::V4 ? 8 : 20;
    networks.push_back(
        prefix_of(address, static_cast<unsigned>(first + random() % (address.bits() - first + 1))));
  }
  return networks;
}

PrefixSet set_of(const std::vector<Prefix>& networks) {
  PrefixSet set;
  for (const Prefix& network : networks) set.insert(network);
  return set;
}

std::size_t address_count() {
  const char* const text = std::getenv("FAIRLEAD_ADDRESSES");
  return text == nullptr ? 100'000 : std::strtoul(text, nullptr, 10);
}

class LargePartition : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::string bundled = FAIRLEAD_SOURCE_DIR "/geo/data/country.mmdb";
    const char* const city = std::getenv("FAIRLEAD_CITY_DATABASE");
    if (GetParam() == std::string_view("City") && city == nullptr) {
      GTEST_SKIP() << "FAIRLEAD_CITY_DATABASE names none";
    }
    const std::string path = GetParam() == std::string_view("City") ? city : bundled;
    map_ = load_map(std::span(&path, 1)).map;
    reference_ = std::make_unique<Reference>(path);
    const PrefixSet* const sets[] = {&office_, &exception_};
    partition_ = build_partition(map_, sets, special_networks(),
                                 [](const Location& location, std::span<const bool> inside) {
                                   Facts facts;
                                   if (location.country) facts.country = location.country->text();
                                   if (!location.coordinates_are_centroid)
                                     facts.coordinates = location.coordinates;
                                   facts.in_office = inside[0];
                                   facts.in_exception = inside[1];
                                   return decide(facts);
                                 });
  }

  [[nodiscard]] std::uint32_t expected(const IpAddress& address) const {
    const bool is_special = special_networks().match(address).contained;
    const bool is_four = address.family() == Family::V4;
    Facts facts;
    if (!is_special) facts = reference_->facts(address.masked(is_four ? kMaxDepth4 : kMaxDepth6));
    facts.in_office = office_.match(address).contained;
    facts.in_exception = exception_.match(address).contained;
    return decide(facts);
  }

  void check(const IpAddress& address) const {
    if (address.unwrapped() != address) return;
    ASSERT_EQ(partition_.find(address).number, expected(address)) << address.to_text();
  }

  // Everybody in the scope gets the same, and one bit less would not do: the other half is
  // elsewhere, or divided.
  void check_scope(const IpAddress& address) {
    const Partition::Match match = partition_.find(address);
    const Prefix scope = prefix_of(address, match.depth);
    for (const IpAddress& same : {scope.address, last_of(scope), random_of(scope, random_)}) {
      if (same.unwrapped() != same) continue;
      ASSERT_EQ(partition_.find(same), match) << same.to_text();
      ASSERT_EQ(expected(same), match.number) << same.to_text();
    }
    if (match.depth <= 1) return;
    const Prefix around = prefix_of(address, match.depth - 1U);
    const IpAddress twin = scope.address == around.address ? last_of(around) : around.address;
    if (twin.unwrapped() != twin) return;
    const Partition::Match other = partition_.find(twin);
    ASSERT_GE(other.depth, match.depth) << twin.to_text();
    ASSERT_TRUE(other.depth > match.depth || other.number != match.number) << twin.to_text();
  }

  std::mt19937::result_type seed_ = std::random_device{}();
  std::mt19937 random_{seed_};
  const std::vector<Prefix> office_networks_ = random_networks(200, random_);
  const std::vector<Prefix> exception_networks_ = random_networks(200, random_);
  const PrefixSet office_ = set_of(office_networks_);
  const PrefixSet exception_ = set_of(exception_networks_);
  Map map_;
  std::unique_ptr<Reference> reference_;
  Partition partition_;
};

TEST_P(LargePartition, DecidesAsTheRulesDoAtTheEndsOfEveryNetwork) {
  SCOPED_TRACE(testing::Message() << "seed " << seed_);
  for (const Family family : {Family::V4, Family::V6}) {
    for (const Prefix& network : reference_->networks(family)) {
      check(network.address);
      check(last_of(network));
      if (HasFatalFailure()) return;
    }
  }
  for (const auto* networks : {&office_networks_, &exception_networks_}) {
    for (const Prefix& network : *networks) {
      for (const IpAddress& edge : edges_of(network)) check(edge);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(LargePartition, DecidesAsTheRulesDoForAnyAddress) {
  SCOPED_TRACE(testing::Message() << "seed " << seed_);
  const std::vector<Prefix> networks6 = reference_->networks(Family::V6);
  const Prefix all6{make_address(Family::V6, {}), 0};
  for (std::size_t i = 0; i < address_count(); ++i) {
    // Most of IPv6 is empty: half of the addresses are where the database has a network.
    const Prefix& around6 = i % 2 == 0 ? networks6[random_() % networks6.size()] : all6;
    for (const IpAddress& address : {random_of({}, random_), random_of(around6, random_)}) {
      if (address.unwrapped() != address) continue;
      check(address);
      if (i % 8 == 0) check_scope(address);
      if (HasFatalFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Databases, LargePartition, testing::Values("Country", "City"),
                         [](const auto& database) { return std::string(database.param); });

}  // namespace
}  // namespace geo
