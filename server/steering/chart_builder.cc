#include "server/steering/chart_builder.h"

#include <algorithm>
#include <deque>

#include "geo/partition_builder.h"
#include "geo/prefix_set.h"
#include "geo/special_networks.h"
#include "server/steering/rule.h"

namespace steering {
namespace {

using geo::Location;

template <class T>
bool contains(const std::vector<T>& values, const T& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

ChartBuilder::ChartBuilder(const Plan& plan, const DynamicRecord& record, dnswire::Family family)
    : plan_(plan), record_(record), family_(family) {
  for (const Rule& rule : record.rules) explore(rule);
  chart_.met_rules_.resize(record.rules.size());
}

void ChartBuilder::explore(const Rule& rule) {
  Reach reach;
  std::vector<PoolId> seen;
  visit(rule.pool, seen, reach);
  for (const Fixed* fixed : {&record_.fallback, &record_.until_checked}) {
    if (fixed->pool) visit(*fixed->pool, seen, reach);
  }
  reach_.push_back(std::move(reach));
}

void ChartBuilder::visit(PoolId id, std::vector<PoolId>& seen, Reach& reach) {
  if (contains(seen, id)) return;
  seen.push_back(id);
  const Pool& pool = plan_[id];
  if (pool.pick == Pick::Nearest) reach.placed.push_back(placed(id));
  if (pool.pick == Pick::Sticky && pool.members.size() > 1) {
    for (std::size_t i = 0; i < 2; ++i) {
      reach.sticky_bits[i] = std::max(reach.sticky_bits[i], pool.sticky_bits[i]);
    }
  }
  for (const Member& member : pool.members) {
    if (const PoolId* below = member.pool()) visit(*below, seen, reach);
  }
  if (pool.then) visit(*pool.then, seen, reach);
}

std::size_t ChartBuilder::placed(PoolId pool) {
  auto& known = chart_.placed_;
  const auto found = std::find(known.begin(), known.end(), pool);
  if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
  known.push_back(pool);
  leaves_.push_back(leaves_of(plan_, pool, family_));
  return known.size() - 1;
}

Chart ChartBuilder::build(const geo::Map& map, PartitionsByPlace& known) && {
  const bool asks_for_networks =
      std::ranges::any_of(record_.rules, [](const Rule& rule) { return rule.nets.has_value(); });
  chart_.partition_ = asks_for_networks
                          ? std::make_shared<const geo::Partition>(part_by_networks(map))
                          : part_by_place(map, known);
  return std::move(chart_);
}

std::shared_ptr<const geo::Partition> ChartBuilder::part_by_place(const geo::Map& map,
                                                                  PartitionsByPlace& known) {
  const auto locations = map.locations();
  std::vector<std::uint32_t> classes;
  classes.reserve(locations.size());
  for (const Location& location : locations) classes.push_back(classify(location, {}));
  auto& partition = known[classes];
  if (partition == nullptr) {
    partition = std::make_shared<const geo::Partition>(geo::build_partition(
        map, {}, geo::special_networks(), [&](const Location& location, std::span<const bool>) {
          return classes[static_cast<std::size_t>(&location - locations.data())];
        }));
  }
  return partition;
}

geo::Partition ChartBuilder::part_by_networks(const geo::Map& map) {
  std::deque<geo::PrefixSet> sets;
  std::vector<const geo::PrefixSet*> by_rule;
  for (const Rule& rule : record_.rules) {
    if (!rule.nets) continue;
    by_rule.push_back(&sets.emplace_back());
    for (const dnswire::Prefix& net : *rule.nets) sets.back().insert(net);
  }
  return geo::build_partition(map, by_rule, geo::special_networks(),
                              [this](const Location& location, std::span<const bool> inside) {
                                return classify(location, inside);
                              });
}

std::uint32_t ChartBuilder::classify(const Location& location, std::span<const bool> inside) {
  Chart::Class of;
  of.orders.assign(chart_.placed_.size(), Chart::kNoOrder);
  if (!record_.rules.empty()) {  // an alias has none
    const std::size_t rule = find_rule(record_, location, inside);
    const Reach& reach = reach_[rule];
    chart_.met_rules_[rule] = true;
    of.pool = record_.rules[rule].pool;
    of.sticky_bits = reach.sticky_bits;
    for (const std::size_t i : reach.placed) of.orders[i] = order_number(i, location);
  }
  const auto next = static_cast<std::uint32_t>(chart_.classes_.size());
  const auto [found, is_new] = class_numbers_.emplace(std::move(of), next);
  if (is_new) chart_.classes_.push_back(found->first);
  return found->second;
}

std::uint32_t ChartBuilder::order_number(std::size_t placed, const Location& location) {
  Order order = order_for(plan_, plan_[chart_.placed_[placed]], leaves_[placed], location);
  const auto next = static_cast<std::uint32_t>(chart_.orders_.size());
  const auto [found, is_new] = order_numbers_.emplace(std::move(order), next);
  if (is_new) chart_.orders_.push_back(found->first);
  return found->second;
}

}  // namespace steering
