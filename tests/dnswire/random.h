// Random input for tests; the seed is printed with every failure inside its scope and can be given
// back in the environment variable FAIRLEAD_SEED.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "dnswire/name.h"

namespace dnswire::testing {

class Random {
 public:
  Random() : seed_(choose_seed()), engine_(seed_) {}

  [[nodiscard]] std::string seed_text() const { return "FAIRLEAD_SEED=" + std::to_string(seed_); }

  // Both ends included.
  std::size_t between(std::size_t low, std::size_t high) {
    return std::uniform_int_distribution<std::size_t>(low, high)(engine_);
  }
  bool chance(std::size_t one_in) { return between(1, one_in) == 1; }
  std::uint8_t octet() { return static_cast<std::uint8_t>(between(0, 255)); }
  std::uint8_t plain() { return static_cast<std::uint8_t>("abcxyz019-"[between(0, 9)]); }

  std::vector<std::uint8_t> octets(std::size_t size, bool plain_only = false) {
    std::vector<std::uint8_t> all(size);
    for (auto& one : all) one = plain_only ? plain() : octet();
    return all;
  }

  // `plain_only`: letters, digits and hyphens that need no escapes.
  Name name(bool plain_only = false, std::size_t largest = kMaxNameSize) {
    const std::size_t labels = between(0, chance(8) ? kMaxLabelCount : 5);
    std::vector<std::uint8_t> wire;
    for (std::size_t i = 0; i < labels; ++i) {
      const std::size_t size = between(1, labels > 20 ? 2 : chance(8) ? kMaxLabelSize : 6);
      if (wire.size() + size + 2 > largest) break;
      const auto label = octets(size, plain_only);
      wire.push_back(static_cast<std::uint8_t>(size));
      wire.insert(wire.end(), label.begin(), label.end());
    }
    wire.push_back(0);
    return Name(NameView::trusted(wire));
  }

 private:
  static std::uint32_t choose_seed() {
    const char* const given = std::getenv("FAIRLEAD_SEED");
    return given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                            : std::random_device{}();
  }

  std::uint32_t seed_;
  std::mt19937 engine_;
};

}  // namespace dnswire::testing
