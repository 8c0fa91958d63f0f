// LOC, between text and octets.
#include "dnswire/location.h"

#include <gtest/gtest.h>

#include "presented.h"

namespace dnswire {
namespace {

using testing::error_of;
using testing::hex_of;
using testing::octets;
using testing::rewritten;
using testing::wire_error;

std::string again(std::string_view text) { return rewritten(RrType::LOC, text); }
Error refused(std::string_view text) { return error_of(RrType::LOC, text); }

TEST(Location, ReadsTheExamplesOfRfc1876Section4) {
  EXPECT_EQ(again("42 21 54 N 71 06 18 W -24m 30m"),
            "42 21 54.000 N 71 6 18.000 W -24.00m 30.00m 10000.00m 10.00m");
  EXPECT_EQ(again("42 21 43.952 N 71 5 6.344 W -24m 1m 200m"),
            "42 21 43.952 N 71 5 6.344 W -24.00m 1.00m 200.00m 10.00m");
  EXPECT_EQ(again("52 14 05 N 00 08 50 E 10m"),
            "52 14 5.000 N 0 8 50.000 E 10.00m 1.00m 10000.00m 10.00m");
  EXPECT_EQ(again("32 7 19 S 116 2 25 E 10m"),
            "32 7 19.000 S 116 2 25.000 E 10.00m 1.00m 10000.00m 10.00m");
  EXPECT_EQ(again("42 21 28.764 N 71 00 51.617 W -44m 2000m"),
            "42 21 28.764 N 71 0 51.617 W -44.00m 2000.00m 10000.00m 10.00m");
}

TEST(Location, CountsFromTheEquatorTheMeridianAndTheBase) {
  EXPECT_EQ(hex_of(RrType::LOC, "0 N 0 E 0"),
            "00121613"
            "80000000"
            "80000000"
            "00989680");
  EXPECT_EQ(hex_of(RrType::LOC, "0 0 0.001 S 0 1 W -100000.00m 0m 0 0.00"),
            "00000000"
            "7FFFFFFF"
            "7FFF15A0"
            "00000000");
  EXPECT_EQ(hex_of(RrType::LOC, "90 n 180 e 42849672.95M 90000000.00m 9m 0.09m"),
            "00999290"
            "934FD900"
            "A69FB200"
            "FFFFFFFF");
}

TEST(Location, RefusesWhatIsOutOfRange) {
  for (const char* text :
       {"91 N 0 E 0", "90 0 0.001 N 0 E 0", "0 60 N 0 E 0", "0 0 60 N 0 E 0", "0 N 181 E 0",
        "0 N 180 0 0.001 W 0", "0 N 0 E -100000.01", "0 N 0 E 42849672.96", "0 N 0 E 0 90000000.01",
        "0 N 0 E 0 -1m", "0 N 0 E 99999999999m"}) {
    EXPECT_EQ(refused(text), Error::BadLocation) << text;
  }
}

TEST(Location, RefusesWhatIsMalformed) {
  for (const char* text :
       {"0 E 0 N 0", "N 0 E 0 0", "0 0 0 0 N 0 E 0", "0 0 0.0001 N 0 E 0", "0 0 0. N 0 E 0",
        "0 0 .5 N 0 E 0", "0.5 N 0 E 0", "0 0.5 N 0 E 0", "-1 N 0 E 0", "0 N 0 E 1.234m",
        "0 N 0 E m", "0 N 0 E --1", "0 N 0 E 1km", "0 N 0 E 1mm", "0 N 0 E 0 1e3m", "0 x 0 E 0"}) {
    EXPECT_EQ(refused(text), Error::BadLocation) << text;
  }
  for (const char* text : {"0", "0 N", "0 N 0 E", "0 0 0"}) {
    EXPECT_EQ(refused(text), Error::Truncated) << text;
  }
  EXPECT_EQ(refused("0 N 0 E 0 1 1 1 1"), Error::TrailingData);
  EXPECT_EQ(refused("0 \"N\" 0 E 0"), Error::BadText);
  EXPECT_EQ(refused(std::string(1 << 20, '1') + " N 0 E 0"), Error::BadLocation);
}

// The wire has one digit and a power of ten.
TEST(Location, KeepsTheFirstDigitOfLengths) {
  EXPECT_EQ(again("0 N 0 E 0 123.45m 99m 0.19m"),
            "0 0 0.000 N 0 0 0.000 E 0.00m 100.00m 90.00m 0.10m");
}

TEST(Location, RefusesOctetsThatStandForNoPlace) {
  EXPECT_TRUE(check_rdata(RrType::LOC, octets("00121613 80000000 80000000 00000000")));
  for (const char* digits : {
           "01121613 80000000 80000000 00000000",  // VERSION
           "00a21613 80000000 80000000 00000000",  // 10e2 cm
           "00121a13 80000000 80000000 00000000",  // 1e10 cm
           "00121605 80000000 80000000 00000000",  // 0e5 cm
           "00121613 934fd901 80000000 00000000",  // north of the pole
           "00121613 6cb026ff 80000000 00000000",  // south of it
           "00121613 80000000 a69fb201 00000000",
           "00121613 80000000 59604dff 00000000",
           "00121613 00000000 80000000 00000000",
       }) {
    EXPECT_EQ(wire_error(RrType::LOC, digits), Error::BadRdata) << digits;
  }
  EXPECT_EQ(wire_error(RrType::LOC, "00121613 80000000 80000000 000000"), Error::Truncated);
}

}  // namespace
}  // namespace dnswire
