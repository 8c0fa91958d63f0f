#include "health/override.h"

#include <gtest/gtest.h>

#include <ostream>
#include <random>
#include <string>

namespace health {
namespace {

struct Glob {
  std::string_view pattern;
  std::string_view text;
  bool matches = false;
};

void PrintTo(const Glob& glob, std::ostream* out) { *out << glob.pattern << " " << glob.text; }

class GlobMatches : public testing::TestWithParam<Glob> {};

TEST_P(GlobMatches, AsWritten) {
  EXPECT_EQ(glob_matches(GetParam().pattern, GetParam().text), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(Override, GlobMatches,
                         testing::Values(Glob{"", "", true}, Glob{"", "a", false},
                                         Glob{"a", "", false}, Glob{"*", "", true},
                                         Glob{"*", "anything", true}, Glob{"?", "", false},
                                         Glob{"?", "a", true}, Glob{"?", "ab", false},
                                         Glob{"edge", "edge", true}, Glob{"Edge", "eDGE", true},
                                         Glob{"edge", "edge1", false}, Glob{"edge?", "edge1", true},
                                         Glob{"edge?", "edge12", false},
                                         Glob{"fra-*", "fra-1", true}, Glob{"fra-*", "fra-", true},
                                         Glob{"fra-*", "ams-1", false}, Glob{"*-1", "fra-1", true},
                                         Glob{"*-1", "fra-1-1", true}, Glob{"*-1", "fra-12", false},
                                         Glob{"a*b*c", "aXbYc", true},
                                         Glob{"a*b*c", "abbcbc", true}, Glob{"a*b*c", "acb", false},
                                         Glob{"**a**", "bab", true}, Glob{"*a?c", "aacabc", true},
                                         Glob{"[a]", "a", false}, Glob{"[a]", "[A]", true}));

// The definition, written down directly.
bool matches_slowly(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    return matches_slowly(pattern.substr(1), text) ||
           (!text.empty() && matches_slowly(pattern, text.substr(1)));
  }
  if (text.empty() || (pattern[0] != '?' && pattern[0] != text[0])) return false;
  return matches_slowly(pattern.substr(1), text.substr(1));
}

TEST(GlobMatches, AgreesWithItsDefinition) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto draw = [&](std::string_view letters, std::size_t most) {
    std::string text(random() % (most + 1), ' ');
    for (char& letter : text) letter = letters[random() % letters.size()];
    return text;
  };
  for (int round = 0; round < 20'000; ++round) {
    const std::string pattern = draw("ab*?", 7);
    const std::string text = draw("ab", 9);
    EXPECT_EQ(glob_matches(pattern, text), matches_slowly(pattern, text)) << pattern << " " << text;
  }
}

TEST(GlobMatches, TakesNoLongTimeOverManyStars) {
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "a*";
  EXPECT_FALSE(glob_matches(pattern + "b", std::string(100'000, 'a')));
}

Override override_of(std::string target) {
  Override override;
  override.target = std::move(target);
  override.created = 1000;
  return override;
}

Override weight_of(std::string target, std::uint32_t weight) {
  Override override = override_of(std::move(target));
  override.force = Force::None;
  override.weight = weight;
  return override;
}

TEST(FindFault, LetsSoundOverridesPass) {
  for (const char* target : {"edge1", "*", "example.org/edge1", "example.org./edge?", "pool:web",
                             "pool:example.org/*", "0/25.2.0.192.in-addr.arpa/edge"}) {
    EXPECT_EQ(find_fault(override_of(target)), "") << target;
  }
  Override whole = override_of("edge1");
  whole.reason = "kernel, new disks\xe2\x80\xa6";
  whole.author = "ann";
  whole.expires = 1001;
  whole.ttl = 30;
  EXPECT_EQ(find_fault(whole), "");
  EXPECT_EQ(find_fault(weight_of("pool:web", 0)), "");
  EXPECT_EQ(find_fault(weight_of("*", 1'000'000)), "");
}

TEST(Override, IsOfOneKind) {
  EXPECT_EQ(override_of("edge1").kind(), OverrideKind::Force);
  EXPECT_EQ(weight_of("edge1", 0).kind(), OverrideKind::Weight);
  EXPECT_EQ(to_text(OverrideKind::Force), "force");
  EXPECT_EQ(to_text(OverrideKind::Weight), "weight");
  EXPECT_EQ(word_of(override_of("edge1")), "drained");
  EXPECT_EQ(word_of(weight_of("edge1", 0)), "weight 0");
}

TEST(FindFault, SaysWhatIsWrongWithTheTarget) {
  EXPECT_EQ(find_fault(override_of("")),
            "an override needs a target: ENDPOINT, ZONE/ENDPOINT or pool:POOL");
  EXPECT_EQ(find_fault(override_of("pool:")), "\"pool:\" names no pool: `*` stands for all");
  EXPECT_EQ(find_fault(override_of("POOL:example.org/")),
            "\"POOL:example.org/\" names no pool: `*` stands for all");
  EXPECT_EQ(find_fault(override_of("example.org/")),
            "\"example.org/\" names no endpoint: `*` stands for all");
  EXPECT_EQ(find_fault(override_of("/edge1")),
            "\"/edge1\" names no zone before the slash: leave the slash out, and it holds in every "
            "zone");
  for (const char* target : {"edge 1", "edge\t1", "edge1\n", "\x7f"}) {
    EXPECT_EQ(find_fault(override_of(target)),
              "the target of an override holds a space or a control character");
  }
  EXPECT_EQ(find_fault(override_of(std::string(200, 'e'))), "");
  EXPECT_EQ(find_fault(override_of(std::string(201, 'e'))),
            "the target of an override is at most 200 octets long, this one has 201");
}

TEST(FindFault, SaysWhatIsWrongWithTheRest) {
  Override none = override_of("edge1");
  none.force = Force::None;
  EXPECT_EQ(find_fault(none),
            "an override says drained, up, down or a weight; to end one, remove it");
  Override both = override_of("edge1");
  both.weight = 5;
  EXPECT_EQ(
      find_fault(both),
      "an override says drained, up or down, or a weight, not both: the other is one of its own");
  EXPECT_EQ(find_fault(weight_of("edge1", 1'000'001)),
            "a weight is at most 1000000, this one is 1000001");
  Override late = override_of("edge1");
  late.expires = late.created;
  EXPECT_EQ(find_fault(late), "the override for \"edge1\" would expire before it begins");
  Override wordy = override_of("edge1");
  wordy.reason = std::string(201, 'r');
  EXPECT_EQ(find_fault(wordy),
            "the reason of an override is at most 200 octets long, this one has 201");
  Override split = override_of("edge1");
  split.author = "ann\nINFO all is well";
  EXPECT_EQ(find_fault(split), "the author of an override holds a control character");
  Override cached = override_of("edge1");
  cached.ttl = 0x80000000;
  EXPECT_EQ(find_fault(cached),
            "a TTL is at most 2147483647 seconds (RFC 2181 8), this one is 2147483648");
}

struct Application {
  std::string_view target;
  bool applies = false;
};

void PrintTo(const Application& application, std::ostream* out) { *out << application.target; }

class AppliesTo : public testing::TestWithParam<Application> {};

TEST_P(AppliesTo, TheEndpointAsNamed) {
  const OverrideSubject subject{"example.org", "fra-1", {"web", "mail"}};
  EXPECT_EQ(applies_to(override_of(std::string(GetParam().target)), subject), GetParam().applies);
}

INSTANTIATE_TEST_SUITE_P(
    Override, AppliesTo,
    testing::Values(Application{"fra-1", true}, Application{"FRA-1", true},
                    Application{"fra-*", true}, Application{"ams-1", false},
                    Application{"example.org/fra-1", true}, Application{"example.org./fra-1", true},
                    Application{"example.net/fra-1", false}, Application{"*.org/fra-1", true},
                    Application{"*/*", true}, Application{"web", false},
                    Application{"pool:web", true}, Application{"pool:MAIL", true},
                    Application{"Pool:web", true}, Application{"pool:dns", false},
                    Application{"pool:*", true}, Application{"pool:example.org/w*", true},
                    Application{"pool:example.net/web", false}, Application{"pool:fra-1", false}));

TEST(AppliesTo, LeavesAloneWhoIsInNoPool) {
  EXPECT_FALSE(applies_to(override_of("pool:*"), {"example.org", "fra-1", {}}));
}

TEST(AppliesTo, TakesSlashesOfReverseZones) {
  const OverrideSubject subject{"0/25.2.0.192.in-addr.arpa", "host", {}};
  EXPECT_TRUE(applies_to(override_of("0/25.2.0.192.in-addr.arpa/host"), subject));
  EXPECT_FALSE(applies_to(override_of("128/25.2.0.192.in-addr.arpa/host"), subject));
}

TEST(InForce, IsNothingWhereNothingApplies) {
  const OverrideSubject subject{"example.org", "fra-1", {}};
  const std::vector<Override> others{override_of("ams-1"), weight_of("ams-1", 5)};
  EXPECT_EQ(in_force({}, subject, 2000).force, nullptr);
  const InForce none = in_force(others, subject, 2000);
  EXPECT_EQ(none.force, nullptr);
  EXPECT_EQ(none.weight, nullptr);
  EXPECT_EQ(none.ttl(), std::nullopt);
  EXPECT_EQ(none.expires(), 0);
}

TEST(InForce, IsTheNewest) {
  const OverrideSubject subject{"example.org", "fra-1", {"web"}};
  Override all = override_of("*");
  all.created = 1500;
  Override exact = override_of("fra-1");
  exact.created = 1400;
  Override pool = override_of("pool:web");
  pool.created = 1500;
  std::vector<Override> overrides{all, exact};
  EXPECT_EQ(in_force(overrides, subject, 2000).force, &overrides[0]);
  overrides = {exact, all};
  EXPECT_EQ(in_force(overrides, subject, 2000).force, &overrides[1]);
  overrides = {all, exact, pool};
  EXPECT_EQ(in_force(overrides, subject, 2000).force, &overrides[2])
      << "of the same second the last";
}

TEST(InForce, KeepsTheKindsApart) {
  const OverrideSubject subject{"example.org", "fra-1", {"web"}};
  Override drained = override_of("fra-1");
  drained.created = 1500;
  Override former = weight_of("fra-1", 50);
  Override weight = weight_of("pool:web", 0);
  weight.created = 1100;
  const std::vector<Override> overrides{drained, weight, former};
  const InForce both = in_force(overrides, subject, 2000);
  EXPECT_EQ(both.force, &overrides[0]);
  EXPECT_EQ(both.weight, &overrides[1]) << "an older one that is newer than the other weight";
}

TEST(InForce, ForgetsWhatHasExpired) {
  const OverrideSubject subject{"example.org", "fra-1", {}};
  std::vector<Override> overrides{override_of("*"), override_of("fra-1"), weight_of("fra-1", 5)};
  overrides[1].created = 1100;
  overrides[1].expires = 1200;
  overrides[2].expires = 1300;
  const InForce before = in_force(overrides, subject, 1199);
  EXPECT_EQ(before.force, &overrides[1]);
  EXPECT_EQ(before.expires(), 1200);
  const InForce between = in_force(overrides, subject, 1200);
  EXPECT_EQ(between.force, &overrides[0]);
  EXPECT_EQ(between.weight, &overrides[2]);
  EXPECT_EQ(between.expires(), 1300);
  const InForce after = in_force(overrides, subject, 1300);
  EXPECT_EQ(after.weight, nullptr);
  EXPECT_EQ(after.expires(), 0);
}

TEST(InForce, TakesTheShorterTtl) {
  const OverrideSubject subject{"example.org", "fra-1", {}};
  std::vector<Override> overrides{override_of("fra-1"), weight_of("fra-1", 5)};
  overrides[1].ttl = 30;
  EXPECT_EQ(in_force(overrides, subject, 2000).ttl(), 30U);
  overrides[0].ttl = 7;
  EXPECT_EQ(in_force(overrides, subject, 2000).ttl(), 7U);
  overrides[0].ttl = 60;
  EXPECT_EQ(in_force(overrides, subject, 2000).ttl(), 30U);
}

}  // namespace
}  // namespace health
