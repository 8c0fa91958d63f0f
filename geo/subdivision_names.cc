#include "geo/subdivision_names.h"

#include <array>

namespace geo {
namespace {

struct Spelling {
  std::string_view name;
  std::string_view code;
};

// How GeoNames, and so most databases, write a name where subdivisions() writes it differently.
constexpr auto kSpellings = std::to_array<Spelling>({
    {"Federal District", "BR-DF"},
    {"Andaman and Nicobar", "IN-AN"},
    {"National Capital Territory of Delhi", "IN-DL"},
    {"Union Territory of Puducherry", "IN-PY"},
    {"Adygeya Republic", "RU-AD"},
    {"Altai", "RU-AL"},
    {"Arkhangelskaya", "RU-ARK"},
    {"Bashkortostan Republic", "RU-BA"},
    {"Buryatiya Republic", "RU-BU"},
    {"Chuvash Republic", "RU-CU"},
    {"Ingushetiya Republic", "RU-IN"},
    {"Kabardino-Balkariya Republic", "RU-KB"},
    {"Kalmykiya Republic", "RU-KL"},
    {"Kamchatka", "RU-KAM"},
    {"Karachayevo-Cherkesiya Republic", "RU-KC"},
    {"Khabarovsk", "RU-KHA"},
    {"Khakasiya Republic", "RU-KK"},
    {"Khanty-Mansia", "RU-KHM"},
    {"Mariy-El Republic", "RU-ME"},
    {"Mordoviya Republic", "RU-MO"},
    {"Murmansk", "RU-MUR"},
    {"Nenets", "RU-NEN"},
    {"North Ossetia\xE2\x80\x93\x41lania", "RU-SE"},
    {"Oryol oblast", "RU-ORL"},
    {"Primorye", "RU-PRI"},
    {"Republic of Tyva", "RU-TY"},
    {"St.-Petersburg", "RU-SPE"},
    {"Stavropol Kray", "RU-STA"},
    {"Tatarstan Republic", "RU-TA"},
    {"Transbaikal Territory", "RU-ZAB"},
    {"Udmurtiya Republic", "RU-UD"},
    {"Yamalo-Nenets", "RU-YAN"},
    {"Yevrey (Jewish) Autonomous Oblast", "RU-YEV"},
});

}  // namespace

const Subdivision* find_subdivision_by_name(CountryCode country, std::string_view name) noexcept {
  for (const Subdivision& subdivision : subdivisions()) {
    if (subdivision.code.starts_with(country.text()) && subdivision.name == name) {
      return &subdivision;
    }
  }
  for (const Spelling& spelling : kSpellings) {
    if (spelling.code.starts_with(country.text()) && spelling.name == name) {
      return find_subdivision(spelling.code);
    }
  }
  return nullptr;
}

}  // namespace geo
