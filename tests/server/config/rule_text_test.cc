#include "tests/server/config/dynamic_files.h"

namespace config {
namespace {

class RuleText : public DynamicFiles {
 protected:
  std::string text_of(const std::string& condition) { return rule_of(condition).text; }
};

TEST_F(RuleText, IsTheConditionAsWritten) {
  EXPECT_EQ(text_of("{continent: [AS, OC]}"), "continent AS, OC");
  EXPECT_EQ(text_of("{asn: AS7018}"), "asn 7018");
  EXPECT_EQ(text_of("{near: [{point: JP, km: 500}, {point: [1.5, 2], km: 0.5}]}"),
            "near JP (500 km), 1.5, 2 (0.5 km)");
  EXPECT_EQ(text_of("{net: [192.0.2.0/24, 10.0.0.1]}"), "net 192.0.2.0/24, 10.0.0.1/32");
}

TEST_F(RuleText, JoinsKindsInOneOrder) {
  EXPECT_EQ(text_of("{asn: 7018, country: US}"), "country US and asn 7018");
  EXPECT_EQ(text_of("{net: 10.0.0.0/8, subdivision: US-VA, continent: NA}"),
            "continent NA and subdivision US-VA and net 10.0.0.0/8");
}

TEST_F(RuleText, OfALongListIsTheBeginning) {
  EXPECT_EQ(text_of("{country: [DE, FR, NL, BE, LU, AT]}"), "country DE, FR, NL, BE, LU, AT");
  EXPECT_EQ(text_of("{country: [DE, FR, NL, BE, LU, AT, CH]}"),
            "country DE, FR, NL, ... (7 countries)");
  EXPECT_EQ(text_of("{asn: [1, 2, 3, 4, 5, 6, 7], country: US}"),
            "country US and asn 1, 2, 3, ... (7 AS numbers)");
  EXPECT_EQ(
      text_of("{net: [10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4, 10.0.0.5, 10.0.0.6, 10.0.0.7]}"),
      "net 10.0.0.1/32, 10.0.0.2/32, 10.0.0.3/32, ... (7 networks)");
}

TEST_F(RuleText, NamesFilesOfNetworks) {
  write("zones/office.txt", "192.0.2.0/24\n198.51.100.0/24\n");
  write("zones/one.txt", "203.0.113.0/24\n");
  write("zones/none.txt", "# nobody yet\n");
  EXPECT_EQ(text_of("{net: {file: office.txt}}"),
            "net 192.0.2.0/24, ... (2 networks of office.txt)");
  EXPECT_EQ(text_of("{net: {file: one.txt}}"), "net 203.0.113.0/24 (1 network of one.txt)");
  EXPECT_EQ(text_of("{net: {file: none.txt}}"), "net (no network of none.txt)");
  EXPECT_EQ(text_of("{net: [10.0.0.0/8, {file: office.txt}]}"),
            "net 10.0.0.0/8, ... (3 networks with those of office.txt)");
  EXPECT_EQ(text_of("{net: [{file: office.txt}, {file: one.txt}, {file: none.txt}]}"),
            "net 192.0.2.0/24, ... (3 networks of office.txt and 2 other files)");
}

}  // namespace
}  // namespace config
