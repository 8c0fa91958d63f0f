// The country database that comes with fairlead, against libmaxminddb's own look-up.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <maxminddb.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <random>

#include "geo/countries.h"
#include "geo/map.h"

namespace geo {
namespace {

using dnswire::Family;
using dnswire::IpAddress;

const std::string kPath = FAIRLEAD_SOURCE_DIR "/geo/data/country.mmdb";

class BundledDatabase : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    loaded_ = new LoadedMap(load_map(std::span(&kPath, 1)));
    reference_ = new MMDB_s;
    ASSERT_EQ(MMDB_open(kPath.c_str(), MMDB_MODE_MMAP, reference_), MMDB_SUCCESS);
  }
  static void TearDownTestSuite() {
    MMDB_close(reference_);
    delete reference_;
    delete loaded_;
  }

  static const Map& map() { return loaded_->map; }

  // As libmaxminddb has it; unknown codes are empty.
  static std::string_view reference_country(const IpAddress& address) {
    sockaddr_in four{};
    sockaddr_in6 six{};
    four.sin_family = AF_INET;
    six.sin6_family = AF_INET6;
    const bool is_four = address.family() == Family::V4;
    std::memcpy(is_four ? static_cast<void*>(&four.sin_addr) : &six.sin6_addr,
                address.octets().data(), address.octets().size());
    const auto* socket_address =
        is_four ? reinterpret_cast<sockaddr*>(&four) : reinterpret_cast<sockaddr*>(&six);
    int error = 0;
    MMDB_lookup_result_s result = MMDB_lookup_sockaddr(reference_, socket_address, &error);
    EXPECT_EQ(error, MMDB_SUCCESS);
    MMDB_entry_data_s value{};
    const std::array<const char*, 2> path{"country_code", nullptr};
    if (!result.found_entry ||
        MMDB_aget_value(&result.entry, &value, path.data()) != MMDB_SUCCESS) {
      return {};
    }
    const std::string_view code(value.utf8_string, value.data_size);
    return find_country(code) == nullptr ? std::string_view() : code;
  }

  static inline LoadedMap* loaded_ = nullptr;
  static inline MMDB_s* reference_ = nullptr;
};

std::string_view country(const Placement& placement) {
  return placement.location->country ? placement.location->country->text() : std::string_view();
}

class Octets {
 public:
  explicit Octets(const IpAddress& address) : family_(address.family()) {
    std::ranges::copy(address.octets(), octets_.begin());
  }
  explicit Octets(Family family) : family_(family) {}

  std::uint8_t& operator[](std::size_t index) { return octets_[index]; }
  Octets& set(unsigned bit, bool value) {
    const auto mask = static_cast<std::uint8_t>(0x80 >> (bit % 8));
    octets_[bit / 8] =
        static_cast<std::uint8_t>(value ? octets_[bit / 8] | mask : octets_[bit / 8] & ~mask);
    return *this;
  }
  [[nodiscard]] IpAddress address() const {
    const dnswire::Bytes all(octets_);
    return IpAddress::from_octets(family_, family_ == Family::V4 ? all.first(4) : all);
  }

 private:
  Family family_;
  std::array<std::uint8_t, 16> octets_{};
};

// The address with all bits from `length` on set, or drawn.
IpAddress last_of(const IpAddress& address, unsigned length) {
  Octets octets(address);
  for (unsigned bit = length; bit < address.bits(); ++bit) octets.set(bit, true);
  return octets.address();
}

IpAddress random_of(const IpAddress& address, unsigned length, std::mt19937& random) {
  Octets octets(address);
  for (unsigned bit = length; bit < address.bits(); ++bit) octets.set(bit, (random() & 1) != 0);
  return octets.address();
}

TEST_F(BundledDatabase, Loads) {
  for (const std::string& problem : loaded_->problems) ADD_FAILURE() << problem;
  ASSERT_EQ(map().databases().size(), 1U);
  EXPECT_GT(map().databases()[0].networks, 100'000U);
  EXPECT_GT(map().location_count(), 200U);
}

TEST_F(BundledDatabase, IsTheOneThatItsReadmeDescribes) {
  std::ifstream in(FAIRLEAD_SOURCE_DIR "/geo/data/README.md");
  const std::string readme(std::istreambuf_iterator<char>(in), {});
  const std::time_t built = std::chrono::system_clock::to_time_t(map().databases()[0].built);
  std::array<char, 16> date{};
  ASSERT_GT(std::strftime(date.data(), date.size(), "%Y-%m-%d", std::gmtime(&built)), 0U);
  EXPECT_NE(readme.find(std::string("| built | ") + date.data()), std::string::npos) << date.data();
}

TEST_F(BundledDatabase, KnowsCountriesContinentsAndCentroidsOnly) {
  std::mt19937 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const Location& location = *map().locate(random_of({}, 0, random)).location;
    if (!location.country) {
      EXPECT_EQ(location, Location{});
      continue;
    }
    const Country* entry = find_country(location.country->text());
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(location.continent, entry->continent);
    EXPECT_EQ(location.coordinates, entry->centroid);
    EXPECT_TRUE(location.coordinates_are_centroid);
  }
}

