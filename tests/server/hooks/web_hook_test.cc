#include "server/hooks/web_hook.h"

#include <gtest/gtest.h>

namespace hooks {
namespace {

std::string text_of(const std::optional<WebPlace>& place) {
  if (!place) return "none";
  return std::string(place->tls ? "tls " : "plain ") + place->host + " " +
         std::to_string(place->port) + " " + place->host_header + " " + place->target;
}

TEST(WebHook, ReadsAddresses) {
  EXPECT_EQ(text_of(parse_place("https://hooks.example")), "tls hooks.example 443 hooks.example /");
  EXPECT_EQ(text_of(parse_place("http://hooks.example/a/b?c=d")),
            "plain hooks.example 80 hooks.example /a/b?c=d");
  EXPECT_EQ(text_of(parse_place("https://hooks.example:8443?x")),
            "tls hooks.example 8443 hooks.example:8443 /?x");
  EXPECT_EQ(text_of(parse_place("http://[2001:db8::1]:81/")),
            "plain 2001:db8::1 81 [2001:db8::1]:81 /");
  EXPECT_EQ(text_of(parse_place("http://[::1]/x")), "plain ::1 80 [::1] /x");
  EXPECT_EQ(text_of(parse_place("http://192.0.2.1")), "plain 192.0.2.1 80 192.0.2.1 /");
}

TEST(WebHook, RefusesWhatItCannotPostTo) {
  for (const char* url :
       {"", "hooks.example", "ftp://hooks.example", "https://", "https:///x", "http://[::1",
        "http://:80/", "http://h:", "http://h:0", "http://h:65536", "http://h:80x", "http://u@h/",
        "http://h/a b", "http://h/\r\nX: y", "http://h/#f", "http://h\\x", "http://h/\xc3\xa9"}) {
    EXPECT_EQ(text_of(parse_place(url)), "none") << url;
  }
}

TEST(WebHook, IsNamedWithoutItsPath) {
  EXPECT_EQ(parse_place("https://hooks.example/services/T000/SECRET?key=1")->name(),
            "https://hooks.example");
}

// As anybody computes it: printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key
TEST(WebHook, SignsTimestampAndBody) {
  EXPECT_EQ(signature_of("key", 1'700'000'000, R"({"a":1})"),
            "sha256=a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03");
}

TEST(WebHook, PutsWhatIsToldIntoHeaders) {
  const Event event{Kind::Alarm, "id-7", R"({"a":1})"};
  const Message message =
      message_of(*parse_place("https://hooks.example:8443/x?y"), event, "key", 17);
  EXPECT_EQ(message.method_string(), "POST");
  EXPECT_EQ(message.target(), "/x?y");
  EXPECT_EQ(message["Host"], "hooks.example:8443");
  EXPECT_EQ(message["Content-Type"], "application/json");
  EXPECT_EQ(message["Content-Length"], "7");
  EXPECT_EQ(message["User-Agent"], "fairlead");
  EXPECT_EQ(message["X-Fairlead-Event"], "alarm");
  EXPECT_EQ(message["X-Fairlead-Id"], "id-7");
  EXPECT_EQ(message["X-Fairlead-Timestamp"], "17");
  EXPECT_EQ(message["X-Fairlead-Signature"], signature_of("key", 17, event.json));
  EXPECT_EQ(message.body(), event.json);
}

TEST(WebHook, SignsNothingWithoutASecret) {
  const Message message = message_of(*parse_place("http://h"), {}, "", 17);
  EXPECT_EQ(message.count("X-Fairlead-Signature"), 0U);
  EXPECT_EQ(message["X-Fairlead-Event"], "transition");
}

}  // namespace
}  // namespace hooks
