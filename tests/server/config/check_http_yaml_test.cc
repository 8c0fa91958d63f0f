#include "tests/server/config/check_files.h"

namespace config {
namespace {

using health::StatusRange;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class CheckHttpYaml : public CheckFiles {};

TEST_F(CheckHttpYaml, ReadsEveryKey) {
  const auto http =
      spec_of(
          "{type: http, method: HEAD, path: \"/healthz?full=1\", host: www.example.org, "
          "user_agent: probe/1, headers: {X-Probe: \"yes please\", Accept: text/plain}, "
          "status: [200-204, 301]}")
          .http;
  EXPECT_EQ(http.method, "HEAD");
  EXPECT_EQ(http.path, "/healthz?full=1");
  EXPECT_EQ(http.host, "www.example.org");
  EXPECT_EQ(http.user_agent, "probe/1");
  EXPECT_THAT(http.headers,
              ElementsAre(Pair("X-Probe", "yes please"), Pair("Accept", "text/plain")));
  EXPECT_THAT(http.status, ElementsAre(StatusRange{200, 204}, StatusRange{301, 301}));
  const auto body = spec_of("{type: http, body: ok, body_regex: \"^v[0-9]+$\"}").http;
  EXPECT_EQ(body.body, "ok");
  EXPECT_EQ(body.body_regex, "^v[0-9]+$");
}

TEST_F(CheckHttpYaml, RefusesWhatWouldBreakTheRequest) {
  EXPECT_THAT(complaints("{type: http, method: \"GET /\"}"),
              ElementsAre("check `web`: `method` is one word, such as `GET`"));
  EXPECT_THAT(complaints("{type: http, path: healthz}"),
              ElementsAre("check `web`: `path` begins with `/` and has no spaces"));
  EXPECT_THAT(complaints("{type: http, path: \"/\\r\\nX: y\"}"),
              ElementsAre("check `web`: `path` begins with `/` and has no spaces"));
  for (const char* host : {"\"http://x\"", "\"a b\"", "\"a\\r\\nb\"", "\"a:80\""}) {
    EXPECT_THAT(complaints(std::string("{type: http, host: ") + host + "}"),
                ElementsAre("check `web`: `host` is a name without scheme, port or path"))
        << host;
  }
  EXPECT_THAT(complaints("{type: http, user_agent: \"a\\nb\"}"),
              ElementsAre("check `web`: `user_agent` has control characters"));
  EXPECT_THAT(complaints("{type: http, headers: {X-A: \"b\\r\\nHost: c\"}}"),
              ElementsAre("`headers` of check `web`: the value of `X-A` has control characters"));
  EXPECT_THAT(complaints("{type: http, headers: {\"X A\": b}}"),
              ElementsAre("`headers` of check `web`: `X A` is no name of a header"));
  EXPECT_THAT(complaints("{type: http, headers: {X-A: b, x-a: c}}"),
              ElementsAre("`headers` of check `web`: `x-a` stands twice"));
  EXPECT_THAT(complaints("{type: http, headers: {}}"),
              ElementsAre("`headers` of check `web` is empty"));
}

TEST_F(CheckHttpYaml, RefusesHeadersThatAreItsOwn) {
  EXPECT_THAT(
      complaints("{type: http, headers: {host: a, User-Agent: b, Connection: c, Content-Length: 1, "
                 "Transfer-Encoding: chunked}}"),
      ElementsAre(HasSubstr("`host` is written as `host`"),
                  HasSubstr("`User-Agent` is written as `user_agent`"),
                  HasSubstr("`Connection` is always `close`"),
                  HasSubstr("`Content-Length` is for a body, and a probe sends none"),
                  HasSubstr("`Transfer-Encoding` is for a body, and a probe sends none")));
}

TEST_F(CheckHttpYaml, NoMessageHoldsTheValueOfAHeader) {
  for (const char* value : {"\"s3cret\\r\\n\"", "[s3cret]"}) {
    const auto texts =
        complaints(std::string("{type: http, headers: {Authorization: ") + value + "}}");
    EXPECT_THAT(texts, ElementsAre(testing::Not(HasSubstr("s3cret"))));
  }
}

TEST_F(CheckHttpYaml, SaysWhatNoAnswerCouldPass) {
  EXPECT_THAT(complaints("{type: http, status: 2xx}"),
              ElementsAre("`status` of check `web` is `2xx`, which is no HTTP status such as `200` "
                          "or `200-299`"));
  EXPECT_THAT(complaints("{type: http, body_regex: \"a(b\"}"),
              ElementsAre("check `web`: `body_regex` is no regular expression of RE2's syntax: "
                          "`missing ): a(b`"));
  EXPECT_THAT(complaints("{type: http, body_regex: " + std::string(1001, 'a') + "}"),
              ElementsAre("check `web`: `body_regex` is over 1000 octets long"));
  EXPECT_THAT(complaints("{type: http, body_regex: \"((a{100}){100}){10}\"}"),
              ElementsAre(HasSubstr("is no regular expression of RE2's syntax: `")))
      << "would take too much memory";
  EXPECT_THAT(complaints("{type: http, body: " + std::string(16385, 'a') + "}"),
              ElementsAre("check `web`: `body` is longer than the 16 KiB that are read"));
  EXPECT_THAT(complaints("{type: http, method: HEAD, body: ok}"),
              ElementsAre("check `web`: the answer to `HEAD` has no body to look at"));
  EXPECT_THAT(
      complaints("{type: http, method: HEAD, identity: {body: edge}}"),
      ElementsAre("`identity` of check `web`: the answer to `HEAD` has no body to look at"));
  EXPECT_THAT(complaints("{type: http, method: HEAD}"), IsEmpty());
}

}  // namespace
}  // namespace config
