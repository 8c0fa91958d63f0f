#include "zones/zone_set.h"

#include <algorithm>

#include "tests/dnswire/random.h"
#include "tests/zones/zone_text.h"

namespace zones {
namespace {

std::shared_ptr<const Zone> shared(std::string_view origin) {
  return std::make_shared<const Zone>(zone_of(origin, {}));
}

TEST(ZoneSet, FindsTheLongestMatchByLabel) {
  ZoneSet set;
  ASSERT_TRUE(set.add(shared("example.org")));
  ASSERT_TRUE(set.add(shared("sub.example.org")));
  const auto found = [&](const char* name) {
    const Zone* zone = set.find(name_of(name));
    return zone == nullptr ? std::string("none") : zone->origin().to_text();
  };
  EXPECT_EQ(found("www.example.org"), "example.org.");
  EXPECT_EQ(found("EXAMPLE.org"), "example.org.");
  EXPECT_EQ(found("a.b.c.d.sub.example.org"), "sub.example.org.");
  EXPECT_EQ(found("notsub.example.org"), "example.org.");
  EXPECT_EQ(found("notexample.org"), "none");
  EXPECT_EQ(found("org"), "none");
  EXPECT_EQ(found("."), "none");
}

// String order and text would put these into the wrong zone.
TEST(ZoneSet, ComparesLabelsNotText) {
  ZoneSet set;
  for (const char* origin :
       {"example", "a.example", "b.a.example", "xa.example", "z\\.a.example"}) {
    ASSERT_TRUE(set.add(shared(origin))) << origin;
  }
  const auto found = [&](const char* name) {
    const Zone* zone = set.find(name_of(name));
    return zone == nullptr ? std::string("none") : zone->origin().to_text();
  };
  EXPECT_EQ(found("www.a.example"), "a.example.");
  EXPECT_EQ(found("www.xa.example"), "xa.example.");
  EXPECT_EQ(found("ya.example"), "example.");
  EXPECT_EQ(found("WWW.B.A.EXAMPLE"), "b.a.example.");
  EXPECT_EQ(found("b\\.a.example"), "example.") << "one label with a dot in it";
  EXPECT_EQ(found("x.b\\.a.example"), "example.");
  EXPECT_EQ(found("x.z\\.a.example"), "z\\.a.example.");
  EXPECT_EQ(found("x.z.a.example"), "a.example.");
  EXPECT_EQ(found("a.example.com"), "none");
  EXPECT_EQ(found("aexample"), "none");
  EXPECT_EQ(found("\\001a.example"), "example.") << "an octet that looks like a length";
}

TEST(ZoneSet, LeavesToTheRootWhatNoOtherZoneHas) {
  ZoneSet set;
  ASSERT_TRUE(set.add(shared(".")));
  ASSERT_TRUE(set.add(shared("example")));
  EXPECT_EQ(set.find(name_of("www.example"))->origin().to_text(), "example.");
  EXPECT_EQ(set.find(name_of("www.test"))->origin().to_text(), ".");
  EXPECT_EQ(set.find(name_of("."))->origin().to_text(), ".");
}

TEST(ZoneSet, RefusesASecondZoneOfTheSameOrigin) {
  ZoneSet set;
  ASSERT_TRUE(set.add(shared("example.org")));
  EXPECT_FALSE(set.add(shared("Example.ORG")));
  EXPECT_EQ(set.all().size(), 1U);
}

// Origins inside origins, in any case, beside those that a search through all of them finds.
TEST(ZoneSet, FindsTheLongestOfManyNestedOrigins) {
  dnswire::testing::Random random;
  SCOPED_TRACE(random.seed_text());
  const auto any_name = [&](std::size_t labels) {
    static constexpr const char* kLabels[]{"a.",   "b.",     "A.",           "zone.",
                                           "sub.", "xn--c.", "longer-label."};
    std::string text = ".";
    for (; labels > 0; --labels) text = kLabels[random.between(0, 6)] + (text == "." ? "" : text);
    return name_of(text);
  };
  for (const bool with_root : {false, true}) {
    ZoneSet set;
    if (with_root) {
      ASSERT_TRUE(set.add(shared(".")));
    }
    for (int i = 0; i < 300; ++i) {
      const dnswire::Name origin = any_name(random.between(1, 6));
      const bool is_there = std::ranges::any_of(
          set.all(), [&](const auto& zone) { return zone->origin() == origin.view(); });
      ASSERT_EQ(set.add(shared(origin.to_text())), !is_there) << origin.to_text();
    }
    ASSERT_GT(set.all().size(), 100U);
    for (int i = 0; i < 3000; ++i) {
      const dnswire::Name name = any_name(random.between(0, 9));
      const Zone* longest = nullptr;
      for (const auto& zone : set.all()) {
        if (!name.view().is_within(zone->origin())) continue;
        if (longest == nullptr || zone->origin().size() > longest->origin().size()) {
          longest = zone.get();
        }
      }
      ASSERT_EQ(set.find(name), longest) << name.to_text();
      const std::string front = "x.y.";
      const dnswire::Name lower = name_of(front + (name.view().is_root() ? "" : name.to_text()));
      const dnswire::SearchName below(lower);
      ASSERT_EQ(set.find(below, below.labels() - 2), longest) << name.to_text();
    }
  }
}

TEST(ZoneSet, FindsTheZonesOfSuffixes) {
  ZoneSet set;
  ASSERT_TRUE(set.add(shared("sub.example.org")));
  ASSERT_TRUE(set.add(shared("org")));
  const dnswire::Name name = name_of("www.sub.example.org");
  const dnswire::SearchName search(name);
  const auto found = [&](std::size_t suffix) {
    const Zone* zone = set.find(search, suffix);
    return zone == nullptr ? std::string("none") : zone->origin().to_text();
  };
  EXPECT_EQ(found(4), "sub.example.org.");
  EXPECT_EQ(found(3), "sub.example.org.");
  EXPECT_EQ(found(2), "org.");
  EXPECT_EQ(found(1), "org.");
  EXPECT_EQ(found(0), "none");
}

TEST(ZoneSet, HoldsNothingAtFirst) { EXPECT_EQ(ZoneSet().find(name_of("example.org")), nullptr); }

}  // namespace
}  // namespace zones
