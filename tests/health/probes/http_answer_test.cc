#include "health/probes/http_answer.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "print.h"

namespace probes {
namespace {

using health::CheckSpec;
using health::ProbeType;
using health::Reason;
using health::Target;

const Outcome kPassed{};

Target target_at(const std::string& address, ProbeType type, std::uint16_t port) {
  Target target{address, {}};
  target.check.type = type;
  target.check.port = port;
  return target;
}

CheckSpec wants_body(const std::string& body) {
  CheckSpec check;
  check.body = body;
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

TEST(RequestText, IsAPlainGet) {
  Target target = target_at("192.0.2.1", ProbeType::Http, 80);
  target.check.host = "www.example.org";
  target.check.path = "/healthz?full=1";
  EXPECT_EQ(request_text(target),
            "GET /healthz?full=1 HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: fairlead\r\n"
            "Accept: */*\r\nConnection: close\r\n\r\n");
}

TEST(RequestText, NamesThePortUnlessItIsTheDefault) {
  const auto host_line = [](const std::string& address, ProbeType type, std::uint16_t port) {
    const std::string text = request_text(target_at(address, type, port));
    const std::size_t from = text.find("Host:");
    return text.substr(from, text.find('\r', from) - from);
  };
  EXPECT_EQ(host_line("192.0.2.1", ProbeType::Http, 80), "Host: 192.0.2.1");
  EXPECT_EQ(host_line("192.0.2.1", ProbeType::Http, 443), "Host: 192.0.2.1:443");
  EXPECT_EQ(host_line("192.0.2.1", ProbeType::Https, 443), "Host: 192.0.2.1");
  EXPECT_EQ(host_line("192.0.2.1", ProbeType::Https, 80), "Host: 192.0.2.1:80");
  EXPECT_EQ(host_line("2001:db8::1", ProbeType::Http, 80), "Host: [2001:db8::1]");
  EXPECT_EQ(host_line("2001:db8::1", ProbeType::Http, 8080), "Host: [2001:db8::1]:8080");
}

TEST(RequestText, IsEmptyRatherThanAnotherRequest) {
  Target target = target_at("192.0.2.1", ProbeType::Http, 80);
  target.check.path = "/ HTTP/1.1\r\nX: y";
  EXPECT_EQ(request_text(target), "");
  target.check.path = "/";
  target.check.host = "a\r\nX: y";
  EXPECT_EQ(request_text(target), "");
}

TEST(HttpAnswer, PassesOnAWantedStatus) {
  EXPECT_EQ(outcome_of({}, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), kPassed);
  EXPECT_EQ(outcome_of({}, "HTTP/1.0 204 No Content\r\n\r\n"), kPassed);
}

TEST(HttpAnswer, TellsTheStatusAndWhatWasWanted) {
  CheckSpec check;
  EXPECT_EQ(outcome_of(check, "HTTP/1.1 503 Busy\r\n\r\n"),
            (Outcome{Reason::Status, "HTTP 503, wanted 200-299"}));
  check.status = {{200, 200}, {301, 302}, {401, 401}};
  EXPECT_EQ(outcome_of(check, "HTTP/1.1 204 Empty\r\n\r\n"),
            (Outcome{Reason::Status, "HTTP 204, wanted 200, 301-302, 401"}));
}

TEST(HttpAnswer, TakesBothEndsOfARange) {
  CheckSpec check;
  check.status = {{201, 203}, {401, 401}};
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
  check.status = {{101, 101}};
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

}  // namespace
}  // namespace probes
