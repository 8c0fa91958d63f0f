#include "zones/master_reader.h"

#include <gmock/gmock.h>

#include <map>

#include "dnswire/rdata.h"
#include "tests/zones/zone_text.h"

namespace zones {
namespace {

using dnswire::RrType;
using dnswire::Ttl;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

using Files = std::map<std::string, std::string>;

const std::string kApex =
    "@ 3600 IN SOA ns1 hostmaster 1 3600 900 1209600 30\n"
    "@ 3600 IN NS ns1\n"
    "ns1 3600 IN A 192.0.2.1\n";

auto parse(std::string_view text, const Files& files = {}, MasterOptions options = {}) {
  options.read_file = [&](const std::string& path) -> tl::expected<std::string, std::string> {
    if (const auto found = files.find(path); found != files.end()) return found->second;
    return tl::unexpected<std::string>("is not there");
  };
  return parse_master_text(text, "zone", name_of("example.org"), options);
}

std::vector<std::string> problems(const std::string& text, const Files& files = {},
                                  const MasterOptions& options = {}) {
  const auto zone = parse(text, files, options);
  if (zone) return {"loaded"};
  std::vector<std::string> texts;
  for (const Problem& problem : zone.error()) texts.push_back(problem.to_text());
  return texts;
}

// The RRset as "TTL RDATA, RDATA"; "none" if there is none.
std::string rrset(const Zone& zone, std::string_view name, RrType type) {
  const auto node = zone.find(name_of(name));
  const auto found = node ? zone.rrset(*node, type) : std::nullopt;
  if (!found) return "none";
  std::string text = std::to_string(found->ttl().count());
  const char* before = " ";
  for (const auto rdata : *found) {
    text += before + rdata_to_text(type, rdata);
    before = ", ";
  }
  return text;
}

// What the zone made of the apex and `lines` has at that name; or the first problem.
std::string read(const std::string& lines, std::string_view name, RrType type = RrType::A,
                 const Files& files = {}) {
  const auto zone = parse(kApex + lines, files);
  if (!zone) return zone.error().front().to_text();
  return rrset(*zone, name, type);
}

TEST(MasterReader, ReadsOwnersTtlsAndClassesInEveryOrder) {
  for (const char* line : {"www 60 IN A 192.0.2.2", "www IN 60 A 192.0.2.2", "www 60 A 192.0.2.2",
                           "WWW 1m in a 192.0.2.2", "www.example.org. 60 CLASS1 TYPE1 192.0.2.2",
                           "w\\119\\w\t60\tA\t\\# 4 c0 000202"}) {
    EXPECT_EQ(read(std::string(line) + "\n", "www.example.org"), "60 192.0.2.2") << line;
  }
  EXPECT_EQ(read("www 60 A 192.0.2.2", "www.example.org"), "60 192.0.2.2") << "without a line end";
}

TEST(MasterReader, HandsTheOwnerDownToLinesThatBeginWithABlank) {
  EXPECT_EQ(read("www 60 A 192.0.2.2\n\n ; a comment\n\t60 A 192.0.2.3\n", "www.example.org"),
            "60 192.0.2.2, 192.0.2.3");
  EXPECT_EQ(read("www 60 A 192.0.2.2\n$ORIGIN net.\n 60 A 192.0.2.3\n", "www.example.org"),
            "60 192.0.2.2, 192.0.2.3");
  EXPECT_THAT(problems(" A 192.0.2.1\n" + kApex), ElementsAre(HasSubstr("zone:1:2: a line that")));
}

TEST(MasterReader, ReadsTheSameWordAnewBehindAnotherOrigin) {
  const std::string lines = "www 60 A 192.0.2.2\n$ORIGIN sub\nwww 60 A 192.0.2.3\n";
  EXPECT_EQ(read(lines, "www.example.org"), "60 192.0.2.2");
  EXPECT_EQ(read(lines, "www.sub.example.org"), "60 192.0.2.3");
}

TEST(MasterReader, TakesRelativeOriginsOneAfterTheOther) {
  const std::string lines =
      "$ORIGIN a\n$origin b\n@ 60 A 192.0.2.2\n$ORIGIN .\nc.example.org 60 CNAME d\n";
  EXPECT_EQ(read(lines, "b.a.example.org"), "60 192.0.2.2");
  EXPECT_EQ(read(lines, "c.example.org", RrType::CNAME), "60 d.");
}

TEST(MasterReader, TakesTheZoneFromTheSoa) {
  EXPECT_THAT(problems("@ 60 IN NS ns\n"),
              ElementsAre("zone: no SOA record; a zone begins with one"));
  const auto moved = parse("early.example.net. 60 A 192.0.2.2\n$ORIGIN example.net.\n" + kApex);
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->origin().to_text(), "example.net.");
  EXPECT_EQ(rrset(*moved, "early.example.net", RrType::A), "60 192.0.2.2");
}

TEST(MasterReader, TellsWhereARecordBeforeTheSoaIsWrong) {
  EXPECT_THAT(problems("\nx.example.net. 60 A 192.0.2.2\n" + kApex),
              ElementsAre("zone:2:1: x.example.net. is outside the zone example.org."));
}

// RFC 2308 4, RFC 1035 5.1.
TEST(MasterReader, TakesATtlThatIsLeftOutFromWhatWasSaidBefore) {
  EXPECT_EQ(read("a 7 A 192.0.2.2\nb A 192.0.2.2\n", "b.example.org"), "7 192.0.2.2");
  EXPECT_EQ(read("a 7 A 192.0.2.2\n$TTL 9\nb A 192.0.2.2\n", "b.example.org"), "9 192.0.2.2");
  EXPECT_EQ(read("$TTL 9\na 7 A 192.0.2.2\nb A 192.0.2.2\n", "b.example.org"), "9 192.0.2.2");
  const auto zone = parse("early A 192.0.2.2\n@ SOA ns1 h 1 2 3 4 30\n NS ns1\nns1 A 192.0.2.1\n");
  ASSERT_TRUE(zone);
  EXPECT_EQ(zone->soa().ttl(), Ttl(30));
  EXPECT_EQ(rrset(*zone, "early.example.org", RrType::A), "30 192.0.2.2");
  EXPECT_EQ(rrset(*zone, "ns1.example.org", RrType::A), "30 192.0.2.1");
}

TEST(MasterReader, JoinsDataThatSpansLines) {
  EXPECT_EQ(read("a 60 TXT ( \"a b\" ; one\n\n  c\n) \"(d)\"\n", "a.example.org", RrType::TXT),
            "60 \"a b\" \"c\" \"(d)\"");
  EXPECT_EQ(
      read("a 60 TYPE65280 \\# 4 ( ab\n cd0 1 ff )\n", "a.example.org", static_cast<RrType>(65280)),
      "60 \\# 4 ABCD01FF");
}

TEST(MasterReader, TellsLineAndColumnOfWhatIsWrong) {
  EXPECT_THAT(
      problems(kApex +
               "a..b 60 A 192.0.2.2\n 60 A 192.0.2.2\n"
               "a 60x A 192.0.2.2\na 4294967296 A 192.0.2.2\na 60 CH TXT x\n"
               "a 60 IN\na 60 AAA ::1\na 60 TKEY x\n"
               "a 60 MX (\n  10\n  b c )\na 60 A\na 60 60 A 192.0.2.2\n  www 60 A 192.0.2.2\n"),
      ElementsAre("zone:4:1: `a..b` is no domain name: a label is empty",
                  "zone:6:3: `60x` is no TTL; write seconds, or units as in 1h30m",
                  "zone:7:3: the TTL `4294967296` is over 2147483647 seconds (RFC 2181 8)",
                  "zone:8:6: a record of class `CH`; only IN is served",
                  "zone:9:6: the record ends before its type; write OWNER [TTL] [IN] TYPE DATA",
                  "zone:10:6: unknown record type `AAA`, did you mean `AAAA`?",
                  "zone:11:6: TKEY is not a type that a zone can hold",
                  "zone:13:3: `10 b c` is no MX data (something is left over after the last "
                  "field); write PREFERENCE EXCHANGE",
                  HasSubstr("zone:15:6: nothing is no A data"),
                  "zone:16:6: unknown record type `60`; any type may be written by its number, as "
                  "`TYPE65280`",
                  "zone:17:3: unknown record type `www`; if it is the owner, remove the blank "
                  "before it"));
}

TEST(MasterReader, AsksForHexWhereATypeIsNotKnown) {
  EXPECT_THAT(problems(kApex + "a 60 TYPE65280 abc\na 60 TYPE65280 \\# 2 ab\n"),
              ElementsAre("zone:4:16: `abc` is not understood: data of type TYPE65280 can only be "
                          "written as \\# LENGTH HEX (RFC 3597 5)",
                          HasSubstr("zone:5:16: `\\# 2 ab` is no TYPE65280 data (something")));
}

TEST(MasterReader, SaysWhatIsWrongWithADirective) {
  EXPECT_THAT(
      problems(kApex + "$DATE 2026\n$TTL\n$TTL 1 2\n$TTL x\n$ORIGIN a..b\n$INCLUDE\n"
                       "$INCLUDE a b c\n$INCLUDE a b..c\n $TTL 5\n$GENERATE 1-2 a$\n"),
      ElementsAre(
          HasSubstr("zone:4:1: unknown directive `$DATE`; there are $ORIGIN"),
          "zone:5:1: something is missing; write $TTL SECONDS",
          "zone:6:8: `2` is too much; write $TTL SECONDS", HasSubstr("zone:7:6: `x` is no TTL"),
          HasSubstr("zone:8:9: `a..b` is no domain name"),
          HasSubstr("zone:9:1: something is missing"), HasSubstr("zone:10:14: `c` is too much"),
          HasSubstr("zone:11:12: `b..c` is no domain name"),
          HasSubstr("zone:12:2: unknown record type `$TTL`; a directive has no blank"),
          HasSubstr("zone:13:15: something is missing; write $GENERATE RANGE")));
}

TEST(MasterReader, ReadsAnOwnerThatBeginsWithADollarSign) {
  EXPECT_EQ(read("\\$ttl 60 A 192.0.2.2\n", "\\$ttl.example.org"), "60 192.0.2.2");
}

TEST(MasterReader, GivesAnIncludedFileOriginAndOwnerAndTakesThemBack) {
  const Files files{{"a", "$TTL 5\n AAAA ::1\nx A 192.0.2.3\n$ORIGIN deep\n@ A 192.0.2.4\n"}};
  const std::string lines = "www 60 A 192.0.2.2\n$INCLUDE a sub\n TXT after\nb A 192.0.2.5\n";
  EXPECT_EQ(read(lines, "www.example.org", RrType::AAAA, files), "5 ::1");
  EXPECT_EQ(read(lines, "x.sub.example.org", RrType::A, files), "5 192.0.2.3");
  EXPECT_EQ(read(lines, "deep.sub.example.org", RrType::A, files), "5 192.0.2.4");
  EXPECT_EQ(read(lines, "www.example.org", RrType::TXT, files), "5 \"after\"");
  EXPECT_EQ(read(lines, "b.example.org", RrType::A, files), "5 192.0.2.5");
}

TEST(MasterReader, FindsIncludedFilesBesideTheFileThatIncludesThem) {
  const Files files{{"a/b", "$INCLUDE \"../c d\"\n$INCLUDE e\n$INCLUDE /f\n"},
                    {"c d", "c 60 A 192.0.2.2\n"},
                    {"a/e", "e 60 A 192.0.2.3\n"},
                    {"/f", "f 60 A 192.0.2.x\n"}};
  EXPECT_THAT(problems(kApex + "$INCLUDE a/b\n", files),
              ElementsAre(HasSubstr("/f:1:8: `192.0.2.x` is no A data")));
}

// Sixteen deep and ten wide would be ten to the sixteenth files.
TEST(MasterReader, CountsFilesThatAreIncluded) {
  Files files{{"15", ""}};
  for (int i = 0; i < 15; ++i) {
    std::string& text = files[std::to_string(i)];
    for (int line = 0; line < 10; ++line) text += "$INCLUDE " + std::to_string(i + 1) + "\n";
  }
  EXPECT_THAT(problems("$INCLUDE 0\n", files),
              testing::Contains(HasSubstr("$INCLUDE is used more than 10000 times")));
}

TEST(MasterReader, NamesTheChainOfFilesThatIncludeEachOther) {
  const Files files{{"a", "\n$INCLUDE b\n"}, {"b", "$INCLUDE ./x/../a\n"}};
  EXPECT_THAT(problems("$INCLUDE a\n", files),
              ElementsAre("b:1:10: $INCLUDE goes round in a circle: zone, a, b, a"));
  EXPECT_THAT(problems("$INCLUDE zone\n"),
              ElementsAre("zone:1:10: $INCLUDE goes round in a circle: zone, zone"));
}

TEST(MasterReader, Includes16FilesDeepAndNoMore) {
  Files files;
  for (int i = 1; i <= 17; ++i) {
    files[std::to_string(i)] = "$INCLUDE " + std::to_string(i + 1) + "\n";
  }
  EXPECT_THAT(
      problems("$INCLUDE 1\n", files),
      ElementsAre(HasSubstr("16:1:10: $INCLUDE is nested more than 16 deep: zone, 1, 2, ")));
  files["16"] = "www 60 A 192.0.2.2\n";
  EXPECT_EQ(read("$INCLUDE 1\n", "www.example.org", RrType::A, files), "60 192.0.2.2");
}

TEST(MasterReader, SaysThatAnIncludedFileIsMissing) {
  EXPECT_THAT(problems(kApex + "\n$INCLUDE  none\n"),
              ElementsAre("zone:5:11: `none` is not there"));
  const auto zone = parse_master_text("$INCLUDE a\n", "zone", {});
  ASSERT_FALSE(zone);
  EXPECT_THAT(zone.error().front().text, HasSubstr("$INCLUDE cannot be used here"));
}

TEST(MasterReader, BoundsTheTextOfAllFiles) {
  MasterOptions options;
  options.max_text = kApex.size() + 40;
  const Files files{{"a", "a 60 A 192.0.2.2\n"}};
  EXPECT_THAT(problems(kApex + "$INCLUDE a\n", files, options), ElementsAre("loaded"));
  EXPECT_THAT(problems(kApex + "$INCLUDE a\n$INCLUDE a\n", files, options),
              ElementsAre("a: the zone's text is longer than " + std::to_string(options.max_text) +
                          " octets"));
}

TEST(MasterReader, GeneratesRecords) {
  const std::string lines =
      "$GENERATE 1-5/2 h${-1,2} 60 IN A 192.0.2.$\n"
      "$generate 1-2 m$ IN 60 MX \"1$ m$\"\n$GENERATE 1-2 n$ MX 1$ m$\n"
      "$GENERATE 1-1 t$ TXT \"\\\"a $\\\" b\"\n$GENERATE 7-7 $$ CNAME d\\$.$\n";
  EXPECT_EQ(read(lines, "h00.example.org"), "60 192.0.2.1");
  EXPECT_EQ(read(lines, "h04.example.org"), "60 192.0.2.5");
  EXPECT_EQ(read(lines, "h01.example.org"), "none");
  EXPECT_EQ(read(lines, "m2.example.org", RrType::MX), "60 12 m2.example.org.");
  EXPECT_EQ(read(lines, "n2.example.org", RrType::MX), "60 12 m2.example.org.");
  EXPECT_EQ(read(lines, "t1.example.org", RrType::TXT), "60 \"a 1\" \"b\"");
  EXPECT_EQ(read(lines, "\\$.example.org", RrType::CNAME), "60 d\\$.7.example.org.");
}

TEST(MasterReader, ReportsOneProblemOfAGenerate) {
  EXPECT_THAT(
      problems(kApex + "$GENERATE 250-300 a$ A 192.0.2.$\n$GENERATE 1-2 a. A 192.0.2.1\n"
                       "$GENERATE 0-2 a${2147483646} A 192.0.2.1\n$GENERATE 1-2 a..$ A 192.0.2.1\n"
                       "$GENERATE 1-2 a$ IN\n$GENERATE 1-2 a$ IN A\n$GENERATE 5 a$ A 192.0.2.1\n"),
      ElementsAre(HasSubstr("zone:4:24: `192.0.2.256` is no A data"),
                  "zone:5:1: a. is outside the zone example.org.",
                  "zone:6:11: a number and its offset are too large (number 2)",
                  HasSubstr("zone:7:15: `a..1` is no domain name: a label is empty (number 1)"),
                  HasSubstr("zone:8:"),
                  HasSubstr("zone:9:21: something is missing; write $GENERATE"),
                  HasSubstr("zone:10:11: `5` is no range")));
}

TEST(MasterReader, BoundsWhatAllGenerateMake) {
  MasterOptions options;
  options.max_generated = 10;
  EXPECT_THAT(problems(kApex + "$GENERATE 1-10 a$ A 192.0.2.1\n", {}, options),
              ElementsAre("loaded"));
  EXPECT_THAT(
      problems(kApex + "$GENERATE 1-9 a$ A 192.0.2.1\n$GENERATE 1-2 b$ A 192.0.2.1\n", {}, options),
      ElementsAre("zone:5:11: all $GENERATE together make more than 10 records"));
}

TEST(MasterReader, ReadsTextOfWindowsEditors) {
  std::string text = "\xef\xbb\xbf";
  for (const char c : kApex + "a 60 TXT \"b\"\n") text += c == '\n' ? "\r\n" : std::string(1, c);
  const auto zone = parse(text);
  ASSERT_TRUE(zone) << zone.error().front().to_text();
  EXPECT_EQ(rrset(*zone, "a.example.org", RrType::TXT), "60 \"b\"");
}

TEST(MasterReader, SaysOnceThatAFileIsNoText) {
  EXPECT_THAT(problems(kApex + std::string(1000, '\0')),
              ElementsAre(HasSubstr("zone:4:1: not text: an octet of value 0")));
}

TEST(MasterReader, StopsAfterAHundredProblems) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "a x\n";
  EXPECT_THAT(problems(text), SizeIs(100));
  EXPECT_THAT(problems(text + "$INCLUDE a\n", {{"a", text}}), SizeIs(100));
}

TEST(MasterReader, ReadsAMegabyteOfOneWord) {
  const std::string word(1'000'000, 'x');
  EXPECT_THAT(
      problems(kApex + word + " 60 A 192.0.2.1\na 60 " + word + "\na 60 TXT " + word + "\n"),
      ElementsAre(HasSubstr("zone:4:1: `xxx"), HasSubstr("zone:5:6: unknown record type"),
                  HasSubstr("zone:6:10: `xxx")));
}

}  // namespace
}  // namespace zones
