#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <vector>

#include "dnswire/search_name.h"
#include "zones/zone.h"

namespace zones {

// All zones of a server.
//
// Threads: build first, then share freely.
class ZoneSet {
 public:
  // False: there is a zone of that origin already.
  bool add(std::shared_ptr<const Zone> zone);

  // The zone whose origin is the longest match by label (RFC 1034 4.3.2 step 2), or null.
  [[nodiscard]] const Zone* find(dnswire::NameView name) const noexcept;
  // That of a suffix of `name`.
  [[nodiscard]] const Zone* find(const dnswire::SearchName& name,
                                 std::size_t suffix) const noexcept;

  [[nodiscard]] const std::vector<std::shared_ptr<const Zone>>& all() const noexcept {
    return zones_;
  }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    const Zone* zone = nullptr;
  };

  [[nodiscard]] const Zone* find_origin(const dnswire::SearchName& name,
                                        std::size_t suffix) const noexcept;
  [[nodiscard]] std::size_t slot_of(std::uint64_t hash) const noexcept {
    return (hash ^ hash >> 15) & (slots_.size() - 1);
  }
  void put(const Zone& zone) noexcept;

  std::vector<std::shared_ptr<const Zone>> zones_;
  std::vector<Slot> slots_ = std::vector<Slot>(4);  // open addressing, a power of two
  // By number of labels: whether there is an origin of so many.
  std::bitset<dnswire::kMaxLabelCount + 1> has_origin_;
  std::size_t deepest_ = 0;  // labels of the longest origin
};

}  // namespace zones
