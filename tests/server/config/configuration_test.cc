#include "server/config/configuration.h"

#include <sys/stat.h>

#include "tests/server/config/files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class ConfigurationFiles : public Files {};

TEST_F(ConfigurationFiles, LoadsYamlAndMasterFilesTogether) {
  write("zones/a.yaml", "zone: example.org\nrecords:\n" + kApex);
  write("zones/example.net.zone",
        "$TTL 300\n@ IN SOA ns h 1 1 1 1 1\n@ IN NS ns\nns IN A 192.0.2.1\n");
  write("zones/README.txt", "not a zone");
  write("zones/.hidden.yaml", "not a zone either");
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error()[0].to_text();
  EXPECT_THAT(loaded->zones->all(), SizeIs(2));
}

TEST_F(ConfigurationFiles, ReportsTheProblemsOfAllFilesAtOnce) {
  write("zones/a.yaml",
        "zone: example.org\nrecords:\n  \"@\": {NS: ns1, Mx: x}\n  ns1: {A: 1.2.3}\n");
  write("zones/b.yaml", "zone: example.com\nttl: 5\nrecord: {}\n");
  write("zones/c.zone", "@ IN SOA broken\n");
  EXPECT_THAT(problems(),
              ElementsAre(HasSubstr("zones/a.yaml:3:18: unknown record type `Mx`"),
                          HasSubstr("zones/a.yaml:4:12: `1.2.3` is no A data"),
                          HasSubstr("zones/b.yaml:3:1: unknown key `record`"),
                          HasSubstr("zones/b.yaml:2:6: `ttl` of the zone file: `5` has no unit"),
                          HasSubstr("zones/b.yaml:1:1: the zone file lacks `records`"),
                          HasSubstr("zones/c.zone:1:")));
}

TEST_F(ConfigurationFiles, ReportsTheProblemsOfFairleadYamlAndOfZonesAtOnce) {
  write("fairlead.yaml", "zones: zones\nworkers: many\n");
  EXPECT_THAT(problems_of("zone: example.org\nrecord: {}\nrecords:\n" + kApex),
              ElementsAre(HasSubstr("fairlead.yaml:2:10: `workers`"),
                          HasSubstr("zones/a.yaml:2:1: unknown key `record`")));
  EXPECT_THAT(problems_of("zone: example.org\nrecords:\n" + kApex),
              ElementsAre(HasSubstr("fairlead.yaml:2:10: `workers`")))
      << "sound zones do not make up for it";
  std::filesystem::remove(folder_ / "zones/a.yaml");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("fairlead.yaml:2:10: `workers`"),
                                      HasSubstr("no zone in this")));
  write("fairlead.yaml", "zone: zones\n");
  EXPECT_THAT(problems(),
              ElementsAre(HasSubstr("fairlead.yaml:1:1: unknown key `zone` in fairlead.yaml"),
                          HasSubstr("fairlead.yaml lacks `zones`")))
      << "where they are is not known";
}

TEST_F(ConfigurationFiles, AMistakeInWhatFairleadYamlAllowsIsReportedOnce) {
  std::string addresses;
  for (int i = 0; i <= 100; ++i) addresses += (i > 0 ? ", 10.0.0." : "10.0.0.") + std::to_string(i);
  write("fairlead.yaml", "zones: zones\nprobes: {exec: yse}\nlimits: {addresses: 2000}\n");
  EXPECT_THAT(problems_of("zone: example.org\nchecks:\n  own: {type: exec, argv: [/bin/true]}\n"
                          "endpoints:\n  a: {A: 192.0.2.1, check: own}\nrecords:\n" +
                          kApex + "  many: {A: [" + addresses + "]}\n"),
              ElementsAre(HasSubstr("fairlead.yaml:3:21: `addresses` of `limits`"),
                          HasSubstr("fairlead.yaml:2:16: `exec` of `probes`")));
}

TEST_F(ConfigurationFiles, TenFaultsAreTenMessages) {
  write("zones/a.yaml",
        "zone: example.org\n"
        "ttl: 60\n"  // 1 no unit
        "checks:\n"
        "  web: {type: htps, port: 80}\n"    // 2 misspelt type
        "  tcp: {type: tcp, port: 99999}\n"  // 3 port
        "endpoints:\n"
        "  a: {A: 1.2.3}\n"                 // 4 address
        "  b: {A: 192.0.2.2, chek: tcp}\n"  // 5 misspelt key
        "pools:\n"
        "  p: {members: [a, c]}\n"  // 6 dangling member
        "records:\n"
        "  \"@\": {NS: ns1}\n"
        "  ns1: {A: 192.0.2.53}\n"
        "  www: {dynamic: {rules: [{country: NO, pool: p}]}}\n"  // 7 no catch-all
        "  x: {MX: mail}\n"                                      // 8 MX data
        "  y: {A: 192.0.2.1, CNAME: ns1}\n"                      // 9 CNAME beside data
        "  y: {A: 192.0.2.1}\n");                                // 10 twice
  EXPECT_THAT(problems(), SizeIs(10));
}

TEST_F(ConfigurationFiles, RefusesAZoneInTwoFiles) {
  write("zones/a.yaml", "zone: example.org\nrecords:\n" + kApex);
  write("zones/b.yaml", "zone: Example.ORG\nrecords:\n" + kApex);
  EXPECT_THAT(problems(),
              ElementsAre("zones/b.yaml: zone Example.ORG. is in zones/a.yaml already"));
}

