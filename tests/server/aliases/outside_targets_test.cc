#include "server/aliases/outside_targets.h"

#include <gtest/gtest.h>

#include "tests/server/answer/stage.h"

namespace aliases {
namespace {

using answer::testing::lead_to;
using answer::testing::Stage;
using answer::testing::target;
using As = steering::Target::As;
using Names = std::vector<std::string>;

struct OutsideTargets : testing::Test {
  Stage stage{"example.org.", "example.net."};

  Names collected() {
    const answer::Snapshot snapshot = stage.snapshot();
    Names names;
    for (const dnswire::Name& name : outside_targets(*snapshot.plan, *snapshot.zones)) {
      names.push_back(name.to_text());
    }
    return names;
  }
};

TEST_F(OutsideTargets, AreNoneWithoutAliases) {
  stage.add("www.example.org.", "CNAME", 300, "www.example.com.");
  stage.add("geo.example.org.", lead_to(stage.add_pool("192.0.2.1", "")));
  EXPECT_EQ(collected(), Names{});
}

TEST_F(OutsideTargets, AreEachThereOnce) {
  stage.add_alias("a.example.org.", "www.example.com.");
  stage.add_alias("b.example.org.", "WWW.example.com.");
  stage.add_alias("c.example.org.", "a.example.com.");
  stage.add_alias("d.example.org.", "in.example.net.");
  EXPECT_EQ(collected(), (Names{"a.example.com.", "www.example.com."}));
}

TEST_F(OutsideTargets, AreFoundThroughAliasesOfOurs) {
  stage.add_alias("a.example.org.", "b.example.org.");
  stage.add("*.example.org.", "CNAME", 300, "x.old.example.net.");
  stage.add("old.example.net.", "DNAME", 300, "example.com.");
  EXPECT_EQ(collected(), (Names{"x.example.com."}));
}

TEST_F(OutsideTargets, AreWhatFallbacksStandForToo) {
  const auto pool = stage.add_pool("192.0.2.1", "");
  auto record = lead_to(pool);
  record.fallback.target = target("fallback.example.com.", As::Addresses);
  record.until_checked.target = target("until.example.com.", As::Addresses);
  stage.add("www.example.org.", record);
  EXPECT_EQ(collected(), (Names{"fallback.example.com.", "until.example.com."}));
}

TEST_F(OutsideTargets, ACnamesTargetIsOneOnlyBehindAnAlias) {
  auto record = lead_to(stage.add_pool("192.0.2.1", ""));
  record.fallback.target = target("sorry.example.com.", As::Cname);
  stage.add("www.example.org.", record);
  EXPECT_EQ(collected(), Names{}) << "resolvers follow it";
  stage.add_alias("example.org.", "www.example.org.");
  EXPECT_EQ(collected(), (Names{"sorry.example.com."}));
}

TEST_F(OutsideTargets, AreThoseBelowOurCuts) {
  stage.add("sub.example.net.", "NS", 300, "ns.example.com.");
  stage.add_alias("a.example.org.", "www.sub.example.net.");
  EXPECT_EQ(collected(), (Names{"www.sub.example.net."}));
}

TEST_F(OutsideTargets, EndWhereAliasesFormALoop) {
  stage.add_alias("a.example.org.", "b.example.org.");
  stage.add_alias("b.example.org.", "a.example.org.");
  stage.add("grow.example.org.", "DNAME", 300, "x.grow.example.org.");
  stage.add_alias("c.example.org.", "y.grow.example.org.");
  EXPECT_EQ(collected(), Names{});
}

}  // namespace
}  // namespace aliases