// Everything that is promised of the placement of one address.
void check(const Map& map, const IpAddress& address, std::string_view expected,
           std::mt19937& random) {
  SCOPED_TRACE(address.to_text());
  const Placement placement = map.locate(address);
  ASSERT_EQ(country(placement), expected);
  const unsigned depth = placement.depth;
  ASSERT_LE(depth, address.family() == Family::V4 ? kMaxDepth4 : kMaxDepth6);
  for (const IpAddress& same :
       {address.masked(depth), last_of(address, depth), random_of(address, depth, random)}) {
    if (same.unwrapped() != same) continue;
    const Placement other = map.locate(same);
    ASSERT_EQ(other.location, placement.location) << same.to_text();
    ASSERT_EQ(other.depth, depth) << same.to_text();
  }
  if (depth == 0) return;
  // One bit less would not do: the other half is elsewhere, or divided.
  const IpAddress sibling =
      Octets(address.masked(depth)).set(depth - 1, !address.bit(depth - 1)).address();
  if (sibling.unwrapped() != sibling) return;
  const Placement other = map.locate(sibling);
  ASSERT_GE(other.depth, depth) << sibling.to_text();
  ASSERT_TRUE(other.depth > depth || other.location != placement.location) << sibling.to_text();
}

// The neighbors of the network that an address is in.
std::vector<IpAddress> around(const IpAddress& address, unsigned depth) {
  std::vector<IpAddress> result{address.masked(depth), last_of(address, depth)};
  for (const bool up : {false, true}) {
    Octets octets(address.masked(depth));
    // Adds or subtracts one at the last bit of the network.
    for (unsigned bit = depth; bit-- > 0;) {
      const bool old = address.bit(bit);
      octets.set(bit, !old);
      if (old != up) break;
    }
    const IpAddress neighbor = octets.address();
    result.push_back(up ? neighbor : last_of(neighbor, depth));
  }
  return result;
}

TEST_F(BundledDatabase, PlacesIpv4AddressesAsLibmaxminddbDoes) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  int found = 0;
  for (int i = 0; i < 200'000; ++i) {
    const IpAddress drawn = random_of({}, 0, random);
    found += map().locate(drawn).location->country ? 1 : 0;
    check(map(), drawn, reference_country(drawn.masked(kMaxDepth4)), random);
    if (HasFatalFailure()) return;
    if (i % 4 != 0) continue;
    for (const IpAddress& edge : around(drawn, map().locate(drawn).depth)) {
      check(map(), edge, reference_country(edge.masked(kMaxDepth4)), random);
    }
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(found, 100'000);
}

TEST_F(BundledDatabase, PlacesIpv6AddressesAsLibmaxminddbDoes) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  // Where registries have given networks away; the rest is almost empty.
  constexpr std::array<std::uint8_t, 8> kFirst{0x20, 0x24, 0x26, 0x28, 0x2a, 0x2a, 0x2c, 0x24};
  int found = 0;
  for (int i = 0; i < 200'000; ++i) {
    Octets octets(random_of(Octets(Family::V6).address(), 0, random));
    if (i % 8 != 0) octets[0] = kFirst[random() % kFirst.size()];
    if (octets[0] == 0x20) octets[1] = 0x01;
    if (octets[0] != 0x20 && i % 2 == 0) octets[1] &= 0x0F;
    const IpAddress drawn = octets.address();
    if (drawn.unwrapped() != drawn) continue;
    const Placement placement = map().locate(drawn);
    found += placement.location->country ? 1 : 0;
    check(map(), drawn, reference_country(drawn.masked(kMaxDepth6)), random);
    if (HasFatalFailure()) return;
    if (i % 4 != 0) continue;
    for (const IpAddress& edge : around(drawn, placement.depth)) {
      if (edge.unwrapped() != edge) continue;
      found += map().locate(edge).location->country ? 1 : 0;
      check(map(), edge, reference_country(edge.masked(kMaxDepth6)), random);
    }
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(found, 20'000);
}

}  // namespace
}  // namespace geo
