#include "geo/countries.h"

#include <algorithm>
#include <array>

namespace geo {
namespace {

template <class Entry>
const Entry* find_by_code(std::span<const Entry> table, std::string_view code) noexcept {
  const auto found = std::ranges::lower_bound(table, code, {}, &Entry::code);
  return found != table.end() && found->code == code ? &*found : nullptr;
}

struct FormerCode {
  std::string_view former;
  std::string_view current;
};

// Databases go on using codes that ISO 3166-2 has replaced.
constexpr std::array<FormerCode, 6> kFormerCodes{{{"IN-CT", "IN-CG"},
                                                  {"IN-DD", "IN-DH"},
                                                  {"IN-DN", "IN-DH"},
                                                  {"IN-OR", "IN-OD"},
                                                  {"IN-TG", "IN-TS"},
                                                  {"IN-UT", "IN-UK"}}};

}  // namespace

const Country* find_country(std::string_view code) noexcept {
  return find_by_code(countries(), code);
}

const Subdivision* find_subdivision(std::string_view code) noexcept {
  const auto* renamed = std::ranges::find(kFormerCodes, code, &FormerCode::former);
  return find_by_code(subdivisions(), renamed == kFormerCodes.end() ? code : renamed->current);
}

}  // namespace geo
