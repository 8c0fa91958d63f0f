#include "health/observation.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace health {
namespace {

TEST(Reason, HasATextOfItsOwnForEach) {
  std::set<std::string_view> texts;
  for (std::size_t i = 0; i < kReasonCount; ++i) texts.insert(to_text(static_cast<Reason>(i)));
  EXPECT_EQ(texts.size(), kReasonCount);
  EXPECT_EQ(to_text(Reason::None), "none");
  EXPECT_EQ(to_text(Reason::TlsName), "tls_name");
  EXPECT_EQ(to_text(Reason::LeaseExpired), "lease_expired");
  EXPECT_EQ(to_text(Reason::Resource), "resource");
}

TEST(Reason, IsReadBackFromItsText) {
  for (std::size_t i = 0; i < kReasonCount; ++i) {
    const auto reason = static_cast<Reason>(i);
    EXPECT_EQ(reason_from_text(to_text(reason)), reason);
  }
  EXPECT_EQ(reason_from_text(""), std::nullopt);
  EXPECT_EQ(reason_from_text("Refused"), std::nullopt);
}

TEST(Reason, IsSilenceWhereNothingCameBack) {
  std::set<Reason> silent;
  for (std::size_t i = 0; i < kReasonCount; ++i) {
    const auto reason = static_cast<Reason>(i);
    if (is_silence(reason)) silent.insert(reason);
  }
  EXPECT_EQ(silent, (std::set<Reason>{Reason::Timeout, Reason::Unreachable, Reason::LeaseExpired}));
}

}  // namespace
}  // namespace health
