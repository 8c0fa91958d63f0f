// What leaves the server when nobody is healthy: every policy, by type of query, rule and override.
#include <gtest/gtest.h>

#include "tests/conformance/served.h"

namespace answer {
namespace {

using health::Force;
using health::Standing;
using std::chrono::seconds;

const char* const kZone = R"(zone: example.org
ttl: 1h
soa: {mname: ns.example.net., rname: hostmaster, serial: 1, expire: 14d, minimum: 30s}
checks: {up: {type: tcp, port: 80}}
endpoints:
  both1: {A: 192.0.2.1, AAAA: "2001:db8::1", check: up}
  both2: {A: 192.0.2.2, AAAA: "2001:db8::2", check: up}
  four1: {A: 192.0.2.3, check: up}
  four2: {A: 192.0.2.4, check: up}
pools:
  hit:  {members: [both1, both2]}
  miss: {members: [four1, four2]}
records:
  "@":      {NS: [ns.example.net.]}
  all:      {dynamic: {rules: &rules [{net: 133.11.0.0/16, pool: hit}, {pool: miss}]}}
  last:     {dynamic: {rules: *rules, all_down: last_healthy}}
  fixed:    {dynamic: {rules: *rules, all_down: {fallback: [192.0.2.9, "2001:db8::9"]}}}
  fixed4:   {dynamic: {rules: *rules, all_down: {fallback: 192.0.2.9}}}
  nodata:   {dynamic: {rules: *rules, all_down: nodata}}
  servfail: {dynamic: {rules: *rules, all_down: servfail}}
  alias:    {CNAME: servfail}
)";

class AllDown : public testing::Test {
 protected:
  AllDown() {
    // The first of each pool fell last.
    for (const char* name : {"both1", "both2", "four1", "four2"}) {
      const bool first = name[4] == '1';
      set(name, [first](Standing& standing) {
        standing.state = health::State::Down;
        standing.steady = seconds(10);
        standing.beat = seconds(5);
        standing.fell = health::Instant{} + seconds(first ? 1000 : 500);
      });
    }
  }

  template <class Change>
  void set(const std::string& name, const Change& change) {
    const health::Board& board = *served_.snapshot().board;
    std::vector<Standing> standings;
    for (std::size_t i = 0; i < board.size(); ++i) standings.push_back(board[health::SubjectId(i)]);
    for (const steering::Endpoint& endpoint : served_.configuration().plan->endpoints) {
      if (endpoint.name != name) continue;
      for (const auto& faces : endpoint.faces) {
        for (const auto& face : faces) change(standings[static_cast<std::size_t>(face.subject)]);
      }
    }
    served_.publish(health::Board(std::move(standings)));
  }
  void force(const std::string& name, Force force) {
    set(name, [force](Standing& standing) { standing.force = force; });
  }

  // "A" → one line for each record and for what is said beside: TTL and data.
  std::string reply(const std::string& name, const std::string& type, bool hit) {
    conformance::Ask ask{name + ".example.org.", type};
    ask.subnet = hit ? "133.11.0.0/24" : "133.10.0.0/24";
    const conformance::Reply reply = served_.ask(ask);
    std::string text = to_text(reply);
    if (!reply.extended_error().empty()) text += reply.extended_error() + "\n";
    return text;
  }

  static std::string served(const std::string& name, const std::string& type,
                            std::initializer_list<const char*> addresses) {
    std::string text = "status NOERROR aa\n";
    for (const char* const address : addresses) {
      text += "answer " + name + ".example.org. 10 IN " + type + " " + address + "\n";
    }
    return text + "scope 16\n0: last resort: no endpoint is healthy\n";
  }
  // RFC 2308 3, RFC 7871 7.4
  static std::string denied(unsigned ttl, const std::string& error) {
    return "status NOERROR aa\nauthority example.org. " + std::to_string(ttl) +
           " IN SOA ns.example.net. hostmaster.example.org. 1 3600 900 1209600 30\nscope 0\n" +
           error;
  }

  static constexpr const char* kSaid = "0: last resort: no endpoint is healthy\n";
  static constexpr const char* kFailed =
      "status SERVFAIL aa\nscope 16\n0: no endpoint is healthy\n";

