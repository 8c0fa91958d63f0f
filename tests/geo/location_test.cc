#include "geo/location.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace geo {
namespace {

constexpr Coordinates kLondon{51.5074, -0.1278};
constexpr Coordinates kNewYork{40.7128, -74.0060};
constexpr Coordinates kTokyo{35.6762, 139.6503};
constexpr Coordinates kSydney{-33.8688, 151.2093};
constexpr Coordinates kParis{48.8566, 2.3522};
constexpr Coordinates kMoscow{55.7558, 37.6173};
constexpr Coordinates kSingapore{1.3521, 103.8198};
constexpr Coordinates kSaoPaulo{-23.5505, -46.6333};
constexpr Coordinates kLosAngeles{34.0522, -118.2437};
constexpr Coordinates kAuckland{-36.8485, 174.7633};
constexpr Coordinates kHonolulu{21.3069, -157.8583};
constexpr Coordinates kCapeTown{-33.9249, 18.4241};

TEST(DistanceKm, IsWhatAtlasesSay) {
  struct Row {
    Coordinates from, to;
    double km;
  };
  for (const Row& row : {
           Row{kLondon, kNewYork, 5570},       Row{kLondon, kParis, 344},
           Row{kLondon, kTokyo, 9559},         Row{kLondon, kSydney, 16994},
           Row{kLondon, kSingapore, 10852},    Row{kNewYork, kLosAngeles, 3936},
           Row{kNewYork, kTokyo, 10849},       Row{kNewYork, kSaoPaulo, 7685},
           Row{kParis, kMoscow, 2486},         Row{kMoscow, kTokyo, 7478},
           Row{kSydney, kAuckland, 2156},      Row{kTokyo, kHonolulu, 6209},
           Row{kSydney, kSaoPaulo, 13355},     Row{kTokyo, kSydney, 7823},
           Row{kCapeTown, kSydney, 11016},     Row{kLosAngeles, kHonolulu, 4114},
           Row{kSingapore, kTokyo, 5312},      Row{kAuckland, kHonolulu, 7086},
           Row{kLosAngeles, kAuckland, 10467},
       }) {
    EXPECT_NEAR(distance_km(row.from, row.to), row.km, row.km * 0.005);
  }
}

TEST(DistanceKm, IsTheSameInBothDirections) {
  EXPECT_DOUBLE_EQ(distance_km(kTokyo, kSaoPaulo), distance_km(kSaoPaulo, kTokyo));
}

TEST(DistanceKm, IsZeroForOnePoint) { EXPECT_EQ(distance_km(kTokyo, kTokyo), 0); }

TEST(DistanceKm, CrossesTheAntimeridian) {
  EXPECT_NEAR(distance_km({0, 179.5}, {0, -179.5}), 111.195, 0.001);
  EXPECT_NEAR(distance_km({10, 180}, {10, -180}), 0, 1e-6);
}

TEST(DistanceKm, IgnoresTheLongitudeAtThePoles) {
  EXPECT_NEAR(distance_km({90, 0}, {90, 123}), 0, 1e-6);
  EXPECT_NEAR(distance_km({-90, -50}, {-90, 50}), 0, 1e-6);
  EXPECT_NEAR(distance_km({90, 17}, {0, -120}), 6371.0088 * std::numbers::pi / 2, 1e-6);
}

TEST(DistanceKm, IsHalfTheCircumferenceForAntipodes) {
  const double half = 6371.0088 * std::numbers::pi;
  EXPECT_NEAR(distance_km({90, 0}, {-90, 0}), half, 1e-6);
  EXPECT_NEAR(distance_km({0, 0}, {0, 180}), half, 1e-6);
  EXPECT_NEAR(distance_km({40.7128, -74.006}, {-40.7128, 105.994}), half, 0.1);
}

TEST(DistanceKm, KeepsMetersApart) {
  EXPECT_NEAR(distance_km({50, 8}, {50.00001, 8}), 0.001112, 1e-6);
}

// The angle between two vectors from the center, for the same sphere.
double distance_by_vectors(Coordinates a, Coordinates b) {
  const auto vector_of = [](Coordinates c, long double(&v)[3]) {
    const long double latitude = c.latitude * std::numbers::pi_v<long double> / 180;
    const long double longitude = c.longitude * std::numbers::pi_v<long double> / 180;
    v[0] = std::cos(latitude) * std::cos(longitude);
    v[1] = std::cos(latitude) * std::sin(longitude);
    v[2] = std::sin(latitude);
  };
  long double p[3];
  long double q[3];
  vector_of(a, p);
  vector_of(b, q);
  const long double x = p[1] * q[2] - p[2] * q[1];
  const long double y = p[2] * q[0] - p[0] * q[2];
  const long double z = p[0] * q[1] - p[1] * q[0];
  const long double cosine = p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
  return static_cast<double>(6371.0088L * std::atan2(std::sqrt(x * x + y * y + z * z), cosine));
}

TEST(DistanceKm, AgreesWithTheAngleBetweenVectors) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> latitude(-90, 90);
  std::uniform_real_distribution<double> longitude(-180, 180);
  for (int i = 0; i < 20000; ++i) {
    const Coordinates a{latitude(random), longitude(random)};
    const Coordinates b{latitude(random), longitude(random)};
    ASSERT_NEAR(distance_km(a, b), distance_by_vectors(a, b), 0.01)
        << a.latitude << ' ' << a.longitude << ' ' << b.latitude << ' ' << b.longitude;
  }
}

TEST(Continent, HasCodesAndNames) {
  EXPECT_EQ(to_text(Continent::AF), "AF");
  EXPECT_EQ(to_text(Continent::SA), "SA");
  EXPECT_EQ(continent_name(Continent::AN), "Antarctica");
  EXPECT_EQ(continent_name(Continent::AS), "Asia");
  EXPECT_EQ(continent_name(Continent::EU), "Europe");
  EXPECT_EQ(continent_name(Continent::NA), "North America");
  EXPECT_EQ(continent_name(Continent::OC), "Oceania");
}

TEST(Continent, IsReadBackFromItsCode) {
  using enum Continent;
  for (const Continent continent : {AF, AN, AS, EU, NA, OC, SA}) {
    EXPECT_EQ(continent_from_text(to_text(continent)), continent);
  }
}

TEST(Continent, IsNotReadFromAnythingElse) {
  for (const std::string_view text : {"", "E", "eu", "XX", "EUR", "Europe"}) {
    EXPECT_EQ(continent_from_text(text), std::nullopt) << text;
  }
}

TEST(CountryCode, IsUpperCase) {
  EXPECT_EQ(CountryCode::from_text("de")->text(), "DE");
  EXPECT_EQ(CountryCode::from_text("No")->text(), "NO");
  EXPECT_EQ(CountryCode::from_text("us"), CountryCode::from_text("US"));
  EXPECT_LT(*CountryCode::from_text("AD"), *CountryCode::from_text("AE"));
}

TEST(CountryCode, IsTwoAsciiLetters) {
  for (const std::string_view text : {"", "D", "DEU", "D1", "1D", "D ", " D", "\xC3\xA4", "[a"}) {
    EXPECT_EQ(CountryCode::from_text(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace geo
