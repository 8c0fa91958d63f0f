#include "geo/pieces.h"

#include <gtest/gtest.h>

#include "geo/partition_builder.h"
#include "neighbors.h"

namespace geo {
namespace {

using dnswire::Prefix;

Prefix prefix(std::string_view text) { return Prefix::from_text(text).value(); }

Correction correction(std::string_view net, std::string_view country) {
  Correction correction{prefix(net), {}};
  correction.location.country = CountryCode::from_text(country);
  return correction;
}

TEST(ForEachPiece, CutsAddressesByPlaceAndByNumber) {
  const std::array corrections{correction("128.0.0.0/2", "DE"), correction("2600::/16", "US")};
  const Map map = load_map({}, corrections).map;
  PrefixSet set;
  set.insert(prefix("128.0.0.0/3"));
  const PrefixSet* const sets[] = {&set};
  const Partition partition = build_partition(
      map, sets, PrefixSet(),
      [](const Location&, std::span<const bool> inside) { return inside[0] ? 1U : 0U; });

  std::vector<std::string> seen;
  std::optional<dnswire::IpAddress> expected = dnswire::IpAddress();
  for_each_piece(map, partition, [&](const Piece& piece) {
    if (!expected) expected = make_address(dnswire::Family::V6, {});
    EXPECT_EQ(piece.network.address, *expected);
    expected = neighbor(last_of(piece.network), true);
    const auto& country = piece.location->country;
    if (!country && piece.number == 0) return;
    seen.push_back(piece.network.to_text() + " " + std::string(country ? country->text() : "-") +
                   " " + std::to_string(piece.number));
  });
  EXPECT_FALSE(expected.has_value());
  EXPECT_EQ(seen,
            (std::vector<std::string>{"128.0.0.0/3 DE 1", "160.0.0.0/3 DE 0", "2600::/16 US 0"}));
}

TEST(ForEachPiece, HasOnePieceOfEachFamilyWhereNothingIsKnown) {
  int count = 0;
  for_each_piece(Map(), Partition(), [&count](const Piece& piece) {
    EXPECT_EQ(piece.network.length, 0);
    ++count;
  });
  EXPECT_EQ(count, 2);
}

}  // namespace
}  // namespace geo
