#include "server/answer/compose.h"

#include <gtest/gtest.h>

#include "tests/conformance/served.h"

namespace answer {
namespace {

using dnswire::Rcode;
using dnswire::RrType;
using dnswire::Section;

const char* const kZone = R"(zone: example.org
ttl: 1h
soa: {mname: ns1, rname: hostmaster, serial: 1, minimum: 30s}
checks: {up: {type: tcp, port: 80}}
endpoints:
  tokyo:     {A: 192.0.2.1, at: JP, check: up}
  frankfurt: {A: 192.0.2.2, AAAA: "2001:db8::2", at: DE, check: up}
pools:
  near:  {members: [tokyo, frankfurt], pick: nearest, max: 1}
  only:  {members: [tokyo]}
records:
  "@":   {NS: [ns1]}
  ns1:   {A: 192.0.2.53, AAAA: "2001:db8::53"}
  www:   {dynamic: near}
  four:  {dynamic: only}
  alias: {CNAME: www}
  sub:   {NS: [ns1, ns.sub, ns.example.net.]}
  ns.sub: {A: 192.0.2.54}
)";

struct Compose : testing::Test {
  conformance::Served served{{{"example.org.yaml", kZone}},
                             {{"133.0.0.0/8", "JP"}, {"77.0.0.0/8", "DE"}}};
  steering::Workspace workspace{1};
  Response response;
  conformance::Octets request;

