#include "geo/partition_builder.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace geo {
namespace {

using dnswire::Family;
using Link = BinaryTrie::Link;

constexpr Link kNowhere = BinaryTrie::kLeaf | 0;  // as a leaf of a Map

// Which of the sets addresses are in: each combination that occurs has a number, 0 is none of them.
class Memberships {
 public:
  explicit Memberships(std::size_t sets) : flags_(std::make_unique<bool[]>(sets)), size_(sets) {
    add(std::vector<bool>(sets));
  }

  // The combination that `number` stands for, and `set` besides.
  std::uint32_t with(std::uint32_t number, std::uint32_t set) {
    const auto [step, is_new] = steps_.try_emplace(std::uint64_t{number} << 32 | set, 0);
    if (is_new) {
      std::vector<bool> combination = *combinations_[number];
      combination[set] = true;
      step->second = add(std::move(combination));
    }
    return step->second;
  }

  // Valid until the next call.
  [[nodiscard]] std::span<const bool> operator[](std::uint32_t number) {
    std::ranges::copy(*combinations_[number], flags_.get());
    return {flags_.get(), size_};
  }

 private:
  std::uint32_t add(std::vector<bool> combination) {
    const auto next = static_cast<std::uint32_t>(combinations_.size());
    const auto [known, is_new] = numbers_.try_emplace(std::move(combination), next);
    if (is_new) combinations_.push_back(&known->first);
    return known->second;
  }

  std::map<std::vector<bool>, std::uint32_t> numbers_;
  std::vector<const std::vector<bool>*> combinations_;
  std::unordered_map<std::uint64_t, std::uint32_t> steps_;  // number << 32 | set, to number
  std::unique_ptr<bool[]> flags_;
  std::size_t size_;
};

// What was answered for locations inside combinations of sets.
class Decided {
 public:
  Decided(const Map& map, std::size_t sets, const Classify& classify)
      : map_(map), classify_(classify), memberships_(sets), outside_(map.location_count(), kOpen) {}

  [[nodiscard]] Memberships& memberships() noexcept { return memberships_; }

  std::uint32_t number(std::uint32_t location, std::uint32_t membership) {
    // Most of the address space is in no network of a rule: that must not cost a hash.
    std::uint32_t& known = membership == 0 ? outside_[location] : inside(location, membership);
    if (known == kOpen) known = classify_(map_.locations()[location], memberships_[membership]);
    assert(known < Partition::kNumbers);
    return known;
  }

 private:
  static constexpr std::uint32_t kOpen = 0xffffffff;

  std::uint32_t& inside(std::uint32_t location, std::uint32_t membership) {
    const std::uint64_t key = std::uint64_t{membership} << 32 | location;
    return inside_.try_emplace(key, kOpen).first->second;
  }

  const Map& map_;
  const Classify& classify_;
  Memberships memberships_;
  std::vector<std::uint32_t> outside_;                       // by location
  std::unordered_map<std::uint64_t, std::uint32_t> inside_;  // by membership << 32 | location
};

class PartitionBuilder {
 public:
  PartitionBuilder(const Map& map, std::span<const PrefixSet* const> sets, const PrefixSet& nowhere,
                   const Classify& classify)
      : map_(map), sets_(sets), nowhere_(nowhere), decided_(map, sets.size(), classify) {}

  [[nodiscard]] Partition build() {
    trie_.nodes.reserve(map_.node_count());
    trie_.root4 = walk(Family::V4);
    trie_.root6 = walk(Family::V6);
    return Partition(trie_);
  }

 private:
  // What is known of all addresses of one prefix. Sets that neither have all of them nor none are
  // on the stack, from `first` to `last`.
  struct Position {
    Link place = kNowhere;
    std::uint32_t membership = 0;
    std::size_t first = 0;
    std::size_t last = 0;
  };
  struct Divided {
    std::uint32_t set;  // sets_.size() is nowhere_
    PrefixSet::Step step;
  };

  [[nodiscard]] const PrefixSet& set(std::uint32_t index) const noexcept {
    return index < sets_.size() ? *sets_[index] : nowhere_;
  }

  void enter(std::uint32_t set, PrefixSet::Step step, Position& position) {
    if (step.is_outside()) return;
    if (!step.is_inside()) {
      divided_.push_back({set, step});
      position.last = divided_.size();
    } else if (set < sets_.size()) {
      position.membership = decided_.memberships().with(position.membership, set);
    } else {
      position.place = kNowhere;
    }
  }

  Link walk(Family family) {
    Position position{map_.trie().root(family), 0, 0, 0};
    for (std::uint32_t i = 0; i <= sets_.size(); ++i) {
      enter(i, set(i).first_step(family), position);
    }
    const Link link = walk(position);
    divided_.clear();
    return link;
  }

  // Divides where the map or a set does, and joins again what is decided alike.
  Link walk(const Position& position) {
    if (position.first == position.last) return walk(position.place, position.membership);
    const Link place = position.place;
    const BinaryTrie::Node places =
        BinaryTrie::is_leaf(place) ? BinaryTrie::Node{{place, place}} : map_.trie().nodes[place];
    const auto index = static_cast<Link>(trie_.nodes.size());
    trie_.nodes.emplace_back();
    const Link left = descend(position, places.children[0], false);
    const Link right = descend(position, places.children[1], true);
    return join(index, left, right);
  }

  // Where no set divides any more.
  Link walk(Link place, std::uint32_t membership) {
    if (BinaryTrie::is_leaf(place)) {
      return BinaryTrie::kLeaf | decided_.number(BinaryTrie::number(place), membership);
    }
    const BinaryTrie::Node& places = map_.trie().nodes[place];
    const auto index = static_cast<Link>(trie_.nodes.size());
    trie_.nodes.emplace_back();
    const Link left = walk(places.children[0], membership);
    const Link right = walk(places.children[1], membership);
    return join(index, left, right);
  }

  // Fills in the node that was added before what is below it.
  Link join(Link index, Link left, Link right) {
    if (left == right && BinaryTrie::is_leaf(left)) {
      trie_.nodes.pop_back();  // leaves have no nodes: this is the last one
      return left;
    }
    trie_.nodes[index] = {{left, right}};
    return index;
  }

  Link descend(const Position& from, Link place, bool bit) {
    Position to{place, from.membership, from.last, from.last};
    for (std::size_t i = from.first; i < from.last; ++i) {
      const Divided divided = divided_[i];
      enter(divided.set, set(divided.set).next_step(divided.step, bit), to);
    }
    const Link link = walk(to);
    divided_.erase(divided_.begin() + static_cast<std::ptrdiff_t>(from.last), divided_.end());
    return link;
  }

  const Map& map_;
  std::span<const PrefixSet* const> sets_;
  const PrefixSet& nowhere_;
  Decided decided_;
  std::vector<Divided> divided_;
  BinaryTrie trie_;
};

}  // namespace

Partition build_partition(const Map& map, std::span<const PrefixSet* const> sets,
                          const PrefixSet& nowhere, const Classify& classify) {
  return PartitionBuilder(map, sets, nowhere, classify).build();
}

}  // namespace geo
