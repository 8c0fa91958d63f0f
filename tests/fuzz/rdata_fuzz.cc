// Input: the number of a type in two octets, then RDATA, taken once for text and once for octets.
#include <algorithm>
#include <vector>

#include "dnswire/name.h"
#include "dnswire/rdata.h"
#include "require.h"

namespace {

using namespace dnswire;

constexpr auto kUnknown = static_cast<RrType>(65280);

std::vector<RrType> known_types() {
  std::vector<RrType> types{RrType::OPT, kUnknown};
  for (unsigned number = 0; number <= 0xffff; ++number) {
    const auto type = static_cast<RrType>(number);
    if (!rdata_fields(type).empty()) types.push_back(type);
  }
  return types;
}

// Numbers of types that are not known stand for known ones, so that few inputs go to waste.
RrType type_of(const std::uint8_t* octets) {
  static const std::vector<RrType> kTypes = known_types();
  const std::uint16_t number = load16(octets);
  const auto type = static_cast<RrType>(number);
  if (std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end()) return type;
  return kTypes[number % kTypes.size()];
}

// Well-formed RDATA comes back from its text as it was, and so does the text.
void check_fixpoint(RrType type, Bytes rdata) {
  const std::string text = rdata_to_text(type, rdata);
  require(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; }));
  require(!text.ends_with(' '));
  const auto again = rdata_from_text(type, text, NameView());
  require(again && std::equal(again->begin(), again->end(), rdata.begin(), rdata.end()));
  require(rdata_to_text(type, *again) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const RrType type = type_of(data);
  const Bytes input(data + 2, size - 2);
  const std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
  const auto origin = Name::from_text("example.");
  if (const auto rdata = rdata_from_text(type, text, *origin)) {
    require(check_rdata(type, *rdata).has_value());
    check_fixpoint(type, *rdata);
  }
  if (check_rdata(type, input)) {
    check_fixpoint(type, input);
  } else {
    require(rdata_to_text(type, input).starts_with("\\# "));
  }
  return 0;
}
