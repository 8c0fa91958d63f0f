#include "server/answer/chaos.h"

#include <gtest/gtest.h>

#include "dnswire/name.h"
#include "dnswire/rdata.h"

namespace answer {
namespace {

using dnswire::Rcode;
using dnswire::RrClass;
using dnswire::RrType;

struct Chaos : testing::Test {
  Settings settings;
  Response response;

  Chaos() {
    settings.name = "fra1";
    settings.version = "fairlead 9";
  }
  // The TXT data, or the RCODE of a reply without.
  std::string ask(const char* text, RrType type = RrType::TXT) {
    response.reset();
    const dnswire::Name name = dnswire::Name::from_text(text).value();
    compose_chaos({name, type, RrClass::CH}, settings, response);
    if (response.items().empty()) return to_text(response.rcode);
    EXPECT_EQ(response.items().size(), 1U);
    EXPECT_EQ(response.klass, RrClass::CH);
    EXPECT_TRUE(response.authoritative);
    return rdata_to_text(RrType::TXT, *response.items()[0].rrset.begin());
  }
};

TEST_F(Chaos, TellsNameAndVersionWhateverTheCase) {
  EXPECT_EQ(ask("id.server."), "\"fra1\"");
  EXPECT_EQ(ask("HOSTNAME.bind."), "\"fra1\"");
  EXPECT_EQ(ask("version.bind."), "\"fairlead 9\"");
  EXPECT_EQ(ask("Version.Server.", RrType::ANY), "\"fairlead 9\"");
}

TEST_F(Chaos, HasNoOtherTypes) {
  EXPECT_EQ(ask("version.bind.", RrType::A), "NOERROR");
  EXPECT_TRUE(response.authoritative);
}

TEST_F(Chaos, RefusesWhatIsNotTold) {
  EXPECT_EQ(ask("authors.bind."), "REFUSED");
  EXPECT_FALSE(response.authoritative);
  settings = {};
  EXPECT_EQ(ask("version.bind."), "REFUSED");
  EXPECT_EQ(ask("id.server."), "REFUSED");
  EXPECT_EQ(response.error->code, dnswire::ExtendedErrorCode::Prohibited);
}

}  // namespace
}  // namespace answer
