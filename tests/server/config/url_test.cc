#include "server/config/url.h"

#include <gtest/gtest.h>

namespace config {
namespace {

TEST(Url, TakesWebServices) {
  for (const char* url :
       {"https://hooks.example/a?b=c", "http://127.0.0.1:8080", "https://[2001:db8::1]:8443/x",
        "https://[2001:db8::1]", "http://localhost/"}) {
    EXPECT_EQ(fault_of_url(url), "") << url;
  }
}

TEST(Url, SaysWhatIsWrong) {
  const auto expect = [](const char* url, std::string_view fault) {
    EXPECT_EQ(fault_of_url(url), fault) << url;
  };
  expect("ftp://a", "does not begin with `https://` or `http://`");
  expect("hooks.example", "does not begin with `https://` or `http://`");
  expect("http://a/b c", "has characters that a URL writes as `%20`");
  expect("http://a/\r\nHost: b", "has characters that a URL writes as `%20`");
  expect("http://a/#b", "has a fragment (`#`), which is not sent");
  expect("http://me:secret@a/", "has a user before `@`; sign with a `secret_file`");
  for (const char* url : {"http://", "http://:80", "http:///a", "http://10.0.0.300/", "http://[::1",
                          "http://[10.0.0.1]/", "http://::1/", "http://a_b-/"}) {
    expect(url, "has no sound host");
  }
  for (const char* url :
       {"http://a:", "http://a:0", "http://a:65536/", "http://a:b", "http://[::1]:x"}) {
    expect(url, "has no sound port");
  }
}

}  // namespace
}  // namespace config
