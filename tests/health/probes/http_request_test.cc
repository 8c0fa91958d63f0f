#include "health/probes/http_request.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace probes {
namespace {

using health::ProbeType;
using health::Target;

Target target_at(const std::string& address, ProbeType type, std::uint16_t port) {
  Target target{address, {}};
  target.check.type = type;
  target.check.port = port;
  return target;
}

TEST(RequestText, IsAPlainGet) {
  Target target = target_at("192.0.2.1", ProbeType::Http, 80);
  target.check.http.host = "www.example.org";
  target.check.http.path = "/healthz?full=1";
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
  target.check.http.path = "/ HTTP/1.1\r\nX: y";
  EXPECT_EQ(request_text(target), "");
  target.check.http.path = "/";
  target.check.http.host = "a\r\nX: y";
  EXPECT_EQ(request_text(target), "");
}

TEST(RequestText, IsEmptyForAHeaderThatWouldBeTwo) {
  for (const auto& header : {std::pair{"X-A", "b\r\nY: z"}, {"X A", "b"}, {"", "b"}, {"X:", "b"}}) {
    Target target = target_at("192.0.2.1", ProbeType::Http, 80);
    target.check.http.headers = {{header.first, header.second}};
    EXPECT_EQ(request_text(target), "") << header.first;
  }
  Target target = target_at("192.0.2.1", ProbeType::Http, 80);
  target.check.http.method = "GET /";
  EXPECT_EQ(request_text(target), "");
  target.check.http.method = "GET";
  target.check.http.user_agent = "a\nb";
  EXPECT_EQ(request_text(target), "");
}

TEST(RequestText, HoldsMethodHeadersAndUserAgent) {
  Target target = target_at("192.0.2.1", ProbeType::Http, 80);
  target.check.http.method = "HEAD";
  target.check.http.user_agent = "prober/1";
  target.check.http.headers = {{"X-A", "b c"}, {"Authorization", "Bearer x"}};
  EXPECT_EQ(request_text(target),
            "HEAD / HTTP/1.1\r\nHost: 192.0.2.1\r\nUser-Agent: prober/1\r\nAccept: */*\r\n"
            "X-A: b c\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n");
}

TEST(RequestText, LetsHeadersTakeThePlaceOfItsOwn) {
  Target target = target_at("192.0.2.1", ProbeType::Http, 80);
  target.check.http.headers = {{"accept", "text/html"}, {"HOST", "x.example"}};
  EXPECT_EQ(request_text(target),
            "GET / HTTP/1.1\r\nUser-Agent: fairlead\r\naccept: text/html\r\nHOST: x.example\r\n"
            "Connection: close\r\n\r\n");
}

TEST(RequestText, SaysThatAPostHasNoContent) {
  Target target = target_at("192.0.2.1", ProbeType::Http, 80);
  target.check.http.method = "POST";
  EXPECT_NE(request_text(target).find("\r\nContent-Length: 0\r\n"), std::string::npos);
}

TEST(RequestText, TakesAHostThatNamesItsPort) {
  Target target = target_at("192.0.2.1", ProbeType::Http, 8080);
  target.check.http.host = "www.example.org:81";
  EXPECT_NE(request_text(target).find("\r\nHost: www.example.org:81\r\n"), std::string::npos);
}

TEST(RequestText, NeverAsksForCompression) {
  EXPECT_EQ(request_text(target_at("192.0.2.1", ProbeType::Http, 80)).find("Encoding"),
            std::string::npos);
}

}  // namespace
}  // namespace probes
