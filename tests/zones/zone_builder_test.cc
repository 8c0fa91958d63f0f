#include "zones/zone_builder.h"

#include <gmock/gmock.h>

#include "tests/zones/zone_text.h"

namespace zones {
namespace {

using dnswire::RrType;
using testing::ElementsAre;
using testing::HasSubstr;

std::string refusal(ZoneBuilder& builder, const std::string& line) {
  const auto outcome = add_line(builder, line);
  return outcome ? "accepted" : outcome.error();
}

TEST(ZoneBuilder, RefusesAnOwnerOutsideTheZone) {
  ZoneBuilder builder = builder_with_apex("example.org");
  EXPECT_THAT(refusal(builder, "www.example.net. 60 A 192.0.2.1"),
              HasSubstr("www.example.net. is outside the zone example.org."));
  EXPECT_THAT(refusal(builder, "notexample.org. 60 A 192.0.2.1"), HasSubstr("outside the zone"));
}

TEST(ZoneBuilder, RefusesACnameBesideOtherData) {  // RFC 2181 10.1
  ZoneBuilder builder = builder_with_apex("example.org");
  ASSERT_TRUE(add_line(builder, "www 60 A 192.0.2.1"));
  EXPECT_THAT(refusal(builder, "www 60 CNAME ns1"), HasSubstr("cannot be a CNAME"));
  ASSERT_TRUE(add_line(builder, "alias 60 CNAME ns1"));
  EXPECT_THAT(refusal(builder, "alias 60 TXT x"), HasSubstr("alias.example.org. is a CNAME"));
  EXPECT_THAT(refusal(builder, "alias 60 CNAME ns2"), HasSubstr("two CNAME records"));
}

TEST(ZoneBuilder, DropsARecordThatIsThereAlready) {  // RFC 2181 5
  ZoneBuilder builder = builder_with_apex("example.org");
  ASSERT_TRUE(add_line(builder, "alias 60 CNAME ns1"));
  ASSERT_TRUE(add_line(builder, "alias 60 CNAME ns1"));
  ASSERT_TRUE(add_line(builder, "www 60 A 192.0.2.1"));
  ASSERT_TRUE(add_line(builder, "www 60 A 192.0.2.1"));
  const auto zone = std::move(builder).build();
  ASSERT_TRUE(zone);
  EXPECT_EQ(zone->rrset(*zone->find(name_of("www.example.org")), RrType::A)->size(), 1U);
}

TEST(ZoneBuilder, GivesAnRrsetItsLowestTtl) {  // RFC 2181 5.2
  for (const auto& [first, second] : {std::pair{"60", "30"}, std::pair{"30", "60"}}) {
    ZoneBuilder builder = builder_with_apex("example.org");
    ASSERT_TRUE(add_line(builder, std::string("www ") + first + " A 192.0.2.1"));
    ASSERT_TRUE(add_line(builder, std::string("www ") + second + " A 192.0.2.2"));
    const auto zone = std::move(builder).build();
    ASSERT_TRUE(zone);
    EXPECT_EQ(zone->rrset(*zone->find(name_of("www.example.org")), RrType::A)->ttl(),
              dnswire::Ttl(30));
  }
}

TEST(ZoneBuilder, RefusesTheHundredAndFirstRecord) {
  ZoneBuilder builder = builder_with_apex("example.org");
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(add_line(builder, "www 60 A 192.0.2." + std::to_string(i)));
  }
  EXPECT_THAT(refusal(builder, "www 60 A 192.0.2.100"), HasSubstr("more than 100 A records"));
  EXPECT_TRUE(add_line(builder, "www 60 AAAA 2001:db8::1")) << "another type has its own count";
}

TEST(ZoneBuilder, RefusesWhatNoZoneHolds) {
  ZoneBuilder builder = builder_with_apex("example.org");
  EXPECT_THAT(refusal(builder, "www 60 TYPE252 \\# 0"),
              HasSubstr("not a type that a zone can hold"));
  EXPECT_THAT(refusal(builder, "www 60 DNAME \\# 1 00"), HasSubstr("write CNAMEs instead"));
  EXPECT_THAT(refusal(builder, "www 4294967295 A 192.0.2.1"), HasSubstr("RFC 2181 8"));
  EXPECT_THAT(refusal(builder, "www 60 SOA a b 1 1 1 1 1"), HasSubstr("below the apex"));
  EXPECT_THAT(refusal(builder, "@ 60 SOA a b 1 1 1 1 1"), HasSubstr("two SOA records"));
}

TEST(ZoneBuilder, RefusesAStaticAddressBesideADynamicRecord) {
  ZoneBuilder builder = builder_with_apex("example.org");
  ASSERT_TRUE(builder.add_dynamic(name_of("www.example.org"), DynamicId{0}));
  EXPECT_THAT(refusal(builder, "www 60 A 192.0.2.1"), HasSubstr("is dynamic"));
  EXPECT_THAT(refusal(builder, "www 60 AAAA 2001:db8::1"), HasSubstr("is dynamic"));
  EXPECT_THAT(refusal(builder, "www 60 CNAME ns1"), HasSubstr("cannot be a CNAME"));
  EXPECT_TRUE(add_line(builder, "www 60 MX 10 mail")) << "other types may stand beside it";
  EXPECT_FALSE(builder.add_dynamic(name_of("www.example.org"), DynamicId{1}));

  ASSERT_TRUE(add_line(builder, "static 60 A 192.0.2.1"));
  EXPECT_FALSE(builder.add_dynamic(name_of("static.example.org"), DynamicId{1}));
  ASSERT_TRUE(add_line(builder, "alias 60 CNAME ns1"));
  EXPECT_FALSE(builder.add_dynamic(name_of("alias.example.org"), DynamicId{1}));
  EXPECT_FALSE(builder.add_dynamic(name_of("www.example.net"), DynamicId{1}));
}

TEST(ZoneBuilder, SaysAllThatIsMissing) {
  auto empty = ZoneBuilder(name_of("example.org")).build();
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error(), ElementsAre("zone example.org. has no SOA record",
                                         HasSubstr("has no NS record at its apex")));

  ZoneBuilder builder = builder_with_apex("example.org");
  ASSERT_TRUE(add_line(builder, "@ 60 NS ns2"));
  ASSERT_TRUE(add_line(builder, "@ 60 NS ns3.example.net."));
  auto lame = std::move(builder).build();
  ASSERT_FALSE(lame);
  EXPECT_THAT(lame.error(),
              ElementsAre("name server ns2.example.org. of zone example.org. has no A "
                          "or AAAA record"));
}

}  // namespace
}  // namespace zones
