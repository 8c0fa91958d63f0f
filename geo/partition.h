#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "dnswire/address.h"
#include "geo/binary_trie.h"

namespace geo {

// All addresses parted by what is decided for them: every address has a number. Immutable, and as
// small as it is fast to search: a trie of eight bits per step, in which a bitmap finds the entry
// (after Asai and Ohara, "Poptrie", SIGCOMM 2015) and equal nodes are one, behind a table for the
// first bits.
//
// Equal partitions compare equal, however they were made.
// Threads: immutable, share freely.
class Partition {
 public:
  static constexpr std::uint32_t kNumbers = 1U << 26;  // numbers are below this

  struct Match {
    std::uint32_t number;
    // Bits of the unwrapped address that decide: the widest prefix around it in which every
    // address has that number. 0 only if every address of both families has it (RFC 7871 7.3.1:
    // scope 0 speaks for the other family as well); where one family is alike, and the other is
    // not, it is 1.
    std::uint8_t depth;
    friend bool operator==(const Match&, const Match&) = default;
  };

  Partition() : Partition(BinaryTrie()) {}  // every address has number 0
  // Requires: all nodes are in use, none has two leaves of the same number as children; numbers are
  // below kNumbers.
  explicit Partition(const BinaryTrie& trie);

  // IPv4 inside IPv6 is looked up as IPv4 (IpAddress::unwrapped).
  [[nodiscard]] Match find(const dnswire::IpAddress& address) const noexcept;

  // Whether every address of both families has the same number.
  [[nodiscard]] bool is_uniform() const noexcept { return least_depth_ == 0; }
  // How many prefixes it takes to write the partition down: how often `walk` calls.
  [[nodiscard]] std::size_t networks() const noexcept { return networks_; }
  [[nodiscard]] std::size_t memory() const noexcept;  // octets, itself included

  // Calls `visit` for all of both families' addresses, in order, IPv4 first; a family that is alike
  // is one prefix of length 0. IPv6 networks that hold IPv4 addresses are walked as they stand,
  // though `find` never looks there.
  using Visit = std::function<void(const dnswire::Prefix&, std::uint32_t number)>;
  void walk(const Visit& visit) const;

  friend bool operator==(const Partition&, const Partition&) = default;

 private:
  class Packer;

  // Where a node is in words_, or, with the top bit set, a leaf: five bits of depth, counted from
  // where its table or node begins, and a number.
  //
  // A node is a head of nine words and one Entry for each bit that is set in them, which stands for
  // the slots from that bit up to the next. The first word counts the entries before each quarter
  // of the slots, an octet each; the others are the bitmap, the first slots in the lower bits.
  using Entry = std::uint32_t;
  static constexpr Entry kLeaf = 0x80000000;

  // The part of words_ that is a table of entries for the first `bits` bits of a family.
  struct Front {
    std::uint32_t first = 0;
    std::uint32_t bits = 0;
    friend bool operator==(const Front&, const Front&) = default;
  };

  // Without unwrapping, and down to depth 0.
  [[nodiscard]] Match find_as_is(const dnswire::IpAddress& address) const noexcept;
  void walk(dnswire::Family family, const Visit& visit) const;

  std::array<Front, 2> fronts_;  // IPv4, IPv6
  std::vector<std::uint32_t> words_;
  std::size_t networks_ = 0;
  std::uint8_t least_depth_ = 0;
};

}  // namespace geo
