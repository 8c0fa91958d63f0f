// Two servers that read the same configuration in another order give the same answers.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "tests/server/steering/random_plan.h"

namespace steering {
namespace {

using dnswire::Family;
using dnswire::IpAddress;

std::vector<std::uint32_t> shuffled(Random& random, std::size_t size) {
  std::vector<std::uint32_t> order(size);
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = size; i > 1; --i) std::swap(order[i - 1], order[random.between(0, i - 1)]);
  return order;
}

// What has changed its place.
enum class Moved : std::uint8_t { Indices, MembersOfStickyPools };

// The same plan with everything that has an index somewhere else.
class Rearranged {
 public:
  Rearranged(Random& random, const World& world, Moved what)
      : random_(random),
        world_(world),
        what_(what),
        endpoints_(shuffled(random, world.plan.endpoints.size())),
        pools_(shuffled(random, world.plan.pools.size())),
        records_(shuffled(random, world.plan.records.size())),
        subjects_(shuffled(random, world.standings.size())) {}

  World make() {
    World result;
    result.map = world_.map;
    result.plan.endpoints.resize(endpoints_.size());
    result.plan.pools.resize(pools_.size());
    result.plan.records.resize(records_.size());
    result.standings.resize(subjects_.size());
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
      result.standings[subjects_[i]] = world_.standings[i];
    }
    for (std::size_t i = 0; i < endpoints_.size(); ++i) {
      result.plan.endpoints[endpoints_[i]] = moved(world_.plan.endpoints[i]);
    }
    for (std::size_t i = 0; i < pools_.size(); ++i) {
      result.plan.pools[pools_[i]] = moved(world_.plan.pools[i]);
    }
    for (std::size_t i = 0; i < records_.size(); ++i) {
      result.plan.records[records_[i]] = moved(world_.plan.records[i]);
    }
    return result;
  }

  [[nodiscard]] zones::DynamicId record(std::size_t old) const {
    return zones::DynamicId{records_[old]};
  }

 private:
  [[nodiscard]] EndpointId moved(EndpointId id) const {
    return EndpointId{endpoints_[static_cast<std::size_t>(id)]};
  }
  [[nodiscard]] PoolId moved(PoolId id) const {
    return PoolId{pools_[static_cast<std::size_t>(id)]};
  }
  [[nodiscard]] Endpoint moved(Endpoint endpoint) const {
    for (auto& faces : endpoint.faces) {
      for (Face& face : faces) {
        face.subject = health::SubjectId{subjects_[static_cast<std::size_t>(face.subject)]};
      }
    }
    return endpoint;
  }
  Pool moved(Pool pool) {
    for (Member& member : pool.members) {
      if (member.pool() != nullptr) {
        member.who = moved(*member.pool());
      } else {
        member.who = moved(*member.endpoint());
      }
    }
    if (pool.then) pool.then = moved(*pool.then);
    if (what_ == Moved::MembersOfStickyPools && pool.pick == Pick::Sticky) {
      const auto order = shuffled(random_, pool.members.size());
      const auto members = pool.members;
      for (std::size_t i = 0; i < order.size(); ++i) pool.members[order[i]] = members[i];
    }
    return pool;
  }
  [[nodiscard]] DynamicRecord moved(DynamicRecord record) const {
    for (Rule& rule : record.rules) rule.pool = moved(rule.pool);
    for (Fixed* fixed : {&record.fallback, &record.until_checked}) {
      if (fixed->pool) fixed->pool = moved(*fixed->pool);
    }
    return record;
  }

  Random& random_;
  const World& world_;
  Moved what_;
  std::vector<std::uint32_t> endpoints_, pools_, records_, subjects_;  // by the old index
};

std::string text(const Decision& decision) {
  std::string text;
  for (const IpAddress& address : decision.addresses) text += address.to_text() + " ";
  if (decision.target != nullptr) text += decision.target->name.to_text();
  return text + (decision.last_resort ? " last resort" : "") +
         (decision.unchecked ? " unchecked" : "") + (decision.servfail ? " servfail" : "");
}

void compare(Random& random, Moved what, std::size_t pairs) {
  constexpr std::size_t kPlans = 20;
  for (std::size_t i = 0; i < kPlans; ++i) {
    World one = random_world(random, false);
    one.map = random_map(random);
    randomize_board(random, one);
    Rearranged rearranged(random, one, what);
    World two = rearranged.make();
    const Atlas first = Atlas::compile(one.plan, one.map);
    const Atlas second = Atlas::compile(two.plan, two.map);
    const health::Board first_board = one.board();
    const health::Board second_board = two.board();
    for (std::size_t pair = 0; pair < pairs / kPlans; ++pair) {
      const auto record =
          static_cast<std::uint32_t>(random.between(0, one.plan.records.size() - 1));
      const Family family = random.chance(2) ? Family::V4 : Family::V6;
      const IpAddress client = random_client(random);
      const Decision a = decide(one.plan, first, first_board, zones::DynamicId{record}, family,
                                client, one.workspace);
      const Decision b = decide(two.plan, second, second_board, rearranged.record(record), family,
                                client, two.workspace);
      ASSERT_EQ(text(a), text(b)) << "plan " << i << ", record " << record << ", client "
                                  << client.to_text();
      if (what == Moved::Indices) {
        ASSERT_EQ(a.ttl, b.ttl) << client.to_text();
        ASSERT_EQ(a.scope, b.scope) << client.to_text();
      }
    }
  }
}

TEST(Determinism, TheOrderInWhichFilesAreReadChangesNoAnswer) {
  Random random;
  SCOPED_TRACE(random.seed_text());
  compare(random, Moved::Indices, 100000);
}

// It may change who is looked at, and the TTL and the scope by that: an outer `nearest` goes down
// the members as they are written where no distance is known.
TEST(Determinism, NorDoesTheOrderOfAStickyPoolsMembers) {
  Random random;
  SCOPED_TRACE(random.seed_text());
  compare(random, Moved::MembersOfStickyPools, 30000);
}

}  // namespace
}  // namespace steering
