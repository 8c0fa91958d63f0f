#include "zones/master_line.h"

#include <gmock/gmock.h>

#include "dnswire/rdata.h"
#include "tests/dnswire/random.h"
#include "tests/zones/zone_text.h"
#include "zones/master_reader.h"

namespace zones {
namespace {

const dnswire::Name kOrigin = name_of("example.org");

// What the line says: "SIZE START OWNER TTL TYPE DATA"; "no" if it is not plain.
std::string read(std::string_view text) {
  MasterLine line;
  if (!line.read(text, kOrigin)) return "no";
  const auto ttl = line.ttl();
  return std::to_string(line.size()) + " " + std::to_string(line.start()) + " " +
         (line.owner_text().empty() ? "-" : std::string(line.owner_text())) + " " +
         (ttl ? std::to_string(ttl->count()) : "-") + " " + to_text(line.type()) + " " +
         rdata_to_text(line.type(), line.rdata());
}

TEST(MasterLine, ReadsPlainRecords) {
  EXPECT_EQ(read("www 60 IN A 192.0.2.1\nx"), "22 0 www 60 A 192.0.2.1");
  EXPECT_EQ(read("www in 60 aaaa 2001:db8::1"), "26 0 www 60 AAAA 2001:db8::1");
  EXPECT_EQ(read("\t MX 10 mail ; a \"comment\" (\r\n"), "30 2 - - MX 10 mail.example.org.");
  EXPECT_EQ(read("@ NS ns1.example.net.;\n"), "23 0 @ - NS ns1.example.net.");
  EXPECT_EQ(read("*.a-b 0 CNAME @\r\n"), "17 0 *.a-b 0 CNAME example.org.");
}

TEST(MasterLine, LeavesEverythingElseToTheReader) {
  for (const char* line : {"",
                           "\n",
                           "; only a comment\n",
                           "www A\n",
                           "www A 192.0.2.1 192.0.2.2\n",
                           "www A (192.0.2.1)\n",
                           "www 1h A 192.0.2.1\n",
                           "www CH A 192.0.2.1\n",
                           "www 60 60 A 192.0.2.1\n",
                           "www IN IN A 192.0.2.1\n",
                           "www 2147483648 A 192.0.2.1\n",
                           "www A 192.0.2.01\n",
                           "www A \\# 4 c0000201\n",
                           "www TXT x\n",
                           "www MX mail\n",
                           "www MX 65536 mail\n",
                           "www MX 1 mail more\n",
                           "www NS a\\.b\n",
                           "www NS a..b\n",
                           "www NS .\n",
                           "www A ::1\n",
                           "www AAAA 192.0.2.1\n",
                           "www TYPE1 192.0.2.1\n",
                           "$TTL 300\n"}) {
    EXPECT_EQ(read(line), "no") << line;
  }
}

TEST(NameBuffer, ReadsPlainNamesLikeDnswire) {
  const std::string longest(63, 'x');
  for (const std::string& text : std::vector<std::string>{"www", "www.", "WWW.a_b", "@", "a.b.c.d.",
                                                          longest, longest + "." + longest}) {
    NameBuffer name;
    ASSERT_TRUE(name.read_plain(text, kOrigin)) << text;
    EXPECT_EQ(name.view().to_text(), dnswire::Name::from_text(text, kOrigin)->to_text());
  }
  for (const std::string& text : std::vector<std::string>{
           "", ".", ".a", "a..b", "a\\.b", "a@", "$a", "\"a\"", longest + "x",
           "a." + longest + "x.", longest + "." + longest + "." + longest + "." + longest}) {
    NameBuffer name;
    EXPECT_FALSE(name.read_plain(text, kOrigin)) << text;
  }
}

// The zone, record by record, or the problems.
std::string outcome(std::string_view text, MasterReader::Lane lane) {
  MasterOptions options;
  options.read_file = [](const std::string&) -> tl::expected<std::string, std::string> {
    return std::string("sub A 192.0.2.7\n A 192.0.2.8\n$TTL 5\n");
  };
  MasterReader reader(options, lane);
  reader.read(text, "zone", kOrigin);
  const auto zone = std::move(reader).finish();
  std::string result;
  if (!zone) {
    for (const Problem& problem : zone.error()) result += problem.to_text() + "\n";
    return result;
  }
  for (const NodeId node : zone->nodes()) {
    result += zone->name(node).to_text() + "\n";
    for (std::size_t set = 0; set < zone->rrset_count(node); ++set) {
      const RrSet rrset = zone->rrset_at(node, set);
      result += " " + std::to_string(rrset.ttl().count()) + " " + to_text(rrset.type());
      for (const auto rdata : rrset) result += " " + rdata_to_text(rrset.type(), rdata);
      result += "\n";
    }
  }
  return result;
}

// Lines that are sound, and lines that are not, and what can happen to either.
class Writer {
 public:
  explicit Writer(dnswire::testing::Random& random) : random_(random) {}

