#include "server/config/check_yaml.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace config {
namespace {

using namespace std::chrono_literals;
using health::ProbeType;
using health::StatusRange;
using testing::ElementsAre;
using testing::IsEmpty;

class CheckYaml : public testing::Test {
 protected:
  CheckYaml() {
    std::string pattern = (std::filesystem::temp_directory_path() / "fairlead-ca-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    std::ofstream(folder_ + "/ca.pem") << "-----BEGIN CERTIFICATE-----\n";
    std::ofstream(folder_ + "/no.pem") << "root:x:0:0\n";
  }
  ~CheckYaml() override { std::filesystem::remove_all(folder_); }

  Checks read(const std::string& text) {
    problems_.clear();
    YamlFile file(folder_ + "/f.yaml", problems_);
    return read_checks(file, *file.parse(text));
  }
  std::vector<std::string> complaints(const std::string& check) {
    std::ignore = read("web: " + check);
    std::vector<std::string> result;
    for (const auto& problem : problems_) result.push_back(problem.text);
    return result;
  }
  std::string folder_;
  zones::Problems problems_;
};

TEST_F(CheckYaml, ReadsEveryKey) {
  const auto checks = read(
      "web: {type: https, port: 8443, path: /healthz, host: www.example.org, status: [200-204, "
      "301],"
      " body: ok, verify: true, ca: ca.pem, interval: 10s, timeout: 1500ms, fall: 4, rise: 5,"
      " forgive: 6}");
  EXPECT_THAT(problems_, IsEmpty());
  const health::CheckSpec& web = checks.at("web");
  EXPECT_EQ(web.type, ProbeType::Https);
  EXPECT_EQ(web.port, 8443);
  EXPECT_EQ(web.path, "/healthz");
  EXPECT_EQ(web.host, "www.example.org");
  EXPECT_THAT(web.status, ElementsAre(StatusRange{200, 204}, StatusRange{301, 301}));
  EXPECT_EQ(web.body, "ok");
  EXPECT_EQ(web.ca_file, folder_ + "/ca.pem");
  EXPECT_EQ(web.interval, 10s);
  EXPECT_EQ(web.timeout, 1500ms);
  EXPECT_EQ(web.thresholds, (health::Thresholds{4, 5, 6}));
}

TEST_F(CheckYaml, HasUsualPortsAndTimes) {
  const auto checks = read(
      "a: {type: http}\nb: {type: https, host: h}\nc: {type: tcp, port: 25}\n"
      "d: {type: http, interval: 1s}\n");
  EXPECT_THAT(problems_, IsEmpty());
  EXPECT_EQ(checks.at("a").port, 80);
  EXPECT_EQ(checks.at("b").port, 443);
  EXPECT_TRUE(checks.at("b").verify);
  EXPECT_EQ(checks.at("c").interval, 5s);
  EXPECT_EQ(checks.at("c").timeout, 2s);
  EXPECT_EQ(checks.at("d").timeout, 1s) << "never longer than the interval";
}

TEST_F(CheckYaml, SaysWhatIsWrong) {
  EXPECT_THAT(complaints("{port: 80}"), ElementsAre("check `web` lacks `type`"));
  EXPECT_THAT(complaints("{type: htpp}"),
              ElementsAre("`type` of check `web` is `htpp`, which is none of `tcp`, `http` or "
                          "`https`, did you mean `http`?"));
  EXPECT_THAT(complaints("{type: tcp}"), ElementsAre("check `web` needs a `port`"));
  EXPECT_THAT(complaints("{type: tcp, port: 0}"),
              ElementsAre("`port` of check `web` is `0`, which is not a number from 1 to 65535"));
  EXPECT_THAT(complaints("{type: tcp, port: 25, path: /}"),
              ElementsAre("check `web`: `path` is for http and https checks only"));
  EXPECT_THAT(complaints("{type: http, verify: false}"),
              ElementsAre("check `web`: `verify` is for https checks only"));
  EXPECT_THAT(complaints("{type: https}"),
              ElementsAre("check `web` needs a `host`, the name on the certificate (or `verify: "
                          "false`)"));
  EXPECT_THAT(complaints("{type: http, path: healthz}"),
              ElementsAre("check `web`: `path` begins with `/` and has no spaces"));
  EXPECT_THAT(complaints("{type: http, host: \"http://x\"}"),
              ElementsAre("check `web`: `host` is a name without scheme, port or path"));
  EXPECT_THAT(complaints("{type: http, status: 2xx}"),
              ElementsAre("`status` of check `web` is `2xx`, which is no HTTP status such as `200` "
                          "or `200-299`"));
  EXPECT_THAT(complaints("{type: http, interval: 5}"),
              ElementsAre("`interval` of check `web`: `5` has no unit, write `5s`"));
  EXPECT_THAT(complaints("{type: http, interval: 1s, timeout: 2s}"),
              ElementsAre("check `web`: `timeout` is longer than `interval`; probes would overtake "
                          "each other"));
  EXPECT_THAT(complaints("{type: http, interval: 1ms}"),
              ElementsAre("check `web`: `interval` is at least 100ms",
                          "check `web`: `timeout` is at least 10ms"));
  for (const char* ca : {"nosuch.pem", "no.pem", "."}) {
    EXPECT_THAT(complaints(std::string("{type: https, host: h, ca: ") + ca + "}"),
                ElementsAre(testing::HasSubstr("which is no file with PEM certificates")))
        << ca;
  }
  EXPECT_THAT(complaints("{type: http, fall: 0}"),
              ElementsAre("`fall` of check `web` is `0`, which is not a number from 1 to 1000"));
}

}  // namespace
}  // namespace config
