#include "geo/metadata_check.h"

#include <gtest/gtest.h>

#include "mmdb_writer.h"

namespace geo {
namespace {

const std::string kMarker = "\xAB\xCD\xEFMaxMind.com";

bool check(const std::string& tail) {
  return has_sound_metadata({reinterpret_cast<const std::uint8_t*>(tail.data()), tail.size()});
}

std::string metadata(MmdbValue languages, MmdbValue description = MmdbMap{{"fr", "Essai"}}) {
  return kMarker + encode_value(MmdbMap{{"ip_version", std::uint16_t{4}},
                                        {"languages", std::move(languages)},
                                        {"description", std::move(description)}});
}

TEST(HasSoundMetadata, AcceptsWhatAWriterWrites) {
  EXPECT_TRUE(check(write_mmdb({{"192.0.2.0/24", {{"country_code", "DE"}}}})));
  EXPECT_TRUE(check(metadata(MmdbArray{})));
  EXPECT_TRUE(check(metadata(MmdbArray{"en", "de"})));
}

TEST(HasSoundMetadata, NeedsAMarker) {
  EXPECT_FALSE(check(""));
  EXPECT_FALSE(check(metadata(MmdbArray{}).substr(1)));
}

TEST(HasSoundMetadata, ReadsBehindTheLastMarker) {
  EXPECT_TRUE(check(kMarker + "\xFF\xFF" + metadata(MmdbArray{})));
  EXPECT_FALSE(check(metadata(MmdbArray{}) + kMarker));
}

TEST(HasSoundMetadata, RefusesMetadataThatAreCutShort) {
  const std::string whole = metadata(MmdbArray{"en"});
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(check(whole.substr(0, size)));
}

TEST(HasSoundMetadata, RefusesLanguagesThatAreNoStrings) {
  EXPECT_FALSE(check(metadata("en")));
  EXPECT_FALSE(check(metadata(MmdbArray{"en", 1.5})));
  EXPECT_FALSE(check(metadata(MmdbArray{"en", MmdbMap{}})));
  EXPECT_FALSE(check(kMarker + encode_value(MmdbMap{{"ip_version", std::uint16_t{4}}})));
}

TEST(HasSoundMetadata, RefusesDescriptionsThatAreNoStrings) {
  EXPECT_FALSE(check(metadata(MmdbArray{}, "Essai")));
  EXPECT_FALSE(check(metadata(MmdbArray{}, MmdbArray{"Essai"})));
  EXPECT_FALSE(check(metadata(MmdbArray{}, MmdbMap{{"fr", true}})));
  EXPECT_FALSE(check(metadata(MmdbArray{}, MmdbMap{{"fr", MmdbMap{{"a", "b"}}}})));
}

}  // namespace
}  // namespace geo
