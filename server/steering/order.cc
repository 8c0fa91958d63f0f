#include "server/steering/order.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace steering {
namespace {

constexpr double kEqualWithin = 1.05;  // 5 % farther counts as equally near
constexpr double kUnknown = std::numeric_limits<double>::infinity();

class LeafCollector {
 public:
  LeafCollector(const Plan& plan, dnswire::Family family) : plan_(plan), family_(family) {}

  std::vector<Leaf> collect(PoolId pool) {
    const auto& members = plan_[pool].members;
    for (std::uint32_t i = 0; i < members.size(); ++i) {
      member_ = i;
      first_of_member_ = leaves_.size();
      add(members[i]);
    }
    return std::move(leaves_);
  }

 private:
  void add(const Member& member) {
    if (const EndpointId* endpoint = member.endpoint()) return add(*endpoint);
    for (std::optional<PoolId> id = *member.pool(); id; id = plan_[*id].then) {
      for (const Member& below : plan_[*id].members) add(below);
    }
  }

  void add(EndpointId endpoint) {
    if (!plan_[endpoint].has(family_)) return;
    const auto first = leaves_.begin() + static_cast<std::ptrdiff_t>(first_of_member_);
    const bool is_there = std::any_of(first, leaves_.end(),
                                      [&](const Leaf& leaf) { return leaf.endpoint == endpoint; });
    if (!is_there) leaves_.push_back({member_, endpoint});
  }

  const Plan& plan_;
  dnswire::Family family_;
  std::vector<Leaf> leaves_;
  std::uint32_t member_ = 0;
  std::size_t first_of_member_ = 0;
};

struct Entry {
  std::size_t listed;  // position in the order that is written for the place
  double distance;
  std::size_t leaf;  // as written

  [[nodiscard]] auto key() const { return std::tuple(listed, distance, leaf); }
};

// Position of the member in the list; the list's size for those that it leaves out.
std::size_t position(const std::vector<std::uint32_t>& list, std::uint32_t member) {
  return static_cast<std::size_t>(std::find(list.begin(), list.end(), member) - list.begin());
}

}  // namespace

std::vector<Leaf> leaves_of(const Plan& plan, PoolId pool, dnswire::Family family) {
  return LeafCollector(plan, family).collect(pool);
}

std::optional<double> biased_distance(const Endpoint& endpoint,
                                      const geo::Location& client) noexcept {
  if (!client.coordinates || !endpoint.at) return std::nullopt;
  const double distance = geo::distance_km(*client.coordinates, *endpoint.at);
  const double bias = endpoint.bias / 100.0;
  return bias >= 0 ? distance * (1 - bias) : distance / (1 + bias);
}

const PlaceOrder* find_place_order(const Pool& pool, const geo::Location& client) noexcept {
  const auto find = [&](std::string_view place) -> const PlaceOrder* {
    const auto found = std::find_if(pool.order.begin(), pool.order.end(),
                                    [&](const PlaceOrder& order) { return order.place == place; });
    return found == pool.order.end() ? nullptr : &*found;
  };
  if (!client.subdivision.empty()) {
    if (const PlaceOrder* order = find(client.subdivision)) return order;
  }
  return client.country ? find(client.country->text()) : nullptr;
}

Order order_for(const Plan& plan, const Pool& pool, const std::vector<Leaf>& leaves,
                const geo::Location& client) {
  static const std::vector<std::uint32_t> kNone;
  const PlaceOrder* place = find_place_order(pool, client);
  const bool is_unknown = !client.coordinates && !client.country;
  const auto& list = place != nullptr ? place->members : is_unknown ? pool.order_elsewhere : kNone;

  std::vector<Entry> entries;
  entries.reserve(leaves.size());
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const auto distance = biased_distance(plan[leaves[i].endpoint], client);
    entries.push_back({position(list, leaves[i].member), distance.value_or(kUnknown), i});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.key() < b.key(); });

  Order order;
  order.reserve(entries.size());
  const Entry* head = nullptr;  // the nearest of the group
  std::uint32_t group = 0;
  for (const Entry& entry : entries) {
    const bool joins = head != nullptr && head->listed == list.size() &&
                       entry.distance != kUnknown &&
                       entry.distance <= head->distance * kEqualWithin;
    if (!joins) {
      if (head != nullptr) ++group;
      head = &entry;
    }
    order.push_back({leaves[entry.leaf].member, leaves[entry.leaf].endpoint, group});
  }
  return order;
}

}  // namespace steering
