#include "tests/server/config/dynamic_files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class NetworkList : public DynamicFiles {
 protected:
  std::vector<std::string> networks_of(const std::string& net) {
    std::vector<std::string> texts;
    const auto rule = rule_of("{net: " + net + "}");
    for (const auto& one : *rule.nets) texts.push_back(one.to_text());
    return texts;
  }
  std::vector<std::string> complaints_about_net(const std::string& net) {
    return complaints_about("{net: " + net + "}");
  }
};

TEST_F(NetworkList, ReadsNetworksAndFilesOfThem) {
  write("zones/office.txt",
        "# the office\n\n192.0.2.0/24   # Berlin\r\n\t198.51.100.7\n2001:db8::/32#Tokyo\n");
  std::filesystem::create_directory(folder_ / "zones/nets");
  write("zones/nets/lab.txt", "203.0.113.0/24");
  EXPECT_THAT(networks_of("192.0.2.0/24"), ElementsAre("192.0.2.0/24"));
  EXPECT_THAT(networks_of("{file: office.txt}"),
              ElementsAre("192.0.2.0/24", "198.51.100.7/32", "2001:db8::/32"));
  EXPECT_THAT(networks_of("[10.0.0.0/8, {file: nets/lab.txt}, {file: office.txt}]"),
              ElementsAre("10.0.0.0/8", "203.0.113.0/24", "192.0.2.0/24", "198.51.100.7/32",
                          "2001:db8::/32"));
}

TEST_F(NetworkList, AFileMayHoldNone) {
  write("zones/none.txt", "# nobody yet\n");
  EXPECT_THAT(networks_of("{file: none.txt}"), IsEmpty());
  EXPECT_THAT(warnings_of(with_rules({"{net: {file: none.txt}}"})),
              ElementsAre("`none.txt` holds no network"));
}

TEST_F(NetworkList, SaysWhichFileCannotBeRead) {
  EXPECT_THAT(without_folder(complaints_about_net("{file: offce.txt}").at(0)),
              "`file` of `net` names `zones/offce.txt`, which is not there");
  EXPECT_THAT(without_folder(complaints_about_net("{file: ../zones}").at(0)),
              "`file` of `net` names `zones`, which is no regular file");
  EXPECT_THAT(complaints_about_net("{path: office.txt}"),
              ElementsAre("unknown key `path` in `net`, it knows `file`", "`net` lacks `file`"));
}

TEST_F(NetworkList, SaysWhatIsNoNetwork) {
  EXPECT_THAT(complaints_about_net("192.0.2.7/24"),
              ElementsAre("`net` is `192.0.2.7/24`, which has bits set behind its length: write "
                          "`192.0.2.0/24` for the network, or `192.0.2.7` for one host"));
  EXPECT_THAT(complaints_about_net("\"2001:db8::1/32\""),
              ElementsAre(HasSubstr("write `2001:db8::/32` for the network, or `2001:db8::1`")));
  EXPECT_THAT(complaints_about_net("192.0.2.0/33"),
              ElementsAre(HasSubstr("`net` is `192.0.2.0/33`, which is not a network such as "
                                    "`192.0.2.0/24`")));
  EXPECT_THAT(complaints_about_net("office"), ElementsAre(HasSubstr("which is not a network")));
}

TEST_F(NetworkList, SaysEveryMistakeOfAFileWithItsLine) {
  write("zones/office.txt", "192.0.2.0/24\n192.0.2.300\n\n# ok\n10.1.2.3/8 # lab\n");
  EXPECT_THAT(
      complaints_about_net("{file: office.txt}"),
      ElementsAre("zones/office.txt:2: this is `192.0.2.300`, which is not a network such as "
                  "`192.0.2.0/24` (an IP address is malformed or of the wrong family)",
                  "zones/office.txt:5: this is `10.1.2.3/8`, which has bits set behind its length: "
                  "write `10.0.0.0/8` for the network, or `10.1.2.3` for one host"));
}

TEST_F(NetworkList, StopsTellingAfterTwentyMistakes) {
  std::string lines;
  for (int i = 0; i < 33; ++i) lines += "nonsense\n";
  write("zones/office.txt", lines);
  const auto texts = complaints_about_net("{file: office.txt}");
  ASSERT_THAT(texts, SizeIs(21));
  EXPECT_EQ(texts.back(), "zones/office.txt: and 13 more mistakes of that kind");
}

TEST_F(NetworkList, ANetworkStandsOnce) {
  write("zones/office.txt", "192.0.2.0/24\n198.51.100.0/24\n192.0.2.0/24\n");
  EXPECT_THAT(complaints_about_net("[192.0.2.0/24, 10.0.0.0/8, 192.0.2.0/24]"),
              ElementsAre("net 192.0.2.0/24 stands twice in this rule: also in line 10; remove one "
                          "of the two"));
  EXPECT_THAT(complaints_about_net("{file: office.txt}"),
              ElementsAre("zones/office.txt:3: net 192.0.2.0/24 stands twice in this rule: also in "
                          "line 1; remove one of the two"));
  const auto both = complaints_about_net("[198.51.100.0/24, {file: office.txt}]");
  EXPECT_THAT(both, testing::Contains(HasSubstr(
                        "zones/office.txt:2: net 198.51.100.0/24 stands twice in this rule: also "
                        "in ")));
}

TEST_F(NetworkList, ANetworkInsideAnotherIsOfNoUse) {
  EXPECT_THAT(complaints_about_net("[192.0.2.128/25, 192.0.2.0/24]"),
              ElementsAre("net 192.0.2.128/25 is inside 192.0.2.0/24 of the same rule; remove it"));
}

TEST_F(NetworkList, LongerThanClientSubnetsAreWarnedOf) {
  EXPECT_THAT(warnings_of(with_rules({"{net: 192.0.2.128/25}"})),
              ElementsAre(HasSubstr("`net` 192.0.2.128/25 is longer than a client subnet is looked "
                                    "at (/24, IPv6 /56)")));
  EXPECT_THAT(warnings_of(with_rules({"{net: [192.0.2.0/24, \"2001:db8::/56\"]}"})),
              testing::IsEmpty());
}

TEST_F(NetworkList, InAFileThatIsWarnedOf) {
  write("zones/office.txt", "192.0.0.0/16\n192.0.0.0/17\n192.0.128.0/17\n10.0.0.0/8\n");
  EXPECT_THAT(networks_of("{file: office.txt}"), SizeIs(4));
  EXPECT_THAT(warnings_of(with_rules({"{net: {file: office.txt}}"})),
              ElementsAre("2 networks are inside others of the same rule, such as net 192.0.0.0/17 "
                          "in 192.0.0.0/16"));
}

// Clients there are looked at as the IPv4 address that theirs holds.
TEST_F(NetworkList, RefusesNetworksThatHoldIpv4Addresses) {
  for (const std::string net :
       {"::ffff:192.0.2.0/120", "2002::/16", "2002:c000:200::/40", "64:ff9b::/96", "2001::/32"}) {
    EXPECT_THAT(complaints_about_net("\"" + net + "\""),
                ElementsAre("`net` is `" + net +
                            "`, where addresses stand for IPv4 addresses, and are looked at as "
                            "these: write the IPv4 network"));
  }
  for (const std::string net : {"::/0", "2000::/3", "2001::/16", "2002::/15"}) {
    EXPECT_THAT(complaints_about_net("\"" + net + "\""), ElementsAre("loaded"));
  }
}

}  // namespace
}  // namespace config
