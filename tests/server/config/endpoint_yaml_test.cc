#include "geo/countries.h"
#include "tests/server/config/steering_files.h"

namespace config {
namespace {

using dnswire::Family;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kWeb = "checks:\n  web: {type: tcp, port: 80}\n";

class EndpointYaml : public SteeringFiles {
 protected:
  // A secret for its owner alone.
  void write_token(const std::string& name, const std::string& token) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    write(name, token);
    std::filesystem::permissions(folder_ / name, std::filesystem::perms::owner_all);
  }
};

TEST_F(EndpointYaml, ReadsEndpoints) {
  const auto configuration =
      loaded(kWeb +
             "endpoints:\n"
             "  tokyo: {A: 203.0.113.10, AAAA: \"2001:db8::10\", at: JP, check: web}\n"
             "  frankfurt: {A: 203.0.113.20, at: [50.11, 8.68], check: web, probe: 10.0.0.11}\n"
             "  virginia: {A: 203.0.113.30, at: US-VA}\n"
             "  oslo: {A: 203.0.113.40, at: NO}\n");
  const auto& endpoints = configuration.plan->endpoints;
  ASSERT_THAT(endpoints, SizeIs(4));
  EXPECT_EQ(endpoints[0].zone, "example.org");
  EXPECT_EQ(endpoints[0].faces_of(Family::V6)[0].address.to_text(), "2001:db8::10");
  EXPECT_EQ(endpoints[0].at, geo::find_country("JP")->centroid);
  EXPECT_EQ(target_of(configuration, 0).address, "203.0.113.10");
  EXPECT_EQ(endpoints[1].at, (geo::Coordinates{50.11, 8.68}));
  EXPECT_EQ(target_of(configuration, 1).address, "10.0.0.11");
  EXPECT_EQ(endpoints[2].at, geo::find_subdivision("US-VA")->centroid);
  EXPECT_THAT(subject_of(configuration, 2).checks, IsEmpty()) << "always up";
  EXPECT_EQ(endpoints[3].at, geo::find_country("NO")->centroid);
}

TEST_F(EndpointYaml, ReadsSeveralAddressesEachJudgedApart) {
  const auto configuration =
      loaded(kWeb +
             "endpoints:\n"
             "  apart: {A: [192.0.2.2, 192.0.2.1], AAAA: [\"2001:db8::1\"], check: web}\n"
             "  together: {A: [192.0.2.3, 192.0.2.4], AAAA: \"2001:db8::3\", check: web, probe: "
             "10.0.0.1}\n");
  const auto& endpoints = configuration.plan->endpoints;
  const auto faces = endpoints[0].faces_of(Family::V4);
  ASSERT_THAT(faces, SizeIs(2));
  EXPECT_EQ(faces[0].address.to_text(), "192.0.2.2") << "in the order written";
  EXPECT_EQ(faces[1].address.to_text(), "192.0.2.1");
  const auto address_of = [&](const steering::Face& face) {
    const auto& subject = configuration.roster->subjects.at(static_cast<std::size_t>(face.subject));
    return configuration.roster->targets.at(static_cast<std::size_t>(subject.checks.at(0).target))
        .address;
  };
  EXPECT_EQ(address_of(faces[0]), "192.0.2.2");
  EXPECT_EQ(address_of(faces[1]), "192.0.2.1");
  EXPECT_EQ(address_of(endpoints[0].faces_of(Family::V6)[0]), "2001:db8::1");
  const auto subject = endpoints[1].faces_of(Family::V4)[0].subject;
  EXPECT_EQ(endpoints[1].faces_of(Family::V4)[1].subject, subject);
  EXPECT_EQ(endpoints[1].faces_of(Family::V6)[0].subject, subject);
}

TEST_F(EndpointYaml, SaysWhatIsWrongWithSeveralAddresses) {
  EXPECT_THAT(complaints("endpoints:\n  a: {A: [192.0.2.1, 192.0.2.2, 192.0.2.1]}\n"),
              ElementsAre("zones/a.yaml:3:33: `A` of endpoint `a`: 192.0.2.1 stands twice"));
  EXPECT_THAT(complaints("endpoints:\n  a: {AAAA: [\"2001:db8::1\", \"2001:DB8:0::1\"]}\n"),
              ElementsAre("zones/a.yaml:3:29: `AAAA` of endpoint `a`: 2001:db8::1 stands twice"));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: [192.0.2.1, 2001:db8::1]}\n"),
              ElementsAre("zones/a.yaml:3:22: `A` of endpoint `a` is `2001:db8::1`, which is not "
                          "an IPv4 address"));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: []}\n"),
              ElementsAre("zones/a.yaml:3:10: `A` of endpoint `a` is an empty list"));
  std::string many;
  for (int i = 0; i <= 100; ++i) many += (i > 0 ? ", 192.0.2." : "192.0.2.") + std::to_string(i);
  EXPECT_THAT(complaints("endpoints:\n  a: {A: [" + many + "]}\n"),
              ElementsAre("zones/a.yaml:3:10: `A` of endpoint `a` has 101 addresses, more than "
                          "100"));
}

