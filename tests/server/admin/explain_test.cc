#include "server/admin/explain.h"

#include "server/admin/explanation_text.h"
#include "server/answer/compose.h"

#include "tests/server/control/configured.h"

namespace admin {
namespace {

using testing::HasSubstr;

using testing::Not;

// A zone of two checked endpoints and one that is not.
constexpr const char* kChecked = R"(
zone: example.test
soa: {serial: 1, minimum: 30s}
checks:
  edge: {type: tcp, port: 443, interval: 2s, timeout: 1s}
  deep: {type: http, port: 80, interval: 10s, timeout: 2s, judges: origin}
endpoints:
  tokyo:     {A: 192.0.2.1, AAAA: "2001:db8::1", checks: [edge, deep]}
  frankfurt: {A: 192.0.2.2, check: edge}
  homeline:  {A: 192.0.2.3}
pools:
  edges: {members: [tokyo, frankfurt]}
  home:  {members: [homeline]}
  mixed: {members: [homeline, tokyo]}
records:
  "@": {NS: ns1}
  ns1: {A: 192.0.2.53}
  all:      {dynamic: edges}
  last:     {dynamic: {pool: edges, all_down: last_healthy}}
  pool:     {dynamic: {pool: edges, all_down: {fallback: home}}}
  fixed:    {dynamic: {pool: edges, all_down: {fallback: 192.0.2.9}}}
  nodata:   {dynamic: {pool: edges, all_down: nodata}}
  servfail: {dynamic: {pool: edges, all_down: servfail}}
  wait:     {dynamic: {pool: edges, until_checked: home}}
  home:     {dynamic: home}
  mixed:    {dynamic: mixed}
)";

class Explain : public control::Configured {
 protected:
  // Everybody with a check is up, unless `adjust` says else by endpoint.
  using Adjust = std::function<void(const std::string& endpoint, health::Standing& standing)>;

  std::string explain_name(const char* name, const char* type = "A",
                           const char* clients = "192.0.2.99", const char* assumptions = "") {
    const control::Loaded loaded = load();
    const answer::Snapshot snapshot = snapshot_of(loaded);
    const health::Roster& roster = *loaded.configuration.roster;
    words_.bound = [&roster](health::SubjectId subject) { return failover_bound(roster, subject); };
    const auto request = parse_explain_request(name, type, clients, assumptions);
    EXPECT_TRUE(request);
    const auto explanation = explain(*request, snapshot, words_);
    return explanation ? explanation_text(*explanation) : explanation.error();
  }

  answer::Snapshot snapshot_of(const control::Loaded& loaded) const {
    answer::Snapshot snapshot;
    snapshot.zones = loaded.configuration.zones;
    snapshot.plan = loaded.configuration.plan;
    snapshot.map = loaded.map;
    snapshot.atlas = loaded.atlas;
    snapshot.aliases = aliases_;
    snapshot.board = std::make_shared<const health::Board>(standings(loaded));
    return snapshot;
  }

  // What is explained is what is answered: number of records, TTL and RCODE.
  void compare_with_answers(std::initializer_list<const char*> names) {
    const control::Loaded loaded = load();
    const answer::Snapshot snapshot = snapshot_of(loaded);
    for (const char* name : names) {
      for (const char* type : {"A", "AAAA", "ANY", "TXT"}) {
        const auto request = parse_explain_request(name, type, "192.0.2.99");
        const auto explained = explain(*request, snapshot, {})->clients[0].answer;
        dnswire::Query query;
        query.question = {request->name, request->type, dnswire::RrClass::IN};
        steering::Workspace workspace(1);
        answer::Response response;
        compose(query.question, answer::Vantage(request->clients[0], query), snapshot, workspace,
                response);
        SCOPED_TRACE(std::string(name) + " " + type);
        using Status = ExplainedAnswer::Status;
        EXPECT_EQ(explained.status == Status::Failure, response.rcode == dnswire::Rcode::ServFail);
        EXPECT_EQ(explained.status == Status::NoSuchName,
                  response.rcode == dnswire::Rcode::NxDomain);
        if (response.items().empty()) continue;
        const answer::Item& last = response.items().back();
        EXPECT_EQ(explained.ttl, last.ttl);
        const bool answers = last.section == dnswire::Section::Answer;
        EXPECT_EQ(explained.status == Status::Records, answers);
        if (answers) {
          EXPECT_EQ(explained.records.size(), std::max(last.addresses.size(), last.rrset.size()));
        }
      }
    }
  }

