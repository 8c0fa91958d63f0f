#include "server/config/shared_yaml.h"

#include "tests/server/config/steering_files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kShared =
    "checks:\n"
    "  web: {type: tcp, port: 80}\n"
    "endpoints:\n"
    "  tokyo: {A: 192.0.2.1, check: web}\n"
    "  paris: {A: 192.0.2.2}\n"
    "pools:\n"
    "  edges: {members: [tokyo, paris], then: spare}\n"
    "  spare: {members: [paris]}\n";

class SharedYaml : public SteeringFiles {
 protected:
  void share(const std::string& text) { write("zones/shared.yaml", text); }
  static std::string zone_of(const std::string& origin, const std::string& text,
                             const std::string& records) {
    return "zone: " + origin + "\n" + text + "records:\n" + kApex + records;
  }
  // A secret for its owner alone.
  void write_token(const std::string& name, const std::string& token) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    write(name, token);
    std::filesystem::permissions(folder_ / name, std::filesystem::perms::owner_all);
  }
};

TEST_F(SharedYaml, IsSeenByEveryZone) {
  share(kShared);
  write("zones/a.yaml", zone_of("example.org", "", "  www: {dynamic: edges}\n"));
  write("zones/b.yaml", zone_of("example.net",
                                "endpoints:\n  own: {A: 192.0.2.9, check: web}\n"
                                "pools:\n  mixed: {members: [edges, own, tokyo], then: spare}\n",
                                "  www: {dynamic: mixed}\n"));
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error()[0].to_text();
  EXPECT_THAT(loaded->warnings, IsEmpty());
  EXPECT_THAT(loaded->zones->all(), SizeIs(2)) << "it is no zone itself";
  const steering::Plan& plan = *loaded->plan;
  ASSERT_THAT(plan.endpoints, SizeIs(3));
  EXPECT_EQ(plan.endpoints[0].zone, steering::kSharedZone);
  EXPECT_EQ(plan.endpoints[2].zone, "example.net");
  ASSERT_THAT(plan.pools, SizeIs(3));
  EXPECT_EQ(plan.pools[0].zone, steering::kSharedZone);
  EXPECT_EQ(plan.records[0].rules[0].pool, steering::PoolId{0});
  EXPECT_EQ(*plan.pools[2].members[0].pool(), steering::PoolId{0});
  EXPECT_EQ(*plan.pools[2].members[2].endpoint(), steering::EndpointId{0});
  EXPECT_EQ(plan.pools[2].then, steering::PoolId{1});
  EXPECT_THAT(loaded->roster->subjects, SizeIs(3)) << "what is shared is judged once";
}

TEST_F(SharedYaml, ItsNamesAreTakenInEveryZone) {
  share(kShared);
  const std::string why = "; names of shared.yaml hold in every zone: rename or remove one";
  EXPECT_THAT(problems_of(zone_of("example.org",
                                  "checks:\n  web: {type: icmp}\n"
                                  "endpoints:\n  tokyo: {A: 192.0.2.3}\n  spare: {A: 192.0.2.4}\n"
                                  "pools:\n  edges: {members: [spare]}\n"
                                  "  paris: {members: [spare]}\n",
                                  "  www: {dynamic: edges}\n")),
              ElementsAre("zones/a.yaml:3:3: check `web` has the name of the check at "
                          "zones/shared.yaml:2:3" +
                              why,
                          "zones/a.yaml:5:3: endpoint `tokyo` has the name of the endpoint at "
                          "zones/shared.yaml:4:3" +
                              why,
                          "zones/a.yaml:6:3: endpoint `spare` has the name of the pool at "
                          "zones/shared.yaml:8:3" +
                              why,
                          "zones/a.yaml:8:3: pool `edges` has the name of the pool at "
                          "zones/shared.yaml:7:3" +
                              why,
                          "zones/a.yaml:9:3: pool `paris` has the name of the endpoint at "
                          "zones/shared.yaml:5:3" +
                              why));
}

TEST_F(SharedYaml, SuggestsItsNames) {
  share(kShared);
  EXPECT_THAT(problems_of(zone_of("example.org", "", "  www: {dynamic: edgse}\n")),
              ElementsAre("zones/a.yaml:5:18: `dynamic`: there is no pool `edgse`, did you mean "
                          "`edges`?"));
}

TEST_F(SharedYaml, IsReadAnewWithEveryLoad) {
  share("endpoints:\n  a: {A: 192.0.2.1}\npools:\n  p: {members: [a]}\n");
  const std::string zone = zone_of("example.org", "", "  www: {dynamic: p}\n");
  ASSERT_THAT(problems_of(zone), ElementsAre("loaded"));
  share("endpoints:\n  a: {A: 192.0.2.2}\npools:\n  p: {members: [a]}\n");
  const auto changed = load();
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->plan->endpoints[0].faces_of(dnswire::Family::V4)[0].address.to_text(),
            "192.0.2.2");
  std::filesystem::remove(folder_ / "zones/shared.yaml");
  EXPECT_THAT(problems(), ElementsAre("zones/a.yaml:5:18: `dynamic`: there is no pool `p`"));
}