TEST_F(EndpointYaml, ReadsABias) {
  const auto configuration = loaded(
      "endpoints:\n  a: {A: 192.0.2.1, at: JP, bias: 20}\n"
      "  b: {A: 192.0.2.2, at: DE, bias: -99}\n  c: {A: 192.0.2.3, at: US-VA}\n");
  EXPECT_EQ(configuration.plan->endpoints[0].bias, 20);
  EXPECT_EQ(configuration.plan->endpoints[1].bias, -99);
  EXPECT_EQ(configuration.plan->endpoints[2].bias, 0);
}

TEST_F(EndpointYaml, SaysWhatIsWrongWithABias) {
  const std::string wrong =
      ", which is not a whole number from -99 (farther) to 99 (nearer), in percent";
  for (const char* bias : {"100", "-100", "1.5", "20%", "near", "300"}) {
    EXPECT_THAT(
        complaints("endpoints:\n  a: {A: 192.0.2.1, at: JP, bias: " + std::string(bias) + "}\n"),
        ElementsAre("zones/a.yaml:3:35: `bias` of endpoint `a` is `" + std::string(bias) + "`" +
                    wrong));
  }
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 192.0.2.1, bias: 20}\n"),
              ElementsAre("zones/a.yaml:3:27: endpoint `a` has a `bias` but no `at`, from where "
                          "distance is measured"));
}

TEST_F(EndpointYaml, JudgesFamiliesApartUnlessOneAddressIsProbed) {
  const auto configuration =
      loaded(kWeb +
             "endpoints:\n"
             "  apart: {A: 192.0.2.1, AAAA: \"2001:db8::1\", check: web}\n"
             "  together: {A: 192.0.2.2, AAAA: \"2001:db8::2\", check: web, probe: 10.0.0.1}\n"
             "  by-name: {A: 192.0.2.3, AAAA: \"2001:db8::3\", check: web, probe: Edge.Example}\n"
             "  alike: {A: 192.0.2.4, check: web, probe: edge.example}\n");
  const auto& endpoints = configuration.plan->endpoints;
  const auto subject = [&](std::size_t endpoint, Family family) {
    return endpoints[endpoint].faces_of(family)[0].subject;
  };
  EXPECT_NE(subject(0, Family::V4), subject(0, Family::V6));
  EXPECT_EQ(subject(1, Family::V4), subject(1, Family::V6));
  EXPECT_EQ(subject(2, Family::V4), subject(2, Family::V6));
  EXPECT_EQ(target_of(configuration, 2).address, "edge.example");
  EXPECT_THAT(configuration.roster->subjects, SizeIs(5));
  EXPECT_THAT(configuration.roster->targets, SizeIs(4)) << "what is probed alike is shared";
}

TEST_F(EndpointYaml, CombinesChecks) {
  const auto configuration = loaded(
      "checks:\n"
      "  edge: {type: tcp, port: 443}\n"
      "  origin: {type: http, path: /deep, judges: origin}\n"
      "endpoints:\n  a: {A: 192.0.2.1, checks: [edge, origin]}\n");
  const health::Subject& subject = subject_of(configuration, 0);
  EXPECT_EQ(subject.need, 2);
  ASSERT_THAT(subject.checks, SizeIs(2));
  EXPECT_EQ(subject.checks[0].name, "edge");
  EXPECT_EQ(subject.checks[0].level, health::Level::Edge);
  EXPECT_EQ(subject.checks[1].name, "origin");
  EXPECT_EQ(subject.checks[1].level, health::Level::Origin);
  EXPECT_EQ(target_of(configuration, 0, 1).check.http.path, "/deep");
}

