#include "geo/map_builder.h"

#include <algorithm>
#include <string>
#include <utility>

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

}  // namespace

Location merged(Location known, const Location& more) {
  if (known.asn == 0) known.asn = more.asn;
  if (are_elsewhere(known, more)) return known;
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

MapBuilder::MapBuilder(std::span<const Database> databases)
    : databases_(databases),
      links_(databases.size() * (kMaxDepth6 + 1)),
      pending_(links_.size()),
      merged_(databases.size()) {}

Map MapBuilder::build(std::vector<Database> databases) {
  MapBuilder builder(databases);
  Map map;
  std::ranges::transform(databases, builder.level(0).begin(),
                         [](const Database& database) { return database.tree.root4; });
  map.root4_ = builder.merge(0);
  std::ranges::transform(databases, builder.level(0).begin(),
                         [](const Database& database) { return database.tree.root6; });
  map.root6_ = builder.merge(0);
  map.nodes_ = std::move(builder.nodes_);
  map.nodes_.shrink_to_fit();
  map.locations_ = std::move(builder.locations_).take();
  for (Database& database : databases) map.databases_.push_back(std::move(database.info));
  return map;
}

std::span<Tree::Link> MapBuilder::level(unsigned depth) noexcept {
  return std::span(links_).subspan(depth * databases_.size(), databases_.size());
}

std::span<Tree::Link> MapBuilder::right_siblings(unsigned depth) noexcept {
  return std::span(pending_).subspan(depth * databases_.size(), databases_.size());
}

// Walks all trees at once: divides where any of them does.
Map::Link MapBuilder::merge(unsigned depth) {
  const std::span<Tree::Link> here = level(depth);
  const bool divided =
      std::ranges::any_of(here, [](Tree::Link link) { return (link & Tree::kLeaf) == 0; });
  if (!divided) return leaf(here);
  const std::span<Tree::Link> left = level(depth + 1);
  const std::span<Tree::Link> right = right_siblings(depth + 1);
  for (std::size_t i = 0; i < here.size(); ++i) {
    const bool is_leaf = (here[i] & Tree::kLeaf) != 0;
    const Tree::Node node =
        is_leaf ? Tree::Node{{here[i], here[i]}} : databases_[i].tree.nodes[here[i]];
    left[i] = node.children[0];
    right[i] = node.children[1];
  }
  const auto index = static_cast<Link>(nodes_.size());
  nodes_.emplace_back();
  const Link first = merge(depth + 1);
  std::ranges::copy(right, left.begin());
  const Link second = merge(depth + 1);
  if (first == second && (first & Map::kLeaf) != 0) {
    nodes_.pop_back();  // leaves have no nodes: ours is the last one
    return first;
  }
  nodes_[index] = {{first, second}};
  return index;
}

Map::Link MapBuilder::leaf(std::span<const Tree::Link> links) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const std::uint32_t record = links[i] & ~Tree::kLeaf;
    if (record == 0) continue;
    const std::uint64_t key = std::uint64_t{number} << 32 | record;
    const auto [it, is_new] = merged_[i].try_emplace(key, 0);
    if (is_new) {
      it->second = partial_.add(merged(partial_[number], databases_[i].tree.records[record]));
    }
    number = it->second;
  }
  const auto [it, is_new] = completed_.try_emplace(number, 0);
  if (is_new) it->second = locations_.add(completed(partial_[number]));
  return Map::kLeaf | it->second;
}

}  // namespace geo
