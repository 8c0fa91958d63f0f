// Decisions as they are compiled, beside those that are worked out the slow way.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/server/steering/random_plan.h"
#include "tests/server/steering/reference.h"

namespace steering {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Prefix;
using health::State;
using std::chrono::seconds;

// The environment may ask for more; this much is done in seconds with sanitizers.
constexpr std::size_t kAddresses = 12000;

std::size_t addresses() {
  const char* const given = std::getenv("FAIRLEAD_ADDRESSES");
  return std::max<std::size_t>(given != nullptr ? std::strtoull(given, nullptr, 10) : 0,
                               kAddresses);
}

// One world at one moment, and what has been seen of it.
class Comparison {
 public:
  Comparison(Random& random, World& world)
      : random_(random),
        world_(world),
        atlas_(Atlas::compile(world.plan, world.map)),
        scopes_(2 * world.plan.records.size()) {}

  // False once something differs.
  bool ask(std::size_t count) {
    const health::Board board = world_.board();
    for (std::size_t i = 0; i < count && agrees_; ++i) {
      const std::size_t which = random_.between(0, scopes_.size() - 1);
      compare(board, which, random_client(random_));
    }
    return agrees_;
  }
  bool ask_edges() {
    const health::Board board = world_.board();
    for (std::size_t which = 0; which < scopes_.size(); ++which) {
      for (const IpAddress& edge : edges_of_rules(world_.plan.records[which / 2])) {
        if (agrees_) compare(board, which, edge);
      }
    }
    return agrees_;
  }

  // Of two clients' scopes, whenever they asked.
  bool finds_scopes_apart() {
    for (std::vector<Prefix>& scopes : scopes_) {
      std::sort(scopes.begin(), scopes.end());
      scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
      for (std::size_t i = 1; i < scopes.size(); ++i) {
        EXPECT_FALSE(scopes[i - 1].contains(scopes[i].address))
            << scopes[i - 1].to_text() << " holds " << scopes[i].to_text();
        agrees_ = agrees_ && !testing::Test::HasFailure();
      }
    }
    return agrees_;
  }

 private:
  struct Answer {
    Expected what;
    std::uint8_t scope;
    friend bool operator==(const Answer&, const Answer&) = default;
  };

  Answer answer(const health::Board& board, std::size_t which, const IpAddress& client) {
    const Decision decision =
        decide(world_.plan, atlas_, board, id(which), family(which), client, world_.workspace);
    return {{{decision.addresses.begin(), decision.addresses.end()},
             decision.target,
             decision.last_resort,
             decision.unchecked,
             decision.servfail},
            decision.scope};
  }
  static zones::DynamicId id(std::size_t which) {
    return zones::DynamicId{static_cast<std::uint32_t>(which / 2)};
  }
  static Family family(std::size_t which) { return which % 2 == 0 ? Family::V4 : Family::V6; }

  void compare(const health::Board& board, std::size_t which, const IpAddress& client) {
    const Answer given = answer(board, which, client);
    const auto expected = expect(world_.plan, world_.map, board, id(which), family(which), client);
    const IpAddress inner = client.unwrapped();
    scopes_[which].push_back({inner.masked(given.scope), given.scope});
    if (!expected.contains(given.what)) {
      fail(which, client,
           "differs from the reference: " + text(given) + " instead of " +
               text({*expected.begin(), 0}));
    }
    if (expected.size() > 1) return;
    const IpAddress other = random_inside(random_, inner, given.scope);
    if (other.unwrapped() != other) return;  // its scope is that of another address
    if (answer(board, which, other) != given) {
      fail(which, client, "is not what " + other.to_text() + " gets in the same scope");
    }
  }

