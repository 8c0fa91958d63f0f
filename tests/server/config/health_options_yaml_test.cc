#include "tests/server/config/files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class HealthOptionsYaml : public Files {
 protected:
  HealthOptionsYaml() { write("zones/a.yaml", "zone: example.org\nrecords:\n" + kApex); }

  Options options(const std::string& text) {
    write("fairlead.yaml", "zones: zones\ngeo: {databases: []}\n" + text);
    EXPECT_THAT(problems(), ElementsAre("loaded"));
    const auto loaded = load();
    return loaded ? loaded->options : Options{};
  }
  std::vector<std::string> complaints(const std::string& text) {
    write("fairlead.yaml", "zones: zones\ngeo: {databases: []}\n" + text);
    auto texts = problems();
    for (std::string& line : texts) line = line.substr(line.find(' ') + 1);
    return texts;
  }
};

TEST_F(HealthOptionsYaml, HasDefaults) {
  const Options usual = options("");
  EXPECT_EQ(usual.probes, (ProbeOptions{0, 20, false}));
  EXPECT_EQ(usual.isolation, (IsolationOptions{80, 3, {}}));
  EXPECT_THAT(usual.hooks, IsEmpty());
  EXPECT_FALSE(usual.heartbeat);
}

TEST_F(HealthOptionsYaml, ReadsEveryOption) {
  const Options read = options(
      "probes: {in_flight: 512, per_address: 0, exec: true}\n"
      "isolation:\n  share: 90%\n  at_least: 5\n  canaries:\n"
      "    quad9: {type: dns, address: 9.9.9.9, name: ., query: NS}\n"
      "    ping: {type: icmp, address: \"2001:db8::1\"}\n"
      "heartbeat: {listen: \"[::]:8054\"}\n");
  EXPECT_EQ(read.probes, (ProbeOptions{512, 0, true}));
  EXPECT_EQ(read.isolation.share, 90);
  EXPECT_EQ(read.isolation.at_least, 5);
  ASSERT_THAT(read.isolation.canaries, SizeIs(2));
  EXPECT_EQ(read.isolation.canaries[0].address, "9.9.9.9");
  EXPECT_EQ(read.isolation.canaries[0].check.dns.type, "NS");
  EXPECT_EQ(read.isolation.canaries[1].check.type, health::ProbeType::Icmp);
  EXPECT_EQ(read.heartbeat->to_text(), "[::]:8054");
  EXPECT_EQ(options("probes: {in_flight: auto}\n").probes.in_flight, 0U);
  EXPECT_EQ(options("isolation: {share: off}\n").isolation.share, 0);
}

TEST_F(HealthOptionsYaml, WarnsOfOneCanaryOfAFamily) {
  const auto warned = [this](const std::string& canaries) {
    options("isolation:\n  canaries:\n" + canaries);
    return warnings();
  };
  const std::string quad9 = "    quad9: {type: icmp, address: 9.9.9.9}\n";
  const std::string other = "    other: {type: icmp, address: 192.0.2.1}\n";
  const std::string sixth = "    sixth: {type: icmp, address: \"2001:db8::1\"}\n";
  EXPECT_THAT(warned(quad9),
              ElementsAre("fairlead.yaml:5:5: one canary for IPv4: name two or more of different "
                          "owners, so that the death of one says nothing"));
  EXPECT_THAT(warned(quad9 + other), IsEmpty());
  EXPECT_THAT(warned(quad9 + other + sixth),
              ElementsAre(HasSubstr("fairlead.yaml:7:5: one canary for IPv6")));
  EXPECT_THAT(warned("    quad9: {type: icmp, address: 9.9.9.9}\n" + sixth), SizeIs(2));
}

TEST_F(HealthOptionsYaml, SaysWhatIsWrong) {
  EXPECT_THAT(complaints("probes: {in_flight: 15, per_address: 1001, exe: true}\n"),
              ElementsAre("unknown key `exe` in `probes`, did you mean `exec`?",
                          "`in_flight` of `probes` (`auto`, or how many) is `15`, which is not a "
                          "number from 16 to 65536",
                          "`per_address` of `probes` is `1001`, which is not a number from 0 to "
                          "1000"));
  for (const char* share : {"80", "49%", "101%", "%", "on", "300%"}) {
    EXPECT_THAT(complaints(std::string("isolation: {share: \"") + share + "\"}\n"),
                ElementsAre(HasSubstr("which is neither `off` nor from `50%` to `100%`")))
        << share;
  }
  EXPECT_THAT(complaints("isolation: {at_least: 1}\n"),
              ElementsAre(HasSubstr("which is not a number from 2 to 1000")));
  EXPECT_THAT(complaints("isolation: {canaries: [a]}\n"),
              ElementsAre(HasSubstr("`canaries` of `isolation` is a list where `key: value` pairs "
                                    "belong")));
  EXPECT_THAT(complaints("isolation: {canaries: {a: {type: icmp, address: 9.9.9.9}, b: {type: "
                         "icmp, address: 9.9.9.9}}}\n"),
              ElementsAre("canary `b` is probed as one before it"));
  EXPECT_THAT(
      complaints("isolation: {canaries: {a: {type: exec, argv: [/a], address: 9.9.9.9}}}\n"),
      ElementsAre(HasSubstr("canary `a` is a host of others to reach")));
  EXPECT_THAT(complaints("heartbeat: {}\n"), ElementsAre("`heartbeat` lacks `listen`"));
  EXPECT_THAT(complaints("heartbeat: {listen: 8054}\n"), ElementsAre(HasSubstr("has no port")));
}

}  // namespace
}  // namespace config
