// RFC 4892: Requirements for a Mechanism Identifying a Name Server Instance; RFC 5001: NSID.
#include <gtest/gtest.h>

#include "tests/conformance/served.h"

namespace conformance {
namespace {

struct Identity : testing::Test {
  Served server{{{"example.org.zone",
                  "@ 60 SOA ns.example.net. hostmaster 1 3600 900 604800 60\n"
                  "@ 60 NS ns.example.net.\n"}}};

  Identity() { tell("fra1", "fairlead 9"); }
  void tell(const char* name, const char* version) {
    answer::Settings settings;
    settings.name = name;
    settings.version = version;
    server.set(settings);
  }
  Reply ask_chaos(const char* name, const char* type = "TXT") {
    Ask ask{name, type, "CH"};
    ask.edns = true;
    return server.ask(ask);
  }
};

TEST_F(Identity, Rfc4892_S3_1_NamesTheInstance) {
  for (const char* const name : {"id.server.", "hostname.bind.", "HOSTNAME.Bind."}) {
    EXPECT_EQ(to_text(ask_chaos(name)),
              "status NOERROR aa\nanswer " + std::string(name) + " 0 CH TXT \"fra1\"\n");
  }
}

TEST_F(Identity, VersionIsToldUnderBothNames) {
  for (const char* const name : {"version.bind.", "version.server."}) {
    EXPECT_EQ(to_text(ask_chaos(name)),
              "status NOERROR aa\nanswer " + std::string(name) + " 0 CH TXT \"fairlead 9\"\n");
    EXPECT_EQ(ask_chaos(name, "ANY").answer.size(), 1U);
    EXPECT_EQ(to_text(ask_chaos(name, "A")), "status NOERROR aa\n");
  }
}

TEST_F(Identity, WhatIsNotToldIsRefused) {
  tell("", "");
  for (const char* const name :
       {"id.server.", "hostname.bind.", "version.bind.", "version.server."}) {
    EXPECT_EQ(ask_chaos(name).status, "REFUSED");
    EXPECT_EQ(ask_chaos(name).extended_error(), "18");
  }
}

TEST_F(Identity, OtherNamesOfClassChaosAreRefused) {
  for (const char* const name :
       {"example.org.", "bind.", ".", "a.version.bind.", "authors.bind."}) {
    EXPECT_EQ(ask_chaos(name).status, "REFUSED") << name;
  }
}

TEST_F(Identity, LongestTextFits) {
  tell(std::string(64, 'n').c_str(), std::string(250, 'v').c_str());
  EXPECT_EQ(ask_chaos("version.bind.").answer.at(0),
            "version.bind. 0 CH TXT \"" + std::string(250, 'v') + "\"");
}

TEST_F(Identity, Rfc5001_S2_2_NsidIsSentWhereItIsAskedFor) {
  Ask ask{"example.org."};
  ask.options = {0, 3, 0, 0};
  const Octets expected{'f', 'r', 'a', '1'};
  EXPECT_EQ(server.ask(ask).options.at(3), expected);
  ask.name = "example.com.";  // refused, and still ours to name
  EXPECT_EQ(server.ask(ask).options.at(3), expected);
  ask.options.clear();
  ask.edns = true;
  EXPECT_EQ(server.ask(ask).options.count(3), 0U);
}

TEST_F(Identity, Rfc5001_S2_2_NsidIsNotSentWhereThereIsNone) {
  tell("", "");
  Ask ask{"example.org."};
  ask.options = {0, 3, 0, 0};
  const Reply reply = server.ask(ask);
  EXPECT_TRUE(reply.edns);
  EXPECT_TRUE(reply.options.empty());
}

}  // namespace
}  // namespace conformance
