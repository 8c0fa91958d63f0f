#include "server/control/saved_aliases.h"

#include <gtest/gtest.h>

namespace control {
namespace {

using dnswire::Family;
using dnswire::IpAddress;

TEST(SavedAliases, ComeBackAsTheyWere) {
  const std::vector<aliases::SavedAddresses> aliases = {
      {*dnswire::Name::from_text("tunnel.example.net."),
       Family::V4,
       {*IpAddress::from_text("192.0.2.1"), *IpAddress::from_text("192.0.2.2")},
       dnswire::Ttl(60),
       1'795'348'800},
      {*dnswire::Name::from_text("tunnel.example.net."), Family::V6, {}, dnswire::Ttl(30), 7}};
  EXPECT_EQ(from_saved(to_saved(aliases)), aliases);
}

TEST(SavedAliases, LeaveOutWhatMeansNothing) {
  EXPECT_TRUE(from_saved({{"..", 4, {"192.0.2.1"}, 60, 1}}).empty());
  EXPECT_TRUE(from_saved({{"a.example.", 4, {"2001:db8::1"}, 60, 1}}).empty());
  EXPECT_TRUE(from_saved({{"a.example.", 6, {"nonsense"}, 60, 1}}).empty());
}

}  // namespace
}  // namespace control
