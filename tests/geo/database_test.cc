#include "geo/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "mmdb_writer.h"
#include "temporary_file.h"

namespace geo {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

MmdbMap country(const char* code) { return {{"country_code", code}}; }

tl::expected<Database, std::string> load(const std::string& content) {
  const TemporaryFile file(content);
  return load_database(file.path());
}

TEST(LoadDatabase, SaysWhatTheFileIs) {
  const TemporaryFile file(write_mmdb({{"192.0.2.0/24", country("DE")},
                                       {"198.51.100.0/24", country("FR")},
                                       {"2001:db8::/32", country("DE")}},
                                      {.type = "Test-Country", .build_epoch = 1'750'000'000}));
  const auto database = load_database(file.path());
  ASSERT_TRUE(database) << database.error();
  EXPECT_EQ(database->info.path, file.path());
  EXPECT_EQ(database->info.type, "Test-Country");
  EXPECT_EQ(std::chrono::system_clock::to_time_t(database->info.built), 1'750'000'000);
  EXPECT_EQ(database->info.networks, 3U);
  EXPECT_EQ(database->tree.records.size(), 3U);
}

TEST(LoadDatabase, ReadsRecordsOfEverySize) {
  for (const std::uint16_t size : std::initializer_list<std::uint16_t>{24, 28, 32}) {
    for (const std::uint16_t version : std::initializer_list<std::uint16_t>{4, 6}) {
      const auto database = load(write_mmdb({{"192.0.2.0/24", country("DE")}},
                                            {.ip_version = version, .record_size = size}));
      ASSERT_TRUE(database) << size << ' ' << version << ' ' << database.error();
      EXPECT_EQ(database->info.networks, 1U);
    }
  }
}

TEST(LoadDatabase, KeepsEqualRecordsOnce) {
  // Two records that differ in what we do not use.
  const auto database = load(write_mmdb({{"192.0.2.0/24", {{"country_code", "DE"}, {"x", "1"}}},
                                         {"198.51.100.0/24", {{"country_code", "DE"}}}}));
  ASSERT_TRUE(database);
  EXPECT_EQ(database->tree.records.size(), 2U);
}

TEST(LoadDatabase, JoinsEqualNeighbors) {
  const auto database = load(write_mmdb(
      {{"0.0.0.0/1", {{"country_code", "DE"}, {"x", "1"}}}, {"128.0.0.0/1", country("DE")}},
      {.ip_version = 4}));
  ASSERT_TRUE(database);
  EXPECT_TRUE(database->tree.nodes.empty());
  EXPECT_EQ(database->tree.root4, Tree::kLeaf | 1);
}

TEST(LoadDatabase, FollowsNoLinksToIpv4) {
  const auto with_aliases =
      load(write_mmdb({{"192.0.2.0/24", country("DE")}, {"2001:db8::/32", country("FR")}},
                      {.aliases = {"::ffff:0:0/96", "2002::/16", "2001::/32"}}));
  const auto without =
      load(write_mmdb({{"192.0.2.0/24", country("DE")}, {"2001:db8::/32", country("FR")}}));
  ASSERT_TRUE(with_aliases);
  ASSERT_TRUE(without);
  EXPECT_EQ(with_aliases->info.networks, 2U);
  EXPECT_EQ(with_aliases->tree.nodes.size(), without->tree.nodes.size());
}

TEST(LoadDatabase, SaysWhichFileCannotBeOpenedAndWhy) {
  const auto database = load_database("/nonexistent/country.mmdb");
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error(),
            "geo database /nonexistent/country.mmdb is not usable: it cannot be opened: No such "
            "file or directory; check the path");
}

TEST(LoadDatabase, RefusesWhatIsNoDatabase) {
  for (const std::string& content :
       {std::string("hello"), std::string(200'000, 'x'), std::string("\xAB\xCD\xEFMaxMind.com"),
        "\xAB\xCD\xEFMaxMind.com" + encode_value(MmdbMap{}),
        "\xAB\xCD\xEFMaxMind.com" + encode_value("text")}) {
    const auto database = load(content);
    ASSERT_FALSE(database);
    EXPECT_THAT(database.error(), HasSubstr(" is no MaxMind DB file, or it is cut short; "));
  }
}

TEST(LoadDatabase, RefusesAnEmptyFile) {
  const auto database = load("");
  ASSERT_FALSE(database);
  EXPECT_THAT(database.error(), HasSubstr("it is empty"));
}

TEST(LoadDatabase, RefusesADatabaseOfOtherThings) {
  const auto database =
      load(write_mmdb({{"192.0.2.0/24", {{"domain", "example.org"}}}}, {.type = "Domains"}));
  ASSERT_FALSE(database);
  EXPECT_THAT(database.error(),
              AllOf(StartsWith("geo database "), HasSubstr("(Domains) has no country, ")));
}

TEST(LoadDatabase, RefusesABuildTimeThatCannotBe) {
  const auto database =
      load(write_mmdb({{"192.0.2.0/24", country("DE")}},
                      {.build_epoch = std::numeric_limits<std::uint64_t>::max()}));
  ASSERT_FALSE(database);
  EXPECT_THAT(database.error(), HasSubstr("is damaged; download it again"));
}

}  // namespace
}  // namespace geo
