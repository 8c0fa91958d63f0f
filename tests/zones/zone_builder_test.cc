#include "zones/zone_builder.h"

#include <gmock/gmock.h>

#include "tests/zones/zone_text.h"

namespace zones {
namespace {

using dnswire::RrType;
using testing::AllOf;
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

TEST(ZoneBuilder, LowersTheTtlByARecordThatIsThereAlready) {  // RFC 2181 5.2
  ZoneBuilder builder = builder_with_apex("example.org");
  for (const char* line : {"www 60 A 192.0.2.1", "www 60 A 192.0.2.2", "www 30 A 192.0.2.1"}) {
    ASSERT_TRUE(add_line(builder, line)) << line;
  }
  const auto zone = std::move(builder).build();
  ASSERT_TRUE(zone);
  const auto addresses = zone->rrset(*zone->find(name_of("www.example.org")), RrType::A);
  EXPECT_EQ(addresses->ttl(), dnswire::Ttl(30));
  EXPECT_EQ(addresses->size(), 2U);
}

TEST(ZoneBuilder, TakesWhatASignerPutsBesideACname) {  // RFC 4035 2.5
  ZoneBuilder builder = builder_with_apex("example.org");
  for (const std::string& line : std::vector<std::string>{
           "a 60 CNAME ns1", "a 60 RRSIG " + kRrsigData, "a 60 NSEC " + kNsecData,
           "b 60 RRSIG " + kRrsigData, "b 60 NSEC " + kNsecData, "b 60 CNAME ns1"}) {
    EXPECT_TRUE(add_line(builder, line)) << line;
  }
  EXPECT_THAT(refusal(builder, "a 60 TYPE999 \\# 1 00"), HasSubstr("is a CNAME"));
  EXPECT_THAT(refusal(builder, "b 60 CNAME ns2"), HasSubstr("two CNAME records"));
}

TEST(ZoneBuilder, RefusesTheHundredAndFirstRecord) {
  ZoneBuilder builder = builder_with_apex("example.org");
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(add_line(builder, "www 60 A 192.0.2." + std::to_string(i)));
  }
  EXPECT_THAT(refusal(builder, "www 60 A 192.0.2.100"), HasSubstr("more than 100 A records"));
  EXPECT_TRUE(add_line(builder, "www 60 AAAA 2001:db8::1")) << "another type has its own count";
}

TEST(ZoneBuilder, TakesMoreAddressesWhereThatIsAllowed) {
  ZoneBuilder builder(name_of("example.org"), Limits{.addresses = 1000});
  for (int i = 0; i < 1000; ++i) {
    const std::string number = std::to_string(i / 250) + "." + std::to_string(i % 250);
    ASSERT_TRUE(add_line(builder, "www 60 A 10.0." + number)) << i;
  }
  EXPECT_THAT(refusal(builder, "www 60 A 10.1.0.0"),
              AllOf(HasSubstr("more than 1000 A records"), HasSubstr("raise the limit")));
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(add_line(builder, "www 60 TXT " + std::to_string(i)));
  }
  EXPECT_THAT(refusal(builder, "www 60 TXT 100"), HasSubstr("more than 100 TXT records"));
}

TEST(ZoneBuilder, RefusesTheHundredAndFirstTypeAtAName) {
  ZoneBuilder builder = builder_with_apex("example.org");
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(add_line(builder, "www 60 TYPE" + std::to_string(1000 + i) + " \\# 1 00"));
  }
  EXPECT_THAT(refusal(builder, "www 60 TYPE1100 \\# 1 00"),
              HasSubstr("www.example.org. has records of more than 100 types"));
  EXPECT_TRUE(add_line(builder, "www 60 TYPE1000 \\# 1 01")) << "a type that is there already";
  EXPECT_TRUE(add_line(builder, "w 60 TYPE1100 \\# 1 00"));
}

TEST(ZoneBuilder, RefusesAnRrSetThatFitsIntoNoMessage) {
  constexpr std::size_t kLargest = 65535 - 12 - 259 - 100;
  const dnswire::Name www = name_of("www.example.org");
  const auto add = [&](ZoneBuilder& builder, std::size_t size, std::uint8_t octet) {
    const std::vector<std::uint8_t> rdata(size, octet);
    return builder.add(www, RrType{999}, dnswire::Ttl(60), rdata);
  };
  {
    ZoneBuilder builder = builder_with_apex("example.org");
    EXPECT_FALSE(add(builder, kLargest - 12 + 1, 0));
    EXPECT_TRUE(add(builder, kLargest - 12, 0));
  }
  ZoneBuilder builder = builder_with_apex("example.org");
  ASSERT_TRUE(add(builder, 40000, 0));
  const auto outcome = add(builder, kLargest - 40000 - 24 + 1, 1);
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error(),
              HasSubstr("the TYPE999 records of www.example.org. take 65165 octets, more than the "
                        "65164 that fit into a message"));
  EXPECT_TRUE(add(builder, kLargest - 40000 - 24, 1));
}

TEST(ZoneBuilder, RefusesASecondDname) {  // RFC 6672 2.4
  ZoneBuilder builder = builder_with_apex("example.org");
  ASSERT_TRUE(add_line(builder, "d 60 DNAME example.net."));
  ASSERT_TRUE(add_line(builder, "d 60 DNAME example.net.")) << "the same once more";
  EXPECT_THAT(refusal(builder, "d 60 DNAME example.com."),
              HasSubstr("d.example.org. has two DNAME records; keep one"));
}