  void compose(const std::string& name, const std::string& type = "A",
               const std::string& klass = "IN") {
    conformance::Ask ask{name, type, klass};
    ask.subnet = "133.11.0.0/16";
    request = to_bytes(ask);
    const dnswire::Query query = dnswire::parse_query(request).value();
    const Vantage vantage(dnswire::IpAddress::from_text("198.51.100.53").value(), query);
    response.reset();
    answer::compose(query.question, vantage, served.snapshot(), workspace, response);
  }
  [[nodiscard]] std::vector<std::pair<Section, RrType>> sections() const {
    std::vector<std::pair<Section, RrType>> all;
    for (const Item& item : response.items()) all.emplace_back(item.section, item.type);
    return all;
  }
  using Sections = std::vector<std::pair<Section, RrType>>;
};

TEST_F(Compose, AnswersFromStaticData) {
  compose("ns1.example.org.", "AAAA");
  EXPECT_EQ(sections(), (Sections{{Section::Answer, RrType::AAAA}}));
  EXPECT_TRUE(response.authoritative);
  EXPECT_FALSE(response.dynamic);
  EXPECT_EQ(response.scope, 0);
}

TEST_F(Compose, TailorsWhatIsDynamic) {
  compose("www.example.org.");
  ASSERT_EQ(response.items().size(), 1U);
  const Item& item = response.items()[0];
  ASSERT_EQ(item.addresses.size(), 1U);
  EXPECT_EQ(item.addresses[0], dnswire::IpAddress::from_text("192.0.2.1").value());
  EXPECT_EQ(item.ttl, dnswire::Ttl{5}) << "nobody has a verdict: ttl_min";
  EXPECT_TRUE(response.dynamic);
  EXPECT_FALSE(response.last_resort);
  EXPECT_EQ(response.scope, 3);
}

TEST_F(Compose, SaysWhenTheLastResortSpoke) {
  health::Standing down;
  down.state = health::State::Down;
  down.steady = std::chrono::seconds(10);
  const std::size_t subjects = served.configuration().roster->subjects.size();
  served.publish(health::Board(std::vector<health::Standing>(subjects, down)));
  compose("www.example.org.");
  EXPECT_TRUE(response.last_resort);
  ASSERT_EQ(response.items().size(), 1U);
  EXPECT_EQ(response.items()[0].addresses.size(), 1U);
}

TEST_F(Compose, DeniesAFamilyThatThePoolLacks) {
  compose("four.example.org.", "AAAA");
  EXPECT_EQ(sections(), (Sections{{Section::Authority, RrType::SOA}}));
  EXPECT_EQ(response.rcode, Rcode::NoError);
  EXPECT_EQ(response.items()[0].ttl, dnswire::Ttl{30});
  EXPECT_EQ(response.scope, 0);
}

TEST_F(Compose, FollowsAnAliasIntoADynamicName) {
  compose("alias.example.org.");
  EXPECT_EQ(sections(), (Sections{{Section::Answer, RrType::CNAME}, {Section::Answer, RrType::A}}));
  EXPECT_EQ(response.items()[1].owner.to_text(), "www.example.org.");
  EXPECT_EQ(response.scope, 3);
}

TEST_F(Compose, RefersWithTheGlueThatOnlyWeHave) {
  compose("x.sub.example.org.");
  EXPECT_EQ(sections(), (Sections{{Section::Authority, RrType::NS},
                                  {Section::Additional, RrType::A},
                                  {Section::Additional, RrType::AAAA},
                                  {Section::Additional, RrType::A}}));
  EXPECT_FALSE(response.authoritative);
}

TEST_F(Compose, DeniesNamesThatDoNotExist) {
  compose("nothing.example.org.");
  EXPECT_EQ(sections(), (Sections{{Section::Authority, RrType::SOA}}));
  EXPECT_EQ(response.rcode, Rcode::NxDomain);
  EXPECT_TRUE(response.authoritative);
}

TEST_F(Compose, RefusesWhatIsNotOursToAnswer) {
  for (const auto& [name, type, klass] :
       std::initializer_list<std::tuple<const char*, const char*, const char*>>{
           {"example.net.", "A", "IN"},
           {"org.", "A", "IN"},
           {"example.org.", "A", "CH"},
           {"example.org.", "AXFR", "IN"}}) {
    compose(name, type, klass);
    EXPECT_EQ(response.rcode, Rcode::Refused) << name << type << klass;
    EXPECT_TRUE(response.items().empty());
    EXPECT_FALSE(response.authoritative);
  }
}

TEST_F(Compose, RefusesTypesThatAreNoQuestions) {
  compose("example.org.", "TSIG");
  EXPECT_EQ(response.rcode, Rcode::FormErr);
  compose("example.org.", "TYPE130");
  EXPECT_EQ(response.rcode, Rcode::NotImp);
}

TEST(Response, KeepsRdataThatStandsInNoZone) {
  Response response;
  const std::vector<std::uint8_t> front(200, 1);
  const std::vector<std::uint8_t> back(55, 2);
  std::vector<zones::RrSet> kept;
  for (std::size_t i = 0; i < kMaxKept; ++i) {
    kept.push_back(response.keep(RrType::TXT, dnswire::Ttl{static_cast<unsigned>(i)}, front, back));
  }
  for (std::size_t i = 0; i < kept.size(); ++i) {
    EXPECT_EQ(kept[i].size(), 1U);
    EXPECT_EQ(kept[i].ttl().count(), i);
    const dnswire::Bytes rdata = *kept[i].begin();
    ASSERT_EQ(rdata.size(), 255U);
    EXPECT_TRUE(std::equal(front.begin(), front.end(), rdata.begin()));
    EXPECT_TRUE(std::equal(back.rbegin(), back.rend(), rdata.rbegin()));
  }
}

TEST(Response, KeepsWhatFitsAndForgetsOnReset) {
  Response response;
  for (int i = 0; i < 100; ++i) response.add({});
  EXPECT_EQ(response.items().size(), 2 * kMaxAliases + 2 + 26);
  response.rcode = Rcode::NxDomain;
  response.scope = 8;
  response.authoritative = response.dynamic = response.last_resort = true;
  response.reset();
  EXPECT_TRUE(response.items().empty());
  EXPECT_EQ(response.rcode, Rcode::NoError);
  EXPECT_EQ(response.scope, 0);
  EXPECT_FALSE(response.authoritative || response.dynamic || response.last_resort);
}

TEST(Response, DropsItsRecordsAlone) {
  Response response;
  response.add({});
  response.authoritative = true;
  response.drop_records();
  EXPECT_TRUE(response.items().empty());
  EXPECT_TRUE(response.authoritative);
}

}  // namespace
}  // namespace answer
