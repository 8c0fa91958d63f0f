#include "tests/server/config/check_files.h"

namespace config {
namespace {

using namespace std::chrono_literals;
using health::TlsVersion;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CheckTlsYaml : public CheckFiles {};

TEST_F(CheckTlsYaml, ReadsEveryKey) {
  const auto tls = spec_of(
                       "{type: tls, sni: www.example.org, ca: ca.pem, tls_min: 1.3, certificate: "
                       "ca.pem, key: key.pem, warn_before: 30d, fail_before: 2d}")
                       .tls;
  EXPECT_EQ(tls.name, "www.example.org");
  EXPECT_TRUE(tls.verify);
  EXPECT_EQ(tls.ca_file, folder_ + "/ca.pem");
  EXPECT_EQ(tls.min_version, TlsVersion::Tls13);
  EXPECT_EQ(tls.certificate_file, folder_ + "/ca.pem");
  EXPECT_EQ(tls.key_file, folder_ + "/key.pem");
  EXPECT_EQ(tls.warn_before, 30 * 24h);
  EXPECT_EQ(tls.fail_before, 2 * 24h);
}

TEST_F(CheckTlsYaml, HasUsualValues) {
  const auto tls = spec_of("{type: https, host: h}").tls;
  EXPECT_EQ(tls, health::TlsSpec{}) << "the name is that of `host`, without being written";
  EXPECT_EQ(tls.min_version, TlsVersion::Tls12);
  EXPECT_EQ(spec_of("{type: https, host: h, tls_min: \"1.0\"}").tls.min_version, TlsVersion::Tls10);
  EXPECT_EQ(spec_of("{type: https, host: h, fail_before: 21d}").tls.warn_before, 21 * 24h);
}

TEST_F(CheckTlsYaml, WantsANameToVerify) {
  EXPECT_THAT(complaints("{type: https}"),
              ElementsAre("check `web` needs a `host`, the name on the certificate (or `verify: "
                          "false`)"));
  EXPECT_THAT(complaints("{type: tls}"),
              ElementsAre("check `web` needs an `sni`, the name on the certificate (or `verify: "
                          "false`)"));
  for (const char* sound : {"{type: https, verify: false}", "{type: tls, verify: false}",
                            "{type: https, sni: a.example}", "{type: tls, sni: a.example}"}) {
    EXPECT_THAT(complaints(sound), IsEmpty()) << sound;
  }
}

TEST_F(CheckTlsYaml, SaysWhatIsWrong) {
  for (const char* ca : {"nosuch.pem", "no.pem", ".", "key.pem"}) {
    EXPECT_THAT(complaints(std::string("{type: https, host: h, ca: ") + ca + "}"),
                ElementsAre(HasSubstr("which is no file with PEM certificates")))
        << ca;
  }
  EXPECT_THAT(complaints("{type: https, host: h, certificate: ca.pem, key: ca.pem}"),
              ElementsAre("check `web`: `key` names `ca.pem`, which is no file with a PEM private "
                          "key"));
  EXPECT_THAT(complaints("{type: https, host: h, certificate: ca.pem}"),
              ElementsAre("check `web` has a `certificate` and no `key`"));
  EXPECT_THAT(complaints("{type: https, host: h, key: key.pem}"),
              ElementsAre("check `web` has a `key` and no `certificate`"));
  EXPECT_THAT(complaints("{type: https, host: h, tls_min: 1.1}"),
              ElementsAre("`tls_min` of check `web` is `1.1`, which is none of `1.0`, `1.2` or "
                          "`1.3`, did you mean `1.0`?"));
  EXPECT_THAT(complaints("{type: https, host: h, verify: false, ca: ca.pem}"),
              ElementsAre("check `web` has a `ca` that `verify: false` does not look at"));
  EXPECT_THAT(complaints("{type: https, host: h, sni: \"a b\"}"),
              ElementsAre("check `web`: `sni` is the name of a host"));
  EXPECT_THAT(complaints("{type: https, host: h, warn_before: 1d, fail_before: 2d}"),
              ElementsAre("check `web`: `fail_before` is longer than `warn_before`; nobody would "
                          "be warned"));
  EXPECT_THAT(complaints("{type: https, host: h, warn_before: 1500ms}"),
              ElementsAre("`warn_before` of check `web`: `1500ms` is not whole seconds"));
}

TEST_F(CheckTlsYaml, WarnsOfAKeyThatEverybodyMayRead) {
  std::filesystem::permissions(folder_ + "/key.pem", std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  EXPECT_THAT(complaints("{type: https, host: h, certificate: ca.pem, key: key.pem}"), IsEmpty());
  EXPECT_THAT(texts(warnings_), ElementsAre("`key` of check `web` names `key.pem`, which everybody "
                                            "may read: chmod 640"));
}

}  // namespace
}  // namespace config