TEST_F(ConfigurationFiles, ReadsRegularFilesOnly) {
  ASSERT_EQ(::mkfifo((folder_ / "zones/fifo.yaml").c_str(), 0600), 0);
  std::filesystem::create_directory(folder_ / "zones/folder.zone");
  std::filesystem::create_symlink("/dev/zero", folder_ / "zones/zero.yaml");
  EXPECT_THAT(problems(), ElementsAre("zones/fifo.yaml: is not a regular file",
                                      "zones/folder.zone: is not a regular file",
                                      "zones/zero.yaml: is not a regular file"));
}

TEST_F(ConfigurationFiles, RefusesAFolderWithoutZones) {
  EXPECT_THAT(problems(),
              ElementsAre("zones: no zone in this folder; a zone is a *.yaml or *.zone file"));
}

TEST_F(ConfigurationFiles, SharesTargetsBetweenZones) {
  const std::string rest =
      "checks:\n  web: {type: tcp, port: 80}\nendpoints:\n  a: {A: 192.0.2.1, check: web}\n"
      "records:\n" +
      kApex;
  write("zones/a.yaml", "zone: example.org\n" + rest);
  write("zones/b.yaml", "zone: example.net\n" + rest);
  const auto loaded = load();
  ASSERT_TRUE(loaded);
  EXPECT_THAT(loaded->plan->endpoints, SizeIs(2));
  EXPECT_THAT(loaded->roster->targets, SizeIs(1));
}

TEST_F(ConfigurationFiles, CanariesComeBehindTheTargetsOfZones) {
  write("fairlead.yaml",
        "zones: zones\ngeo: {databases: []}\n"
        "isolation: {share: 90%, at_least: 5, canaries: {quad9: {type: dns, address: 9.9.9.9, "
        "name: .}}}\n");
  write("zones/a.yaml",
        "zone: example.org\nchecks:\n  web: {type: tcp, port: 80}\n"
        "endpoints:\n  a: {A: 192.0.2.1, check: web}\nrecords:\n" +
            kApex);
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error()[0].to_text();
  ASSERT_THAT(loaded->roster->targets, SizeIs(2));
  EXPECT_EQ(loaded->roster->targets[1].address, "9.9.9.9");
  EXPECT_EQ(loaded->roster->guard, (health::GuardSpec{90, 5, {health::TargetId{1}}}));
}

TEST_F(ConfigurationFiles, RunsProgramsOnlyIfFairleadYamlSaysSo) {
  const std::string zone =
      "zone: example.org\nchecks:\n  own: {type: exec, argv: [/bin/true]}\n"
      "endpoints:\n  a: {A: 192.0.2.1, check: own}\nrecords:\n" +
      kApex;
  EXPECT_THAT(problems_of(zone),
              ElementsAre("zones/a.yaml:3:15: check `own` runs a program, which needs `probes: "
                          "{exec: true}` in fairlead.yaml"));
  write("fairlead.yaml", "zones: zones\ngeo: {databases: []}\nprobes: {exec: true}\n");
  EXPECT_THAT(problems_of(zone), ElementsAre("loaded"));
}

TEST_F(ConfigurationFiles, WarnsOfHeartbeatsThatCannotArrive) {
  write("token", "0123456789abcdef\n");
  std::filesystem::permissions(folder_ / "token", std::filesystem::perms::owner_read);
  write("zones/a.yaml",
        "zone: example.org\nchecks:\n  beat: {type: heartbeat, token_file: ../token}\n"
        "endpoints:\n  a: {A: 192.0.2.1, check: beat}\npools:\n  p: {members: [a]}\nrecords:\n" +
            kApex + "  www: {dynamic: p}\n");
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("fairlead.yaml: there are heartbeat checks, and no "
                                                "`heartbeat: {listen: ADDRESS:PORT}`")));
  write("fairlead.yaml",
        "zones: zones\ngeo: {databases: []}\nheartbeat: {listen: 127.0.0.1:8054}\n");
  EXPECT_THAT(warnings(), testing::IsEmpty());
}

// Master files are read by several threads at once.
TEST_F(ConfigurationFiles, LoadsManyMasterFilesAndTellsProblemsInTheirOrder) {
  const std::string apex = "@ 60 SOA ns hostmaster 1 3600 900 1209600 30\n@ 60 NS ns\n";
  for (int i = 10; i < 60; ++i) {
    write("zones/z" + std::to_string(i) + ".test.zone", apex + "ns 60 A 192.0.2.1\n");
  }
  const auto loaded = load();
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->zones->all().size(), 50U);
  EXPECT_EQ(loaded->zones->all()[49]->origin().to_text(), "z59.test.");
  EXPECT_EQ(loaded->master_files.size(), 50U);

  write("zones/z17.test.zone", apex);
  write("zones/z18.test.yaml", "zone: z18.test\nrecords: {}\n");
  write("zones/z20.test.zone", apex + "ns 60 A 192.0.2\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("zones/z17.test.zone: name server"),
                                      HasSubstr("zones/z18.test.yaml: zone z18.test. has no NS"),
                                      HasSubstr("zones/z20.test.zone:3:9: `192.0.2`")));
}

}  // namespace
}  // namespace config