  static std::string text(const Answer& answer) {
    std::string text;
    for (const IpAddress& address : answer.what.addresses) text += address.to_text() + " ";
    if (answer.what.target != nullptr) text += answer.what.target->name.to_text() + " ";
    return text + (answer.what.last_resort ? "last resort " : "") +
           (answer.what.unchecked ? "unchecked " : "") + (answer.what.servfail ? "servfail " : "") +
           "/" + std::to_string(answer.scope);
  }
  void fail(std::size_t which, const IpAddress& client, const std::string& what) {
    agrees_ = false;
    ADD_FAILURE() << "record " << which / 2 << ", family " << which % 2 << ", client "
                  << client.to_text() << " " << what;
  }

  Random& random_;
  World& world_;
  Atlas atlas_;
  std::vector<std::vector<Prefix>> scopes_;  // by record and family
  bool agrees_ = true;
};

TEST(DecisionProperty, TheBundledDatabaseAndRandomPlans) {
  Random random;
  SCOPED_TRACE(random.seed_text());
  const std::string path = FAIRLEAD_SOURCE_DIR "/geo/data/country.mmdb";
  const geo::Map map = geo::load_map(std::span(&path, 1)).map;
  ASSERT_GT(map.node_count(), 0U);
  constexpr std::size_t kPlans = 4;
  constexpr std::size_t kBoards = 5;
  for (std::size_t i = 0; i < kPlans; ++i) {
    World world = random_world(random, false);
    world.map = map;
    Comparison comparison(random, world);
    for (std::size_t j = 0; j < kBoards; ++j) {
      randomize_board(random, world);
      ASSERT_TRUE(comparison.ask(addresses() / kPlans / kBoards) && comparison.ask_edges())
          << "plan " << i << ", board " << j;
    }
    ASSERT_TRUE(comparison.finds_scopes_apart()) << "plan " << i;
  }
}

TEST(DecisionProperty, ManyRandomPlansOnRandomMaps) {
  Random random;
  SCOPED_TRACE(random.seed_text());
  const std::size_t plans = std::min<std::size_t>(addresses() / 120, 5000);
  const std::size_t asked = addresses() / 2 / plans;
  for (std::size_t i = 0; i < plans; ++i) {
    World world = random_world(random, i % 3 == 0);
    world.map = random_map(random);
    Comparison comparison(random, world);
    for (int board = 0; board < 3; ++board) {
      randomize_board(random, world);
      ASSERT_TRUE(comparison.ask(asked / 3) && comparison.ask_edges()) << "plan " << i;
    }
    ASSERT_TRUE(comparison.finds_scopes_apart()) << "plan " << i;
  }
}

// What checks alone may bring about in one step.
std::vector<State> next_states(const health::Standing& standing) {
  if (standing.force != health::Force::None || standing.held || standing.rescued) return {};
  switch (standing.state) {
    case State::Unknown:
      return {State::Up, State::Down};
    case State::Up:
    case State::Failing:
      return {State::Down};
    case State::Down:
    case State::Recovering:
      return {State::Up};
  }
  return {};
}

// Whoever could change an answer limits how long it may be believed.
TEST(DecisionProperty, NoAnswerOutlivesWhatItRestsOn) {
  Random random;
  SCOPED_TRACE(random.seed_text());
  const std::size_t plans = std::min<std::size_t>(addresses() / 60, 20000);
  for (std::size_t i = 0; i < plans; ++i) {
    World world = random_world(random, false);
    for (DynamicRecord& record : world.plan.records) {
      record.ttl = dnswire::Ttl(1000);
      record.ttl_min = dnswire::Ttl(0);
    }
    randomize_board(random, world);
    const Atlas atlas = Atlas::compile(world.plan, world.map);
    const IpAddress client = random_client(random);
    for (std::uint32_t which = 0; which < 2 * world.plan.records.size(); ++which) {
      const zones::DynamicId record{which / 2};
      const Family family = which % 2 == 0 ? Family::V4 : Family::V6;
      const auto now = expect(world.plan, world.map, world.board(), record, family, client);
      const dnswire::Ttl ttl =
          decide(world.plan, atlas, world.board(), record, family, client, world.workspace).ttl;
      for (std::size_t face = 0; face < world.standings.size(); ++face) {
        const health::Standing before = world.standings[face];
        if (before.steady >= seconds(ttl.count())) continue;
        for (const State next : next_states(before)) {
          health::Standing& standing = world.standings[face];
          standing.state = next;
          if (next == State::Down) standing.fell = health::Instant{} + seconds(1000);
          ASSERT_EQ(expect(world.plan, world.map, world.board(), record, family, client), now)
              << "plan " << i << ", record " << which / 2 << ", family " << which % 2 << ", client "
              << client.to_text() << ": TTL " << ttl.count() << ", subject " << face
              << " changes it after " << before.steady.count() << "s";
          standing = before;
        }
      }
    }
  }
}

// What a class is told is what each of its clients would be.
class ClassComparison {
 public:
  explicit ClassComparison(Random& random) : random_(random) {}

