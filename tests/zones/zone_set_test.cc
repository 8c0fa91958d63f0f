#include "zones/zone_set.h"

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

TEST(ZoneSet, HoldsNothingAtFirst) { EXPECT_EQ(ZoneSet().find(name_of("example.org")), nullptr); }

}  // namespace
}  // namespace zones
