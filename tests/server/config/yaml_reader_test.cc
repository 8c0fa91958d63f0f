#include "server/config/yaml_reader.h"

#include <gmock/gmock.h>

namespace config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class YamlReader : public testing::Test {
 protected:
  YAML::Node parse(const std::string& text) {
    const auto node = file_.parse(text);
    EXPECT_TRUE(node);
    return node ? *node : YAML::Node();
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> result;
    for (const auto& problem : problems_) result.push_back(problem.to_text());
    return result;
  }
  zones::Problems problems_;
  YamlFile file_{"f.yaml", problems_};
};

TEST_F(YamlReader, TakesNorwayForACountry) {
  EXPECT_EQ(file_.text(parse("NO"), "x"), "NO");
  EXPECT_THAT(texts(), IsEmpty());
}

TEST_F(YamlReader, ReportsAKeyThatStandsTwice) {
  std::ignore = entries(file_, parse("a: 1\nb: 2\na: 3\n"), "the file");
  EXPECT_THAT(texts(), ElementsAre("f.yaml:3:1: `a` stands twice in the file"));
}

TEST_F(YamlReader, ReportsAnUnknownKeyWithThoseItKnows) {
  Fields(file_, parse("zzz: 1\n"), "the file", {"a", "b"});
  EXPECT_THAT(texts(),
              ElementsAre("f.yaml:1:1: unknown key `zzz` in the file, it knows `a` or `b`"));
}

TEST_F(YamlReader, ReportsTheWrongKind) {
  EXPECT_FALSE(file_.text(parse("[1, 2]"), "`port`"));
  EXPECT_FALSE(file_.text(parse("\"\""), "`port`"));
  EXPECT_FALSE(file_.number(parse("12x"), "`port`", 1, 9));
  EXPECT_FALSE(file_.number(parse("10"), "`port`", 1, 9));
  EXPECT_FALSE(file_.boolean(parse("yes"), "`verify`"));
  EXPECT_FALSE(file_.address(parse("2001:db8::1"), "`A`", dnswire::Family::V4));
  EXPECT_FALSE(file_.network(parse("192.0.2.1/24"), "`net`"));
  std::ignore = entries(file_, parse("plain"), "`checks`");
  std::ignore = file_.list(parse("[]"), "`members`");
  EXPECT_THAT(
      texts(),
      ElementsAre(
          "f.yaml:1:1: `port` is a list where one value belongs", "f.yaml:1:1: `port` is empty",
          "f.yaml:1:1: `port` is `12x`, which is not a number from 1 to 9",
          "f.yaml:1:1: `port` is `10`, which is not a number from 1 to 9",
          "f.yaml:1:1: `verify` is `yes`, which is none of `true` or `false`",
          "f.yaml:1:1: `A` is `2001:db8::1`, which is not an IPv4 address",
          testing::HasSubstr("`net` is `192.0.2.1/24`, which has bits set behind its length"),
          "f.yaml:1:1: `checks` is a single value where `key: value` pairs belong",
          "f.yaml:1:1: `members` is an empty list"));
}

TEST_F(YamlReader, WarnsOncePerPlaceAndAHundredTimesAtMost) {
  std::string text;
  for (int i = 0; i < 120; ++i) text += "- a\n";
  const YAML::Node list = parse(text);
  for (const auto& entry : list) {
    file_.warning(entry, "is odd\n");
    file_.warning(entry, "is odd again");
  }
  ASSERT_EQ(file_.warnings().size(), 100U);
  EXPECT_EQ(file_.warnings()[1].to_text(), "f.yaml:2:3: is odd?");
  EXPECT_THAT(texts(), IsEmpty()) << "a warning is no problem";
}

TEST_F(YamlReader, FindsFilesBesideItself) {
  YamlFile file("/etc/fairlead/zones/a.yaml", problems_);
  EXPECT_EQ(file.beside("ca.pem"), "/etc/fairlead/zones/ca.pem");
  EXPECT_EQ(file.beside("../ca.pem"), "/etc/fairlead/ca.pem");
  EXPECT_EQ(file.beside("/ca.pem"), "/ca.pem");
}

TEST_F(YamlReader, TakesOneValueForAListOfOne) {
  EXPECT_EQ(file_.list(parse("a"), "x").size(), 1U);
  EXPECT_EQ(file_.list(parse("[a, b]"), "x").size(), 2U);
}

TEST_F(YamlReader, RefusesFractionsOfASecondWhereSecondsBelong) {
  EXPECT_FALSE(file_.whole_seconds(parse("1500ms"), "`ttl`"));
  EXPECT_THAT(texts(), ElementsAre("f.yaml:1:1: `ttl`: `1500ms` is not whole seconds"));
}

}  // namespace
}  // namespace config
