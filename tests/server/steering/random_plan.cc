#include "tests/server/steering/random_plan.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace steering {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Prefix;
using std::chrono::seconds;

constexpr const char* kCountries[]{"US", "CN", "JP", "DE", "GB", "BR", "IN", "FR",
                                   "AU", "ZA", "RU", "CA", "SE", "EG", "AR", "XK"};
constexpr const char* kSubdivisions[]{"US-CA", "US-VA", "JP-13", "DE-HE", "BR-SP", "IN-MH"};
constexpr geo::Continent kContinents[]{geo::Continent::AF, geo::Continent::AS, geo::Continent::EU,
                                       geo::Continent::NA, geo::Continent::OC, geo::Continent::SA};

template <class T, std::size_t N>
const T& any_of(Random& random, const T (&values)[N]) {
  return values[random.between(0, N - 1)];
}

geo::CountryCode random_country(Random& random) {
  return *geo::CountryCode::from_text(any_of(random, kCountries));
}

geo::Coordinates random_coordinates(Random& random) {
  const auto within = [&](double limit) {
    return (static_cast<double>(random.between(0, 20000)) / 10000 - 1) * limit;
  };
  return {within(70), within(180)};
}

std::uint32_t random_asn(Random& random) {
  return static_cast<std::uint32_t>(random.between(64500, 64505));
}

Prefix random_prefix(Random& random) {
  const IpAddress address = random_client(random);
  const auto length = static_cast<std::uint8_t>(random.between(1, address.bits()));
  return {address.masked(length), length};
}

class WorldMaker {
 public:
  WorldMaker(Random& random, bool with_draws) : random_(random), with_draws_(with_draws) {}

  World make() {
    const std::size_t endpoints = random_.between(5, 10);
    for (std::size_t i = 0; i < endpoints; ++i) add_endpoint(i);
    for (std::size_t i = 0; i < kPools; ++i) world_.plan.pools.emplace_back();
    for (std::size_t i = kPools; i-- > 0;) fill_pool(i);
    const std::size_t records = random_.between(2, 3);
    for (std::size_t i = 0; i < records; ++i) add_record();
    return std::move(world_);
  }

 private:
  // The first of each layer: pools have members of the next one, so that they are three deep.
  static constexpr std::size_t kLayers[]{0, 2, 5};
  static constexpr std::size_t kPools = 8;

  void add_endpoint(std::size_t i) {
    const std::string name = "e" + std::to_string(i);
    std::optional<geo::Coordinates> at;
    if (!random_.chance(5)) at = random_coordinates(random_);
    world_.add(name, address("192.0.2.", i).c_str(), !random_.chance(6), at);
    Endpoint& endpoint = world_.plan.endpoints.back();
    if (random_.chance(3)) endpoint.bias = static_cast<std::int8_t>(random_.between(0, 198)) - 99;
    if (random_.chance(8)) world_.faces(name, Family::V4).clear();
    if (random_.chance(3)) world_.put_face(name, address("192.0.2.1", i).c_str());
    if (random_.chance(8)) world_.put_face(name, "192.0.2.200");  // one that others have too
    if (random_.chance(2)) world_.put_face(name, address("2001:db8::", i).c_str());
    if (random_.chance(5)) world_.put_face(name, address("2001:db8::1", i).c_str());
  }
  static std::string address(const char* front, std::size_t i) { return front + std::to_string(i); }

  void fill_pool(std::size_t index) {
    Pool& pool = world_.plan.pools[index];
    pool.name = "p" + std::to_string(index);
    pool.pick = random_pick();
    const std::size_t members = random_.between(1, 4);
    for (std::size_t i = 0; i < members; ++i) add_member(index, pool);
    if (random_.chance(3)) pool.max = static_cast<std::uint16_t>(random_.between(1, 4));
    if (random_.chance(3))
      pool.min_healthy = static_cast<std::uint16_t>(random_.between(1, members));
    if (index + 1 < kPools && random_.chance(2)) pool.then = random_pool(index + 1, kPools);
    if (pool.pick == Pick::Nearest && random_.chance(2)) write_orders(pool);
    pool.sticky_bits = {static_cast<std::uint8_t>(random_.between(8, 24)),
                        static_cast<std::uint8_t>(random_.between(16, 56))};
  }
  PoolId random_pool(std::size_t first, std::size_t end) {
    return PoolId{static_cast<std::uint32_t>(random_.between(first, end - 1))};
  }
  Pick random_pick() {
    constexpr Pick kPicks[]{Pick::All,     Pick::Failover, Pick::Nearest,
                            Pick::Nearest, Pick::Sticky,   Pick::Weighted};
    return kPicks[random_.between(0, with_draws_ ? 5 : 4)];
  }

