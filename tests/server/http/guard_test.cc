#include "server/http/guard.h"

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(HttpGuard, TrustsLiteralsAndLocalhost) {
  for (const char* host : {"127.0.0.1", "127.0.0.1:8053", "[::1]", "[::1]:8053", "localhost",
                           "LocalHost:8053", "192.0.2.1"}) {
    EXPECT_TRUE(is_trusted_host(host)) << host;
  }
}

TEST(HttpGuard, DistrustsNames) {
  for (const char* host : {"", "example.org", "example.org:8053", "localhost.example.org",
                           "127.0.0.1.example.org", "[::1", "[]", "::1", "localhost.", "1.2.3"}) {
    EXPECT_FALSE(is_trusted_host(host)) << host;
  }
}

TEST(HttpGuard, KnowsWhichMethodsChangeState) {
  EXPECT_FALSE(changes_state("GET"));
  EXPECT_FALSE(changes_state("HEAD"));
  EXPECT_FALSE(changes_state("OPTIONS"));
  EXPECT_TRUE(changes_state("POST"));
  EXPECT_TRUE(changes_state("DELETE"));
  EXPECT_TRUE(changes_state("get"));
}

TEST(HttpGuard, ReadsBearerTokens) {
  EXPECT_EQ(bearer_token("Bearer abc"), "abc");
  EXPECT_EQ(bearer_token("bEARER   abc"), "abc");
  for (const char* header : {"", "Bearer", "Bearer ", "Bearer  ", "Bearerabc", "abc", "Basic abc",
                             "Bearer abc def", " Bearer abc"}) {
    EXPECT_FALSE(bearer_token(header)) << header;
  }
}

TEST(HttpGuard, DecodesPercents) {
  EXPECT_EQ(percent_decode("a%20b%2Fc%e6", false), "a b/c\xe6");
  EXPECT_EQ(percent_decode("a+b", true), "a b");
  EXPECT_EQ(percent_decode("a+b", false), "a+b");
  for (const char* text : {"%", "%1", "%zz", "%-1", "%+1", "a%2", "% 1"}) {
    EXPECT_FALSE(percent_decode(text, false)) << text;
  }
}

TEST(HttpGuard, SplitsTargets) {
  const auto target = parse_target("/a%20b?name=www.example.org&client=2001%3Adb8%3A%3A1&x&=y&&");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a b");
  EXPECT_EQ(target->query.size(), 3u);
  EXPECT_EQ(target->query.at("name"), "www.example.org");
  EXPECT_EQ(target->query.at("client"), "2001:db8::1");
  EXPECT_EQ(target->query.at("x"), "");
  EXPECT_TRUE(parse_target("/"));
  EXPECT_TRUE(parse_target("/?"));
}

TEST(HttpGuard, RefusesMalformedTargets) {
  for (const char* text : {"", "*", "a", "http://127.0.0.1/", "/%", "/?a=%g0", "/?%="}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

}  // namespace
}  // namespace http
