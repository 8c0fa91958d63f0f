// Addresses of dynamic records that were made ready, beside those that are decided for the client.
#include <gtest/gtest.h>

#include <array>

#include "both_ways.h"
#include "dnswire/rdata.h"
#include "server/answer/ready.h"
#include "tests/dnswire/random.h"
#include "tests/server/steering/random_plan.h"
#include "zones/zone_builder.h"

namespace answer {
namespace {

using dnswire::Name;
using dnswire::RrType;
using steering::Random;
using testing::BothWays;
using testing::random_request;

Name name_of(const std::string& text) { return Name::from_text(text).value(); }

// A zone with every record of the plan at a name and below a wildcard.
std::shared_ptr<const zones::ZoneSet> zones_of(const steering::Plan& plan) {
  const Name origin = name_of("dynamic.test.");
  zones::ZoneBuilder builder(origin);
  const auto add = [&](RrType type, const char* data) {
    const auto rdata = dnswire::rdata_from_text(type, data, origin).value();
    EXPECT_TRUE(builder.add(origin, type, dnswire::Ttl(300), rdata));
  };
  add(RrType::SOA, "ns.elsewhere. h.elsewhere. 1 3600 900 1209600 17");
  add(RrType::NS, "ns.elsewhere.");
  for (std::uint32_t i = 0; i < plan.records.size(); ++i) {
    const std::string name = "R" + std::to_string(i) + ".dynamic.test.";
    EXPECT_TRUE(builder.add_dynamic(name_of(name), zones::DynamicId{i}));
    EXPECT_TRUE(builder.add_dynamic(name_of("*." + name), zones::DynamicId{i}));
  }
  auto zones = std::make_shared<zones::ZoneSet>();
  auto zone = std::move(builder).build();
  EXPECT_TRUE(zone);
  zones->add(std::make_shared<const zones::Zone>(std::move(*zone)));
  return zones;
}

std::shared_ptr<const AliasTable> aliases() {
  AliasTable table;
  table.put(name_of("alias.example.net."), dnswire::Family::V4,
            {*dnswire::IpAddress::from_text("192.0.2.99")}, dnswire::Ttl(20));
  table.put(name_of("alias.example.net."), dnswire::Family::V6, {}, dnswire::Ttl(20));
  return std::make_shared<const AliasTable>(std::move(table));
}

Snapshot snapshot_of(steering::World& world) {
  Snapshot snapshot;
  snapshot.zones = zones_of(world.plan);
  snapshot.plan = std::make_shared<const steering::Plan>(world.plan);
  snapshot.map = std::make_shared<const geo::Map>();
  snapshot.atlas =
      std::make_shared<const steering::Atlas>(steering::Atlas::compile(*snapshot.plan, world.map));
  snapshot.aliases = aliases();
  snapshot.settings = std::make_shared<const Settings>(testing::rich_settings());
  return snapshot;
}

void ask(Random& random, const Snapshot& snapshot, const steering::Plan& plan, BothWays& ways,
         BothWays& bare_ways) {
  static constexpr std::array kTypes{RrType::A,    RrType::A,    RrType::A,  RrType::AAAA,
                                     RrType::AAAA, RrType::AAAA, RrType::MX, RrType::ANY};
  Snapshot bare = snapshot;
  bare.variants = std::make_shared<const Variants>();
  const std::string number = std::to_string(random.between(0, plan.records.size() - 1));
  const Name name = name_of((random.chance(2) ? "r" : "x.Y.r") + number + ".dynamic.test.");
  const RrType type = kTypes[random.between(0, kTypes.size() - 1)];
  const auto request = random_request(random, {name, type, dnswire::RrClass::IN}, random.chance(2));
  const Client client{steering::random_client(random),
                      random.chance(4) ? Transport::Tcp : Transport::Udp};
  SCOPED_TRACE(name.to_text() + " " + to_text(type) + " for " + client.address.to_text());
  ways.compare(request, client, snapshot);
  bare_ways.compare(request, client, bare);
}

// All picks, all_down policies, last resorts, families without addresses, until_checked, aliases:
// random plans have them all. What is drawn or sticks to a network is decided for each query.
TEST(ReadyDynamic, SaysWhatIsDecidedForTheClient) {
  constexpr int kPlans = 60;
  constexpr int kBoards = 4;
  Random random;
  SCOPED_TRACE(random.seed_text());
  BothWays ways;
  BothWays bare_ways;
  for (int i = 0; i < kPlans && !::testing::Test::HasFailure(); ++i) {
    steering::World world = steering::random_world(random, i % 3 == 0);
    if (i % 2 == 0) world.map = steering::random_map(random);
    // One that is like another, but for what it does when all are down.
    steering::DynamicRecord like = world.plan.records.front();
    if (!like.alias) like.all_down = steering::AllDown::NoData;
    like.ttl = dnswire::Ttl(9);
    world.plan.records.push_back(std::move(like));
    Snapshot snapshot = snapshot_of(world);
    for (int j = 0; j < kBoards; ++j) {
      randomize_board(random, world);
      snapshot.board = std::make_shared<const health::Board>(world.board());
      snapshot.variants = std::make_shared<const Variants>(
          Variants::make(snapshot.plan, snapshot.atlas, snapshot.board, *snapshot.variants));
      for (int k = 0; k < 30; ++k) ask(random, snapshot, world.plan, ways, bare_ways);
    }
  }
  EXPECT_GT(ways.count().ready * 2, ways.count().asked) << "most are ready";
  EXPECT_LT(bare_ways.count().ready * 4, bare_ways.count().asked) << "denials of other types";
}

}  // namespace
}  // namespace answer