  void ask(World& world, const Atlas& atlas, std::size_t count) {
    const health::Board board = world.board();
    for (std::size_t i = 0; i < count && !testing::Test::HasFatalFailure(); ++i) {
      const auto which =
          static_cast<std::uint32_t>(random_.between(0, 2 * world.plan.records.size() - 1));
      compare(world, atlas, board, zones::DynamicId{which / 2},
              which % 2 == 0 ? Family::V4 : Family::V6);
    }
  }

  std::size_t told = 0;
  std::size_t individual = 0;

 private:
  void compare(World& world, const Atlas& atlas, const health::Board& board,
               zones::DynamicId record, Family family) {
    const IpAddress client = random_client(random_);
    const Chart::Spot spot = atlas.chart(record, family).find(client);
    Workspace workspace(1);
    const auto of_class =
        decide_for_class(world.plan, atlas, board, record, family, *spot.of, workspace);
    if (!of_class) {
      ++individual;
      return;
    }
    ++told;
    const Decision own = decide(world.plan, atlas, board, record, family, client, world.workspace);
    ASSERT_TRUE(std::ranges::equal(of_class->addresses, own.addresses)) << client.to_text();
    ASSERT_EQ(of_class->target, own.target);
    ASSERT_EQ(of_class->ttl, own.ttl);
    ASSERT_EQ(of_class->last_resort, own.last_resort);
    ASSERT_EQ(of_class->unchecked, own.unchecked);
    ASSERT_EQ(of_class->servfail, own.servfail);
  }

  Random& random_;
};

TEST(DecisionProperty, AClassIsToldWhatItsClientsAreTold) {
  Random random;
  SCOPED_TRACE(random.seed_text());
  ClassComparison comparison(random);
  for (int i = 0; i < 60 && !HasFatalFailure(); ++i) {
    World world = random_world(random, true);
    if (i % 2 == 0) world.map = random_map(random);
    const Atlas atlas = Atlas::compile(world.plan, world.map);
    for (int board = 0; board < 3; ++board) {
      randomize_board(random, world);
      comparison.ask(world, atlas, 60);
    }
  }
  EXPECT_GT(comparison.told, 3000U);
  EXPECT_GT(comparison.individual, 300U);
}

TEST(DecisionProperty, NothingIsIndividualWhereNothingIsDrawnOrSticks) {
  Random random;
  SCOPED_TRACE(random.seed_text());
  ClassComparison comparison(random);
  for (int i = 0; i < 30 && !HasFatalFailure(); ++i) {
    World world = random_world(random, false);
    for (Pool& pool : world.plan.pools) {
      if (pool.pick == Pick::Sticky) pool.pick = Pick::Failover;
    }
    const Atlas atlas = Atlas::compile(world.plan, world.map);
    randomize_board(random, world);
    comparison.ask(world, atlas, 50);
  }
  EXPECT_EQ(comparison.individual, 0U);
}

}  // namespace
}  // namespace steering
