#include "server/control/loaded.h"

#include "tests/server/control/configured.h"

namespace control {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LoadedFiles : public Configured {
 protected:
  std::string changes_after(const std::string& name, const std::string& text) {
    const Loaded before = load();
    write(name, text);
    return describe_changes(before, load());
  }
  static std::string zone_with(const std::string& from, const std::string& to) {
    std::string text = kZone;
    return text.replace(text.find(from), from.size(), to);
  }
  static std::string source(const char* path) { return std::string(FAIRLEAD_SOURCE_DIR) + path; }
};

TEST_F(LoadedFiles, SayThatNothingChanged) {
  EXPECT_EQ(changes_after("zones/example.test.yaml", kZone), "nothing changed\n");
}

TEST_F(LoadedFiles, NameZonesThatChangedCameAndWent) {
  EXPECT_EQ(changes_after("zones/example.test.yaml", zone_with("192.0.2.53", "192.0.2.54")),
            "zone example.test. changed: serial 1, 8 names\n"
            "zone example.test.: the serial did not grow\n");
  EXPECT_EQ(
      changes_after("zones/other.test.yaml", zone_with("zone: example.test", "zone: other.test")),
      "zone other.test. is new: serial 1, 8 names\nendpoints, pools or rules changed\n");
  const Loaded before = load();
  std::filesystem::remove(folder_ / "zones/other.test.yaml");
  EXPECT_EQ(describe_changes(before, load()),
            "zone other.test. is gone: serial 1, 8 names\nendpoints, pools or rules changed\n");
}

TEST_F(LoadedFiles, CountChecksThatStartStopAndGoOn) {
  const std::string checked = zone_with(
      "endpoints:\n  tokyo:     {A: 192.0.2.1, at: JP}",
      "checks:\n  web: {type: tcp, port: 80}\nendpoints:\n  tokyo: {A: 192.0.2.1, check: web}");
  EXPECT_EQ(changes_after("zones/example.test.yaml", checked),
            "checks: 1 started, 0 stopped, 0 go on\nendpoints, pools or rules changed\n");
  EXPECT_EQ(changes_after("zones/example.test.yaml", kZone),
            "checks: 0 started, 1 stopped, 0 go on\nendpoints, pools or rules changed\n");
}

TEST_F(LoadedFiles, SayThatRulesOrCorrectionsChanged) {
  EXPECT_EQ(changes_after("zones/example.test.yaml", zone_with("pick: failover", "pick: all")),
            "endpoints, pools or rules changed\n");
  EXPECT_EQ(
      changes_after("fairlead.yaml",
                    "zones: zones\nlisten: 127.0.0.1:0\nresolver: 192.0.2.53\ngeo: {databases: "
                    "[], corrections: [{net: 8.8.8.0/24, at: JP}]}\nstate: .\n"),
      "`geo.corrections` changed\n`resolver` changed\n");
}

TEST_F(LoadedFiles, NameOptionsThatOnlyARestartChanges) {
  EXPECT_EQ(changes_after("fairlead.yaml",
                          "zones: zones\nlisten: 127.0.0.1:1\nworkers: 3\ngeo: {databases: []}\n"
                          "state: .\nudp: {send_buffer: 8MiB}\ntcp: {fast_open: 0}\n"),
            "`listen` changed: takes effect at the next start\n"
            "`workers` changed: takes effect at the next start\n"
            "`udp` changed: takes effect at the next start\n"
            "`tcp.fast_open` changed: takes effect at the next start\n");
}

TEST_F(LoadedFiles, SayThatTcpChanged) {
  EXPECT_EQ(changes_after("fairlead.yaml",
                          "zones: zones\nlisten: 127.0.0.1:0\ngeo: {databases: []}\nstate: .\n"
                          "tcp: {clients: 7}\n"),
            "`tcp` changed\n");
}

TEST_F(LoadedFiles, TellAllProblemsAsText) {
  write("zones/example.test.yaml", "zone: example.test\nttl: 5\nrecord: {}\n");
  const auto loaded = load_first(file());
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error(), ElementsAre(HasSubstr("unknown key `record`"),
                                          HasSubstr("has no unit"), HasSubstr("lacks `records`")));
}

TEST_F(LoadedFiles, TheFirstTimeGoOnWithoutADatabaseThatIsBroken) {
  write("broken.mmdb", "not a database");
  write("fairlead.yaml", "zones: zones\nstate: .\ngeo: {databases: [broken.mmdb]}\n");
  const Loaded loaded = load();
  EXPECT_THAT(loaded.database_problems, ElementsAre(HasSubstr("broken.mmdb")));
  EXPECT_TRUE(loaded.map->databases().empty());
  // It was broken before: a reload goes on without it as well.
  EXPECT_TRUE(load_again(file(), loaded));
}

TEST_F(LoadedFiles, TheSecondTimeRefuseToLoseADatabase) {
  std::filesystem::copy(source("/geo/data/country.mmdb"), folder_ / "country.mmdb");
  write("fairlead.yaml", "zones: zones\nstate: .\ngeo: {databases: [country.mmdb]}\n");
  const Loaded before = load();
  ASSERT_EQ(before.map->databases().size(), 1U);
  EXPECT_TRUE(load_again(file(), before));
  write("country.mmdb", "not a database");
  const auto after = load_again(file(), before);
  ASSERT_FALSE(after);
  EXPECT_THAT(after.error(), ElementsAre(HasSubstr("country.mmdb")));
}

const std::string kMasterZone =
    "$TTL 300\n@ SOA ns1 hostmaster 1 3600 900 1209600 30\n@ NS ns1\nns1 A 192.0.2.1\n";

TEST_F(LoadedFiles, TheSecondTimeKeepMasterFilesThatAreTheSame) {
  write("zones/a.test.zone", kMasterZone);
  write("zones/b.test.zone", kMasterZone);
  write("zones/c.test.zone", kMasterZone);
  const Loaded before = *load_to_serve(file());
  write("zones/b.test.zone", kMasterZone + "www A 192.0.2.2\n");
  std::filesystem::rename(folder_ / "zones/c.test.zone", folder_ / "zones/d.test.zone");
  const auto after = load_again(file(), before);
  ASSERT_TRUE(after);
  const auto zone = [](const Loaded& loaded, const char* origin) {
    return loaded.configuration.zones->find(*dnswire::Name::from_text(origin));
  };
  EXPECT_EQ(zone(before, "a.test"), zone(*after, "a.test")) << "the same object";
  EXPECT_NE(zone(before, "b.test"), zone(*after, "b.test"));
  EXPECT_EQ(describe_changes(before, *after),
            "zone b.test. changed: serial 1, 3 names\nzone b.test.: the serial did not grow\n"
            "zone d.test. is new: serial 1, 2 names\nzone c.test. is gone: serial 1, 2 names\n");
  EXPECT_EQ(describe_changes(*after, *load_again(file(), *after)), "nothing changed\n");
}

TEST(BundledDatabase, IsFoundFromTheBuildFolder) {
  EXPECT_EQ(bundled_database(), std::string(FAIRLEAD_SOURCE_DIR) + "/geo/data/country.mmdb");
}

}  // namespace
}  // namespace control