TEST_F(EndpointYaml, AnIdentityTakesThePlaceOfTheChecks) {
  write_token("zones/tokens/a", "token-of-endpoint-a");
  write_token("zones/tokens/b", "token-of-endpoint-b");
  const auto configuration = loaded(
      "checks:\n"
      "  alive: {type: tcp, port: 443}\n"
      "  web: {type: http, identity: {header: X-T, token_file: \"tokens/{endpoint}\"}}\n"
      "endpoints:\n"
      "  a: {A: 192.0.2.1, check: web}\n"
      "  b: {A: 192.0.2.2, check: web}\n"
      "  c: {A: 192.0.2.3, checks: [alive, web], identity: {body: I am c}}\n");
  EXPECT_EQ(target_of(configuration, 0).check.identity.token, "token-of-endpoint-a");
  EXPECT_EQ(target_of(configuration, 1).check.identity.token, "token-of-endpoint-b");
  EXPECT_TRUE(target_of(configuration, 2, 0).check.identity.empty()) << "tcp sees none";
  const health::Identity& own = target_of(configuration, 2, 1).check.identity;
  EXPECT_EQ(own.body, "I am c");
  EXPECT_EQ(own.header, "");
}

TEST_F(EndpointYaml, AHeartbeatIsKnownByZoneAndName) {
  write_token("zones/tokens/example.org/Tokyo", "token-of-endpoint-a");
  const auto configuration = loaded(
      "checks:\n"
      "  beat: {type: heartbeat, lease: 10s, token_file: \"tokens/{zone}/{endpoint}\"}\n"
      "endpoints:\n  Tokyo: {A: 192.0.2.1, AAAA: \"2001:db8::1\", check: beat}\n");
  EXPECT_EQ(target_of(configuration, 0).address, "example.org/tokyo");
  EXPECT_EQ(target_of(configuration, 0).check.token, "token-of-endpoint-a");
  EXPECT_THAT(configuration.roster->targets, SizeIs(1));
  EXPECT_THAT(configuration.roster->subjects, SizeIs(2));
}

TEST_F(EndpointYaml, RefusesASecondHeartbeat) {
  write_token("zones/token", "0123456789abcdef");
  const std::string checks =
      "checks:\n  x: {type: heartbeat, token_file: token}\n"
      "  y: {type: heartbeat, token_file: token, lease: 1m}\nendpoints:\n";
  EXPECT_THAT(complaints(checks + "  a: {A: 192.0.2.1, checks: [x, y]}\n"),
              ElementsAre("zones/a.yaml:6:3: endpoint `a` has two heartbeat checks; keep one"));
}

TEST_F(EndpointYaml, RefusesNamesThatDifferByCaseAlone) {
  EXPECT_THAT(complaints("endpoints:\n  web: {A: 192.0.2.1}\n  web2: {A: 192.0.2.2}\n"
                         "  WEB: {A: 192.0.2.3}\n  Web: {A: 192.0.2.4}\n"),
              ElementsAre("zones/a.yaml:5:3: endpoint `WEB` differs from `web` by case alone; "
                          "overrides could not tell them apart",
                          "zones/a.yaml:6:3: endpoint `Web` differs from `web` by case alone; "
                          "overrides could not tell them apart"));
  EXPECT_THAT(
      complaints("endpoints:\n  web: {A: 192.0.2.1}\npools:\n  WEB: {members: [web]}\n", {"WEB"}),
      ElementsAre("loaded"))
      << "overrides tell an endpoint and a pool apart by `pool:`";
}

TEST_F(EndpointYaml, SaysWhatIsWrongWithASecretOfAnEndpoint) {
  EXPECT_THAT(
      complaints("checks:\n  web: {type: http, identity: {header: X-T, token_file: "
                 "\"t/{endpoint}\"}}\nendpoints:\n  a: {A: 192.0.2.1, check: web}\n"),
      ElementsAre("zones/a.yaml:3:57: `token_file` of `identity` of check `web` names `zones/t/a`, "
                  "which is not there"));
  EXPECT_THAT(complaints(kWeb + "endpoints:\n  a: {A: 192.0.2.1, check: web, identity: {body: x}}"
                                "\n"),
              ElementsAre(HasSubstr("has an `identity` that no check of it can see")));
}

