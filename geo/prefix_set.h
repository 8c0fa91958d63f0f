#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "dnswire/address.h"

namespace geo {

// A set of networks that answers, for an address, whether it is inside and how many leading bits
// that depends on.
//
// Threads: build first, then share freely.
class PrefixSet {
 public:
  void insert(const dnswire::Prefix& prefix);

  struct Match {
    bool contained = false;
    // Every address that shares this many leading bits has the same `contained`; the least number
    // for which that is so on the path of this address, so that two matches never overlap.
    std::uint8_t depth = 0;
  };
  [[nodiscard]] Match match(const dnswire::IpAddress& address) const noexcept;
  [[nodiscard]] bool empty() const noexcept { return empty_; }

 private:
  struct Node {
    std::array<std::uint32_t, 2> children{};  // 0: none
    bool member = false;
  };
  // Nodes 0 and 1 are the roots of IPv4 and IPv6.
  std::vector<Node> nodes_ = std::vector<Node>(2);
  bool empty_ = true;
};

}  // namespace geo
