#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dnswire/name_view.h"

namespace zones {

// The names of a zone while it is being made: in one arena, numbered from 0 in the order in which
// they came, found by a hash table.
class NameTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  // Where a name is, or where it would be. Good until the next add().
  struct Place {
    std::uint32_t index = kNone;  // kNone: it is not there
    std::uint8_t tag = 0;
    std::size_t slot = 0;
  };

  // Makes room for that many names, all in all.
  void reserve(std::size_t names);

  [[nodiscard]] Place find(dnswire::NameView name) const noexcept;
  // Adds a name where find() did not find it and returns its number.
  // Requires: bytes() is less than 2^32 - 256, size() less than 2^32 - 1.
  std::uint32_t add(const Place& place, dnswire::NameView name);

  [[nodiscard]] std::size_t size() const noexcept { return starts_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return arena_.size(); }  // of all names
  // Good until the next add().
  [[nodiscard]] dnswire::NameView name(std::uint32_t index) const noexcept {
    const std::uint8_t* const start = arena_.data() + starts_[index];
    return dnswire::NameView::trusted({start + 1, start[0]});
  }

  // Frees what only finding needs. Nothing is found or added from then on.
  void close() noexcept {
    tags_ = {};
    indexes_ = {};
  }

  // The numbers of all names in canonical order (RFC 4034 6.1).
  // Requires: all are within one of them, which has `labels` labels, the root's not counted.
  [[nodiscard]] std::vector<std::uint32_t> canonical_order(std::size_t labels) const;

 private:
  void make_slots(std::size_t count);

  std::vector<std::uint32_t> starts_;  // into arena_
  std::vector<std::uint8_t> arena_;    // names, each behind an octet with its size
  // Open addressing; as many slots as a power of two, or none yet. Tags are apart, so that they are
  // dense: a name that is not there, the usual case in a large zone, costs no look at anything
  // else.
  std::vector<std::uint8_t> tags_;  // of hashes; 0: the slot is free
  std::vector<std::uint32_t> indexes_;
};

}  // namespace zones