TEST_F(EndpointYaml, SaysWhatIsWrong) {
  EXPECT_THAT(complaints("endpoints:\n  a: {at: JP}\n"),
              ElementsAre("zones/a.yaml:3:6: endpoint `a` has neither `A` nor `AAAA`"));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 203.0.113}\n"),
              ElementsAre("zones/a.yaml:3:10: `A` of endpoint `a` is `203.0.113`, which is not an "
                          "IPv4 address"));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 1234567}\n"),
              ElementsAre(HasSubstr("`1234567`, which is not an IPv4 address")));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: \"\"}\n"),
              ElementsAre("zones/a.yaml:3:10: `A` of endpoint `a` is empty"));
  EXPECT_THAT(complaints("endpoints:\n  a: {AAAA: 192.0.2.1}\n"),
              ElementsAre(HasSubstr("is not an IPv6 address")));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 192.0.2.1, at: XX}\n"),
              ElementsAre(HasSubstr("`XX`, which is no country")));
  EXPECT_THAT(complaints("endpoints:\n  a: {A: 192.0.2.1, at: [95, 8]}\n"),
              ElementsAre(HasSubstr("is not [latitude, longitude] in degrees")));
  EXPECT_THAT(complaints("endpoints:\n  \"a\\nb\": {A: 192.0.2.1}\n"),
              ElementsAre(HasSubstr("the name of endpoint `a?b` has characters other than")));
}

TEST_F(EndpointYaml, SaysWhatIsWrongWithAProbeAddress) {
  const auto of = [this](const std::string& endpoint) {
    write_token("zones/token", "0123456789abcdef");
    write("fairlead.yaml", "zones: zones\ngeo: {databases: []}\nprobes: {exec: true}\n");
    return complaints(
        "checks:\n  web: {type: tcp, port: 80}\n  own: {type: exec, argv: [/bin/true]}\n"
        "  beat: {type: heartbeat, token_file: token}\nendpoints:\n  a: {A: 192.0.2.1, " +
        endpoint + "}\n");
  };
  EXPECT_THAT(of("probe: 10.0.0.1"), ElementsAre(HasSubstr("has a `probe` address but no "
                                                           "`check`")));
  EXPECT_THAT(of("check: web, probe: 10.0.0.300"),
              ElementsAre("zones/a.yaml:7:40: `probe` of endpoint `a` is `10.0.0.300`, which is "
                          "neither an IP address nor the name of a host"));
  EXPECT_THAT(of("check: beat, probe: 10.0.0.1"),
              ElementsAre(HasSubstr("has a `probe` address, and a heartbeat dials none")));
  EXPECT_THAT(of("checks: [web, beat], probe: 10.0.0.1"), ElementsAre("loaded"));
  EXPECT_THAT(of("checks: [web, own], probe: 10.0.0.1"),
              ElementsAre(HasSubstr("and a check that runs a program: name the address in its "
                                    "`argv`")));
}

TEST_F(EndpointYaml, WarnsOfATokenThatEndpointsShare) {
  write_token("zones/token", "0123456789abcdef");
  write("fairlead.yaml",
        "zones: zones\ngeo: {databases: []}\nheartbeat: {listen: 127.0.0.1:8054}\n");
  EXPECT_THAT(
      warnings_of("checks:\n  beat: {type: heartbeat, token_file: token}\nendpoints:\n"
                  "  a: {A: 192.0.2.1, check: beat}\n  b: {A: 192.0.2.2, check: beat}\n"
                  "pools:\n  p: {members: [a, b]}\n",
                  {"p"}),
      ElementsAre("zones/a.yaml:3:3: check `beat` has one token for 2 endpoints: each could "
                  "speak for the others; write `{endpoint}` into its `token_file`"));
}

TEST_F(EndpointYaml, WarnsOfChecksThatAreOfLittleUse) {
  EXPECT_THAT(warnings_of("checks:\n"
                          "  spare: {type: icmp}\n"
                          "  blind: {type: https, verify: false}\n"
                          "  seen: {type: https, verify: false, identity: {body: edge}}\n"
                          "  own: {type: https, verify: false}\n"
                          "endpoints:\n"
                          "  a: {A: 192.0.2.1, check: blind}\n"
                          "  b: {A: 192.0.2.2, check: seen}\n"
                          "  c: {A: 192.0.2.3, check: own, identity: {body: edge}}\n"
                          "pools:\n  p: {members: [a, b, c]}\n",
                          {"p"}),
              ElementsAre("zones/a.yaml:3:3: check `spare` is used by no endpoint",
                          "zones/a.yaml:4:3: check `blind` neither verifies the certificate nor "
                          "asks for an `identity`: a stranger on a recycled address would pass"));
}

}  // namespace
}  // namespace config