  std::string file() {
    std::string text = pick({"", "", "\xef\xbb\xbf", "; a comment\n", "$TTL 300\n"});
    if (!one_in(20)) text += "@ 3600 IN SOA ns1 hostmaster 1 3600 900 1209600 30\n";
    if (!one_in(20)) text += "@ NS ns1\nns1 A 192.0.2.1\n";
    const bool is_sound = one_in(2);
    for (std::size_t lines = random_.between(0, 11); lines > 0; --lines) text += line(is_sound);
    if (one_in(5) && text.ends_with('\n')) text.pop_back();
    return text;
  }

 private:
  bool one_in(std::size_t count) { return random_.chance(count); }
  std::string pick(std::initializer_list<const char*> words) {
    return words.begin()[random_.between(0, words.size() - 1)];
  }

  std::string line(bool is_sound) {
    if (one_in(8)) {
      return pick({"\n", " \n", "\t; comment ( \"\n", "$TTL 60\n", "$TTL 1h ; x\n", "$ORIGIN sub\n",
                   "$ORIGIN example.org.\n", "$INCLUDE other\n", "$GENERATE 1-3 g$ A 192.0.2.$\n",
                   "; a comment\r\n"});
    }
    std::string text = owner() + blank();
    if (one_in(3)) text += ttl() + blank();
    if (one_in(2)) text += pick({"IN", "in", "In", "CLASS1"}) + blank();
    if (one_in(6)) text += ttl() + blank();
    text += data() + pick({"", "", "", " ", "\t", " ; comment", ";", ";; \"x"});
    text += pick({"\n", "\n", "\n", "\r\n"});
    if (!is_sound && one_in(10)) mutate(text);
    return text;
  }

  std::string owner() {
    return pick({"www",
                 "www",
                 "WWW",
                 "a",
                 "a.b",
                 "*",
                 "*.w",
                 "@",
                 "",
                 "",
                 "",
                 "mail.example.org.",
                 "example.org.",
                 "other.net.",
                 "x_y-z",
                 "a\\.b",
                 "w\\119w",
                 "1",
                 "A",
                 "IN",
                 "NS"});
  }
  std::string blank() { return pick({" ", " ", "\t", "  ", " \t "}); }
  std::string ttl() {
    return pick(
        {"60", "0", "300", "1h", "1h30m", "2147483647", "2147483648", "007", "99999999999"});
  }
  std::string data() {
    return pick({"A 192.0.2.1",
                 "A 192.0.2.2",
                 "a 10.0.0.1",
                 "A 010.0.0.1",
                 "A 1.2.3",
                 "A 1.2.3.4 5",
                 "AAAA 2001:db8::1",
                 "AAAA ::ffff:192.0.2.1",
                 "AAAA 192.0.2.1",
                 "NS ns1",
                 "NS ns.net.",
                 "CNAME www",
                 "CNAME a.b.",
                 "PTR host",
                 "MX 10 mail",
                 "MX 65536 mail",
                 "MX mail",
                 "MX 010 @",
                 "TXT \"a b\" c",
                 "TXT x;y",
                 "A ( 192.0.2.3\n )",
                 "CAA 0 issue \"x\"",
                 "TYPE1 \\# 4 c0000201",
                 "A \\# 4 c0000201",
                 "MX 0 .",
                 "NS a..b",
                 "A",
                 "DNAME d",
                 "SRV 0 0 1 www"});
  }
  void mutate(std::string& text) {
    const std::size_t at = random_.between(0, text.size() - 1);
    const std::string what = pick(
        {"(", ")", "\"", "\\", ";", "$", "\t", "\r", ".", "@", "\xc3\xa4", "\x01", "\n", " ", "x"});
    if (one_in(2)) {
      text.insert(at, what);
    } else {
      text.replace(at, 1, one_in(2) ? what : "");
    }
  }

  dnswire::testing::Random& random_;
};

TEST(MasterLine, MeansTheSameAsInTheReader) {
  dnswire::testing::Random random;
  SCOPED_TRACE(random.seed_text());
  unsigned loaded = 0;
  for (unsigned i = 0; i < 4000; ++i) {
    const std::string text = Writer(random).file();
    const std::string fast = outcome(text, MasterReader::Lane::Fast);
    ASSERT_EQ(fast, outcome(text, MasterReader::Lane::General)) << text;
    loaded += fast.starts_with("example.org.\n") ? 1U : 0U;
  }
  EXPECT_GT(loaded, 200U) << "else nothing but messages was compared";
}

}  // namespace
}  // namespace zones
