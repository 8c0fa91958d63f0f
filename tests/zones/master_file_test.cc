#include "zones/master_file.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "dnswire/rdata.h"
#include "tests/zones/zone_text.h"

namespace zones {
namespace {

namespace fs = std::filesystem;
using dnswire::RrType;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class MasterFile : public testing::Test {
 protected:
  MasterFile() {
    std::string pattern = (fs::temp_directory_path() / "fairlead-master-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~MasterFile() override { fs::remove_all(folder_); }

  auto load(const std::string& text, const char* file = "example.org.zone") {
    path_ = (folder_ / file).string();
    std::ofstream(path_) << text;
    return load_master_file(path_).map([](const MasterZone& loaded) { return loaded.zone; });
  }

  void write(const char* file, const std::string& text) {
    fs::create_directories((folder_ / file).parent_path());
    std::ofstream(folder_ / file) << text;
  }

  std::vector<std::string> problems(const std::string& text,
                                    const char* file = "example.org.zone") {
    const auto zone = load(text, file);
    std::vector<std::string> texts;
    if (zone) return {"loaded"};
    for (const Problem& problem : zone.error()) {
      texts.push_back(problem.to_text().substr(folder_.string().size() + 1));
    }
    return texts;
  }

  fs::path folder_;
  std::string path_;
};

const std::string kApex =
    "@ 3600 IN SOA ns1 hostmaster 1 3600 900 1209600 30\n@ IN NS ns1\nns1 IN A 192.0.2.1\n";

TEST_F(MasterFile, TakesItsOriginFromItsName) {
  const auto zone = load("$TTL 300\n" + kApex);
  ASSERT_TRUE(zone);
  EXPECT_EQ((*zone)->origin().to_text(), "example.org.");
  EXPECT_EQ((*zone)->rrset(*(*zone)->find(name_of("ns1.example.org")), RrType::A)->ttl(),
            dnswire::Ttl(300));
}

TEST_F(MasterFile, TakesItsOriginFromOriginBeforeTheSoa) {
  const auto zone = load("$TTL 300\n$ORIGIN example.net.\n" + kApex);
  ASSERT_TRUE(zone);
  EXPECT_EQ((*zone)->origin().to_text(), "example.net.");
}

TEST_F(MasterFile, ReadsParenthesesCommentsAndOwnersLeftOut) {
  const auto zone = load(
      "$TTL 5m\n"
      "@ IN SOA ns1 hostmaster ( 2026 ; serial\n  1h 15m 2w 30 )\n"
      "  IN NS ns1\n"
      "ns1 A 192.0.2.1 ; first\n"
      "    A 192.0.2.2\n"
      "txt TXT \"a b\" c\n"
      "raw TYPE65280 \\# 2 abcd\n");
  ASSERT_TRUE(zone) << zone.error().front().to_text();
  EXPECT_EQ((*zone)->serial(), 2026U);
  EXPECT_EQ((*zone)->rrset(*(*zone)->find(name_of("ns1.example.org")), RrType::A)->size(), 2U);
  const auto txt = (*zone)->rrset(*(*zone)->find(name_of("txt.example.org")), RrType::TXT);
  EXPECT_EQ(rdata_to_text(RrType::TXT, *txt->begin()), "\"a b\" \"c\"");
}

TEST_F(MasterFile, KeepsRecordsThatStandBeforeTheSoa) {
  const auto zone = load("$TTL 300\nearly IN A 192.0.2.9\n" + kApex);
  ASSERT_TRUE(zone);
  EXPECT_TRUE((*zone)->find(name_of("early.example.org")));
}

TEST_F(MasterFile, ReportsEveryBadLineWithItsNumber) {
  EXPECT_THAT(problems("$TTL 300\n" + kApex +
                       "a IN A 192.0.2.256\n\nb IN A 192.0.2.1\n"
                       "b IN CNAME c\nx.example.net. IN A 192.0.2.1\n"),
              ElementsAre(HasSubstr("example.org.zone:5:8: `192.0.2.256` is no A data"),
                          HasSubstr("example.org.zone:8:1: b.example.org. "),
                          HasSubstr("example.org.zone:9:1: x.example.net. is outside the zone")));
}

TEST_F(MasterFile, ReportsWhatIsMissing) {
  EXPECT_THAT(problems("$TTL 300\nwww IN A 192.0.2.1\n"), ElementsAre(HasSubstr("no SOA record")));
  EXPECT_THAT(problems(""), ElementsAre(HasSubstr("no SOA record")));
}

TEST_F(MasterFile, IncludesFilesOfItsOwnFolder) {
  write("parts/www.inc", "www A 192.0.2.2\n$INCLUDE more.inc\n");
  write("parts/more.inc", "more A 192.0.2.3\n");
  const auto zone = load("$TTL 300\n" + kApex + "$INCLUDE parts/www.inc sub\n");
  ASSERT_TRUE(zone) << zone.error().front().to_text();
  EXPECT_TRUE((*zone)->find(name_of("www.sub.example.org")));
  EXPECT_TRUE((*zone)->find(name_of("more.sub.example.org")));
}

TEST_F(MasterFile, SaysThatAnIncludedFileCannotBeRead) {
  EXPECT_THAT(
      problems("$TTL 300\n" + kApex + "$INCLUDE none.inc\n$INCLUDE .\n"),
      ElementsAre(AllOf(HasSubstr("example.org.zone:5:10: "),
                        HasSubstr("none.inc` cannot be read: No such file")),
                  AllOf(HasSubstr("example.org.zone:6:10: "), HasSubstr("is not a regular file"))));
}

TEST_F(MasterFile, RefusesAFileThatIncludesItself) {
  EXPECT_THAT(problems("$INCLUDE ./example.org.zone\n"),
              ElementsAre(HasSubstr("$INCLUDE goes round in a circle: ")));
}

TEST_F(MasterFile, GivesUpOnAFileThatIsSomethingElse) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "garbage ((( \"\n";
  EXPECT_THAT(problems(text), SizeIs(1));
  text.clear();
  for (int i = 0; i < 1000; ++i) text += "x garbage\n";
  EXPECT_THAT(problems(text), SizeIs(100));
  EXPECT_THAT(problems("\x7f"
                       "ELF\x02\x01"),
              ElementsAre(HasSubstr(":1:5: not text")));
}

TEST_F(MasterFile, ReadsAnEmptyFile) {
  EXPECT_THAT(problems(""), ElementsAre(HasSubstr("no SOA")));
}

TEST_F(MasterFile, SaysThatAFileCannotBeRead) {
  const auto zone = load_master_file((folder_ / "nosuch.zone").string());
  ASSERT_FALSE(zone);
  EXPECT_THAT(zone.error().front().to_text(), HasSubstr("cannot be read: No such file"));
}

class MasterFileAgain : public MasterFile {
 protected:
  MasterFileAgain() {
    write("example.org.zone", "$TTL 300\n" + kApex + "$INCLUDE one.inc\n$INCLUDE two.inc sub\n");
    write("one.inc", "a A 192.0.2.2\n");
    write("two.inc", "b A 192.0.2.3\n");
    path_ = (folder_ / "example.org.zone").string();
    before_ = *load_master_file(path_);
  }

  bool is_same_object(Limits limits = {}) {
    const auto again = load_master_file(path_, limits, &before_);
    return again && again->zone == before_.zone;
  }

  MasterZone before_;
};

TEST_F(MasterFileAgain, IsTheSameZoneIfNothingChanged) {
  EXPECT_THAT(before_.files, SizeIs(3));
  EXPECT_TRUE(is_same_object());
  write("two.inc", "b A 192.0.2.3\n");
  EXPECT_TRUE(is_same_object()) << "written again with the same text";
}

TEST_F(MasterFileAgain, IsAnotherZoneIfAnyOfItsFilesChanged) {
  for (const char* file : {"example.org.zone", "one.inc", "two.inc"}) {
    std::string text;
    std::getline(std::ifstream(folder_ / file), text, '\0');
    write(file, text + "; changed\n");
    EXPECT_FALSE(is_same_object()) << file;
    write(file, text);
    EXPECT_TRUE(is_same_object()) << file;
  }
}

TEST_F(MasterFileAgain, IsReadAnewUnderOtherLimits) {
  EXPECT_FALSE(is_same_object({.addresses = 7}));
}

TEST_F(MasterFileAgain, TellsThatAnIncludedFileIsGone) {
  fs::remove(folder_ / "one.inc");
  const auto again = load_master_file(path_, {}, &before_);
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().front().to_text(), HasSubstr("No such file"));
}

}  // namespace
}  // namespace zones