  std::vector<health::Standing> standings(const control::Loaded& loaded) const {
    const health::Roster& roster = *loaded.configuration.roster;
    std::vector<health::Standing> all(roster.subjects.size());
    for (const steering::Endpoint& endpoint : loaded.configuration.plan->endpoints) {
      for (const auto& faces : endpoint.faces) {
        for (const steering::Face& face : faces) {
          const auto index = static_cast<std::size_t>(face.subject);
          if (!roster.subjects[index].checks.empty()) {
            all[index].steady = all[index].beat = std::chrono::seconds(10);
          }
          if (adjust_) adjust_(endpoint.name, all[index]);
        }
      }
    }
    return all;
  }

  void serve_checked() { write("zones/example.test.yaml", kChecked); }
  void all_down() {
    serve_checked();
    adjust_ = [](const std::string& endpoint, health::Standing& standing) {
      if (endpoint == "homeline") return;
      standing.state = health::State::Down;
      standing.fell = health::Instant{std::chrono::hours(endpoint == "tokyo" ? 2 : 1)};
    };
  }

  Adjust adjust_;
  HealthWords words_;
  std::shared_ptr<const answer::AliasTable> aliases_ = std::make_shared<const answer::AliasTable>();
};

TEST_F(Explain, TellsEveryStepOfADynamicAnswer) {
  EXPECT_EQ(explain_name("www.example.test"),
            "www.example.test. A for client 192.0.2.99\n"
            "\n"
            "zone      example.test. serial 1\n"
            "name      www.example.test., dynamic\n"
            "client    192.0.2.99 place unknown (no geo database is loaded)\n"
            "rule      1 of 1: everyone → pool edges\n"
            "pool      edges, pick failover: 2 healthy, needs 1\n"
            "          ✓ tokyo      192.0.2.1  unchecked   first healthy in order\n"
            "          - frankfurt  192.0.2.2  unchecked   healthy, but later in order\n"
            "answer    192.0.2.1\n"
            "ttl       60s: no check can change this answer: ttl\n"
            "scope     /0: every client gets the same\n"
            "failover  none: tokyo stays, no check judges it\n");
}

TEST_F(Explain, SaysWhyAnEndpointIsOut) {
  std::string zone = kZone;
  zone.replace(zone.find("endpoints:"), 0, "checks:\n  web: {type: tcp, port: 80}\n");
  zone.replace(zone.find("at: JP}"), 7, "check: web}");
  write("zones/example.test.yaml", zone);
  adjust_ = [](const std::string& endpoint, health::Standing& standing) {
    if (endpoint == "tokyo") standing.state = health::State::Down;
  };
  words_.verdict = [](health::SubjectId) { return "web: connection refused, 12s ago"; };
  const std::string text = explain_name("www.example.test");
  EXPECT_THAT(
      text,
      HasSubstr(
          "- tokyo      192.0.2.1  down        is down (web: connection refused, 12s ago)\n"));
  EXPECT_THAT(text, HasSubstr("✓ frankfurt  192.0.2.2  unchecked   first healthy in order\n"));
  EXPECT_THAT(text, HasSubstr("ttl       10s: tokyo can change in 10s at the earliest\n"));
}

TEST_F(Explain, ShowsRealAndForcedState) {
  serve_checked();
  adjust_ = [](const std::string& endpoint, health::Standing& standing) {
    if (endpoint == "tokyo") standing.force = health::Force::Drained;
    if (endpoint == "tokyo") standing.cap = std::chrono::seconds(7);
    if (endpoint == "frankfurt") standing.state = health::State::Down;
    if (endpoint == "frankfurt") standing.force = health::Force::Up;
  };
  words_.verdict = [](health::SubjectId) { return "edge: timeout, 3s ago"; };
  words_.override_text = [](health::SubjectId) { return "by alice until 14:00: kernel update"; };
  const std::string text = explain_name("all.example.test");
  EXPECT_THAT(text, HasSubstr("- tokyo      192.0.2.1  drained (really up)      is drained "
                              "(by alice until 14:00: kernel update)\n"));
  EXPECT_THAT(text, HasSubstr("✓ frankfurt  192.0.2.2  forced-up (really down)  every healthy "
                              "member is served (by alice until 14:00: kernel update; edge: "
                              "timeout, 3s ago)\n"));
  EXPECT_THAT(text, HasSubstr("ttl       7s: the override of tokyo says so\n"));
  EXPECT_THAT(text, HasSubstr("failover  none: frankfurt stays, an override forces it up\n"));
}

TEST_F(Explain, SaysWhatIsHeldOrRescued) {
  serve_checked();
  adjust_ = [](const std::string& endpoint, health::Standing& standing) {
    if (endpoint == "homeline") return;
    standing.state = health::State::Down;
    (endpoint == "tokyo" ? standing.held : standing.rescued) = true;
  };
  const std::string text = explain_name("all.example.test");
  EXPECT_THAT(text, HasSubstr("✓ tokyo      192.0.2.1  held (really down)     every healthy "
                              "member is served (held: this node seems cut off)\n"));
  EXPECT_THAT(text, HasSubstr("(rescued: other nodes reach it)\n"));
  EXPECT_THAT(text, HasSubstr("tokyo stays, its results do not count while this node seems cut "
                              "off\n"));
}

TEST_F(Explain, SaysThatTheOriginIsDown) {
  all_down();
  words_.origin_is_down = [](health::GroupId) { return true; };
  const std::string line =
      "          ! origin down: every member passes its edge checks and fails those of the "
      "origin\n";
  EXPECT_THAT(explain_name("mixed.example.test"), HasSubstr(line));
  EXPECT_THAT(explain_name("home.example.test"), Not(HasSubstr(line))) << "it has no such check";
}

TEST_F(Explain, StatesTheBoundOfTheSlowestThatWasChosen) {
  serve_checked();
  const std::string all = explain_name("all.example.test");
  EXPECT_THAT(all, HasSubstr("failover  an endpoint that dies leaves the answers within "));
  EXPECT_THAT(all, HasSubstr("caches within 10s more\n"));
  EXPECT_THAT(explain_name("mixed.example.test"),
              HasSubstr("(tokyo: edge, deep), caches within 10s more; homeline stays, no check "
                        "judges it\n"));
}

TEST_F(Explain, SaysWhatComesAfterTheLastOne) {
  serve_checked();
  EXPECT_THAT(explain_name("servfail.example.test"), Not(HasSubstr("nobody else")));
  adjust_ = [](const std::string& endpoint, health::Standing& standing) {
    if (endpoint == "tokyo") standing.state = health::State::Down;
  };
  EXPECT_THAT(explain_name("servfail.example.test"),
              HasSubstr("nobody else is healthy: all_down: servfail would speak then\n"));
}

TEST_F(Explain, TellsWhichAllDownSpoke) {
  all_down();
  EXPECT_THAT(explain_name("all.example.test"),
              testing::AllOf(HasSubstr("pool      edges, pick all: 0 healthy, needs 1\n"),
                             HasSubstr("instead   nobody is healthy, so all_down: all serves as if "
                                       "all were up\nanswer    192.0.2.1\n"),
                             HasSubstr("failover  none: this answer stays until somebody is "
                                       "healthy\n")));
  EXPECT_THAT(explain_name("last.example.test"),
              testing::AllOf(
                  HasSubstr("✓ tokyo      192.0.2.1  down        among the last to fall\n"),
                  HasSubstr("- frankfurt  192.0.2.2  down        fell earlier\n"),
                  HasSubstr("all_down: last_healthy serves those that were the last to fall\n")));
  EXPECT_THAT(explain_name("fixed.example.test"),
              testing::AllOf(HasSubstr("all_down: fallback serves fixed addresses\n"),
                             HasSubstr("answer    192.0.2.9\n")));
  EXPECT_THAT(explain_name("fixed.example.test", "AAAA"),
              testing::AllOf(HasSubstr("answer    NODATA: all_down leaves no IPv6 address\n"),
                             HasSubstr("ttl       10s: tokyo can change in 10s at the earliest\n"),
                             Not(HasSubstr("failover"))));
}

TEST_F(Explain, ShowsThePoolThatStandsIn) {
  all_down();
  EXPECT_THAT(explain_name("pool.example.test"),
              HasSubstr("instead   nobody is healthy, so all_down: fallback serves pool home\n"
                        "pool      home, pick all: 1 healthy\n"
                        "          ✓ homeline  192.0.2.3  unchecked   every healthy member is "
                        "served\nanswer    192.0.2.3\n"));
}

TEST_F(Explain, TellsDenialAndFailureByPolicy) {
  all_down();
  EXPECT_THAT(explain_name("nodata.example.test", "ANY"),
              testing::AllOf(HasSubstr("all_down: nodata denies that there are addresses\n"),
                             HasSubstr("answer    NODATA: all_down leaves no IPv4 address\n")));
  EXPECT_THAT(
      explain_name("servfail.example.test"),
      testing::AllOf(HasSubstr("all_down: servfail sends resolvers to another name server\n"),
                     HasSubstr("answer    SERVFAIL: no endpoint is healthy\n"),
                     HasSubstr("ttl       none: resolvers remember a failure"),
                     Not(HasSubstr("failover"))));
}

TEST_F(Explain, TellsUntilChecked) {
  serve_checked();
  adjust_ = [](const std::string& endpoint, health::Standing& standing) {
    if (endpoint == "homeline") return;
    standing.state = health::State::Unknown;
    standing.steady = std::chrono::seconds(0);
  };
  EXPECT_THAT(
      explain_name("wait.example.test"),
      testing::AllOf(HasSubstr("- tokyo      192.0.2.1  unknown     its pool does not serve\n"),
                     HasSubstr("so until_checked serves pool home as if all were up\n"),
                     HasSubstr("answer    192.0.2.3\nttl       5s: tokyo has no verdict yet: "
                               "ttl_min\n"),
                     HasSubstr("failover  none: this answer stays until checks have results\n")));
}

TEST_F(Explain, AnyIsTheFamilyThatIsThere) {
  serve_checked();
  // Of tokyo's two addresses the IPv4 one comes first.
  adjust_ = [first = true](const std::string& endpoint, health::Standing& standing) mutable {
    if (endpoint != "tokyo" || first) standing.state = health::State::Down;
    if (endpoint == "tokyo") first = false;
  };
  EXPECT_THAT(explain_name("nodata.example.test", "ANY"),
              HasSubstr("answer    AAAA 2001:db8::1\n"));
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

TEST_F(Explain, IndentsPoolsInsidePools) {
  write("zones/example.test.yaml", R"(
zone: example.test
soa: {serial: 1}
checks:
  web: {type: tcp, port: 443, interval: 2s, timeout: 1s}
endpoints:
  tokyo:     {A: [192.0.2.1, 192.0.2.11], at: JP, check: web}
  osaka:     {A: 192.0.2.2, at: JP, check: web}
  spare:     {A: 192.0.2.3, check: web}
  frankfurt: {A: 192.0.2.4, at: DE, check: web}
pools:
  behind: {members: [spare]}
  asia:   {members: [{tokyo: 1}, {osaka: 0}], pick: weighted, then: behind}
  world:  {members: [asia, frankfurt], pick: failover}
records:
  "@": {NS: ns1}
  ns1: {A: 192.0.2.53}
  www: {dynamic: world}
)");
  EXPECT_EQ(explain_name("www.example.test"),
            "www.example.test. A for client 192.0.2.99\n"
            "\n"
            "zone      example.test. serial 1\n"
            "name      www.example.test., dynamic\n"
            "client    192.0.2.99 place unknown (no geo database is loaded)\n"
            "rule      1 of 1: everyone → pool world\n"
            "pool      world, pick failover: 2 healthy, needs 1\n"
            "          ✓ pool asia (first healthy in order), pick weighted: 2 healthy, needs 1\n"
            "            ✓ tokyo    192.0.2.1   up          weight 1  drawn by weight\n"
            "            ✓          192.0.2.11  up\n"
            "            - osaka    192.0.2.2   up          weight 0  not drawn this time\n"
            "          - frankfurt  192.0.2.4   up                    healthy, but later in order\n"
            "answer    192.0.2.1\n"
            "          192.0.2.11\n"
            "ttl       10s: tokyo can change in 10s at the earliest\n"
            "scope     /0: every client gets the same\n"
            "failover  an endpoint that dies leaves the answers within 7.5s (tokyo: web), caches "
            "within 10s more\n");
  EXPECT_THAT(
      explain_name("www.example.test", "A", "192.0.2.99", "down:tokyo,down:osaka"),
      HasSubstr(
          "pool      world, pick failover: 2 healthy, needs 1\n"
          "          ✓ pool asia (first healthy in order), pick weighted: 0 healthy, needs 1; "
          "spills to behind\n"
          "            - tokyo    192.0.2.1   assumed down  weight 1  is assumed down\n"
          "            -          192.0.2.11  assumed down\n"
          "            - osaka    192.0.2.2   assumed down  weight 0  is assumed down\n"
          "            then pool behind, pick all: 1 healthy, needs 1\n"
          "            ✓ spare    192.0.2.3   up                      every healthy member is "
          "served\n"
          "          - frankfurt  192.0.2.4   up                      healthy, but later in order\n"
          "answer    192.0.2.3\n"));
}

TEST_F(Explain, AssumesWhatIsNotSo) {
  serve_checked();
  const std::string text = explain_name("mixed.example.test", "A", "192.0.2.99", "down:tokyo");
  EXPECT_THAT(text, HasSubstr("assumed   down: tokyo\n"));
  EXPECT_THAT(text, HasSubstr("- tokyo     192.0.2.1  assumed down  is assumed down\n"));
  EXPECT_THAT(text, HasSubstr("answer    192.0.2.3\n"));
  EXPECT_THAT(
      explain_name("all.example.test", "A", "192.0.2.99", "drained:pool:edges,up:tokyo"),
      testing::AllOf(HasSubstr("assumed   drained: pool:edges\n          up: tokyo\n"),
                     HasSubstr("✓ tokyo      192.0.2.1  assumed up       every healthy"),
                     HasSubstr("- frankfurt  192.0.2.2  assumed drained  is assumed drained"),
                     HasSubstr("failover  none: tokyo stays, it is assumed up\n")));
  EXPECT_EQ(explain_name("all.example.test", "A", "192.0.2.99", "down:tokio"),
            "no endpoint is named `tokio`, did you mean `tokyo`?");
}

TEST_F(Explain, IsBriefOnClientsThatAreLedAlike) {
  serve_checked();
  EXPECT_THAT(explain_name("home.example.test", "A", "192.0.2.99,192.0.2.98"),
              HasSubstr("\n\nhome.example.test. A for client 192.0.2.98\n\n"
                        "client    192.0.2.98 place unknown (no geo database is loaded)\n"
                        "          led like 192.0.2.99: the same pool, endpoints, addresses and "
                        "TTL\n"
                        "scope     /0: every client gets the same\n"));
}

TEST_F(Explain, ListsTheRulesBeforeTheOneThatMatches) {
  std::string zone = kZone;
  zone.replace(zone.find("{dynamic: edges}"), 16,
               "{dynamic: {rules: [{net: 198.51.100.0/24, pool: edges}, {net: 192.0.2.0/30, "
               "pool: edges}, {pool: edges}]}}");
  write("zones/example.test.yaml", zone);
  EXPECT_THAT(explain_name("www.example.test"),
              HasSubstr("rule      3 of 3: everyone → pool edges\n"
                        "          not 1: net 198.51.100.0/24 → pool edges\n"
                        "          not 2: net 192.0.2.0/30 → pool edges\n"));
}

TEST_F(Explain, TellsWhatIsAnswered) {
  compare_with_answers({"www.example.test", "alias.example.test", "a.wild.example.test",
                        "example.test", "x.sub.example.test", "nosuch.example.test"});
  serve_checked();
  const auto names = {"all.example.test",   "last.example.test",   "pool.example.test",
                      "fixed.example.test", "nodata.example.test", "servfail.example.test",
                      "wait.example.test",  "home.example.test",   "mixed.example.test"};
  compare_with_answers(names);
  all_down();
  compare_with_answers(names);
}

class ExplainAlias : public Explain {
 protected:
  ExplainAlias() {
    write("zones/example.test.yaml", R"(
zone: example.test
soa: {serial: 1, minimum: 30s}
endpoints:
  tokyo: {A: 192.0.2.1}
pools:
  edges: {members: [tokyo]}
records:
  "@":   {NS: ns1, ALIAS: www}
  ns1:   {A: 192.0.2.53}
  www:   {dynamic: edges}
  out:   {ALIAS: {target: host.example.net., ttl: 5m}}
  saved: {dynamic: {pool: edges, all_down: {fallback: {cname: tunnel.example.net.}}}}
  told:  {CNAME: saved}
  chain: {ALIAS: told}
  text:  {TXT: ["no address"]}
  nowhere: {ALIAS: text}
)");
  }
};

TEST_F(ExplainAlias, TellsWhatIsAnswered) {
  const auto names = {"example.test",       "www.example.test",  "out.example.test",
                      "saved.example.test", "told.example.test", "nowhere.example.test",
                      "chain.example.test"};
  compare_with_answers(names);
  adjust_ = [](const std::string&, health::Standing& standing) {
    standing.state = health::State::Down;
  };
  compare_with_answers(names);
}

TEST_F(ExplainAlias, GoesOnInOurZones) {
  EXPECT_THAT(explain_name("example.test"),
              testing::AllOf(HasSubstr("name      example.test., answers with the addresses of "
                                       "www.example.test. (ALIAS, 60s)\n"
                                       "name      www.example.test., dynamic\n"),
                             HasSubstr("✓ tokyo"), HasSubstr("answer    192.0.2.1\n")));
}

TEST_F(ExplainAlias, TellsWhatIsKnownOfTheNamesOfOthers) {
  EXPECT_THAT(explain_name("out.example.test"),
              testing::AllOf(HasSubstr("name      host.example.net., in no zone of this server: "
                                       "not resolved yet\n"),
                             HasSubstr("answer    SERVFAIL: alias target not resolved yet\n")));
  answer::AliasTable table;
  table.put(*dnswire::Name::from_text("host.example.net"), dnswire::Family::V4,
            {*dnswire::IpAddress::from_text("198.51.100.7")}, dnswire::Ttl(20));
  table.put(*dnswire::Name::from_text("host.example.net"), dnswire::Family::V6, {},
            dnswire::Ttl(20));
  aliases_ = std::make_shared<const answer::AliasTable>(std::move(table));
  EXPECT_THAT(explain_name("out.example.test"),
              HasSubstr("answer    198.51.100.7\n"
                        "ttl       20s: as other servers have host.example.net.\n"));
  EXPECT_THAT(explain_name("out.example.test", "AAAA"),
              HasSubstr("answer    NODATA: the target of the ALIAS has no such address\n"
                        "ttl       20s: as other servers have host.example.net.\n"));
}

TEST_F(ExplainAlias, TellsAFallbackToAnotherName) {
  adjust_ = [](const std::string&, health::Standing& standing) {
    standing.state = health::State::Down;
  };
  EXPECT_THAT(
      explain_name("saved.example.test"),
      testing::AllOf(HasSubstr("all_down: fallback serves tunnel.example.net.\n"),
                     HasSubstr("name      tunnel.example.net., in no zone of this server\n"),
                     HasSubstr("answer    CNAME tunnel.example.net. alone: other servers know the "
                               "rest\n")));
}

}  // namespace
}  // namespace admin
