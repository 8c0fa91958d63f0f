#include "server/control/supervisor.h"

#include "tests/server/control/supervised.h"

namespace control {
namespace {

using health::Force;
using health::OverrideKind;
using health::State;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SupervisorTest : public Supervised {
 protected:
  static health::Override drain(const std::string& target) {
    health::Override override;
    override.target = target;
    override.created = Clocks::now().wall / 1000;
    override.author = "alice";
    return override;
  }

  static health::Override weight(const std::string& target, std::uint32_t weight) {
    health::Override override = drain(target);
    override.force = Force::None;
    override.weight = weight;
    return override;
  }

  Supervisor::Taken put(const health::Override& override) {
    std::optional<Supervisor::Taken> taken;
    supervisor().put(override, [&taken](Supervisor::Taken result) { taken = std::move(result); });
    run_until([&taken] { return taken.has_value(); });
    return taken.value_or(Supervisor::Taken{});
  }
};

TEST_F(SupervisorTest, JudgesByTheFirstRoundAndSaysWhy) {
  adopt();
  settle();
  EXPECT_EQ(standing("tokyo").state, State::Up);
  EXPECT_EQ(standing("frankfurt").state, State::Down);
  EXPECT_TRUE(standing("spare").is_served());
  EXPECT_TRUE(
      has_event("endpoint frankfurt (127.0.0.2) of example.test: unknown → down: "
                "connection refused"));
  EXPECT_THAT(moves_, testing::UnorderedElementsAre("tokyo unknown up", "frankfurt unknown down"));
  EXPECT_GT(boards_, 0);
  EXPECT_EQ(supervisor().board().size(), 3U);
}

TEST_F(SupervisorTest, TellsOfADeath) {
  adopt();
  settle();
  listener_.close();
  run_until([this] { return !standing("tokyo").is_served(); });
  EXPECT_TRUE(has_event("of example.test: failing → down: connection refused"));
  const auto first_failure = std::find_if(events_.begin(), events_.end(), [](const Event& event) {
    return event.text.find("up → failing") != std::string::npos;
  });
  ASSERT_NE(first_failure, events_.end());
  EXPECT_TRUE(first_failure->minor) << "it is still served";
}

TEST_F(SupervisorTest, AnOverrideHoldsAtOnceAndIsOnDisk) {
  open_state();
  adopt();
  settle();
  const auto taken = put(drain("tokyo"));
  EXPECT_EQ(taken.endpoints.size(), 1U);
  EXPECT_THAT(taken.problem, IsEmpty());
  EXPECT_EQ(standing("tokyo").force, Force::Drained);
  EXPECT_EQ(standing("tokyo").state, State::Up) << "what the checks say stays visible";
  EXPECT_FALSE(standing("tokyo").is_served());
  EXPECT_TRUE(has_event("override of tokyo, drained: made, by alice"));

  bool erased = false;
  EXPECT_TRUE(supervisor().erase("tokyo", OverrideKind::Force,
                                 [&erased](const Supervisor::Taken&) { erased = true; }));
  run_until([&erased] { return erased; });
  EXPECT_TRUE(standing("tokyo").is_served());
  EXPECT_FALSE(supervisor().erase("tokyo", OverrideKind::Force, [](const Supervisor::Taken&) {}));
}

TEST_F(SupervisorTest, AWeightAndADrainDoNotTouchEachOther) {
  open_state();
  adopt();
  settle();
  const int boards = boards_;
  EXPECT_THAT(put(weight("pool:edges", 10)).problem, IsEmpty());
  EXPECT_GT(boards_, boards) << "answers see it at once";
  EXPECT_EQ(standing("tokyo").weight, 10U);
  EXPECT_EQ(standing("spare").weight, std::nullopt);
  EXPECT_TRUE(standing("tokyo").is_served());
  EXPECT_TRUE(has_event("override of pool:edges, weight 10: made"));
  put(drain("pool:edges"));
  EXPECT_FALSE(standing("tokyo").is_served());
  EXPECT_EQ(standing("tokyo").weight, 10U);
  supervisor_.reset();

  open_state();
  adopt();
  EXPECT_EQ(standing("tokyo").force, Force::Drained);
  EXPECT_EQ(standing("tokyo").weight, 10U);
  const auto ignore = [](const Supervisor::Taken&) {};
  EXPECT_TRUE(supervisor().erase("pool:edges", OverrideKind::Force, ignore));
  EXPECT_EQ(standing("tokyo").force, Force::None);
  EXPECT_EQ(standing("tokyo").weight, 10U);
  EXPECT_TRUE(supervisor().erase("pool:edges", OverrideKind::Weight, ignore));
  EXPECT_FALSE(supervisor().erase("pool:edges", OverrideKind::Weight, ignore));
  EXPECT_EQ(standing("tokyo").weight, std::nullopt);
}

TEST_F(SupervisorTest, AWeightRevertsByItself) {
  open_state();
  adopt();
  settle();
  auto override = weight("tokyo", 0);
  override.expires = override.created + 1;
  put(override);
  EXPECT_EQ(standing("tokyo").weight, 0U);
  run_until([this] { return !standing("tokyo").weight; });
  EXPECT_TRUE(has_event("override of tokyo, weight 0: expired"));
}

TEST_F(SupervisorTest, WithoutAStoreAnOverrideHoldsAndSaysThatItWillBeForgotten) {
  adopt();
  settle();
  EXPECT_THAT(put(drain("*")).problem, HasSubstr("no state folder"));
  EXPECT_FALSE(standing("spare").is_served());
  EXPECT_THAT(supervisor().state_problem(), HasSubstr("no state folder"));
}

TEST_F(SupervisorTest, AnOverrideRevertsByItself) {
  open_state();
  adopt();
  settle();
  auto override = drain("pool:edges");
  override.expires = override.created + 1;
  put(override);
  EXPECT_FALSE(standing("tokyo").is_served());
  run_until([this] { return standing("tokyo").is_served(); });
  EXPECT_THAT(supervisor().overrides().all(), IsEmpty());
  EXPECT_TRUE(has_event("override of pool:edges, drained: expired"));
}

TEST_F(SupervisorTest, ANewProcessKnowsWhatTheOldOneKnew) {
  open_state();
  adopt();
  settle();
  put(drain("spare"));
  run_until([this] { return standing("frankfurt").state == State::Down; });
  supervisor_.reset();
  events_.clear();

  listener_.close();  // nothing that the new one could find out by itself
  open_state();
  adopt();
  EXPECT_EQ(standing("tokyo").state, State::Up);
  EXPECT_EQ(standing("frankfurt").state, State::Down);
  EXPECT_EQ(standing("spare").force, Force::Drained);
  bool settled = false;
  supervisor().when_settled([&settled] { settled = true; });
  io_.restart();
  io_.poll();
  EXPECT_TRUE(settled) << "nobody has to be waited for";
}

TEST_F(SupervisorTest, OverridesHoldForWhatHasTheirNameAfterAReload) {
  adopt();
  settle();
  put(drain("f*"));
  std::string text = zone();
  text.insert(text.find("  spare:"), "  fukuoka: {A: 127.0.0.4}\n");
  write("zones/example.test.yaml", text);
  adopt();
  EXPECT_EQ(standing("fukuoka").force, Force::Drained);
  EXPECT_EQ(standing("frankfurt").force, Force::Drained);
  EXPECT_EQ(standing("frankfurt").state, State::Down) << "what was known of it is kept";
  EXPECT_EQ(standing("tokyo").force, Force::None);
}

TEST_F(SupervisorTest, CountsProbesByTypeAndReason) {
  adopt();
  settle();
  const ProbeStatistics& statistics = supervisor().statistics();
  EXPECT_GE(statistics.failures[static_cast<std::size_t>(health::Reason::Refused)], 1U);
  const auto& took = statistics.took[static_cast<std::size_t>(health::ProbeType::Tcp)];
  std::uint64_t total = 0;
  for (const std::uint64_t count : took.counts) total += count;
  EXPECT_GE(total, 2U);
}

}  // namespace
}  // namespace control
