#include "tests/server/config/check_files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CheckDnsYaml : public CheckFiles {};

TEST_F(CheckDnsYaml, ReadsEveryKey) {
  const auto dns =
      spec_of("{type: dns, name: Example.org, query: MX, answer: [10 mail.example.org, 20 b.]}")
          .dns;
  EXPECT_EQ(dns.name, "Example.org.");
  EXPECT_EQ(dns.type, "MX");
  EXPECT_EQ(dns.rcode, 0);
  EXPECT_THAT(dns.answers, ElementsAre("10 mail.example.org.", "20 b."));
}

TEST_F(CheckDnsYaml, AsksForAnAddressUnlessToldOtherwise) {
  const auto dns = spec_of("{type: dns, name: nosuch.example, rcode: NXDOMAIN}").dns;
  EXPECT_EQ(dns.type, "A");
  EXPECT_EQ(dns.rcode, 3);
  EXPECT_THAT(dns.answers, IsEmpty());
  EXPECT_THAT(spec_of("{type: dns, name: a., answer: 192.0.2.1}").dns.answers,
              ElementsAre("192.0.2.1"));
}

TEST_F(CheckDnsYaml, SaysWhatIsWrong) {
  EXPECT_THAT(complaints("{type: dns}"), ElementsAre("check `web` lacks `name`"));
  EXPECT_THAT(complaints("{type: dns, name: a..b}"),
              ElementsAre(HasSubstr("`name` of check `web` is `a..b`, which is no domain name: ")));
  for (const char* query : {"a", "ANY", "AXFR", "OPT", "NOSUCH"}) {
    EXPECT_THAT(complaints(std::string("{type: dns, name: a., query: ") + query + "}"),
                ElementsAre(HasSubstr("which is no type of records, such as `A`")))
        << query;
  }
  EXPECT_THAT(complaints("{type: dns, name: a., rcode: OK}"),
              ElementsAre(HasSubstr("`rcode` of check `web` is `OK`, which is none of `NOERROR`")));
  EXPECT_THAT(complaints("{type: dns, name: a., query: AAAA, answer: 192.0.2.1}"),
              ElementsAre(HasSubstr("`answer` of check `web` is `192.0.2.1`, which is no AAAA "
                                    "data")));
  EXPECT_THAT(complaints("{type: dns, name: a., rcode: REFUSED, answer: 192.0.2.1}"),
              ElementsAre("check `web`: an `answer` comes with `rcode: NOERROR` only"));
}

}  // namespace
}  // namespace config
