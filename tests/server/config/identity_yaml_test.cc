#include "server/config/identity_yaml.h"

#include "tests/server/config/check_files.h"

namespace config {
namespace {

using health::ProbeType;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// SHA-256 of nothing, twice.
const std::string kBase64 = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
const std::string kHex = "sha256/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const std::string kZeros = "sha256/" + std::string(64, '0');

class IdentityYaml : public CheckFiles {};

TEST_F(IdentityYaml, ReadsKeysInBothForms) {
  const auto base64 = spec_of("{type: tls, sni: h, identity: {spki: " + kBase64 + "}}").identity;
  const auto hex = spec_of("{type: tls, sni: h, identity: {spki: " + kHex + "}}").identity;
  ASSERT_EQ(base64.spki.size(), 1U);
  EXPECT_EQ(base64.spki[0].size(), 32U);
  EXPECT_EQ(base64.spki[0].substr(0, 2), "\xe3\xb0");
  EXPECT_EQ(base64, hex);
  EXPECT_EQ(spec_of("{type: tls, sni: h, identity: {spki: [" + kHex + ", " + kZeros + "]}}")
                .identity.spki,
            (std::vector<std::string>{hex.spki[0], std::string(32, '\0')}));
}

TEST_F(IdentityYaml, ReadsTokensAndBodies) {
  const auto header =
      spec_of("{type: http, identity: {header: X-Edge-Token, token_file: token}}").identity;
  EXPECT_EQ(header.header, "X-Edge-Token");
  EXPECT_EQ(header.token, kToken) << "without the line's end";
  EXPECT_EQ(spec_of("{type: http, identity: {body: I am tokyo}}").identity.body, "I am tokyo");
  write("body", "\n I am\ntokyo \n");
  EXPECT_EQ(spec_of("{type: http, identity: {body_file: body}}").identity.body, "I am\ntokyo");
}

TEST_F(IdentityYaml, LeavesFilesOfEndpointsToEndpoints) {
  const auto checks = read(
      "web: {type: http, identity: {header: X-T, token_file: \"tokens/{endpoint}\", body: b}}");
  EXPECT_THAT(problems_, IsEmpty());
  const Check& web = *checks.at("web");
  EXPECT_TRUE(web.spec.identity.empty());
  ASSERT_TRUE(web.identity);
  write("tokens/tokyo", "abcdefghijklmnop");
  YamlFile file(folder_ + "/f.yaml", problems_);
  const auto identity = settle(file, *web.identity, {"example.org", "tokyo"});
  EXPECT_EQ(identity.token, "abcdefghijklmnop");
  EXPECT_EQ(identity.body, "b");
}

TEST_F(IdentityYaml, KnowsWhichProbesLookAtAllOfIt) {
  WrittenIdentity spki;
  spki.fixed.spki = {std::string(32, 'x')};
  WrittenIdentity body;
  body.fixed.body = "x";
  WrittenIdentity both = spki;
  both.fixed.header = "X-T";
  const auto check = [](ProbeType type, const char* method = "GET") {
    health::CheckSpec spec;
    spec.type = type;
    spec.http.method = method;
    return spec;
  };
  EXPECT_TRUE(spki.fits(check(ProbeType::Tls)));
  EXPECT_TRUE(spki.fits(check(ProbeType::Https)));
  EXPECT_FALSE(spki.fits(check(ProbeType::Http)));
  EXPECT_TRUE(body.fits(check(ProbeType::Http)));
  EXPECT_FALSE(body.fits(check(ProbeType::Http, "HEAD")));
  EXPECT_FALSE(body.fits(check(ProbeType::Tls)));
  EXPECT_TRUE(both.fits(check(ProbeType::Https, "HEAD")));
  EXPECT_FALSE(both.fits(check(ProbeType::Tls)));
  EXPECT_FALSE(body.fits(check(ProbeType::Tcp)));
}

TEST_F(IdentityYaml, SaysWhatIsWrong) {
  const auto of = [this](const std::string& type, const std::string& identity) {
    return complaints("{type: " + type + ", sni: h, identity: " + identity + "}");
  };
  for (const std::string spki :
       {"sha1/abcd", "sha256/abcd", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}) {
    EXPECT_THAT(of("tls", "{spki: \"" + spki + "\"}"),
                ElementsAre(HasSubstr("which is not `sha256/` with the Base64 or the 64 "
                                      "hexadecimal digits of a SHA-256")))
        << spki;
  }
  EXPECT_THAT(of("tls", "{spki: [" + kHex + ", " + kBase64 + "]}"),
              ElementsAre("`spki` of `identity` of check `web` names a key twice"));
  EXPECT_THAT(of("tls", "{spki: []}"), ElementsAre(HasSubstr("is an empty list")));
  EXPECT_THAT(of("tls", "{}"),
              ElementsAre(HasSubstr("`identity` of check `web` is empty; it has `spki`")));
  EXPECT_THAT(of("tls", "{body: x}"),
              ElementsAre("`identity` of check `web`: `spki` is for https and tls, `header` and "
                          "`body` are for http and https"));
  EXPECT_THAT(of("https", "{header: X-T}"), ElementsAre(HasSubstr("has a `header` and no "
                                                                  "`token_file`")));
  EXPECT_THAT(of("https", "{token_file: token}"),
              ElementsAre(HasSubstr("has a `token_file` and no `header`")));
  EXPECT_THAT(of("https", "{header: \"X T\", token_file: token}"),
              ElementsAre(HasSubstr("`header` is the name of a header")));
  EXPECT_THAT(of("https", "{body: x, body_file: token}"),
              ElementsAre(HasSubstr("has both `body` and `body_file`")));
  EXPECT_THAT(of("https", "{body: " + std::string(1025, 'x') + "}"),
              ElementsAre(HasSubstr("`body` is over 1024 octets long")));
  EXPECT_THAT(of("https", "{token: x}"),
              ElementsAre(HasSubstr("unknown key `token`"), HasSubstr("is empty; it has")));
}

}  // namespace
}  // namespace config
