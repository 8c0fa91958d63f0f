#include "geo/partition.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <span>
#include <unordered_map>

namespace geo {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Prefix;

constexpr unsigned kStride = 8;  // an octet of the address per step
constexpr unsigned kSlots = 1U << kStride;
constexpr unsigned kQuarter = kSlots / 4;
constexpr unsigned kDepthShift = 26;  // in an entry: a depth above a number
static_assert(Partition::kNumbers == 1U << kDepthShift);
constexpr std::uint32_t kDepthMask = 31;
constexpr std::size_t kHeadWords = 9;

// Bits that the table in front may be for; the large one where there are as many networks as it has
// entries, so that it is no larger than what is behind it.
constexpr unsigned kSmallFront = kStride;
constexpr unsigned kLargeFront = 2 * kStride;

// How many leaves there are, but no more than `limit`.
std::size_t count_leaves(const BinaryTrie& trie, BinaryTrie::Link link,
                         std::size_t limit) noexcept {
  if (BinaryTrie::is_leaf(link) || limit <= 1) return std::min<std::size_t>(limit, 1);
  const auto& children = trie.nodes[link].children;
  const std::size_t left = count_leaves(trie, children[0], limit);
  return left + count_leaves(trie, children[1], limit - left);
}

unsigned front_bits(const BinaryTrie& trie, BinaryTrie::Link root) noexcept {
  if (BinaryTrie::is_leaf(root)) return 0;
  constexpr std::size_t kMany = std::size_t{1} << kLargeFront;
  return count_leaves(trie, root, kMany) == kMany ? kLargeFront : kSmallFront;
}

// Adds one at the last bit of a network; false if that was the last network of its length.
bool move_on(std::span<std::uint8_t, 16> octets, unsigned length) noexcept {
  if (length == 0) return false;
  std::size_t i = (length - 1) / 8;
  unsigned sum = octets[i] + (0x80U >> (length - 1) % 8);
  octets[i] = static_cast<std::uint8_t>(sum);
  while (sum > 255 && i > 0) {
    sum = ++octets[--i] == 0 ? 256 : 0;
  }
  return sum <= 255;
}

}  // namespace

// Writes a trie as tables and nodes of many bits.
class Partition::Packer {
 public:
  Packer(const BinaryTrie& trie, std::vector<std::uint32_t>& words) : trie_(trie), words_(words) {}

  Front pack(Family family) {
    const Link root = trie_.root(family);
    const Front front{static_cast<std::uint32_t>(words_.size()), front_bits(trie_, root)};
    words_.resize(words_.size() + (std::size_t{1} << front.bits));
    fill_table(front, root, 0, 0);
    return front;
  }

 private:
  using Link = BinaryTrie::Link;

  // A node in the making.
  struct Draft {
    std::array<std::uint32_t, kHeadWords + kSlots> words;
    std::size_t size = kHeadWords;
  };

  static Entry leaf(Link link, unsigned depth) noexcept {
    assert(BinaryTrie::number(link) < kNumbers);
    return kLeaf | depth << kDepthShift | BinaryTrie::number(link);
  }

  // The entries from `first` on, which share `depth` bits.
  void fill_table(const Front& front, Link link, unsigned depth, std::size_t first) {
    const std::size_t count = std::size_t{1} << (front.bits - depth);
    if (BinaryTrie::is_leaf(link)) {
      std::fill_n(words_.begin() + static_cast<std::ptrdiff_t>(front.first + first), count,
                  leaf(link, depth));
    } else if (count == 1) {
      const Entry entry = node(link);
      words_[front.first + first] = entry;
    } else {
      const auto& children = trie_.nodes[link].children;
      fill_table(front, children[0], depth + 1, first);
      fill_table(front, children[1], depth + 1, first + count / 2);
    }
  }

  Entry node(Link link) {
    Draft draft;  // NOLINT: entries are written as they come, the head is cleared here
    std::fill_n(draft.words.begin(), kHeadWords, 0);
    add_slots(draft, link, 0, 0);
    return place(std::span(draft.words).first(draft.size));
  }

  // The slots from `first` on, which share `depth` bits.
  void add_slots(Draft& draft, Link link, unsigned depth, unsigned first) {
    if (BinaryTrie::is_leaf(link)) {
      add(draft, first, leaf(link, depth));
    } else if (depth == kStride) {
      add(draft, first, node(link));
    } else {
      const auto& children = trie_.nodes[link].children;
      add_slots(draft, children[0], depth + 1, first);
      add_slots(draft, children[1], depth + 1, first + (kSlots >> (depth + 1)));
    }
  }

