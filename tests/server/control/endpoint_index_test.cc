#include "server/control/endpoint_index.h"

#include <gmock/gmock.h>

#include "tests/server/control/configured.h"

namespace control {
namespace {

using health::SubjectId;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

class EndpointIndexTest : public Configured {
 protected:
  // Subjects of `kBoth` in the order of its endpoints.
  static constexpr const char* kBoth = R"(
zone: example.test
checks:
  web: {type: tcp, port: 80}
endpoints:
  tokyo: {A: 192.0.2.1, AAAA: "2001:db8::1", check: web}
  inside: {A: 192.0.2.2, AAAA: "2001:db8::2", check: web, probe: 10.0.0.1}
pools:
  edges: {members: [tokyo, inside]}
  near: {members: [tokyo]}
records:
  "@": {NS: ns1}
  ns1: {A: 192.0.2.53}
  www: {dynamic: edges}
  near: {dynamic: near}
)";

  Loaded load_text(const std::string& text) {
    write("zones/example.test.yaml", text);
    return load();
  }
  static EndpointIndex index_of(const Loaded& loaded) {
    return EndpointIndex(*loaded.configuration.plan, loaded.configuration.roster->subjects.size());
  }
};

TEST_F(EndpointIndexTest, KnowsWhoseStandingASubjectIs) {
  const Loaded loaded = load_text(kBoth);
  const EndpointIndex index = index_of(loaded);
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < loaded.configuration.roster->subjects.size(); ++i) {
    names.push_back(index.name_of(SubjectId{i}));
  }
  EXPECT_THAT(names, UnorderedElementsAre("example.test/tokyo/ipv4", "example.test/tokyo/ipv6",
                                          "example.test/inside/both"));
}

TEST_F(EndpointIndexTest, NamesEndpointsAsOverridesDo) {
  const Loaded loaded = load_text(kBoth);
  const EndpointIndex index = index_of(loaded);
  const auto subject = index.override_subject(steering::EndpointId{0});
  EXPECT_EQ(subject.zone, "example.test");
  EXPECT_EQ(subject.endpoint, "tokyo");
  EXPECT_THAT(subject.pools, UnorderedElementsAre("edges", "near"));
  health::Override override;
  override.target = "pool:near";
  EXPECT_THAT(index.matching(override), ElementsAre(steering::EndpointId{0}));
  override.target = "example.test/*";
  EXPECT_EQ(index.matching(override).size(), 2U);
  EXPECT_THAT(index.override_targets(),
              UnorderedElementsAre("tokyo", "inside", "pool:edges", "pool:near"));
}

TEST_F(EndpointIndexTest, FindsWhoStayedAfterAReload) {
  const Loaded before = load_text(kBoth);
  std::string text = kBoth;
  text.replace(text.find("  tokyo: "), 9, "  osaka: {A: 192.0.2.9}\n  tokyo: ");
  const Loaded after = load_text(text);
  const EndpointIndex old_index = index_of(before);
  const EndpointIndex new_index = index_of(after);
  const auto former = new_index.match(old_index);
  for (std::uint32_t i = 0; i < former.size(); ++i) {
    const std::string name = new_index.name_of(SubjectId{i});
    if (name == "example.test/osaka/ipv4") {
      EXPECT_FALSE(former[i]);
    } else {
      ASSERT_TRUE(former[i]) << name;
      EXPECT_EQ(old_index.name_of(*former[i]), name);
    }
  }
}

}  // namespace
}  // namespace control
