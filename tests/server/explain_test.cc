#include "server/explain.h"

#include "tests/server/configured.h"

namespace server {
namespace {

using testing::HasSubstr;

class Explain : public Configured {
 protected:
  std::string explain_name(const char* name, const char* type = "A",
                           const char* client = "192.0.2.99") {
    const Loaded loaded = load();
    answer::Snapshot snapshot;
    snapshot.zones = loaded.configuration.zones;
    snapshot.plan = loaded.configuration.plan;
    snapshot.map = loaded.map;
    standings_.resize(loaded.configuration.targets.size(),
                      {health::State::Up, std::chrono::seconds(10)});
    snapshot.board = std::make_shared<const health::Board>(standings_);
    const auto request = parse_explain_request(name, type, client);
    EXPECT_TRUE(request);
    return explain(*request, snapshot, [](health::TargetId) { return "connection refused"; });
  }
  std::vector<health::Standing> standings_;
};

TEST_F(Explain, TellsEveryStepOfADynamicAnswer) {
  EXPECT_EQ(explain_name("www.example.test"),
            "www.example.test. A for client 192.0.2.99\n"
            "\n"
            "zone      example.test. serial 1\n"
            "name      www.example.test., dynamic\n"
            "client    192.0.2.99 place unknown (no geo database is loaded), by its first 0 bits\n"
            "rule      1 of 1: everyone → pool edges\n"
            "pool      edges, pick failover: 2 healthy, needs 1\n"
            "          ✓ tokyo      192.0.2.1  unchecked   first healthy in order\n"
            "          - frankfurt  192.0.2.2  unchecked   healthy, but later in order\n"
            "answer    192.0.2.1\n"
            "ttl       60s: no check can change this answer: ttl\n"
            "scope     /0: every client gets the same\n");
}

TEST_F(Explain, SaysWhyAnEndpointIsOut) {
  std::string zone = kZone;
  zone.replace(zone.find("endpoints:"), 0, "checks:\n  web: {type: tcp, port: 80}\n");
  zone.replace(zone.find("at: JP}"), 7, "check: web}");
  write("zones/example.test.yaml", zone);
  standings_ = {{health::State::Down, std::chrono::seconds(10)}};
  const std::string text = explain_name("www.example.test");
  EXPECT_THAT(text,
              HasSubstr("- tokyo      192.0.2.1  down        is down (connection refused)\n"));
  EXPECT_THAT(text, HasSubstr("✓ frankfurt  192.0.2.2  unchecked   first healthy in order\n"));
  EXPECT_THAT(text, HasSubstr("ttl       10s: tokyo can change in 10s at the earliest\n"));
}

TEST_F(Explain, EndsALoopOfAliasesWhereTheAnswerDoes) {
  write("zones/loop.test.yaml",
        "zone: loop.test\nrecords:\n  '@': {NS: ns.example.net.}\n  a: {CNAME: b}\n  b: {CNAME: "
        "a}\n");
  EXPECT_THAT(explain_name("a.loop.test"),
              HasSubstr("a.loop.test. again: the aliases form a loop, the answer ends here"));
}

TEST_F(Explain, SaysWhatIsNotDynamic) {
  EXPECT_THAT(explain_name("example.test", "MX"),
              HasSubstr("answer    MX 10 mail.example.test.\n"));
  EXPECT_THAT(
      explain_name("alias.example.test"),
      testing::AllOf(HasSubstr("alias.example.test., an alias of www.example.test. (CNAME, "),
                     HasSubstr("name      www.example.test., dynamic\n"),
                     HasSubstr("answer    192.0.2.1\n")));
  EXPECT_THAT(explain_name("x.sub.example.test"),
              HasSubstr("referral  NS ns.elsewhere.example.\n"));
  EXPECT_THAT(explain_name("www.example.test", "TXT"), HasSubstr("answer    NODATA: "));
  EXPECT_THAT(explain_name("nosuch.example.test"), HasSubstr("answer    NXDOMAIN: "));
  EXPECT_THAT(explain_name("example.com"), HasSubstr("answer    REFUSED: "));
  EXPECT_THAT(explain_name("a.wild.example.test"),
              HasSubstr("*.wild.example.test. (the wildcard that covers it), dynamic"));
}

TEST_F(Explain, SaysThatAPrivateSubnetIsNotLookedAt) {
  const std::string text = explain_name("www.example.test", "A", "10.1.2.3");
  EXPECT_THAT(text, HasSubstr("client    10.1.2.3 is private or reserved, place unknown\n"));
  EXPECT_THAT(text, HasSubstr("the resolver's own address\n"));
}

TEST_F(Explain, SaysThatAFamilyIsNotThere) {
  const std::string text = explain_name("www.example.test", "AAAA");
  EXPECT_THAT(text, HasSubstr("answer    NODATA: no member of the pool has an IPv6 address\n"));
  EXPECT_THAT(text, HasSubstr("pool      edges, no member has an address of this family\n"));
  EXPECT_THAT(text, HasSubstr("- tokyo      no address of this family\n"));
}

TEST(ExplainRequest, SaysWhatIsWrong) {
  EXPECT_THAT(parse_explain_request("a..b", "", "192.0.2.1").error(),
              HasSubstr("`a..b` is no domain name"));
  EXPECT_THAT(parse_explain_request("a", "NOSUCH", "192.0.2.1").error(),
              HasSubstr("`NOSUCH` is no record type"));
  EXPECT_THAT(parse_explain_request("a", "", "nobody").error(),
              HasSubstr("`nobody` is no client address"));
  EXPECT_THAT(parse_explain_request("a\x1b..", "", "192.0.2.1").error(), HasSubstr("`a\\x1b..`"));
  EXPECT_THAT(parse_explain_request("a", "AXFR", "192.0.2.1").error(),
              HasSubstr("AXFR is no type of records"));
  EXPECT_EQ(parse_explain_request("a", "", "192.0.2.1")->type, dnswire::RrType::A);
}

}  // namespace
}  // namespace server