TEST_F(SharedYaml, KnowsNoNamesOfZones) {
  share("endpoints:\n  tokyo: {A: 192.0.2.1}\npools:\n  p: {members: [tokyo, own]}\n");
  EXPECT_THAT(problems_of(zone_of("example.org", "endpoints:\n  own: {A: 192.0.2.3}\n",
                                  "  www: {dynamic: p}\n")),
              ElementsAre("zones/shared.yaml:4:24: `members` of pool `p`: there is no endpoint and "
                          "no pool `own`"));
}

TEST_F(SharedYaml, HoldsNothingElse) {
  share("ttl: 1h\nendpoints:\n  a: {A: 192.0.2.1}\n");
  EXPECT_THAT(problems_of(zone_of("example.org", "", "")),
              ElementsAre("zones/shared.yaml:1:1: unknown key `ttl` in shared.yaml, it knows "
                          "`checks`, `endpoints` or `pools`"));
  share(zone_of("example.net", "", ""));
  EXPECT_THAT(problems(), ElementsAre("zones/shared.yaml:1:7: shared.yaml holds `checks`, "
                                      "`endpoints` and `pools` for all zones; a zone needs a file "
                                      "of another name"));
}

TEST_F(SharedYaml, OneThatCannotBeReadIsAllThatIsReported) {
  share("endpoints: {a: [}\n");
  EXPECT_THAT(problems_of(zone_of("example.org", "", "  www: {dynamic: edges}\n")),
              ElementsAre(HasSubstr("zones/shared.yaml:1:17: not YAML")));
}

TEST_F(SharedYaml, IsNoZone) {
  share(kShared);
  EXPECT_THAT(problems(),
              ElementsAre("zones: no zone in this folder; a zone is a *.yaml or *.zone file"));
}

TEST_F(SharedYaml, AZoneOfThatNameIsRefused) {
  const std::string zone = zone_of("Shared.", "", "");
  EXPECT_THAT(problems_of(zone), ElementsAre("loaded"));
  share(kShared);
  EXPECT_THAT(problems_of(zone),
              ElementsAre("zones/a.yaml: zone Shared. has the name under which endpoints and pools "
                          "of zones/shared.yaml are known; only one of the two can be"));
}

TEST_F(SharedYaml, WarnsOfWhatNoZoneUses) {
  share(
      "checks:\n  web: {type: tcp, port: 80}\n  idle: {type: icmp}\n"
      "endpoints:\n  a: {A: 192.0.2.1}\n  b: {A: 192.0.2.2}\n  c: {A: 192.0.2.3}\n"
      "pools:\n  used: {members: [a]}\n  unused: {members: [a]}\n");
  write("zones/a.yaml", zone_of("example.org",
                                "endpoints:\n  own: {A: 192.0.2.9, check: web}\n"
                                "pools:\n  p: {members: [own, b]}\n",
                                "  www: {dynamic: p}\n"));
  write("zones/b.yaml", zone_of("example.net", "", "  www: {dynamic: used}\n"));
  EXPECT_THAT(warnings(),
              ElementsAre("zones/shared.yaml:3:3: check `idle` is used by no endpoint",
                          "zones/shared.yaml:10:3: pool `unused` is used by no zone",
                          "zones/shared.yaml:7:3: endpoint `c` is in no pool of any zone: no "
                          "answer has its address"));
}

TEST_F(SharedYaml, FilesOfItsChecksAreReportedThere) {
  share("checks:\n  beat: {type: heartbeat, token_file: \"t/{zone}/{endpoint}\"}\n");
  EXPECT_THAT(problems_of(zone_of("example.org",
                                  "\n\n\nendpoints:\n  own: {A: 192.0.2.9, check: beat}\n"
                                  "pools:\n  p: {members: [own]}\n",
                                  "  www: {dynamic: p}\n")),
              ElementsAre("zones/shared.yaml:2:39: `token_file` of check `beat` names "
                          "`zones/t/example.org/own`, which is not there"));
}

TEST_F(SharedYaml, ItsEndpointsAreThoseOfTheZoneShared) {
  write("fairlead.yaml",
        "zones: zones\ngeo: {databases: []}\nheartbeat: {listen: 127.0.0.1:8054}\n");
  write_token("zones/t/shared/Tokyo", "0123456789abcdef");
  write_token("zones/t/example.org/own", "fedcba9876543210");
  share(
      "checks:\n  beat: {type: heartbeat, token_file: \"t/{zone}/{endpoint}\"}\n"
      "endpoints:\n  Tokyo: {A: 192.0.2.1, check: beat}\n");
  write("zones/a.yaml", zone_of("example.org",
                                "endpoints:\n  own: {A: 192.0.2.9, check: beat}\n"
                                "pools:\n  p: {members: [Tokyo, own]}\n",
                                "  www: {dynamic: p}\n"));
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error()[0].to_text();
  EXPECT_THAT(loaded->warnings, IsEmpty());
  EXPECT_EQ(target_of(*loaded, 0).address, "shared/tokyo");
  EXPECT_EQ(target_of(*loaded, 0).check.token, "0123456789abcdef");
  EXPECT_EQ(target_of(*loaded, 1).address, "example.org/own");
  EXPECT_EQ(target_of(*loaded, 1).check.token, "fedcba9876543210");
}

}  // namespace
}  // namespace config
