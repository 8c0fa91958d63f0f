// Names that stand for others (ALIAS, and fallbacks to another name), as compose answers them.
#include "server/answer/tailor.h"

#include <gtest/gtest.h>

#include "memory.h"
#include "server/answer/compose.h"
#include "stage.h"

namespace answer {
namespace {

using dnswire::Family;
using dnswire::Ttl;
using steering::AllDown;
using steering::DynamicRecord;
using testing::lead_to;
using testing::Stage;
using testing::target;
using As = steering::Target::As;

const std::string kSoa = " SOA ns.example.com. h.example.com. 1 3600 900 1209600 30\n";
std::string denied(unsigned ttl, const std::string& zone = "example.org.") {
  return "status NOERROR\n" + zone + " " + std::to_string(ttl) + kSoa;
}
std::string failed(const std::string& why, const std::string& scope = "") {
  return "status SERVFAIL\n" + scope + "error " + why + "\n";
}

struct Tailor : ::testing::Test {
  Stage stage{"example.org.", "example.net."};

  // Nobody is healthy: the record leads to another name instead.
  DynamicRecord falling_back_to(std::string_view name, As as, steering::PoolId pool) {
    DynamicRecord record = lead_to(pool);
    record.all_down = AllDown::Fallback;
    record.fallback.target = target(name, as);
    return record;
  }
};

TEST_F(Tailor, AnAliasHasTheAddressesOfItsTargetUnderItsOwnName) {
  stage.add_alias("example.org.", "www.example.net.");
  stage.add("www.example.net.", "A", 300, "192.0.2.1");
  stage.add("www.example.net.", "A", 300, "192.0.2.2");
  stage.add("www.example.net.", "AAAA", 20, "2001:db8::1");
  EXPECT_EQ(stage.ask("example.org.", "A"),
            "status NOERROR\nexample.org. 60 A 192.0.2.1\nexample.org. 60 A 192.0.2.2\n");
  EXPECT_TRUE(stage.response().dynamic);
  EXPECT_TRUE(stage.response().authoritative);
  EXPECT_EQ(stage.ask("example.org.", "AAAA"),
            "status NOERROR\nexample.org. 20 AAAA 2001:db8::1\n");
  EXPECT_EQ(stage.ask("example.org.", "ANY"),
            "status NOERROR\nexample.org. 60 A 192.0.2.1\nexample.org. 60 A 192.0.2.2\n");
  EXPECT_EQ(stage.ask("EXAMPLE.org.", "AAAA"),
            "status NOERROR\nEXAMPLE.org. 20 AAAA 2001:db8::1\n");
}

TEST_F(Tailor, OtherTypesOfAnAliasAreThoseOfTheNameItself) {
  stage.add_alias("example.org.", "www.example.net.");
  stage.add("example.org.", "TXT", 300, "\"ours\"");
  stage.add("www.example.net.", "MX", 300, "10 mail.example.net.");
  EXPECT_EQ(stage.ask("example.org.", "TXT"), "status NOERROR\nexample.org. 300 TXT \"ours\"\n");
  EXPECT_EQ(stage.ask("example.org.", "MX"), denied(30));
  EXPECT_EQ(stage.ask("example.org.", "CNAME"), denied(30));
}

TEST_F(Tailor, AWildcardAliasAnswersUnderTheNameAskedFor) {
  stage.add_alias("*.example.org.", "www.example.net.");
  stage.add("*.example.net.", "A", 300, "192.0.2.1");
  EXPECT_EQ(stage.ask("x.y.example.org.", "A"),
            "status NOERROR\nx.y.example.org. 60 A 192.0.2.1\n");
}

TEST_F(Tailor, AnAliasFollowsAliasesOfEveryKind) {
  stage.add_alias("a.example.org.", "b.example.org.", 600);
  stage.add("b.example.org.", "CNAME", 500, "c.old.example.org.");
  stage.add("old.example.org.", "DNAME", 400, "example.net.");
  stage.add_alias("c.example.net.", "d.example.net.", 350);
  stage.add("d.example.net.", "A", 700, "192.0.2.1");
  EXPECT_EQ(stage.ask("a.example.org.", "A"), "status NOERROR\na.example.org. 350 A 192.0.2.1\n");
}

TEST_F(Tailor, AnAliasBehindACnameIsAnsweredUnderItsName) {
  stage.add("www.example.org.", "CNAME", 300, "example.org.");
  stage.add_alias("example.org.", "www.example.net.");
  stage.add("www.example.net.", "A", 300, "192.0.2.1");
  EXPECT_EQ(
      stage.ask("www.example.org.", "A"),
      "status NOERROR\nwww.example.org. 300 CNAME example.org.\nexample.org. 60 A 192.0.2.1\n");
}

TEST_F(Tailor, AnAliasOfADynamicNameHasItsDecisionScopeAndTtl) {
  const auto there = stage.add_pool("192.0.2.1", "");
  const auto elsewhere = stage.add_pool("192.0.2.2", "2001:db8::2");
  stage.add("geo.example.net.", lead_to("133.11.0.0/16", there, elsewhere));
  stage.add_alias("example.org.", "geo.example.net.");
  EXPECT_EQ(stage.ask("example.org.", "A", "133.11.0.0/16"),
            "status NOERROR\nexample.org. 10 A 192.0.2.1\nscope 16\n");
  EXPECT_EQ(stage.ask("example.org.", "A", "133.10.0.0/16"),
            "status NOERROR\nexample.org. 10 A 192.0.2.2\nscope 16\n");
  EXPECT_EQ(stage.ask("example.org.", "AAAA", "133.11.0.0/16"), denied(30));
  EXPECT_EQ(stage.ask("example.org.", "ANY", "133.11.0.0/16"),
            "status NOERROR\nexample.org. 10 A 192.0.2.1\nscope 16\n");
}

TEST_F(Tailor, ALastResortBehindAnAliasIsOneAllTheSame) {
  stage.add("geo.example.net.", lead_to(stage.add_pool("192.0.2.1", "")));
  stage.add_alias("example.org.", "geo.example.net.");
  stage.set(health::State::Down);
  EXPECT_EQ(
      stage.ask("example.org.", "A"),
      "status NOERROR\nexample.org. 10 A 192.0.2.1\nerror last resort: no endpoint is healthy\n");
  EXPECT_TRUE(stage.response().last_resort);
}

TEST_F(Tailor, AServFailBehindAnAliasIsOneAllTheSame) {
  DynamicRecord record =
      lead_to("133.11.0.0/16", stage.add_pool("192.0.2.1", ""), stage.add_pool("192.0.2.2", ""));
  record.all_down = AllDown::ServFail;
  stage.add("geo.example.net.", record);
  stage.add_alias("example.org.", "geo.example.net.");
  stage.set(health::State::Down);
  for (const char* const type : {"A", "ANY"}) {
    EXPECT_EQ(stage.ask("example.org.", type, "133.11.0.0/16"),
              failed("no endpoint is healthy", "scope 16\n"))
        << type;
  }
}

TEST_F(Tailor, WhatTheTargetDoesNotHaveIsDeniedAndNeverNxdomain) {
  stage.add_alias("a.example.org.", "nothing.example.net.", 60);
  stage.add_alias("b.example.org.", "four.example.net.", 20);
  stage.add("four.example.net.", "A", 300, "192.0.2.1");
  EXPECT_EQ(stage.ask("a.example.org.", "A"), denied(30)) << "the negative TTL";
  EXPECT_EQ(stage.ask("b.example.org.", "AAAA"), denied(20)) << "the alias's TTL";
  EXPECT_EQ(stage.ask("a.example.org.", "ANY"), denied(30));
  EXPECT_EQ(stage.ask("b.example.org.", "ANY"), "status NOERROR\nb.example.org. 20 A 192.0.2.1\n");
}

TEST_F(Tailor, WhatIsOutsideComesFromTheTable) {
  stage.add_alias("example.org.", "www.Example.com.", 300);
  stage.know("WWW.example.com.", {"192.0.2.1", "192.0.2.2"}, 40);
  stage.know("www.example.com.", {}, 25, Family::V6);
  EXPECT_EQ(stage.ask("example.org.", "A"),
            "status NOERROR\nexample.org. 40 A 192.0.2.1\nexample.org. 40 A 192.0.2.2\n");
  EXPECT_EQ(stage.ask("example.org.", "AAAA"), denied(25));
}

TEST_F(Tailor, WhatIsBelowACutOfOursIsOutside) {
  stage.add_alias("example.org.", "www.sub.example.net.");
  stage.add("sub.example.net.", "NS", 300, "www.sub.example.net.");
  stage.add("www.sub.example.net.", "A", 300, "192.0.2.53");
  EXPECT_EQ(stage.ask("example.org.", "A"), failed("alias target not resolved yet"))
      << "glue is not for answers";
  stage.know("www.sub.example.net.", {"192.0.2.1"}, 40);
  EXPECT_EQ(stage.ask("example.org.", "A"), "status NOERROR\nexample.org. 40 A 192.0.2.1\n");
}

TEST_F(Tailor, WhatIsNotKnownYetIsAFailureAndNoAbsence) {
  stage.add_alias("example.org.", "www.example.com.");
  stage.add("www.example.org.", "CNAME", 300, "example.org.");
  for (const char* const type : {"A", "AAAA", "ANY"}) {
    EXPECT_EQ(stage.ask("example.org.", type), failed("alias target not resolved yet")) << type;
  }
  EXPECT_EQ(stage.ask("www.example.org.", "A"), failed("alias target not resolved yet"));
  EXPECT_TRUE(stage.response().dynamic);
  stage.know("www.example.com.", {"2001:db8::1"}, 40, Family::V6);
  EXPECT_EQ(stage.ask("example.org.", "A"), failed("alias target not resolved yet"));
  EXPECT_EQ(stage.ask("example.org.", "ANY"), "status NOERROR\nexample.org. 40 AAAA 2001:db8::1\n");
}

TEST_F(Tailor, LoopsAreFailures) {
  stage.add_alias("self.example.org.", "self.example.org.");
  stage.add_alias("a.example.org.", "b.example.net.");
  stage.add("b.example.net.", "CNAME", 300, "A.example.org.");
  for (const char* const name : {"self.example.org.", "a.example.org."}) {
    for (const char* const type : {"A", "AAAA", "ANY"}) {
      EXPECT_EQ(stage.ask(name, type), failed("the aliases form a loop")) << name << type;
    }
  }
}

TEST_F(Tailor, MoreThanEightNamesAreAFailure) {
  stage.add_alias("n0.example.org.", "n1.example.org.");
  for (int i = 1; i < 9; ++i) {
    const auto name = [](int n) { return "n" + std::to_string(n) + ".example.org."; };
    stage.add(name(i), "CNAME", 300, name(i + 1));
  }
  stage.add_alias("near.example.org.", "n2.example.org.");
  stage.add("n9.example.org.", "A", 300, "192.0.2.1");
  EXPECT_EQ(stage.ask("n0.example.org.", "A"), failed("over 8 aliases"));
  EXPECT_EQ(stage.ask("near.example.org.", "A"),
            "status NOERROR\nnear.example.org. 60 A 192.0.2.1\n");
}

TEST_F(Tailor, ADnameThatMakesTheNameTooLongIsAFailure) {
  const std::string label(63, 'x');
  stage.add("old.example.org.", "DNAME", 300, label + "." + label + ".example.net.");
  stage.add_alias("a.example.org.", label + "." + label + ".old.example.org.");
  EXPECT_EQ(stage.ask("a.example.org.", "A"), failed("a DNAME makes the alias too long"));
}

TEST_F(Tailor, FallsBackToTheAddressesOfAnotherName) {
  const auto pool = stage.add_pool("192.0.2.1", "2001:db8::1");
  stage.add("www.example.org.", falling_back_to("sorry.example.com.", As::Addresses, pool));
  stage.know("sorry.example.com.", {"192.0.2.99"}, 300);
  EXPECT_EQ(stage.ask("www.example.org.", "A"),
            "status NOERROR\nwww.example.org. 10 A 192.0.2.1\n");
  stage.set(health::State::Down);
  EXPECT_EQ(stage.ask("www.example.org.", "A"),
            "status NOERROR\nwww.example.org. 10 A 192.0.2.99\n"
            "error last resort: no endpoint is healthy\n");
  EXPECT_TRUE(stage.response().last_resort);
  EXPECT_EQ(stage.ask("www.example.org.", "AAAA"), failed("alias target not resolved yet"));
}

TEST_F(Tailor, FallsBackToACname) {
  const auto pool = stage.add_pool("192.0.2.1", "");
  stage.add("*.example.org.", falling_back_to("sorry.example.net.", As::Cname, pool));
  stage.add("sorry.example.net.", "A", 300, "192.0.2.99");
  stage.add("far.example.net.", "A", 300, "192.0.2.98");
  EXPECT_EQ(stage.ask("www.example.org.", "A"),
            "status NOERROR\nwww.example.org. 10 A 192.0.2.1\n");
  stage.set(health::State::Down);
  const std::string cname = "www.example.org. 10 CNAME sorry.example.net.\n";
  const std::string error = "error last resort: no endpoint is healthy\n";
  EXPECT_EQ(stage.ask("www.example.org.", "A"),
            "status NOERROR\n" + cname + "sorry.example.net. 300 A 192.0.2.99\n" + error);
  EXPECT_EQ(stage.ask("www.example.org.", "AAAA"), denied(30)) << "a family that was never there";
  EXPECT_EQ(stage.ask("www.example.org.", "ANY"), "status NOERROR\n" + cname + error);
  EXPECT_EQ(stage.ask("www.example.org.", "TXT"), denied(30));
}

TEST_F(Tailor, ACnameThatLeavesOurZonesIsTheResolversToFollow) {
  const auto pool = stage.add_pool("192.0.2.1", "");
  stage.add("www.example.org.", falling_back_to("sorry.example.com.", As::Cname, pool));
  stage.set(health::State::Down);
  EXPECT_EQ(stage.ask("www.example.org.", "A"),
            "status NOERROR\nwww.example.org. 10 CNAME sorry.example.com.\n"
            "error last resort: no endpoint is healthy\n");
}

TEST_F(Tailor, ACnameBehindAnAliasIsFollowed) {
  const auto pool = stage.add_pool("192.0.2.1", "");
  stage.add("www.example.org.", falling_back_to("sorry.example.com.", As::Cname, pool));
  stage.add_alias("example.org.", "www.example.org.");
  stage.know("sorry.example.com.", {"192.0.2.99"}, 5);
  stage.set(health::State::Down);
  EXPECT_EQ(stage.ask("example.org.", "A"),
            "status NOERROR\nexample.org. 5 A 192.0.2.99\n"
            "error last resort: no endpoint is healthy\n");
}

TEST_F(Tailor, CnamesToEachOtherAreALoop) {
  const auto pool = stage.add_pool("192.0.2.1", "");
  stage.add("a.example.org.", falling_back_to("b.example.org.", As::Cname, pool));
  stage.add("b.example.org.", falling_back_to("a.example.org.", As::Cname, pool));
  stage.set(health::State::Down);
  EXPECT_EQ(stage.ask("a.example.org.", "A"),
            "status NOERROR\na.example.org. 10 CNAME b.example.org.\n"
            "b.example.org. 10 CNAME a.example.org.\nerror the aliases form a loop\n");
}

TEST_F(Tailor, TheScopeIsTheLongestOfAllDecisions) {
  const auto one = stage.add_pool("192.0.2.1", "");
  const auto two = stage.add_pool("192.0.2.2", "");
  const auto up = stage.add_pool("192.0.2.3", "");
  DynamicRecord wide = lead_to("133.0.0.0/8", one, two);
  wide.all_down = AllDown::Fallback;
  wide.fallback.target = target("narrow.example.net.", As::Cname);
  stage.add("wide.example.org.", wide);
  DynamicRecord narrow = lead_to("133.11.22.0/24", up, two);
  narrow.all_down = AllDown::NoData;
  stage.add("narrow.example.net.", narrow);
  stage.set(health::State::Down);
  const std::string cname = "status NOERROR\nwide.example.org. 10 CNAME narrow.example.net.\n";
  const std::string error = "error last resort: no endpoint is healthy\n";
  const std::string soa = "example.net. 10" + kSoa;
  EXPECT_EQ(stage.ask("wide.example.org.", "A", "133.11.22.0/24"),
            cname + soa + "scope 24\n" + error)
      << "the alias is not everybody's, though the denial is";
  EXPECT_EQ(stage.ask("wide.example.org.", "A", "133.200.0.0/16"),
            cname + soa + "scope 9\n" + error);
  EXPECT_EQ(stage.ask("wide.example.org.", "A", "10.0.0.0/8"), cname + soa + "scope 8\n" + error)
      << "a private network is one whole";
  EXPECT_EQ(stage.ask("narrow.example.net.", "A", "133.11.22.0/24"),
            "status NOERROR\n" + soa + error);
}

TEST_F(Tailor, ChainsOfEveryKindFitIntoTheRoom) {
  // Eight DNAMEs that are told, and eight in each family behind an ALIAS that are not.
  for (int i = 0; i < 8; ++i) {
    const std::string from = "d" + std::to_string(i) + ".example.org.";
    const std::string to = "d" + std::to_string(i + 1) + ".example.org.";
    stage.add(from, "DNAME", 300, to);
    stage.add("e" + from, "DNAME", 300, "e" + to);
  }
  stage.add_alias("x.d8.example.org.", "x.ed1.example.org.");
  stage.add("x.ed8.example.org.", "TXT", 300, "\"no address\"");
  const std::string reply = stage.ask("x.d0.example.org.", "ANY");
  EXPECT_EQ(stage.response().items().size(), 17U) << reply;
  stage.add("x.ed8.example.org.", "AAAA", 300, "2001:db8::1");
  EXPECT_NE(stage.ask("x.d0.example.org.", "ANY").find("x.d8.example.org. 60 AAAA 2001:db8::1\n"),
            std::string::npos);
}

TEST_F(Tailor, AllocatesNothingOnceItIsWarm) {
  const auto pool = stage.add_pool("192.0.2.1", "");
  stage.add("old.example.org.", "DNAME", 400, "example.net.");
  stage.add("www.example.net.", "A", 300, "192.0.2.1");
  stage.add("geo.example.net.", lead_to("133.11.0.0/16", pool, stage.add_pool("192.0.2.2", "")));
  stage.add("sorry.example.net.", falling_back_to("geo.example.net.", As::Cname, pool));
  stage.know("known.example.com.", {"192.0.2.1"}, 40);
  std::vector<dnswire::Name> names;
  for (const char* const name :
       {"www.old.example.org.", "geo.example.net.", "known.example.com.", "unknown.example.com.",
        "sorry.example.net.", "self.example.org."}) {
    names.push_back(dnswire::Name::from_text(name).value());
    const std::string owner = std::string(name).substr(0, 4) + "alias.example.org.";
    stage.add_alias(owner == "selfalias.example.org." ? "self.example.org." : owner, name);
    names.push_back(dnswire::Name::from_text(owner).value());
  }
  for (const health::State state : {health::State::Up, health::State::Down}) {
    stage.set(state);
    const Snapshot snapshot = stage.snapshot();
    steering::Workspace workspace{1};
    Response response;
    const auto ask_all = [&] {
      for (const dnswire::Name& name : names) {
        for (const dnswire::RrType type :
             {dnswire::RrType::A, dnswire::RrType::AAAA, dnswire::RrType::ANY}) {
          dnswire::Query query;
          query.question = {name, type, dnswire::RrClass::IN};
          const Vantage vantage(dnswire::IpAddress::from_text("133.11.0.1").value(), query);
          response.reset();
          compose(query.question, vantage, snapshot, workspace, response);
        }
      }
    };
    ask_all();
    const std::size_t before = testing::allocation_count();
    ask_all();
    EXPECT_EQ(testing::allocation_count() - before, 0U) << to_text(state);
  }
}

}  // namespace
}  // namespace answer
