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

  // How the set stands to all addresses of one prefix; for walks that go down bit by bit.
  class Step {
   public:
    // Nobody is in the set, or everybody; with neither, the prefix has a next bit.
    [[nodiscard]] bool is_outside() const noexcept { return node_ == kOutside; }
    [[nodiscard]] bool is_inside() const noexcept { return node_ == kInside; }

   private:
    friend class PrefixSet;
    static constexpr std::uint32_t kOutside = 0xffffffff;
    static constexpr std::uint32_t kInside = 0xfffffffe;
    explicit Step(std::uint32_t node) noexcept : node_(node) {}
    std::uint32_t node_;
  };
  [[nodiscard]] Step first_step(dnswire::Family family) const noexcept;
  // Requires: `from` is neither outside nor inside.
  [[nodiscard]] Step next_step(Step from, bool bit) const noexcept;

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
