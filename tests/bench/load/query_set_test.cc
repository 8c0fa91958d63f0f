#include "bench/load/query_set.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "dnswire/query.h"

namespace load {
namespace {

std::vector<Question> questions(const std::string& text) {
  std::istringstream lines(text);
  return read_query_file(lines).value();
}

// The server's own parser is the oracle.
dnswire::Query parsed(const QuerySet& queries, std::size_t index) {
  const auto query = dnswire::parse_query(queries.query(index));
  EXPECT_TRUE(query.has_value());
  return query.value();
}

TEST(QuerySet, HoldsQueriesThatTheServerReads) {
  const QuerySet queries(questions("www.example.test A\nexample.test MX\n"), {});
  ASSERT_EQ(queries.size(), 2);
  EXPECT_EQ(parsed(queries, 0).question.name.to_text(), "www.example.test.");
  EXPECT_EQ(parsed(queries, 0).question.type, dnswire::RrType::A);
  EXPECT_FALSE(parsed(queries, 0).edns);
  EXPECT_EQ(parsed(queries, 1).question.name.to_text(), "example.test.");
  EXPECT_EQ(parsed(queries, 1).question.type, dnswire::RrType::MX);
  EXPECT_EQ(queries.query(0).size(), 12 + 18 + 4);
}

TEST(QuerySet, KnowsTheQuestionSection) {
  const QuerySet queries(questions("a.test TXT\n"), {.edns = true});
  const std::vector<std::uint8_t> expected{1, 'a', 4, 't', 'e', 's', 't', 0, 0, 16, 0, 1};
  const dnswire::Bytes question = queries.question(0);
  EXPECT_EQ(std::vector<std::uint8_t>(question.begin(), question.end()), expected);
}

TEST(QuerySet, PutsEdnsInWhenItIsWanted) {
  const QuerySet queries(questions("a.test A\n"), {.edns = true, .udp_size = 4096});
  ASSERT_TRUE(parsed(queries, 0).edns);
  EXPECT_EQ(parsed(queries, 0).edns->udp_size, 4096);
  EXPECT_FALSE(parsed(queries, 0).edns->dnssec_ok);
  EXPECT_FALSE(parsed(queries, 0).edns->client_subnet);
}

TEST(QuerySet, SetsDnssecOk) {
  const QuerySet queries(questions("a.test A\n"), {.dnssec_ok = true});
  ASSERT_TRUE(parsed(queries, 0).edns);
  EXPECT_TRUE(parsed(queries, 0).edns->dnssec_ok);
}

TEST(QuerySet, SendsTheSubnetOfTheFile) {
  const QuerySet queries(questions("a.test A 203.0.112.0/20\nb.test A 2001:db8:ff00::/41\n"), {});
  const auto first = parsed(queries, 0).edns->client_subnet;
  EXPECT_EQ(first->address.to_text(), "203.0.112.0");
  EXPECT_EQ(first->source_prefix, 20);
  const auto second = parsed(queries, 1).edns->client_subnet;
  EXPECT_EQ(second->address.to_text(), "2001:db8:ff00::");
  EXPECT_EQ(second->source_prefix, 41);
}

TEST(QuerySet, MakesUpManySubnetsOfBothFamilies) {
  const QuerySet queries(questions("a.test A\na.test AAAA\n"), {.subnets = Subnets::Both});
  ASSERT_EQ(queries.size(), kQueriesWithSubnets);
  std::set<std::string> seen;
  std::size_t ipv6 = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    const auto subnet = parsed(queries, i).edns->client_subnet;
    ASSERT_TRUE(subnet);
    const bool is_ipv6 = subnet->address.family() == dnswire::Family::V6;
    EXPECT_EQ(subnet->source_prefix, is_ipv6 ? 56 : 24);
    ipv6 += is_ipv6 ? 1 : 0;
    seen.insert(subnet->address.to_text());
  }
  EXPECT_GT(seen.size(), 990);
  EXPECT_GT(ipv6, 400);
  EXPECT_LT(ipv6, 600);
}

TEST(QuerySet, KeepsToOneFamilyAndToTheSubnetOfTheFile) {
  const QuerySet queries(questions("a.test A\nb.test A 192.0.2.0/24\n"), {.subnets = Subnets::V6});
  EXPECT_EQ(parsed(queries, 0).edns->client_subnet->address.family(), dnswire::Family::V6);
  EXPECT_EQ(parsed(queries, 1).edns->client_subnet->address.to_text(), "192.0.2.0");
}

TEST(QuerySet, IsTheSameForTheSameSeed) {
  const auto asked = questions("a.test A\n");
  const auto first_subnet = [&asked](std::uint64_t seed) {
    const QuerySet queries(asked, {.subnets = Subnets::V4, .seed = seed});
    return parsed(queries, 0).edns->client_subnet->address;
  };
  EXPECT_EQ(first_subnet(1), first_subnet(1));
  EXPECT_NE(first_subnet(1), first_subnet(2));
}

}  // namespace
}  // namespace load
