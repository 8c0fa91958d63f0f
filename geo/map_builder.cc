#include "geo/map_builder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "geo/correction_tree.h"
#include "geo/countries.h"

namespace geo {
namespace {

std::optional<Continent> continent_of(const Location& location) noexcept {
  if (location.continent || !location.country) return location.continent;
  const Country* country = find_country(location.country->text());
  return country == nullptr ? std::nullopt : std::optional(country->continent);
}

bool are_elsewhere(const Location& a, const Location& b) noexcept {
  if (a.country && b.country) return *a.country != *b.country;
  const auto first = continent_of(a);
  const auto second = continent_of(b);
  return first && second && *first != *second;
}

// The higher, the closer it comes to a place.
int precision(const Location& location) noexcept {
  if (location.country) return 3;
  if (location.coordinates) return 2;
  return location.continent ? 1 : 0;
}

}  // namespace

Location merged(Location known, const Location& more) {
  if (known.asn == 0) known.asn = more.asn;
  if (are_elsewhere(known, more)) return known;
  if (precision(more) > precision(known)) known.source = more.source;
  if (!known.continent) known.continent = more.continent;
  if (!known.country) known.country = more.country;
  if (known.subdivision.empty()) {
    known.subdivision = more.subdivision;
  } else if (!more.subdivision.empty() && known.subdivision != more.subdivision) {
    return known;  // and its coordinates are those of the other subdivision
  }
  if (!known.coordinates) known.coordinates = more.coordinates;
  return known;
}

Location completed(Location location) {
  location.continent = continent_of(location);
  if (location.coordinates) return location;
  const Subdivision* subdivision = find_subdivision(location.subdivision);
  const Country* country = location.country ? find_country(location.country->text()) : nullptr;
  if (subdivision != nullptr) {
    location.coordinates = subdivision->centroid;
  } else if (country != nullptr) {
    location.coordinates = country->centroid;
  }
  location.coordinates_are_centroid = location.coordinates.has_value();
  return location;
}

MapBuilder::MapBuilder(std::span<const Database> databases, const Tree& corrections) {
  for (const Database& database : databases) trees_.push_back(&database.tree);
  trees_.push_back(&corrections);
  links_.resize(trees_.size() * (kMaxDepth6 + 1));
  pending_.resize(links_.size());
  merged_.resize(trees_.size());
}

Map MapBuilder::build(std::vector<Database> databases, const Tree& corrections) {
  MapBuilder builder(databases, corrections);
  Map map;
  map.trie_.root4 = builder.merge(dnswire::Family::V4);
  map.trie_.root6 = builder.merge(dnswire::Family::V6);
  map.trie_.nodes = std::move(builder.nodes_);
  map.trie_.nodes.shrink_to_fit();
  map.locations_ = std::move(builder.locations_).take();
  for (Database& database : databases) map.databases_.push_back(std::move(database.info));
  return map;
}

std::span<Tree::Link> MapBuilder::level(unsigned depth) noexcept {
  return std::span(links_).subspan(depth * trees_.size(), trees_.size());
}

std::span<Tree::Link> MapBuilder::right_siblings(unsigned depth) noexcept {
  return std::span(pending_).subspan(depth * trees_.size(), trees_.size());
}

MapBuilder::Link MapBuilder::merge(dnswire::Family family) {
  std::ranges::transform(trees_, level(0).begin(),
                         [family](const Tree* tree) { return tree->root(family); });
  return merge(0);
}

// Walks all trees at once: divides where any of them does.
MapBuilder::Link MapBuilder::merge(unsigned depth) {
  const std::span<Tree::Link> here = level(depth);
  const bool divided =
      std::ranges::any_of(here, [](Tree::Link link) { return !Tree::is_leaf(link); });
  if (!divided) return leaf(here);
  const std::span<Tree::Link> left = level(depth + 1);
  const std::span<Tree::Link> right = right_siblings(depth + 1);
  for (std::size_t i = 0; i < here.size(); ++i) {
    const Tree::Node node =
        Tree::is_leaf(here[i]) ? Tree::Node{{here[i], here[i]}} : trees_[i]->nodes[here[i]];
    left[i] = node.children[0];
    right[i] = node.children[1];
  }
  const auto index = static_cast<Link>(nodes_.size());
  nodes_.emplace_back();
  const Link first = merge(depth + 1);
  std::ranges::copy(right, left.begin());
  const Link second = merge(depth + 1);
  if (first == second && Tree::is_leaf(first)) {
    nodes_.pop_back();  // leaves have no nodes: ours is the last one
    return first;
  }
  nodes_[index] = {{first, second}};
  return index;
}

// What the trees before say, with what a record of this one does.
Location MapBuilder::joined(const Location& known, std::size_t tree, std::uint32_t record) const {
  Location more = trees_[tree]->records[record];
  if (tree + 1 == trees_.size()) return corrected(known, more);
  constexpr std::size_t kLast = kFromCorrection - 1;
  if (precision(more) > 0) more.source = static_cast<std::uint8_t>(std::min(tree + 1, kLast));
  return merged(known, more);
}

MapBuilder::Link MapBuilder::leaf(std::span<const Tree::Link> links) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const std::uint32_t record = Tree::number(links[i]);
    if (record == 0) continue;
    const std::uint64_t key = std::uint64_t{number} << 32 | record;
    const auto [it, is_new] = merged_[i].try_emplace(key, 0);
    if (is_new) it->second = partial_.add(joined(partial_[number], i, record));
    number = it->second;
  }
  const auto [it, is_new] = completed_.try_emplace(number, 0);
  if (is_new) it->second = locations_.add(completed(partial_[number]));
  return Tree::kLeaf | it->second;
}

}  // namespace geo
