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

TEST(ZoneSet, RefusesASecondZoneOfTheSameOrigin) {
  ZoneSet set;
  ASSERT_TRUE(set.add(shared("example.org")));
  EXPECT_FALSE(set.add(shared("Example.ORG")));
  EXPECT_EQ(set.all().size(), 1U);
}

TEST(ZoneSet, HoldsNothingAtFirst) { EXPECT_EQ(ZoneSet().find(name_of("example.org")), nullptr); }

}  // namespace
}  // namespace zones
