#include "server/admin/explain_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace admin {
namespace {

using testing::HasSubstr;

TEST(ExplainRequest, SaysWhatIsWrong) {
  EXPECT_THAT(parse_explain_request("a..b", "", "192.0.2.1").error(),
              HasSubstr("`a..b` is no domain name"));
  EXPECT_THAT(parse_explain_request("a", "NOSUCH", "192.0.2.1").error(),
              HasSubstr("`NOSUCH` is no record type"));
  EXPECT_THAT(parse_explain_request("a", "", "nobody").error(),
              HasSubstr("`nobody` is no client address"));
  EXPECT_THAT(parse_explain_request("a\x1b..", "", "192.0.2.1").error(), HasSubstr("`a\\x1b..`"));
  EXPECT_THAT(parse_explain_request("a", "AXFR", "192.0.2.1").error(),
              HasSubstr("AXFR is no type of records"));
  EXPECT_EQ(parse_explain_request("a", "", "192.0.2.1")->type, dnswire::RrType::A);
  EXPECT_EQ(parse_explain_request("a", "", "192.0.2.1,2001:db8::1")->clients.size(), 2U);
  EXPECT_THAT(parse_explain_request("a", "", "192.0.2.1,").error(), HasSubstr("no client address"));
  EXPECT_THAT(parse_explain_request("a", "", "192.0.2.1", "dead:tokyo").error(),
              HasSubstr("`dead:tokyo` assumes nothing"));
}

}  // namespace
}  // namespace admin