  void add_member(std::size_t index, Pool& pool) {
    const std::size_t layer = index < kLayers[1] ? 0 : index < kLayers[2] ? 1 : 2;
    Member member;
    if (layer < 2 && random_.chance(2)) {
      const std::size_t end = layer == 0 ? kLayers[2] : kPools;
      member.who = random_pool(kLayers[layer + 1], end);
      member.key = sticky_key(world_.plan[*member.pool()].name);
    } else {
      const std::size_t last = world_.plan.endpoints.size() - 1;
      member.who = EndpointId{static_cast<std::uint32_t>(random_.between(0, last))};
      member.key = sticky_key(world_.plan[*member.endpoint()].name);
    }
    member.weight = static_cast<std::uint32_t>(random_.between(0, 3));
    const bool is_there = std::any_of(pool.members.begin(), pool.members.end(),
                                      [&](const Member& one) { return one.who == member.who; });
    if (!is_there) pool.members.push_back(member);
  }

  std::vector<std::uint32_t> some_members(const Pool& pool) {
    std::vector<std::uint32_t> some;
    for (std::uint32_t i = 0; i < pool.members.size(); ++i) {
      if (random_.chance(2)) some.push_back(i);
    }
    if (random_.chance(2)) std::reverse(some.begin(), some.end());
    return some;
  }
  void write_orders(Pool& pool) {
    for (const char* country : kCountries) {
      if (random_.chance(4)) pool.order.push_back({country, some_members(pool)});
    }
    for (const char* subdivision : kSubdivisions) {
      if (random_.chance(3)) pool.order.push_back({subdivision, some_members(pool)});
    }
    if (random_.chance(2)) pool.order_elsewhere = some_members(pool);
  }

  void add_record() {
    DynamicRecord record;
    if (random_.chance(20)) {
      record.alias = Target{*dnswire::Name::from_text("alias.example.net."), {}};
    } else {
      const std::size_t rules = random_.between(0, 5);
      for (std::size_t i = 0; i < rules; ++i) record.rules.push_back(random_rule());
      record.rules.emplace_back();
      for (Rule& rule : record.rules) rule.pool = random_pool(0, kPools);
      record.all_down = static_cast<AllDown>(random_.between(0, 4));
      if (record.all_down == AllDown::Fallback) record.fallback = random_fixed();
      if (random_.chance(3)) record.until_checked = random_fixed();
    }
    world_.plan.records.push_back(std::move(record));
  }

  Fixed random_fixed() {
    Fixed fixed;
    switch (random_.between(0, 2)) {
      case 0:
        fixed.addresses = {ip("192.0.2.250"), ip("2001:db8::250"), ip("192.0.2.251")};
        break;
      case 1:
        fixed.pool = random_pool(0, kPools);
        break;
      default:
        fixed.target = Target{*dnswire::Name::from_text("far.example.net."), Target::As::Cname};
    }
    return fixed;
  }

  Rule random_rule() {
    Rule rule;
    do {
      for (std::size_t i = random_.between(1, 3); random_.chance(4) && i > 0; --i) {
        rule.continents.push_back(any_of(random_, kContinents));
      }
      if (random_.chance(3)) {
        for (int i = 0; i < 4; ++i) rule.countries.push_back(random_country(random_));
      }
      if (random_.chance(6)) rule.subdivisions = {any_of(random_, kSubdivisions)};
      if (random_.chance(4)) {
        rule.near.push_back(
            {random_coordinates(random_), static_cast<double>(random_.between(500, 9000))});
      }
      if (random_.chance(6)) rule.asns = {random_asn(random_), random_asn(random_)};
      if (random_.chance(3)) {
        rule.nets.emplace();
        for (std::size_t i = random_.between(0, 12); i > 0; --i) {
          rule.nets->push_back(random_prefix(random_));
        }
      }
    } while (rule.catches_all());
    return rule;
  }

  Random& random_;
  bool with_draws_;
  World world_;
};

geo::Location random_location(Random& random) {
  geo::Location location;
  if (random.chance(8)) {
    location.coordinates = random_coordinates(random);
  } else if (random.chance(5)) {
    location.subdivision = any_of(random, kSubdivisions);
    location.country = geo::CountryCode::from_text(location.subdivision.substr(0, 2));
  } else if (!random.chance(10)) {
    location.country = random_country(random);
    if (random.chance(2)) location.coordinates = random_coordinates(random);
  }
  if (random.chance(3)) location.asn = random_asn(random);
  if (location == geo::Location()) location.continent = geo::Continent::AS;
  return location;
}

