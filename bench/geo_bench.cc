// Where an address is: the compiled trie of the bundled country database.
#include <benchmark/benchmark.h>

#include <random>

#include "geo/map.h"

namespace {

const geo::Map& country_map() {
  static const geo::Map kMap = [] {
    const std::string path = FAIRLEAD_SOURCE_DIR "/geo/data/country.mmdb";
    return geo::load_map(std::span(&path, 1)).map;
  }();
  return kMap;
}

void locate_ipv4(benchmark::State& state) {
  std::minstd_rand random(1);
  std::vector<dnswire::IpAddress> addresses;
  for (int i = 0; i < 4096; ++i) {
    std::uint8_t octets[4];
    dnswire::store32(octets, static_cast<std::uint32_t>(random()) << 1);
    addresses.push_back(dnswire::IpAddress::from_octets(dnswire::Family::V4, octets));
  }
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(country_map().locate(addresses[next++ % addresses.size()]));
  }
}
BENCHMARK(locate_ipv4);

void load_country_database(benchmark::State& state) {
  const std::string path = FAIRLEAD_SOURCE_DIR "/geo/data/country.mmdb";
  for (auto _ : state) benchmark::DoNotOptimize(geo::load_map(std::span(&path, 1)));
}
BENCHMARK(load_country_database)->Unit(benchmark::kMillisecond);

}  // namespace