  conformance::Served served_{{{"example.org.yaml", kZone}}};
};

TEST_F(AllDown, AllServesAllOfTheFirstPool) {
  EXPECT_EQ(reply("all", "A", true), served("all", "A", {"192.0.2.1", "192.0.2.2"}));
  EXPECT_EQ(reply("all", "AAAA", true), served("all", "AAAA", {"2001:db8::1", "2001:db8::2"}));
  EXPECT_EQ(reply("all", "ANY", true), served("all", "A", {"192.0.2.1", "192.0.2.2"}));
  EXPECT_EQ(reply("all", "A", false), served("all", "A", {"192.0.2.3", "192.0.2.4"}));
  EXPECT_EQ(reply("all", "ANY", false), served("all", "A", {"192.0.2.3", "192.0.2.4"}));
}

TEST_F(AllDown, LastHealthyServesThoseThatFellLast) {
  EXPECT_EQ(reply("last", "A", true), served("last", "A", {"192.0.2.1"}));
  EXPECT_EQ(reply("last", "AAAA", true), served("last", "AAAA", {"2001:db8::1"}));
  EXPECT_EQ(reply("last", "ANY", true), served("last", "A", {"192.0.2.1"}));
  EXPECT_EQ(reply("last", "A", false), served("last", "A", {"192.0.2.3"}));
}

TEST_F(AllDown, FallbackServesTheSameToEverybody) {
  for (const bool hit : {true, false}) {
    EXPECT_EQ(reply("fixed", "A", hit), served("fixed", "A", {"192.0.2.9"}));
    EXPECT_EQ(reply("fixed", "ANY", hit), served("fixed", "A", {"192.0.2.9"}));
  }
  EXPECT_EQ(reply("fixed", "AAAA", true), served("fixed", "AAAA", {"2001:db8::9"}));
  EXPECT_EQ(reply("fixed4", "AAAA", true), denied(10, kSaid));
  EXPECT_EQ(reply("fixed4", "ANY", true), served("fixed4", "A", {"192.0.2.9"}));
}

TEST_F(AllDown, NoDataDeniesForAsLongAsNothingCanChange) {
  for (const char* const type : {"A", "AAAA", "ANY"}) {
    EXPECT_EQ(reply("nodata", type, true), denied(10, kSaid)) << type;
  }
  EXPECT_EQ(reply("nodata", "A", false), denied(10, kSaid));
  EXPECT_TRUE(served_.outcome().last_resort);
  set("four2", [](Standing& standing) { standing.cap = seconds(2); });
  EXPECT_EQ(reply("nodata", "A", false), denied(2, kSaid)) << "an override's own TTL";
  for (const char* const name : {"four1", "four2"}) {
    set(name, [](Standing& standing) {
      standing.steady = seconds(50);
      standing.cap = seconds::max();
    });
  }
  EXPECT_EQ(reply("nodata", "A", false), denied(30, kSaid)) << "the zone's negative TTL";
}

TEST_F(AllDown, ServFailSendsResolversElsewhere) {
  for (const char* const type : {"A", "AAAA", "ANY"}) {
    EXPECT_EQ(reply("servfail", type, true), kFailed) << type;
  }
  EXPECT_EQ(reply("servfail", "A", false), kFailed);
  EXPECT_EQ(reply("servfail", "ANY", false), kFailed);
  EXPECT_EQ(reply("alias", "A", true), kFailed) << "without the alias, which would not help";
  EXPECT_TRUE(served_.outcome().last_resort);
  EXPECT_FALSE(served_.outcome().failed) << "it is no fault of ours";
  EXPECT_EQ(served_.outcome().rcode, dnswire::Rcode::ServFail);
}

TEST_F(AllDown, AFamilyThatIsNeverThereIsDeniedByEveryPolicy) {
  for (const char* const name : {"all", "last", "fixed", "fixed4", "nodata", "servfail"}) {
    EXPECT_EQ(reply(name, "AAAA", false), denied(30, "")) << name;
    EXPECT_FALSE(served_.outcome().last_resort);
  }
}

TEST_F(AllDown, WhoIsForcedOutIsLeftOut) {
  for (const Force out : {Force::Drained, Force::Down}) {
    force("both1", out);
    EXPECT_EQ(reply("all", "A", true), served("all", "A", {"192.0.2.2"}));
    EXPECT_EQ(reply("last", "AAAA", true), served("last", "AAAA", {"2001:db8::2"}));
    EXPECT_EQ(reply("fixed", "A", true), served("fixed", "A", {"192.0.2.9"}));
    EXPECT_EQ(reply("nodata", "A", true), denied(10, kSaid));
    EXPECT_EQ(reply("servfail", "A", true), kFailed);
  }
}

TEST_F(AllDown, WhereEverybodyIsForcedOutTheDrainedServeBeforeTheRest) {
  force("both1", Force::Down);
  force("both2", Force::Drained);
  EXPECT_EQ(reply("all", "ANY", true), served("all", "A", {"192.0.2.2"}));
  force("both2", Force::Down);
  EXPECT_EQ(reply("all", "AAAA", true), served("all", "AAAA", {"2001:db8::1", "2001:db8::2"}));
  EXPECT_EQ(reply("last", "A", true), served("last", "A", {"192.0.2.1"}));
}

TEST_F(AllDown, NoPolicySpeaksOnceSomebodyIsForcedUp) {
  force("both2", Force::Up);
  for (const char* const name : {"all", "last", "fixed", "nodata", "servfail"}) {
    EXPECT_EQ(reply(name, "A", true), std::string("status NOERROR aa\nanswer ") + name +
                                          ".example.org. 10 IN A 192.0.2.2\nscope 16\n");
  }
}

TEST_F(AllDown, AnyIsTheFamilyThatIsThere) {
  const auto& both2 = served_.configuration().plan->endpoints[1];
  ASSERT_EQ(both2.name, "both2");
  std::vector<Standing> standings;
  const health::Board& board = *served_.snapshot().board;
  for (std::size_t i = 0; i < board.size(); ++i) standings.push_back(board[health::SubjectId(i)]);
  standings[static_cast<std::size_t>(both2.faces[1].front().subject)].state = health::State::Up;
  served_.publish(health::Board(standings));
  for (const char* const name : {"nodata", "servfail"}) {
    EXPECT_EQ(reply(name, "ANY", true), std::string("status NOERROR aa\nanswer ") + name +
                                            ".example.org. 10 IN AAAA 2001:db8::2\nscope 16\n");
  }
}

}  // namespace
}  // namespace answer