// The next address, or the one before; of the last and the first, itself.
IpAddress neighbor(const IpAddress& address, bool up) {
  std::array<std::uint8_t, 16> octets{};
  const std::size_t size = address.octets().size();
  std::copy(address.octets().begin(), address.octets().end(), octets.begin());
  for (std::size_t i = size; i-- > 0;) {
    octets[i] = static_cast<std::uint8_t>(octets[i] + (up ? 1 : -1));
    if (octets[i] != (up ? 0 : 255)) {
      return IpAddress::from_octets(address.family(), dnswire::Bytes(octets).first(size));
    }
  }
  return address;
}

IpAddress last_of(const Prefix& net) {
  std::array<std::uint8_t, 16> octets{};
  const std::size_t size = net.address.octets().size();
  std::copy(net.address.octets().begin(), net.address.octets().end(), octets.begin());
  for (unsigned bit = net.length; bit < net.address.bits(); ++bit) {
    octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] | 0x80U >> bit % 8);
  }
  return IpAddress::from_octets(net.address.family(), dnswire::Bytes(octets).first(size));
}

}  // namespace

World random_world(Random& random, bool with_draws) {
  return WorldMaker(random, with_draws).make();
}

void randomize_board(Random& random, World& world) {
  using health::State;
  const bool gloomy = random.chance(2);
  const bool fresh = random.chance(4);
  for (health::Standing& standing : world.standings) {
    if (standing.steady == seconds::max()) continue;  // nothing checks it
    standing = {};
    standing.state = static_cast<State>(random.between(0, 4));
    if (gloomy && !random.chance(5)) standing.state = State::Down;
    if (fresh && !random.chance(4)) standing.state = State::Unknown;
    standing.steady = seconds(standing.state == State::Unknown ? 0 : random.between(1, 60));
    if (random.chance(6)) standing.force = static_cast<health::Force>(random.between(1, 3));
    standing.held = random.chance(20);
    standing.rescued = random.chance(20);
    if (random.chance(2)) standing.fell = health::Instant{} + seconds(random.between(1, 30));
    standing.beat = seconds(random.between(1, 10));
    if (random.chance(8)) standing.weight = static_cast<std::uint32_t>(random.between(0, 5));
  }
}

geo::Map random_map(Random& random) {
  std::vector<geo::Correction> corrections;
  for (int i = 0; i < 300; ++i) {
    Prefix net = random_prefix(random);
    net.length = static_cast<std::uint8_t>(random.between(2, net.length > 40 ? 48 : 20));
    net.length = std::min<std::uint8_t>(net.length, net.address.family() == Family::V4 ? 20 : 48);
    net.address = net.address.masked(net.length);
    corrections.push_back({net, random_location(random)});
  }
  return map_of(corrections);
}

IpAddress random_client(Random& random) {
  auto octets = random.octets(16);
  if (!random.chance(3)) {
    return IpAddress::from_octets(Family::V4, dnswire::Bytes(octets).first(4));
  }
  const auto start_with = [&](std::initializer_list<std::uint8_t> front) {
    std::copy(front.begin(), front.end(), octets.begin());
  };
  switch (random.between(0, 9)) {
    case 0:
      start_with({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff});
      break;
    case 1:
      start_with({0x20, 0x02});
      break;
    case 2:
      start_with({0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0});
      break;
    case 3:
      start_with({0x20, 0x01, 0, 0});
      break;
    case 4:
      break;  // anywhere
    case 5:
      start_with({0xfd});
      break;
    default:
      octets[0] = static_cast<std::uint8_t>(random.chance(2) ? 0x2a : 0x20 | octets[0] % 16);
  }
  return IpAddress::from_octets(Family::V6, octets);
}

IpAddress random_inside(Random& random, const IpAddress& address, unsigned length) {
  const std::size_t size = address.octets().size();
  auto octets = random.octets(size);
  for (unsigned bit = 0; bit < length; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> bit % 8);
    octets[bit / 8] =
        static_cast<std::uint8_t>((octets[bit / 8] & ~mask) | (address.octets()[bit / 8] & mask));
  }
  return IpAddress::from_octets(address.family(), octets);
}

std::vector<IpAddress> edges_of_rules(const DynamicRecord& record) {
  std::vector<IpAddress> edges;
  for (const Rule& rule : record.rules) {
    if (!rule.nets) continue;
    for (const Prefix& net : *rule.nets) {
      const IpAddress last = last_of(net);
      for (const IpAddress& edge :
           {net.address, last, neighbor(net.address, false), neighbor(last, true)}) {
        edges.push_back(edge);
      }
    }
  }
  return edges;
}

}  // namespace steering
