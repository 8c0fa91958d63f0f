#include "server/config/size.h"

#include <array>
#include <charconv>

namespace config {
namespace {

struct Unit {
  std::string_view text;
  std::uint64_t octets;
};
constexpr std::array<Unit, 4> kUnits{
    {{"GiB", 1ULL << 30}, {"MiB", 1ULL << 20}, {"KiB", 1ULL << 10}, {"B", 1}}};
constexpr std::uint64_t kLargest = 1ULL << 40;  // octets; nothing here is that large

std::string in_backticks(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace

tl::expected<std::uint64_t, std::string> parse_size(std::string_view text) {
  const auto refuse = [&](std::string why) {
    return tl::unexpected<std::string>(in_backticks(text) + std::move(why));
  };
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc::invalid_argument) {
    return refuse(" is not a size, write for example `128KiB` or `4MiB`");
  }
  if (error != std::errc{} || number > kLargest) return refuse(" is too large");
  const std::string_view written(rest, static_cast<std::size_t>(end - rest));
  if (written.empty()) {
    return refuse(" has no unit, write for example " + in_backticks(std::string(text) + "KiB"));
  }
  for (const Unit& unit : kUnits) {
    if (unit.text != written) continue;
    if (number > kLargest / unit.octets) return refuse(" is too large");
    return number * unit.octets;
  }
  return refuse(" has " + in_backticks(written) + " where one of B, KiB, MiB, GiB belongs");
}

std::string to_size_text(std::uint64_t octets) {
  for (const Unit& unit : kUnits) {
    if (octets >= unit.octets && octets % unit.octets == 0) {
      return std::to_string(octets / unit.octets) + std::string(unit.text);
    }
  }
  return "0B";
}

}  // namespace config
