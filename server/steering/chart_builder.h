#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "geo/map.h"
#include "server/steering/chart.h"
#include "server/steering/order.h"
#include "server/steering/plan.h"

namespace steering {

// Partitions of one map by the class of each of its locations: records that tell places apart alike
// share one, whatever their pools are.
using PartitionsByPlace =
    std::map<std::vector<std::uint32_t>, std::shared_ptr<const geo::Partition>>;

// Works out the classes of one record, for one family of the answer's addresses.
class ChartBuilder {
 public:
  ChartBuilder(const Plan& plan, const DynamicRecord& record, dnswire::Family family);

  // Looks into `known` before it makes a partition, and adds what it made.
  [[nodiscard]] Chart build(const geo::Map& map, PartitionsByPlace& known) &&;

 private:
  // Of a pool that a rule leads to: all that a decision can come to look at.
  struct Reach {
    std::vector<std::size_t> placed;  // indices into chart_.placed_
    std::array<std::uint8_t, 2> sticky_bits{};
  };

  std::shared_ptr<const geo::Partition> part_by_place(const geo::Map& map,
                                                      PartitionsByPlace& known);
  geo::Partition part_by_networks(const geo::Map& map);
  void explore(const Rule& rule);
  void visit(PoolId pool, std::vector<PoolId>& seen, Reach& reach);
  std::size_t placed(PoolId pool);
  std::uint32_t classify(const geo::Location& location, std::span<const bool> inside);
  std::uint32_t order_number(std::size_t placed, const geo::Location& location);

  const Plan& plan_;
  const DynamicRecord& record_;
  dnswire::Family family_;
  Chart chart_;
  std::vector<Reach> reach_;               // by rule
  std::vector<std::vector<Leaf>> leaves_;  // as chart_.placed_
  std::map<Order, std::uint32_t> order_numbers_;
  std::map<Chart::Class, std::uint32_t> class_numbers_;
};

}  // namespace steering