TEST(ZoneBuilder, RefusesADnameBesideACname) {  // RFC 6672 2.4
  ZoneBuilder builder = builder_with_apex("example.org");
  ASSERT_TRUE(add_line(builder, "c 60 CNAME ns1"));
  EXPECT_THAT(refusal(builder, "c 60 DNAME example.net."), HasSubstr("c.example.org. is a CNAME"));
  ASSERT_TRUE(add_line(builder, "d 60 DNAME example.net."));
  EXPECT_THAT(refusal(builder, "d 60 CNAME ns1"), HasSubstr("cannot be a CNAME"));
}

TEST(ZoneBuilder, RefusesADnameAtAZoneCut) {
  ZoneBuilder builder = builder_with_apex("example.org");
  ASSERT_TRUE(add_line(builder, "d 60 DNAME example.net."));
  EXPECT_THAT(refusal(builder, "d 60 NS ns1"),
              HasSubstr("d.example.org. cannot both be delegated by NS records and redirected"));
  ASSERT_TRUE(add_line(builder, "n 60 NS ns1"));
  EXPECT_THAT(refusal(builder, "n 60 DNAME example.net."), HasSubstr("cannot both"));
  EXPECT_TRUE(add_line(builder, "@ 60 DNAME example.net.")) << "NS at the apex is no cut";
}

TEST(ZoneBuilder, RefusesAtAWildcardWhatCannotBeSynthesized) {  // RFC 4592 4.2, 4.4, 4.6
  ZoneBuilder builder = builder_with_apex("example.org");
  EXPECT_THAT(refusal(builder, "*.w 60 NS ns1"),
              AllOf(HasSubstr("the wildcard *.w.example.org. cannot have NS records"),
                    HasSubstr("RFC 4592 4.2")));
  EXPECT_THAT(refusal(builder, "*.w 60 DS " + kDsData), HasSubstr("RFC 4592 4.6"));
  EXPECT_THAT(refusal(builder, "*.w 60 DNAME example.net."), HasSubstr("RFC 4592 4.4"));
  EXPECT_TRUE(add_line(builder, "a.*.w 60 NS ns1")) << "an asterisk further up is no wildcard";
  EXPECT_TRUE(add_line(builder, "*a 60 NS ns1"));
  ZoneBuilder starry(name_of("*.example.org"));
  EXPECT_TRUE(add_line(starry, "@ 60 NS ns.example.net.")) << "an apex is no wildcard";
}

TEST(ZoneBuilder, RefusesDsAtTheApex) {  // RFC 4035 2.4
  ZoneBuilder builder = builder_with_apex("example.org");
  EXPECT_THAT(refusal(builder, "@ 60 DS " + kDsData), HasSubstr("it belongs into the parent zone"));
}

TEST(ZoneBuilder, RefusesADynamicRecordAtAZoneCut) {
  ZoneBuilder builder = builder_with_apex("example.org");
  ASSERT_TRUE(builder.add_dynamic(name_of("dyn.example.org"), DynamicId{0}));
  EXPECT_THAT(refusal(builder, "dyn 60 NS ns1"),
              HasSubstr("dyn.example.org. is dynamic, so it cannot have NS records"));
  ASSERT_TRUE(add_line(builder, "sub 60 NS ns1"));
  const auto outcome = builder.add_dynamic(name_of("sub.example.org"), DynamicId{1});
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error(), HasSubstr("sub.example.org. is delegated by NS records"));
  EXPECT_TRUE(builder.add_dynamic(name_of("example.org"), DynamicId{2})) << "the apex may be";
  EXPECT_TRUE(add_line(builder, "@ 60 NS ns9.example.net."));
}

TEST(ZoneBuilder, RefusesATtlThatResolversWouldTakeForZero) {  // RFC 2181 8
  ZoneBuilder builder(name_of("example.org"));
  EXPECT_THAT(refusal(builder, "@ 2147483648 SOA a b 1 1 1 1 1"), HasSubstr("RFC 2181 8"));
  EXPECT_THAT(refusal(builder, "@ 1 SOA a b 1 1 1 1 2147483648"),
              AllOf(HasSubstr("MINIMUM"), HasSubstr("RFC 2181 8")));
  EXPECT_TRUE(add_line(builder, "@ 2147483647 SOA a b 1 1 1 1 2147483647"));
}

TEST(ZoneBuilder, KeepsNoTraceOfWhatItRefuses) {
  ZoneBuilder builder = builder_with_apex("example.org");
  ASSERT_FALSE(add_line(builder, "no 60 SOA a b 1 1 1 1 1"));
  ASSERT_FALSE(add_line(builder, "*.w 60 NS ns1"));
  const std::vector<std::uint8_t> huge(65500);
  ASSERT_FALSE(builder.add(name_of("big.example.org"), RrType{999}, dnswire::Ttl(1), huge));
  const auto zone = std::move(builder).build();
  ASSERT_TRUE(zone);
  EXPECT_EQ(zone->node_count(), 2U) << "the apex and ns1";
}

TEST(ZoneBuilder, RefusesWhatNoZoneHolds) {
  ZoneBuilder builder = builder_with_apex("example.org");
  EXPECT_THAT(refusal(builder, "www 60 TYPE252 \\# 0"),
              HasSubstr("not a type that a zone can hold"));
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

TEST(ZoneBuilder, SaysWhatVerifyFinds) {
  auto empty = ZoneBuilder(name_of("example.org")).build();
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error(), ElementsAre("zone example.org. has no SOA record",
                                         HasSubstr("has no NS record at its apex")));
}

}  // namespace
}  // namespace zones
