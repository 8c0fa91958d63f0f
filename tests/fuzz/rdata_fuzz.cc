// Input: one octet that chooses the type, then RDATA, taken once for text and once for octets.
#include <algorithm>
#include <array>

#include "dnswire/name.h"
#include "dnswire/rdata.h"
#include "require.h"

namespace {

using namespace dnswire;

constexpr std::array kTypes{RrType::A,   RrType::AAAA, RrType::NS,  RrType::SOA,
                            RrType::MX,  RrType::TXT,  RrType::SRV, RrType::CNAME,
                            RrType::CAA, RrType::PTR,  RrType::OPT, static_cast<RrType>(65280)};

// Well-formed RDATA comes back from its text as it was, and so does the text.
void check_fixpoint(RrType type, Bytes rdata) {
  const std::string text = rdata_to_text(type, rdata);
  require(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; }));
  const auto again = rdata_from_text(type, text, NameView());
  require(again && std::equal(again->begin(), again->end(), rdata.begin(), rdata.end()));
  require(rdata_to_text(type, *again) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const RrType type = kTypes[data[0] % kTypes.size()];
  const Bytes input(data + 1, size - 1);
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
