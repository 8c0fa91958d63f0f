// Where an address is, and what is decided for it: a partition beside the trie that it is made from
// and beside libmaxminddb, on the same addresses, for the bundled country database and for the one
// that FAIRLEAD_CITY_DATABASE names.
#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <maxminddb.h>

#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>

#include "geo/map.h"
#include "geo/partition_builder.h"
#include "geo/special_networks.h"

namespace {

using dnswire::Family;
using dnswire::IpAddress;

// The nearest of twenty endpoints, by the place alone.
std::uint32_t nearest(const geo::Location& location, std::span<const bool> /*inside*/) {
  constexpr std::array<geo::Coordinates, 20> kEndpoints{
      {{50, 8},   {48, 2},   {51, 0},   {59, 18},   {52, 21},  {40, -4},   {41, 29},
       {39, -77}, {41, -87}, {33, -97}, {37, -122}, {45, -73}, {-23, -46}, {19, 73},
       {1, 104},  {35, 139}, {37, 127}, {-34, 151}, {-26, 28}, {25, 55}}};
  if (!location.coordinates) return kEndpoints.size();
  std::uint32_t best = 0;
  double least = std::numeric_limits<double>::max();
  for (std::uint32_t i = 0; i < kEndpoints.size(); ++i) {
    const double distance = geo::distance_km(*location.coordinates, kEndpoints[i]);
    if (distance < least) best = i;
    least = std::min(least, distance);
  }
  return best;
}

struct Geography {
  explicit Geography(std::string file) : path(std::move(file)) {
    map = geo::load_map(std::span(&path, 1)).map;
    partition = geo::build_partition(map, {}, geo::special_networks(), nearest);
    if (MMDB_open(path.c_str(), MMDB_MODE_MMAP, &mmdb) != MMDB_SUCCESS) std::abort();
  }
  std::string path;
  geo::Map map;
  geo::Partition partition;
  MMDB_s mmdb{};
};

const Geography& country() {
  static const Geography kGeography(FAIRLEAD_SOURCE_DIR "/geo/data/country.mmdb");
  return kGeography;
}

const Geography& city() {
  static const Geography kGeography(std::getenv("FAIRLEAD_CITY_DATABASE"));
  return kGeography;
}

// Enough of them that no cache or branch predictor knows them by heart.
constexpr std::size_t kAddresses = 1 << 18;

IpAddress random_inside(const IpAddress& network, unsigned length, std::mt19937& random) {
  std::array<std::uint8_t, 16> octets{};
  std::ranges::copy(network.octets(), octets.begin());
  for (unsigned bit = length; bit < network.bits(); ++bit) {
    const auto mask = static_cast<std::uint8_t>((random() & 1) << (7 - bit % 8));
    octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] | mask);
  }
  return IpAddress::from_octets(network.family(), dnswire::Bytes(octets).first(network.bits() / 8));
}

std::vector<IpAddress> uniform_ipv4(const Geography& /*geography*/) {
  std::mt19937 random(1);
  std::vector<IpAddress> addresses;
  while (addresses.size() < kAddresses) addresses.push_back(random_inside({}, 0, random));
  return addresses;
}

// In networks that the map knows, each as likely as the other: the rest of IPv6 is empty.
std::vector<IpAddress> known_ipv6(const Geography& geography) {
  std::vector<dnswire::Prefix> networks;
  geography.partition.walk([&networks](const dnswire::Prefix& prefix, std::uint32_t number) {
    if (prefix.address.family() == Family::V6 && number != 20) networks.push_back(prefix);
  });
  std::mt19937 random(1);
  std::vector<IpAddress> addresses;
  while (addresses.size() < kAddresses) {
    const dnswire::Prefix& network = networks[random() % networks.size()];
    addresses.push_back(random_inside(network.address, network.length, random));
  }
  return addresses;
}

// As at a server: few networks ask most of the questions.
std::vector<IpAddress> clustered(const Geography& /*geography*/) {
  std::mt19937 random(1);
  std::vector<IpAddress> networks;
  for (int i = 0; i < 2000; ++i) networks.push_back(random_inside({}, 0, random).masked(24));
  std::vector<IpAddress> addresses;
  while (addresses.size() < kAddresses) {
    const std::size_t bound = 1 + random() % networks.size();
    addresses.push_back(random_inside(networks[random() % bound], 24, random));
  }
  return addresses;
}

using MakeAddresses = std::vector<IpAddress> (*)(const Geography&);
using GetGeography = const Geography& (*)();

void find(benchmark::State& state, GetGeography get, MakeAddresses make) {
  const Geography& geography = get();
  const auto addresses = make(geography);
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(geography.partition.find(addresses[next++ % kAddresses]));
  }
}

void locate(benchmark::State& state, GetGeography get, MakeAddresses make) {
  const Geography& geography = get();
  const auto addresses = make(geography);
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(geography.map.locate(addresses[next++ % kAddresses]));
  }
}

void libmaxminddb(benchmark::State& state, GetGeography get, MakeAddresses make) {
  const Geography& geography = get();
  std::vector<sockaddr_storage> addresses;
  for (const IpAddress& address : make(geography)) {
    sockaddr_storage& storage = addresses.emplace_back();
    const bool is_four = address.family() == Family::V4;
    storage.ss_family = is_four ? AF_INET : AF_INET6;
    void* const octets =
        is_four ? static_cast<void*>(&reinterpret_cast<sockaddr_in*>(&storage)->sin_addr)
                : &reinterpret_cast<sockaddr_in6*>(&storage)->sin6_addr;
    std::memcpy(octets, address.octets().data(), address.octets().size());
  }
  std::size_t next = 0;
  for (auto _ : state) {
    int error = 0;
    benchmark::DoNotOptimize(MMDB_lookup_sockaddr(
        &geography.mmdb, reinterpret_cast<const sockaddr*>(&addresses[next++ % kAddresses]),
        &error));
  }
}

void load(benchmark::State& state, GetGeography get) {
  const Geography& geography = get();
  for (auto _ : state) benchmark::DoNotOptimize(geo::load_map(std::span(&geography.path, 1)));
  state.counters["nodes"] = static_cast<double>(geography.map.node_count());
  state.counters["locations"] = static_cast<double>(geography.map.location_count());
}

void build(benchmark::State& state, GetGeography get) {
  const Geography& geography = get();
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        geo::build_partition(geography.map, {}, geo::special_networks(), nearest));
  }
  state.counters["networks"] = static_cast<double>(geography.partition.networks());
  state.counters["octets"] = static_cast<double>(geography.partition.memory());
}

void add(const std::string& name, GetGeography get) {
  const std::pair<const char*, MakeAddresses> kinds[] = {
      {"ipv4", uniform_ipv4}, {"ipv6", known_ipv6}, {"clustered", clustered}};
  for (const auto& [kind, make] : kinds) {
    const std::string suffix = "/" + name + "/" + kind;
    benchmark::RegisterBenchmark(("partition_find" + suffix).c_str(), find, get, make);
    benchmark::RegisterBenchmark(("map_locate" + suffix).c_str(), locate, get, make);
    benchmark::RegisterBenchmark(("libmaxminddb" + suffix).c_str(), libmaxminddb, get, make);
  }
  benchmark::RegisterBenchmark(("build_partition/" + name).c_str(), build, get)
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark(("load_map/" + name).c_str(), load, get)
      ->Unit(benchmark::kMillisecond);
}

const bool kAdded = [] {
  add("country", country);
  if (std::getenv("FAIRLEAD_CITY_DATABASE") != nullptr) add("city", city);
  return true;
}();

}  // namespace
