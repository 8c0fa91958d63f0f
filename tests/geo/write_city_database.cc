// Writes a database as large as those of cities, of places that do not exist, for measurements and
// for tests that take FAIRLEAD_CITY_DATABASE. The same figures make the same file.
//
// Usage: write_city_database FILE [NETWORKS [PLACES]]
#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <span>

#include "dnswire/address.h"
#include "geo/countries.h"
#include "mmdb_writer.h"

namespace {

using dnswire::Family;
using dnswire::IpAddress;

geo::MmdbMap random_place(std::mt19937& random) {
  const auto subdivisions = geo::subdivisions();
  const auto countries = geo::countries();
  std::uniform_real_distribution<double> latitude(-60, 70);
  std::uniform_real_distribution<double> longitude(-180, 180);
  geo::MmdbMap record{
      {"location", geo::MmdbMap{{"latitude", latitude(random)}, {"longitude", longitude(random)}}}};
  if (random() % 2 == 0) {
    const std::string code(subdivisions[random() % subdivisions.size()].code);
    record.push_back({"country", geo::MmdbMap{{"iso_code", code.substr(0, 2)}}});
    record.push_back({"subdivisions", geo::MmdbArray{geo::MmdbMap{{"iso_code", code.substr(3)}}}});
  } else {
    const std::string code(countries[random() % countries.size()].code);
    record.push_back({"country", geo::MmdbMap{{"iso_code", code}}});
  }
  return record;
}

// As registries and providers part their space: most networks lie side by side in few wide ones.
std::vector<std::string> random_networks(Family family, std::size_t count, std::mt19937& random) {
  std::vector<std::string> networks;
  const unsigned shortest = family == Family::V4 ? 16 : 32;
  const unsigned longest = family == Family::V4 ? 24 : 48;
  while (networks.size() < count) {
    std::array<std::uint8_t, 16> octets{};
    std::ranges::generate(octets, [&random] { return static_cast<std::uint8_t>(random()); });
    if (family == Family::V6) {
      octets[0] = static_cast<std::uint8_t>(0x24 + random() % 8);
      octets[1] = static_cast<std::uint8_t>(octets[1] & 0x0F);
      octets[2] = static_cast<std::uint8_t>(octets[2] & 0x0F);
    } else if (octets[0] == 0 || octets[0] >= 224) {
      continue;
    }
    const auto base =
        IpAddress::from_octets(family, dnswire::Bytes(octets).first(family == Family::V4 ? 4 : 16));
    networks.push_back(base.masked(shortest).to_text() + "/" + std::to_string(shortest));
    for (auto inside = random() % 512; inside > 0 && networks.size() < count; --inside) {
      for (unsigned i = shortest / 8; i < longest / 8; ++i) {
        octets[i] = static_cast<std::uint8_t>(random());
      }
      const auto length = static_cast<unsigned>(longest - random() % 4);
      const auto inner = IpAddress::from_octets(
          family, dnswire::Bytes(octets).first(family == Family::V4 ? 4 : 16));
      networks.push_back(inner.masked(length).to_text() + "/" + std::to_string(length));
    }
  }
  return networks;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span arguments(argv, static_cast<std::size_t>(argc));
  if (arguments.size() < 2) {
    std::cerr << "usage: write_city_database FILE [NETWORKS [PLACES]]\n";
    return 2;
  }
  const std::size_t count =
      arguments.size() > 2 ? std::strtoul(arguments[2], nullptr, 10) : 3'000'000;
  const std::size_t place_count =
      arguments.size() > 3 ? std::strtoul(arguments[3], nullptr, 10) : 100'000;
  std::mt19937 random(1);
  std::vector<geo::MmdbMap> places;
  for (std::size_t i = 0; i < place_count; ++i) places.push_back(random_place(random));
  std::vector<geo::MmdbNetwork> networks;
  for (const auto& [family, share] :
       {std::pair(Family::V4, count * 3 / 4), {Family::V6, count / 4}}) {
    for (std::string& prefix : random_networks(family, share, random)) {
      networks.push_back({std::move(prefix), places[random() % places.size()]});
    }
  }
  std::ofstream(arguments[1], std::ios::binary)
      << geo::write_mmdb(networks, {.record_size = 32, .type = "Made-City"});
}
