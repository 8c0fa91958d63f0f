// Writes MaxMind DB files for tests: https://maxmind.github.io/MaxMind-DB/
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace geo {

struct MmdbValue;
using MmdbMap = std::vector<std::pair<std::string, MmdbValue>>;
using MmdbArray = std::vector<MmdbValue>;

struct MmdbValue {
  std::variant<std::string, double, float, std::uint16_t, std::uint32_t, std::uint64_t, bool,
               MmdbMap, MmdbArray>
      value;

  MmdbValue(const char* text) : value(std::string(text)) {}  // NOLINT: reads like the data
  template <class T>
  MmdbValue(T other) : value(std::move(other)) {}  // NOLINT
};

struct MmdbNetwork {
  std::string prefix;  // "192.0.2.0/24", "2001:db8::/32"; a later one replaces what it covers
  MmdbMap record;
};

struct MmdbOptions {
  std::uint16_t ip_version = 6;
  std::uint16_t record_size = 24;  // 24, 28 or 32
  std::string type = "Test";
  std::uint64_t build_epoch = 1'700'000'000;
  std::vector<std::string> aliases = {};  // prefixes that link to the root of IPv4
};

// Requires: a search tree of at least one node; for an alias, one below ::/96.
[[nodiscard]] std::string write_mmdb(const std::vector<MmdbNetwork>& networks,
                                     const MmdbOptions& options = {});

// One value by itself, as a data section.
[[nodiscard]] std::string encode_value(const MmdbValue& value);

}  // namespace geo
