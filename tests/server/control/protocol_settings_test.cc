#include "server/control/protocol_settings.h"

#include <unistd.h>

#include <array>

#include "tests/server/control/configured.h"

namespace control {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kFirst = "000102030405060708090a0b0c0d0e0f";
const std::string kSecond = "ffffffffffffffffffffffffffffffff";

class Settings : public Configured {
 protected:
  Settings() { configure(""); }

  void configure(const std::string& more) {
    write("fairlead.yaml",
          "zones: zones\nlisten: 127.0.0.1:0\ngeo: {databases: []}\nstate: state\n" + more);
  }
  void make_state() const { std::filesystem::create_directory(folder_ / "state"); }
  std::string secrets_file() const { return (folder_ / "state/cookie-secrets").string(); }
  Loaded start() const {
    auto loaded = load_to_serve(file());
    EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().front());
    return std::move(*loaded);
  }
  std::vector<std::string> errors() const {
    const auto loaded = load_to_serve(file());
    return loaded ? std::vector<std::string>{} : loaded.error();
  }
};

TEST_F(Settings, TellTheHostsNameAndTheVersionUnlessToldOtherwise) {
  std::array<char, 256> host{};
  ASSERT_EQ(::gethostname(host.data(), host.size() - 1), 0);
  const auto usual = load().settings;
  EXPECT_EQ(usual->name, std::string(host.data()).substr(0, 64));
  EXPECT_THAT(usual->version, testing::StartsWith("fairlead "));
  configure("identity: {name: ns1, version: none}\n");
  const auto chosen = load().settings;
  EXPECT_EQ(chosen->name, "ns1");
  EXPECT_EQ(chosen->version, "");
}

TEST_F(Settings, AdvertiseHowLongATcpClientMayBeIdle) {
  EXPECT_EQ(load().settings->tcp_keepalive, 100);
  configure("tcp: {idle: 250ms}\n");
  EXPECT_EQ(load().settings->tcp_keepalive, 2);
  configure("tcp: {idle: 1h}\n");
  EXPECT_EQ(load().settings->tcp_keepalive, 36'000);
}

TEST_F(Settings, CapWhatKeepaliveCannotSay) {
  config::Options options;
  options.tcp.idle = std::chrono::hours(24);
  options.cookies.enabled = false;
  EXPECT_EQ(read_protocol_settings(options)->settings.tcp_keepalive, 65535);
}

TEST_F(Settings, MakeASecretAtTheFirstStartAndKeepIt) {
  make_state();
  const Loaded first = start();
  EXPECT_EQ(first.settings->cookie_secrets.size(), 1U);
  EXPECT_THAT(first.warnings, IsEmpty());
  EXPECT_EQ(start().settings->cookie_secrets, first.settings->cookie_secrets);
}

TEST_F(Settings, AreReadByACheckWithoutMakingAnything) {
  make_state();
  EXPECT_THAT(load().settings->cookie_secrets, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(secrets_file()));
}

TEST_F(Settings, MakeTheStateFolderForTheOwnerAlone) {
  EXPECT_THAT(start().warnings, IsEmpty());
  const auto permissions =
      std::filesystem::status(std::filesystem::path(secrets_file()).parent_path()).permissions();
  EXPECT_EQ(permissions, std::filesystem::perms::owner_all);
}

TEST_F(Settings, GoOnInMemoryWhereTheStateFolderCannotBeWritten) {
  write("fairlead.yaml",
        "zones: zones\nlisten: 127.0.0.1:0\ngeo: {databases: []}\nstate: missing/state\n");
  const Loaded loaded = start();
  EXPECT_EQ(loaded.settings->cookie_secrets.size(), 1U);
  EXPECT_THAT(loaded.warnings,
              ElementsAre(testing::AllOf(HasSubstr("cannot be written: No such file"),
                                         HasSubstr("ends with this process"))));
  const auto again = load_again(file(), loaded);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->settings->cookie_secrets, loaded.settings->cookie_secrets)
      << "a reload keeps cookies valid";
}

TEST_F(Settings, RefuseAMalformedFileAndOneThatWasNamedAndIsMissing) {
  make_state();
  write("state/cookie-secrets", "nonsense\n");
  EXPECT_THAT(errors(), ElementsAre(HasSubstr("state/cookie-secrets: line 1 is no secret")));
  configure("cookies: {secrets: shared}\n");
  EXPECT_THAT(errors(), ElementsAre(testing::AllOf(HasSubstr("shared: is not there"),
                                                   HasSubstr("`cookies.secrets`"))));
  configure("cookies: {enabled: false, secrets: shared}\n");
  EXPECT_THAT(start().settings->cookie_secrets, IsEmpty());
}

TEST_F(Settings, TellAtAReloadWhatBecameOfTheSecrets) {
  configure("cookies: {secrets: shared}\n");
  write("shared", kFirst + "\n");
  const Loaded one = start();
  write("shared", kFirst + "\n" + kSecond + "\n");
  const Loaded added = *load_again(file(), one);
  EXPECT_EQ(describe_changes(one, added), "cookie secrets changed: 2, the same one signs\n");
  write("shared", kSecond + "\n" + kFirst + "\n");
  const Loaded turned = *load_again(file(), added);
  EXPECT_EQ(describe_changes(added, turned), "cookie secrets changed: 2, another one signs\n");
  write("shared", "nonsense\n");
  EXPECT_FALSE(load_again(file(), turned));
  configure("cookies: {enabled: false}\nidentity: {name: other}\n");
  EXPECT_EQ(describe_changes(turned, *load_again(file(), turned)),
            "`identity` changed\ncookies are off\n");
  configure("cookies: {require: true}\n");
  EXPECT_EQ(describe_changes(turned, *load_again(file(), turned)), "cookies are required\n");
}

}  // namespace
}  // namespace control
