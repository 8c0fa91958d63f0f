// The sections of fairlead.yaml that concern the protocol, read as the server reads them.
#include "server/config/options.h"
#include "tests/server/config/files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

class ProtocolOptions : public Files {
 protected:
  Options read(const std::string& text) {
    zones::Problems problems;
    const auto options =
        load_options(write("fairlead.yaml", "zones: zones\nstate: state\n" + text), problems);
    EXPECT_TRUE(options) << text;
    return options.value_or(Options{});
  }
  std::vector<std::string> complaints(const std::string& text) {
    write("zones/a.yaml", "zone: example.org\nrecords:\n" + kApex);
    write("fairlead.yaml", "zones: zones\n" + text);
    return problems();
  }
};

TEST_F(ProtocolOptions, HaveDefaults) {
  const Options options = read("");
  EXPECT_FALSE(options.identity.name);
  EXPECT_FALSE(options.identity.version);
  EXPECT_TRUE(options.cookies.enabled);
  EXPECT_FALSE(options.cookies.require);
  EXPECT_FALSE(options.cookies.names_secrets);
  EXPECT_EQ(options.cookies.secrets, (folder_ / "state/cookie-secrets").string());
  EXPECT_EQ(options.udp.receive_buffer, 4U << 20);
  EXPECT_EQ(options.udp.send_buffer, 4U << 20);
  EXPECT_EQ(options.udp.busy_poll, 0us);
  EXPECT_EQ(options.tcp, TcpOptions{});
  EXPECT_EQ(options.limits.addresses, 100U);
}

TEST_F(ProtocolOptions, AreAllRead) {
  const Options options = read(
      "identity: {name: ns1.fra, version: none}\n"
      "cookies: {enabled: true, secrets: shared, require: true}\n"
      "udp: {receive_buffer: 8MiB, send_buffer: 64KiB, busy_poll: 50us}\n"
      "tcp: {idle: 30s, message: 5s, stall: 500ms, clients: 10, clients_per_address: 3,\n"
      "      owed: 1MiB, fast_open: 0}\n"
      "limits: {addresses: 1000}\n");
  EXPECT_EQ(options.identity.name, "ns1.fra");
  EXPECT_EQ(options.identity.version, "") << "not told";
  EXPECT_TRUE(options.cookies.require);
  EXPECT_TRUE(options.cookies.names_secrets);
  EXPECT_EQ(options.cookies.secrets, (folder_ / "shared").string()) << "relative to the file";
  EXPECT_EQ(options.udp.receive_buffer, 8U << 20);
  EXPECT_EQ(options.udp.send_buffer, 64U << 10);
  EXPECT_EQ(options.udp.busy_poll, 50us);
  EXPECT_EQ(options.tcp, (TcpOptions{30s, 5s, 500ms, 10, 3, 1 << 20, 0}));
  EXPECT_EQ(options.limits.addresses, 1000U);
  EXPECT_FALSE(read("cookies: {enabled: false}\n").cookies.enabled);
  EXPECT_FALSE(read("identity: {name: auto}\n").identity.name);
}

TEST_F(ProtocolOptions, TakeABusyPollFromOneMicrosecondToTenMilliseconds) {
  EXPECT_EQ(read("udp: {busy_poll: off}\n").udp.busy_poll, 0us);
  EXPECT_EQ(read("udp: {busy_poll: 1us}\n").udp.busy_poll, 1us);
  EXPECT_EQ(read("udp: {busy_poll: 10ms}\n").udp.busy_poll, 10ms);
  EXPECT_EQ(read("udp: {busy_poll: 10000us}\n").udp.busy_poll, 10ms);
  EXPECT_THAT(complaints("udp: {busy_poll: 50}\n"),
              ElementsAre("fairlead.yaml:2:18: `busy_poll` of `udp` is `50`, which is neither "
                          "`off` nor from `1us` to `10ms`: write for example `50us`"));
  for (const char* wrong :
       {"0us", "11ms", "10001us", "1s", "5us1", "us", "99999999999us", "-1us"}) {
    EXPECT_THAT(complaints("udp: {busy_poll: " + std::string(wrong) + "}\n"),
                ElementsAre(HasSubstr("neither `off` nor from")))
        << wrong;
  }
}

