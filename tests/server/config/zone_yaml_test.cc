#include "dnswire/rdata.h"
#include "tests/server/config/files.h"

namespace config {
namespace {

using dnswire::RrType;
using testing::ElementsAre;
using testing::HasSubstr;

class ZoneYaml : public Files {
 protected:
  std::shared_ptr<const zones::Zone> zone_of(const std::string& text) {
    EXPECT_THAT(problems_of(text), ElementsAre("loaded"));
    loaded_ = load();
    return loaded_ ? loaded_->zones->all().at(0) : nullptr;
  }
  static std::vector<std::string> records(const zones::Zone& zone, const char* name, RrType type) {
    const auto node = zone.find(*dnswire::Name::from_text(name));
    if (!node) return {"no such name"};
    const auto rrset = zone.rrset(*node, type);
    if (!rrset) return {"no such type"};
    std::vector<std::string> texts;
    for (const dnswire::Bytes rdata : *rrset) {
      texts.push_back(std::to_string(rrset->ttl().count()) + " " + rdata_to_text(type, rdata));
    }
    return texts;
  }
  tl::expected<Configuration, zones::Problems> loaded_ = tl::unexpected(zones::Problems());
};

TEST_F(ZoneYaml, ReadsRecords) {
  const auto zone =
      zone_of("zone: example.org\nttl: 1h\nrecords:\n" + kApex +
              "  mail: {A: [192.0.2.25, 192.0.2.26], AAAA: \"2001:db8::25\", ttl: 5m}\n"
              "  x: {MX: [10 mail, 20 mail.example.net.], TXT: [\"v=spf1 -all\", '\"a b\" c']}\n"
              "  _sip._tcp: {SRV: 0 5 5060 sip}\n"
              "  alias: {CNAME: \"@\"}\n"
              "  odd: {TYPE65280: \"\\\\# 2 abcd\"}\n");
  ASSERT_TRUE(zone);
  EXPECT_THAT(records(*zone, "mail.example.org", RrType::A),
              ElementsAre("300 192.0.2.25", "300 192.0.2.26"));
  EXPECT_THAT(records(*zone, "x.example.org", RrType::MX),
              ElementsAre("3600 10 mail.example.org.", "3600 20 mail.example.net."));
  EXPECT_THAT(records(*zone, "x.example.org", RrType::TXT),
              ElementsAre("3600 \"v=spf1 -all\"", "3600 \"a b\" \"c\""));
  EXPECT_THAT(records(*zone, "_sip._tcp.example.org", RrType::SRV),
              ElementsAre("3600 0 5 5060 sip.example.org."));
  EXPECT_THAT(records(*zone, "alias.example.org", RrType::CNAME), ElementsAre("3600 example.org."));
  EXPECT_THAT(records(*zone, "odd.example.org", static_cast<RrType>(65280)),
              ElementsAre(HasSubstr("\\# 2 ABCD")));
}

TEST_F(ZoneYaml, MakesASoaOfWhatIsUsual) {
  const auto zone = zone_of("zone: example.org\nrecords:\n" + kApex);
  ASSERT_TRUE(zone);
  EXPECT_THAT(records(*zone, "example.org", RrType::SOA),
              ElementsAre(testing::MatchesRegex("3600 ns1.example.org. hostmaster.example.org. "
                                                "[0-9]+ 3600 900 1209600 30")));
}

TEST_F(ZoneYaml, TakesTheSoaAsWritten) {
  const auto zone = zone_of(
      "zone: example.org\nsoa: {mname: a, rname: b.example.net., serial: 7, refresh: 1m, retry: 2m,"
      " expire: 3m, minimum: 4s}\nrecords:\n" +
      kApex);
  ASSERT_TRUE(zone);
  EXPECT_THAT(records(*zone, "example.org", RrType::SOA),
              ElementsAre("3600 a.example.org. b.example.net. 7 60 120 180 4"));
}

TEST_F(ZoneYaml, TheAutomaticSerialIsTheTimeOfTheFile) {
  write("zones/a.yaml", "zone: example.org\nrecords:\n" + kApex);
  using namespace std::chrono;
  const auto when = file_clock::from_sys(sys_seconds(seconds(1'700'000'000)));
  std::filesystem::last_write_time(folder_ / "zones/a.yaml", when);
  EXPECT_EQ(load()->zones->all().at(0)->serial(), 1'700'000'000U);
}

TEST_F(ZoneYaml, CutsALongTxtIntoStrings) {
  const std::string text(600, 'x');
  const auto zone = zone_of("zone: example.org\nrecords:\n" + kApex + "  t: {TXT: " + text + "}\n");
  ASSERT_TRUE(zone);
  const auto rrset =
      zone->rrset(*zone->find(*dnswire::Name::from_text("t.example.org")), RrType::TXT);
  EXPECT_EQ((*rrset->begin()).size(), 603U);
}

TEST_F(ZoneYaml, SaysWhatIsWrong) {
  const std::string head = "zone: example.org\nrecords:\n" + kApex;
  EXPECT_THAT(problems_of("records:\n" + kApex),
              ElementsAre("zones/a.yaml:1:1: the zone file lacks `zone`"));
  EXPECT_THAT(
      problems_of("zone: a..b\nrecords:\n" + kApex),
      ElementsAre(HasSubstr("zones/a.yaml:1:7: `zone` is `a..b`, which is no domain name")));
  EXPECT_THAT(problems_of(head + "  www: {a: 192.0.2.1}\n"),
              ElementsAre(HasSubstr("unknown record type `a`, types are written in capitals")));
  EXPECT_THAT(problems_of(head + "  www: {AAA: x}\n"),
              ElementsAre(HasSubstr("unknown record type `AAA`, did you mean")));
  EXPECT_THAT(problems_of(head + "  www: {MX: mail}\n"),
              ElementsAre(HasSubstr("zones/a.yaml:5:13: `mail` is no MX data")));
  EXPECT_THAT(problems_of(head + "  www: {A: 192.0.2.1, CNAME: ns1}\n"),
              ElementsAre(HasSubstr("zones/a.yaml:5:30: www.example.org. has other records")));
  EXPECT_THAT(problems_of(head + "  www.example.net.: {A: 192.0.2.1}\n"),
              ElementsAre(HasSubstr("outside the zone")));
  EXPECT_THAT(problems_of(head + "  NS1: {A: 192.0.2.1}\n"),
              ElementsAre(HasSubstr("`NS1` is the same name as `ns1`")));
  EXPECT_THAT(problems_of(head + "  bücher: {A: 192.0.2.1}\n"),
              ElementsAre(HasSubstr("write international names in their `xn--` form")));
  EXPECT_THAT(problems_of(head + "  www: {NOSUCHTYPE: x}\n"),
              ElementsAre(HasSubstr("any type may be written by its number")));
  EXPECT_THAT(problems_of(head + "  www: {ttl: 5m}\n"),
              ElementsAre(HasSubstr("`www` has no records")));
  EXPECT_THAT(problems_of(head + "  www: {}\n"), ElementsAre(HasSubstr("`www` has no records")));
  EXPECT_THAT(problems_of(head + "  www: {HTTP: x}\n"),
              ElementsAre(HasSubstr("did you mean `HTTPS`?")));
  EXPECT_THAT(problems_of(head + "  www: {HTTPS: x}\n"),
              ElementsAre(HasSubstr("write PRIORITY TARGET")));
  EXPECT_THAT(problems_of(head + "  w..w: {A: 192.0.2.1}\n"),
              ElementsAre(HasSubstr("`w..w` is no domain name")));
  EXPECT_THAT(problems_of(head + "  www: {SOA: x}\n"),
              ElementsAre(HasSubstr("written as `soa:` at the top")));
  EXPECT_THAT(problems_of(head + "  www: {A: 192.0.2.1, dynamic: p}\n"),
              ElementsAre(HasSubstr("there is no pool `p`"), HasSubstr("has a static A record")));
  EXPECT_THAT(problems_of(head + "  www: {TXT: \"\"}\n"),
              ElementsAre(HasSubstr("the TXT record is empty")));
  EXPECT_THAT(problems_of(head + "soa: {rname: me@example.org}\n"),
              ElementsAre(HasSubstr("`rname` is a domain name: a dot in place of the @")));
  EXPECT_THAT(problems_of("zone: example.org\nttl: 60\nrecords:\n" + kApex),
              ElementsAre(HasSubstr("zones/a.yaml:2:6: `ttl` of the zone file: `60` has no unit")));
  EXPECT_THAT(problems_of("zone: example.org\nrecords:\n  www: {A: 192.0.2.1}\n"),
              ElementsAre(HasSubstr("has no NS record at its apex")));
}

}  // namespace
}  // namespace config
