#include "server/config/pool_graph.h"

#include <algorithm>
#include <set>
#include <unordered_set>

namespace config {
namespace {

using steering::EndpointId;
using steering::Member;
using steering::Plan;
using steering::Pool;
using steering::PoolId;

constexpr std::size_t kDeepest = 1000;
constexpr std::size_t kMostAddresses = 100'000;

struct Edge {
  PoolId to{};
  bool is_then = false;
};

std::vector<Edge> edges_of(const Pool& pool) {
  std::vector<Edge> edges;
  for (const Member& member : pool.members) {
    if (member.pool() != nullptr) edges.push_back({*member.pool(), false});
  }
  if (pool.then) edges.push_back({*pool.then, true});
  return edges;
}

// Depth first, with a stack of its own: a chain may be long before anybody has measured it.
class PoolSorter {
 public:
  PoolSorter(const SteeringNames& names, const Plan& plan)
      : names_(names), plan_(plan), marks_(names.pool_nodes.size(), Mark::New) {}

  std::optional<std::vector<PoolId>> sort() {
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      if (marks_[i] == Mark::New) follow(PoolId(names_.first_pool + i));
    }
    if (has_circle_) return std::nullopt;
    return std::move(sorted_);
  }

 private:
  enum class Mark : std::uint8_t { New, OnTheWay, Done };
  struct Step {
    PoolId pool{};
    std::vector<Edge> edges;
    std::size_t next = 0;  // of the edges; the one before it is the one that was taken
  };

  Mark& mark(PoolId pool) { return marks_[static_cast<std::size_t>(pool) - names_.first_pool]; }

  void enter(PoolId pool) {
    mark(pool) = Mark::OnTheWay;
    way_.push_back({pool, edges_of(plan_[pool])});
  }

  void follow(PoolId start) {
    enter(start);
    while (!way_.empty()) {
      Step& step = way_.back();
      if (step.next == step.edges.size()) {
        mark(step.pool) = Mark::Done;
        sorted_.push_back(step.pool);
        way_.pop_back();
        continue;
      }
      const PoolId to = step.edges[step.next++].to;
      if (static_cast<std::size_t>(to) < names_.first_pool) continue;  // of shared.yaml
      if (mark(to) == Mark::New) {
        enter(to);
      } else if (mark(to) == Mark::OnTheWay) {
        report_circle(to);
      }
    }
  }

  void report_circle(PoolId start) {
    has_circle_ = true;
    auto step = std::ranges::find(way_, start, &Step::pool);
    std::string text = "pools lead in a circle: " + plan_[start].name;
    for (; step != way_.end(); ++step) {
      const Edge& taken = step->edges[step->next - 1];
      text += (taken.is_then ? " → then " : " → ") + plan_[taken.to].name;
    }
    names_.file.problem(names_.pool_nodes[static_cast<std::size_t>(start) - names_.first_pool],
                        std::move(text));
  }

  const SteeringNames& names_;
  const Plan& plan_;
  std::vector<Mark> marks_;
  std::vector<Step> way_;
  std::vector<PoolId> sorted_;
  bool has_circle_ = false;
};

Reach reach_of(const Pool& pool, const SteeringTable& table) {
  Reach reach;
  for (const Member& member : pool.members) {
    if (const EndpointId* endpoint = member.endpoint()) {
      for (const auto& faces : table.plan[*endpoint].faces) reach.addresses += faces.size();
    }
  }
  for (const Edge& edge : edges_of(pool)) {
    const Reach& below = table.reaches[static_cast<std::size_t>(edge.to)];
    reach.depth = std::max(reach.depth, below.depth + 1);
    reach.addresses += below.addresses;
  }
  return reach;
}

class LeafCollector {
 public:
  explicit LeafCollector(const Plan& plan) : plan_(plan) {}

  std::vector<EndpointId> collect(PoolId pool) {
    add(pool);
    return std::move(leaves_);
  }

 private:
  void add(PoolId pool) {
    if (!pools_.insert(pool).second) return;
    for (const Member& member : plan_[pool].members) {
      if (member.pool() != nullptr) add(*member.pool());
      const EndpointId* endpoint = member.endpoint();
      if (endpoint != nullptr && endpoints_.insert(*endpoint).second) leaves_.push_back(*endpoint);
    }
  }

  const Plan& plan_;
  std::set<PoolId> pools_;
  std::unordered_set<EndpointId> endpoints_;
  std::vector<EndpointId> leaves_;
};

}  // namespace

std::optional<std::vector<PoolId>> sort_pools(const SteeringNames& names, const Plan& plan) {
  return PoolSorter(names, plan).sort();
}

bool measure_pools(const SteeringNames& names, const std::vector<PoolId>& sorted,
                   SteeringTable& table) {
  bool all_measured = true;
  table.reaches.resize(table.plan.pools.size());
  for (const PoolId id : sorted) {
    const auto index = static_cast<std::size_t>(id);
    Reach reach = reach_of(table.plan[id], table);
    const auto refuse = [&](const std::string& why) {
      names.file.problem(names.pool_nodes[index - names.first_pool],
                         "pool " + in_backticks(table.plan[id].name) + why);
      reach = {};  // those above it would be reported for the same reason
      all_measured = false;
    };
    if (reach.depth > kDeepest) {
      refuse(" leads over more than " + std::to_string(kDeepest) + " pools one below another");
    } else if (reach.addresses > kMostAddresses) {
      refuse(" leads to more than " + std::to_string(kMostAddresses) +
             " addresses, each counted for every way to it");
    }
    table.reaches[index] = reach;
  }
  return all_measured;
}

std::vector<EndpointId> leaves_of(const Plan& plan, PoolId pool) {
  return LeafCollector(plan).collect(pool);
}

}  // namespace config