TEST_F(ProtocolOptions, TakeTextsUpToWhatFits) {
  EXPECT_EQ(read("identity: {name: " + std::string(64, 'n') + "}\n").identity.name->size(), 64U);
  EXPECT_EQ(read("identity: {version: " + std::string(250, 'v') + "}\n").identity.version->size(),
            250U);
  EXPECT_THAT(complaints("identity: {name: " + std::string(65, 'n') + "}\n"),
              ElementsAre("fairlead.yaml:2:18: `name` of `identity` has 65 octets, more than 64"));
  EXPECT_THAT(complaints("identity: {version: " + std::string(251, 'v') + "}\n"),
              ElementsAre(HasSubstr("has 251 octets, more than 250")));
  EXPECT_THAT(complaints("identity: {name: \"a\\nb\"}\n"),
              ElementsAre(HasSubstr("`name` of `identity` has control characters")));
}

TEST_F(ProtocolOptions, SayWhatIsWrong) {
  EXPECT_THAT(complaints("cookies: {enable: true}\n"),
              ElementsAre("fairlead.yaml:2:11: unknown key `enable` in `cookies`, did you mean "
                          "`enabled`?"));
  EXPECT_THAT(complaints("cookies: {enabled: false, require: true}\n"),
              ElementsAre(HasSubstr("`cookies` are required and not enabled")));
  EXPECT_THAT(complaints("cookies: {require: yes}\n"), ElementsAre(HasSubstr("`true` or `false`")));
  EXPECT_THAT(complaints("udp: {receive_buffer: 4}\n"),
              ElementsAre(HasSubstr("`receive_buffer` of `udp`: `4` has no unit")));
  EXPECT_THAT(complaints("udp: {send_buffer: 1KiB}\n"),
              ElementsAre(HasSubstr("is `1KiB`, which is not from 64KiB to 1GiB")));
  EXPECT_THAT(complaints("tcp: {idle: 2h}\n"),
              ElementsAre(HasSubstr("`idle` of `tcp` is 2h, which is not from 100ms to 1h")));
  EXPECT_THAT(complaints("tcp: {stall: 0s}\n"), ElementsAre(HasSubstr("not from 100ms to 1m")));
  EXPECT_THAT(complaints("tcp: {clients: 0}\n"),
              ElementsAre(HasSubstr("not a number from 1 to 1000000")));
  EXPECT_THAT(complaints("tcp: {owed: 64KiB}\n"),
              ElementsAre(HasSubstr("not from 65KiB to 64MiB")));
  EXPECT_THAT(complaints("limits: {addresses: 99}\n"),
              ElementsAre(HasSubstr("not a number from 100 to 1000")));
  EXPECT_THAT(complaints("limits: {addresses: 1001}\n"),
              ElementsAre(HasSubstr("not a number from 100 to 1000")));
}

class AddressLimit : public Files {
 protected:
  void with(const std::string& limits) {
    write("fairlead.yaml", "zones: zones\ngeo: {databases: []}\n" + limits);
  }
  static std::string yaml_zone(int addresses) {
    std::string text = "zone: example.org\nrecords:\n" + kApex + "  www: {A: [";
    for (int i = 0; i < addresses; ++i) text += address(i) + (i + 1 < addresses ? ", " : "]}\n");
    return text;
  }
  static std::string master_zone(int addresses) {
    std::string text = "$TTL 300\n@ IN SOA ns1 host 1 2 3 4 5\n@ IN NS ns1\nns1 IN A 192.0.2.1\n";
    for (int i = 0; i < addresses; ++i) text += "www IN A " + address(i) + "\n";
    return text;
  }
  static std::string address(int i) {
    return "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250);
  }
};

TEST_F(AddressLimit, HoldsForZonesInYaml) {
  write("zones/a.yaml", yaml_zone(200));
  EXPECT_THAT(problems(), testing::Contains(HasSubstr("100")));
  with("limits: {addresses: 200}\n");
  EXPECT_THAT(problems(), ElementsAre("loaded"));
  write("zones/a.yaml", yaml_zone(201));
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("200")));
}

TEST_F(AddressLimit, HoldsForMasterFiles) {
  write("zones/example.org.zone", master_zone(200));
  EXPECT_THAT(problems(), testing::Contains(HasSubstr("100")));
  with("limits: {addresses: 200}\n");
  EXPECT_THAT(problems(), ElementsAre("loaded"));
  write("zones/example.org.zone", master_zone(201));
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("200")));
}

}  // namespace
}  // namespace config