  static void add(Draft& draft, unsigned slot, Entry entry) noexcept {
    if (slot > 0 && draft.words[draft.size - 1] == entry) return;
    draft.words[1 + slot / 32] |= 1U << slot % 32;
    draft.words[draft.size++] = entry;
    // Each quarter behind it has one more entry before its own.
    for (unsigned i = slot / kQuarter + 1; i < kSlots / kQuarter; ++i) {
      draft.words[0] += 1U << i * 8;
    }
  }

  // Where there is such a node; it is added if there is none.
  Entry place(std::span<const std::uint32_t> node) {
    std::uint64_t hash = 0;
    for (const std::uint32_t word : node) {
      hash = (std::rotl(hash, 23) ^ word) * 0x9E3779B97F4A7C15;
    }
    const auto [first, last] = by_hash_.equal_range(hash);
    for (auto it = first; it != last; ++it) {
      const std::span other = std::span(words_).subspan(it->second);
      if (other.size() >= node.size() && std::ranges::equal(node, other.first(node.size()))) {
        return it->second;
      }
    }
    const auto index = static_cast<Entry>(words_.size());
    assert(index < kLeaf);
    words_.insert(words_.end(), node.begin(), node.end());
    by_hash_.emplace(hash, index);
    return index;
  }

  const BinaryTrie& trie_;
  std::vector<std::uint32_t>& words_;
  std::unordered_multimap<std::uint64_t, Entry> by_hash_;
};

Partition::Partition(const BinaryTrie& trie) {
  Packer packer(trie, words_);
  networks_ = trie.nodes.size() + fronts_.size();  // a tree has one leaf more than nodes
  fronts_ = {packer.pack(Family::V4), packer.pack(Family::V6)};
  const bool uniform = BinaryTrie::is_leaf(trie.root4) && trie.root4 == trie.root6;
  least_depth_ = uniform ? 0 : 1;
  words_.shrink_to_fit();
}

Partition::Match Partition::find(const IpAddress& address) const noexcept {
  const IpAddress inner = address.unwrapped();
  Match match = find_as_is(inner);
  match.depth = std::max(match.depth, least_depth_);
  return match;
}

Partition::Match Partition::find_as_is(const IpAddress& address) const noexcept {
  const Front& front = fronts_[address.family() == Family::V4 ? 0 : 1];
  const std::uint8_t* const octets = address.octets().data();
  Entry entry = words_[front.first + (std::size_t{dnswire::load16(octets)} >> (16 - front.bits))];
  unsigned depth = 0;  // where the table or node of the entry begins
  unsigned next = front.bits;
  while ((entry & kLeaf) == 0) {
    const std::uint32_t* const node = &words_[entry];
    const unsigned slot = octets[next / kStride];
    const unsigned quarter = slot / kQuarter;
    const std::uint64_t bitmap = std::uint64_t{node[2 + 2 * quarter]} << 32 | node[1 + 2 * quarter];
    const std::uint64_t upto = bitmap << (kQuarter - 1 - slot % kQuarter);
    const unsigned before = node[0] >> (quarter * 8) & 255;
    entry = node[kHeadWords - 1 + before + static_cast<unsigned>(std::popcount(upto))];
    depth = next;
    next += kStride;
  }
  depth += entry >> kDepthShift & kDepthMask;
  return {entry & (kNumbers - 1), static_cast<std::uint8_t>(depth)};
}

std::size_t Partition::memory() const noexcept {
  return sizeof(*this) + words_.capacity() * sizeof(words_[0]);
}

void Partition::walk(const Visit& visit) const {
  walk(Family::V4, visit);
  walk(Family::V6, visit);
}

void Partition::walk(Family family, const Visit& visit) const {
  std::array<std::uint8_t, 16> octets{};
  const auto all = dnswire::Bytes(octets).first(family == Family::V4 ? 4 : 16);
  Match match{};
  do {
    const IpAddress address = IpAddress::from_octets(family, all);
    match = find_as_is(address);
    visit(Prefix{address, match.depth}, match.number);
  } while (move_on(octets, match.depth));
}

}  // namespace geo
