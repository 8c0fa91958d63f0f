// Queries as bytes, ready but for their id.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/load/query_file.h"
#include "dnswire/bytes.h"

namespace load {

// Client subnets (RFC 7871) that are made up: /24 of IPv4, /56 of IPv6, or either at random.
enum class Subnets : std::uint8_t { None, V4, V6, Both };

struct QueryOptions {
  bool edns = false;       // an OPT record (RFC 6891), with whatever else needs one
  bool dnssec_ok = false;  // its flag DO
  std::uint16_t udp_size = 1232;
  Subnets subnets = Subnets::None;  // for questions that have none
  std::uint64_t seed = 1;
};

inline constexpr std::size_t kHeaderSize = 12;     // RFC 1035 4.1.1
inline constexpr std::size_t kMaxQuerySize = 512;  // none gets that long
// With random subnets the questions are repeated until there are so many queries.
inline constexpr std::size_t kQueriesWithSubnets = 200'000;

// All queries of a run, in one block of memory.
class QuerySet {
 public:
  QuerySet(const std::vector<Question>& questions, const QueryOptions& options);

  [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }
  [[nodiscard]] dnswire::Bytes query(std::size_t index) const noexcept;     // its id is 0
  [[nodiscard]] dnswire::Bytes question(std::size_t index) const noexcept;  // the section alone

 private:
  struct Place {
    std::size_t offset;
    std::uint16_t size;
    std::uint16_t question_size;
  };

  std::vector<std::uint8_t> octets_;
  std::vector<Place> places_;
};

}  // namespace load
