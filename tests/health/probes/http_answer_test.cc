#include "health/probes/http_answer.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "print.h"

namespace probes {
namespace {

using health::CheckSpec;
using health::Reason;

const Outcome kPassed{};

CheckSpec wants_body(const std::string& body) {
  CheckSpec check;
  check.http.body = body;
  return check;
}

// The peer sends `text` in pieces of `size` octets and closes.
Outcome outcome_of(const CheckSpec& check, std::string_view text, std::size_t size = 1 << 20) {
  HttpAnswer answer(check);
  for (std::size_t at = 0; at < text.size(); at += size)
    if (const auto outcome = answer.feed(text.substr(at, size))) return *outcome;
  return answer.end();
}

// How many octets have to arrive until the answer is judged.
std::size_t octets_needed(const CheckSpec& check, std::string_view text) {
  HttpAnswer answer(check);
  for (std::size_t count = 1; count <= text.size(); ++count)
    if (answer.feed(text.substr(count - 1, 1))) return count;
  return std::string::npos;
}

TEST(HttpAnswer, PassesOnAWantedStatus) {
  EXPECT_EQ(outcome_of({}, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), kPassed);
  EXPECT_EQ(outcome_of({}, "HTTP/1.0 204 No Content\r\n\r\n"), kPassed);
}

TEST(HttpAnswer, TellsTheStatusAndWhatWasWanted) {
  CheckSpec check;
  EXPECT_EQ(outcome_of(check, "HTTP/1.1 503 Busy\r\n\r\n"),
            (Outcome{Reason::Status, "HTTP 503, wanted 200-299"}));
  check.http.status = {{200, 200}, {301, 302}, {401, 401}};
  EXPECT_EQ(outcome_of(check, "HTTP/1.1 204 Empty\r\n\r\n"),
            (Outcome{Reason::Status, "HTTP 204, wanted 200, 301-302, 401"}));
}

TEST(HttpAnswer, TakesBothEndsOfARange) {
  CheckSpec check;
  check.http.status = {{201, 203}, {401, 401}};
  const auto passes = [&check](int status) {
    return outcome_of(check, "HTTP/1.1 " + std::to_string(status) + " X\r\n\r\n").passed();
  };
  EXPECT_FALSE(passes(200));
  EXPECT_TRUE(passes(201));
  EXPECT_TRUE(passes(203));
  EXPECT_FALSE(passes(204));
  EXPECT_FALSE(passes(400));
  EXPECT_TRUE(passes(401));
}

TEST(HttpAnswer, DoesNotWaitForABodyNobodyAskedFor) {
  const std::string header = "HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n";
  EXPECT_EQ(octets_needed({}, header + "xxx"), header.size());
}

TEST(HttpAnswer, FindsTextInTheBody) {
  const std::string header = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n";
  EXPECT_EQ(outcome_of(wants_body("world"), header + "hello world"), kPassed);
  EXPECT_EQ(outcome_of(wants_body("World"), header + "hello world"),
            (Outcome{Reason::Body, "\"World\" not found in the body"}));
}

TEST(HttpAnswer, PassesAsSoonAsTheTextIsThere) {
  const std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello";
  EXPECT_EQ(octets_needed(wants_body("hello"), text + " and more"), text.size());
}

TEST(HttpAnswer, DoesNotFindTextInTheHeader) {
  EXPECT_EQ(outcome_of(wants_body("secret"), "HTTP/1.1 200 OK\r\nX: secret\r\n\r\nopen").reason,
            Reason::Body);
}

TEST(HttpAnswer, FindsTextAcrossChunks) {
  const std::string text =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nhel\r\n4;x=y\r\nlo w\r\n4\r\norld\r\n0\r\nTrailer: t\r\n\r\n";
  EXPECT_EQ(outcome_of(wants_body("hello world"), text), kPassed);
  EXPECT_EQ(outcome_of(wants_body("lo\r\n"), text).reason, Reason::Body);
}

TEST(HttpAnswer, TakesABodyThatEndsWithTheConnection) {
  const std::string header = "HTTP/1.0 200 OK\r\n\r\n";
  EXPECT_EQ(outcome_of(wants_body("fine"), header + "all fine"), kPassed);
  EXPECT_EQ(outcome_of(wants_body("fine"), header + "all fin"),
            (Outcome{Reason::Body, "\"fine\" not found before the connection was closed"}));
}

TEST(HttpAnswer, JudgesAShortBodyByWhatHasArrived) {
  const std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nall fine";
  EXPECT_EQ(outcome_of(wants_body("fine"), text), kPassed);
  EXPECT_EQ(outcome_of(wants_body("fine!"), text).reason, Reason::Body);
}

TEST(HttpAnswer, DoesNotFindTextBeyondTheLimit) {
  const std::string header = "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n";
  const std::string fill(health::kMaxBody - header.size() - 4, '.');
  EXPECT_EQ(outcome_of(wants_body("fine"), header + fill + "fine" + "...."), kPassed);
  EXPECT_EQ(outcome_of(wants_body("fine"), header + fill + ".fine" + "..."),
            (Outcome{Reason::Body, "\"fine\" not found in the first 16 KiB"}));
}

TEST(HttpAnswer, GivesUpOnAnEndlessHeader) {
  std::string text = "HTTP/1.1 200 OK\r\n";
  while (text.size() < 2 * health::kMaxBody) text += "X-Filler: 0123456789\r\n";
  const Outcome expected{Reason::Protocol, "HTTP header longer than 16 KiB"};
  EXPECT_EQ(octets_needed({}, text), health::kMaxBody);
  EXPECT_EQ(outcome_of({}, text), expected);
  EXPECT_EQ(outcome_of({}, text, 1), expected);
}

TEST(HttpAnswer, GivesUpOnAnEndlessLine) {
  const std::string text = "HTTP/1.1 200 " + std::string(2 * health::kMaxBody, 'x');
  EXPECT_EQ(outcome_of({}, text, 1000).reason, Reason::Protocol);
}

TEST(HttpAnswer, SkipsInterimResponses) {
  const std::string interim =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";
  EXPECT_EQ(outcome_of({}, interim + "HTTP/1.1 200 OK\r\n\r\n"), kPassed);
  EXPECT_EQ(outcome_of({}, interim + "HTTP/1.1 500 No\r\n\r\n").reason, Reason::Status);
  EXPECT_EQ(outcome_of(wants_body("fine"), interim + "HTTP/1.1 200 OK\r\n\r\nfine"), kPassed);
}

TEST(HttpAnswer, DoesNotSkipThemForEver) {
  std::string text;
  for (int i = 0; i < 9; ++i) text += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(outcome_of({}, text + "HTTP/1.1 200 OK\r\n\r\n"),
            (Outcome{Reason::Protocol, "more than 8 interim HTTP responses"}));
}

TEST(HttpAnswer, TakesSwitchingProtocolsAsAnAnswer) {
  CheckSpec check;
  check.http.status = {{101, 101}};
  EXPECT_EQ(outcome_of(check, "HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\n"), kPassed);
}

TEST(HttpAnswer, TellsWhereTheConnectionEnded) {
  EXPECT_EQ(outcome_of({}, ""), (Outcome{Reason::Protocol, "connection closed without an answer"}));
  const Outcome in_header{Reason::Protocol, "connection closed within the HTTP header"};
  EXPECT_EQ(outcome_of({}, "HTTP/1.1 200 OK\r\nX: y\r\n"), in_header);
  EXPECT_EQ(outcome_of({}, "HTTP/1.1 100 Continue\r\n\r\n"), in_header);
}

TEST(HttpAnswer, RefusesWhatIsNotHttp) {
  for (const std::string_view text :
       {"SSH-2.0-OpenSSH_9.2\r\n", "220 mail.example.org ESMTP\r\n", "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"})
    EXPECT_EQ(outcome_of({}, text).reason, Reason::Protocol) << text;
}

TEST(HttpAnswer, RefusesABrokenChunk) {
  EXPECT_EQ(outcome_of(wants_body("x"),
                       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n....\r\n")
                .reason,
            Reason::Protocol);
}

TEST(HttpAnswer, SaysTheSameHoweverTheOctetsArrive) {
  const std::vector<std::string> texts = {
      "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\nX:  y \r\n\r\nhello world",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nA: b\r\n\r\n",
      "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
      "nonsense\r\n\r\n",
  };
  for (const std::string& text : texts) {
    const CheckSpec check = wants_body("o w");
    const Outcome whole = outcome_of(check, text);
    for (std::size_t size = 1; size < text.size(); ++size)
      EXPECT_EQ(outcome_of(check, text, size).reason, whole.reason) << text << " by " << size;
  }
}

TEST(HttpAnswer, EscapesTheTextItMissed) {
  EXPECT_EQ(outcome_of(wants_body("a\nb"), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").detail,
            "\"a\\x0ab\" not found in the body");
}

CheckSpec wants_token() {
  CheckSpec check;
  check.identity.header = "X-Edge-Token";
  check.identity.token = "secret";
  return check;
}

TEST(HttpAnswer, TellsAStrangerByTheHeader) {
  const Outcome missing{Reason::Identity, "header X-Edge-Token is missing"};
  const Outcome wrong{Reason::Identity, "header X-Edge-Token does not hold the token"};
  EXPECT_EQ(outcome_of(wants_token(), "HTTP/1.1 200 OK\r\n\r\n"), missing);
  for (const std::string value : {"", "secreT", "secret2", "ecret"})
    EXPECT_EQ(outcome_of(wants_token(), "HTTP/1.1 200 OK\r\nX-Edge-Token: " + value + "\r\n\r\n"),
              wrong);
  EXPECT_EQ(outcome_of(wants_token(), "HTTP/1.1 200 OK\r\nx-edge-token:  secret \r\n\r\n"),
            kPassed);
  EXPECT_EQ(outcome_of(wants_token(),
                       "HTTP/1.1 200 OK\r\nX-Edge-Token: a\r\nX-Edge-Token: secret\r\n\r\n"),
            kPassed);
}

TEST(HttpAnswer, TakesNoTokenFromAnInterimResponse) {
  EXPECT_EQ(outcome_of(wants_token(),
                       "HTTP/1.1 103 Early\r\nX-Edge-Token: secret\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")
                .reason,
            Reason::Identity);
}

TEST(HttpAnswer, JudgesIdentityBeforeStatusAndBody) {
  EXPECT_EQ(outcome_of(wants_token(), "HTTP/1.1 404 Not Found\r\n\r\n").reason, Reason::Identity);
  EXPECT_EQ(outcome_of(wants_token(), "HTTP/1.1 404 No\r\nX-Edge-Token: secret\r\n\r\n").reason,
            Reason::Status);
  CheckSpec check = wants_body("fine");
  check.identity.body = "edge-17";
  EXPECT_EQ(outcome_of(check, "HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\nfine").reason,
            Reason::Identity);
  EXPECT_EQ(outcome_of(check, "HTTP/1.1 404 No\r\nContent-Length: 7\r\n\r\nedge-17").reason,
            Reason::Status);
  EXPECT_EQ(outcome_of(check, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nedge-17").reason,
            Reason::Body);
  EXPECT_EQ(outcome_of(check, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nfine edge-17"),
            kPassed);
}

TEST(HttpAnswer, KeepsTheSecretsToItself) {
  CheckSpec check = wants_token();
  check.identity.body = "other-secret";
  for (const std::string_view text :
       {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nX-Edge-Token: secret\r\n\r\nx"})
    EXPECT_EQ(outcome_of(check, text).detail.find("secret"), std::string::npos);
}

TEST(HttpAnswer, TellsWhereARedirectLeads) {
  EXPECT_EQ(outcome_of({}, "HTTP/1.1 302 Found\r\nLocation: https://x.example/\x01\r\n\r\n").reason,
            Reason::Protocol);
  EXPECT_EQ(outcome_of({}, "HTTP/1.1 302 Found\r\nLocation: https://x.example/\xff\r\n\r\n"),
            (Outcome{Reason::Status, "HTTP 302 to https://x.example/\\xff, wanted 200-299"}));
}

TEST(HttpAnswer, MatchesAnExpressionAgainstTheWholeBody) {
  const re2::RE2 exact("^fine$");
  const auto outcome = [&](std::string_view text) {
    CheckSpec check;
    check.http.body_regex = exact.pattern();
    HttpAnswer answer(check, &exact);
    for (const char each : text)
      if (auto decided = answer.feed({&each, 1})) return *decided;
    return answer.end();
  };
  EXPECT_EQ(outcome("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"), kPassed);
  EXPECT_EQ(outcome("HTTP/1.1 200 OK\r\n\r\nfine"), kPassed);
  EXPECT_EQ(outcome("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfine, "),
            (Outcome{Reason::Body, "no match of \"^fine$\" in the body"}));
}

TEST(HttpAnswer, ExpectsNoBodyAfterHead) {
  CheckSpec check = wants_body("fine");
  check.http.method = "HEAD";
  EXPECT_EQ(outcome_of(check, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"),
            (Outcome{Reason::Body, "\"fine\" not found in the body"}));
}

}  // namespace
}  // namespace probes
