#include "server/config/check_yaml.h"

#include "tests/server/config/check_files.h"

namespace config {
namespace {

using namespace std::chrono_literals;
using health::ProbeType;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CheckYaml : public CheckFiles {};

TEST_F(CheckYaml, ReadsWhatEveryProbeHas) {
  const auto checks = read(
      "web: {type: tcp, port: 8443, interval: 10s, timeout: 1500ms, fall: 4, rise: 5, forgive: 6,"
      " recheck: 2s, cooldown: 30s, failback_delay: 1m, judges: origin}");
  EXPECT_THAT(problems_, IsEmpty());
  EXPECT_THAT(warnings_, IsEmpty());
  const Check& web = *checks.at("web");
  EXPECT_EQ(web.name, "web");
  EXPECT_EQ(web.level, health::Level::Origin);
  EXPECT_EQ(web.spec.type, ProbeType::Tcp);
  EXPECT_EQ(web.spec.port, 8443);
  EXPECT_EQ(web.spec.interval, 10s);
  EXPECT_EQ(web.spec.timeout, 1500ms);
  EXPECT_EQ(web.spec.thresholds, (health::Thresholds{4, 5, 6, 2s, 30s, 1min}));
}

TEST_F(CheckYaml, HasUsualPortsAndTimes) {
  const auto checks = read(
      "a: {type: http}\nb: {type: https, host: h}\nc: {type: tcp, port: 25}\n"
      "d: {type: http, interval: 500ms}\ne: {type: tls, sni: h}\nf: {type: dns, name: .}\n"
      "g: {type: icmp}\nh: {type: http, fall: 7}\n");
  EXPECT_THAT(problems_, IsEmpty());
  const auto spec = [&](const char* name) -> const health::CheckSpec& {
    return checks.at(name)->spec;
  };
  EXPECT_EQ(spec("a").port, 80);
  EXPECT_EQ(spec("b").port, 443);
  EXPECT_EQ(spec("e").port, 443);
  EXPECT_EQ(spec("f").port, 53);
  EXPECT_EQ(spec("g").port, 0);
  EXPECT_TRUE(spec("b").tls.verify);
  EXPECT_EQ(spec("c").interval, 5s);
  EXPECT_EQ(spec("c").timeout, 2s);
  EXPECT_EQ(spec("c").thresholds, (health::Thresholds{3, 2, 3, 1s, 0s, 0s}));
  EXPECT_EQ(checks.at("c")->level, health::Level::Edge);
  EXPECT_EQ(spec("d").timeout, 500ms) << "never longer than the interval";
  EXPECT_EQ(spec("d").thresholds.recheck, 500ms) << "never longer than the interval";
  EXPECT_EQ(spec("h").thresholds.forgive, 7) << "the same as fall";
}

TEST_F(CheckYaml, ReadsAProgram) {
  EXPECT_THAT(spec_of("{type: exec, argv: [/usr/bin/check, -a, \"{address}\"]}").argv,
              ElementsAre("/usr/bin/check", "-a", "{address}"));
  EXPECT_THAT(complaints("{type: exec}"), ElementsAre("check `web` lacks `argv`"));
  EXPECT_THAT(complaints("{type: exec, argv: [check]}"),
              ElementsAre("`argv` of check `web` begins with `check`, which is no path from the "
                          "root; no shell looks for it"));
  EXPECT_THAT(complaints("{type: exec, argv: []}"),
              ElementsAre("`argv` of check `web` is an empty list"));
  EXPECT_THAT(complaints("{type: exec, argv: [/a, \"b\\0c\"]}"),
              ElementsAre("`argv` of check `web` has an octet zero"));
  may_exec_ = false;
  EXPECT_THAT(complaints("{type: exec, argv: [/bin/true]}"),
              ElementsAre("check `web` runs a program, which needs `probes: {exec: true}` in "
                          "fairlead.yaml"));
}

TEST_F(CheckYaml, ReadsAHeartbeat) {
  const auto spec = spec_of("{type: heartbeat, token_file: token}");
  EXPECT_EQ(spec.interval, 30s);
  EXPECT_EQ(spec.token, kToken);
  EXPECT_EQ(spec.thresholds, (health::Thresholds{1, 1, 1, 0s, 0s, 0s}));
  EXPECT_EQ(spec_of("{type: heartbeat, lease: 1m, token_file: token}").interval, 1min);
  EXPECT_THAT(complaints("{type: heartbeat}"), ElementsAre("check `web` lacks `token_file`"));
  EXPECT_THAT(complaints("{type: heartbeat, token_file: token, lease: 500ms}"),
              ElementsAre("check `web`: `lease` is at least 1s"));
  EXPECT_THAT(
      complaints("{type: heartbeat, token_file: token, interval: 5s, timeout: 1s, recheck: 1s}"),
      ElementsAre("check `web`: `interval` is for checks that probe, a heartbeat has a `lease`",
                  "check `web`: `timeout` is for checks that probe, a heartbeat has a `lease`",
                  "check `web`: `recheck` is for checks that probe, a heartbeat has a `lease`"));
}

TEST_F(CheckYaml, LeavesTokensOfEndpointsToEndpoints) {
  const auto checks = read("beat: {type: heartbeat, token_file: \"tokens/{zone}/{endpoint}\"}");
  EXPECT_THAT(problems_, IsEmpty());
  ASSERT_TRUE(checks.at("beat")->token_file);
  EXPECT_EQ(checks.at("beat")->token_file->path, folder_ + "/tokens/{zone}/{endpoint}");
  EXPECT_EQ(checks.at("beat")->spec.token, "");
}

TEST_F(CheckYaml, NamesTheTypesThatAKeyIsFor) {
  EXPECT_THAT(complaints("{type: tcp, port: 25, path: /}"),
              ElementsAre("check `web`: `path` is for http and https checks only"));
  EXPECT_THAT(complaints("{type: http, verify: false}"),
              ElementsAre("check `web`: `verify` is for https and tls checks only"));
  EXPECT_THAT(complaints("{type: icmp, port: 7, query: A}"),
              ElementsAre("check `web`: `port` is for tcp, http, https, tls and dns checks only",
                          "check `web`: `query` is for dns checks only"));
  EXPECT_THAT(complaints("{type: dns, name: ., identity: {body: x}, argv: [/a], lease: 1m}"),
              ElementsAre("check `web`: `argv` is for exec checks only",
                          "check `web`: `lease` is for heartbeat checks only",
                          "check `web`: `identity` is for http, https and tls checks only"));
}

TEST_F(CheckYaml, SaysWhatIsWrong) {
  EXPECT_THAT(complaints("{port: 80}"), ElementsAre("check `web` lacks `type`"));
  EXPECT_THAT(complaints("{type: htpp}"),
              ElementsAre("`type` of check `web` is `htpp`, which is none of `tcp`, `http`, "
                          "`https`, `tls`, `dns`, `icmp`, `exec` or `heartbeat`, did you mean "
                          "`http`?"));
  EXPECT_THAT(complaints("{type: http, methd: GET}"),
              ElementsAre("unknown key `methd` in check `web`, did you mean `method`?"));
  EXPECT_THAT(complaints("{type: tcp}"), ElementsAre("check `web` needs a `port`"));
  EXPECT_THAT(complaints("{type: tcp, port: 0}"),
              ElementsAre("`port` of check `web` is `0`, which is not a number from 1 to 65535"));
  EXPECT_THAT(complaints("{type: http, interval: 5}"),
              ElementsAre("`interval` of check `web`: `5` has no unit, write `5s`"));
  EXPECT_THAT(complaints("{type: http, interval: 1s, timeout: 2s}"),
              ElementsAre("check `web`: `timeout` is longer than `interval`; probes would overtake "
                          "each other"));
  EXPECT_THAT(complaints("{type: http, interval: 1ms}"),
              ElementsAre("check `web`: `interval` is at least 100ms",
                          "check `web`: `timeout` is at least 10ms"));
  EXPECT_THAT(complaints("{type: http, interval: 1s, recheck: 2s}"),
              ElementsAre(HasSubstr("`recheck` is longer than `interval`")));
  EXPECT_THAT(complaints("{type: http, recheck: 50ms}"),
              ElementsAre("check `web`: `recheck` is at least 100ms, or 0s for none"));
  EXPECT_THAT(complaints("{type: http, recheck: 0s}"), IsEmpty());
  EXPECT_THAT(complaints("{type: http, fall: 0}"),
              ElementsAre("`fall` of check `web` is `0`, which is not a number from 1 to 1000"));
  EXPECT_THAT(complaints("{type: http, judges: tunnel}"),
              ElementsAre("`judges` of check `web` is `tunnel`, which is none of `edge` or "
                          "`origin`"));
}

TEST_F(CheckYaml, WarnsOfALongCooldown) {
  std::ignore = read("web: {type: http, cooldown: 1h}");
  EXPECT_THAT(warnings_, IsEmpty());
  std::ignore = read("web: {type: http, cooldown: 61m}");
  EXPECT_THAT(texts(warnings_), ElementsAre(HasSubstr("`cooldown` is longer than an hour")));
}

TEST_F(CheckYaml, ACanaryIsACheckWithAnAddress) {
  YamlFile file(folder_ + "/f.yaml", problems_);
  const auto canary = [&](const std::string& text) {
    problems_.clear();
    const auto node = *file.parse("quad9: " + text);
    return read_canary(file, entries(file, node, "`canaries`").at(0));
  };
  const health::Target target = canary("{type: dns, address: 9.9.9.9, name: example.org}");
  EXPECT_THAT(texts(problems_), IsEmpty());
  EXPECT_EQ(target.address, "9.9.9.9");
  EXPECT_EQ(target.check.dns.name, "example.org.");
  std::ignore = canary("{type: icmp}");
  EXPECT_THAT(texts(problems_), ElementsAre("canary `quad9` lacks `address`"));
  std::ignore = canary("{type: icmp, address: dns.example}");
  EXPECT_THAT(texts(problems_), ElementsAre("`address` of canary `quad9` is `dns.example`, which "
                                            "is not an IP address"));
  for (const char* type : {"exec", "heartbeat"}) {
    std::ignore = canary(std::string("{address: 9.9.9.9, type: ") + type + "}");
    EXPECT_THAT(texts(problems_), ElementsAre(HasSubstr("is a host of others to reach")));
  }
  std::ignore = canary("{type: icmp, address: 9.9.9.9, judges: edge}");
  EXPECT_THAT(texts(problems_), ElementsAre(HasSubstr("unknown key `judges` in canary `quad9`")));
}

}  // namespace
}  // namespace config
