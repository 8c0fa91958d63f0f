// `lookup` against the plainest reading of RFC 1034 4.3.2, RFC 4592 and RFC 6672, for small random
// zones: names are text, existence is a search through all owners.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "tests/dnswire/random.h"
#include "tests/zones/zone_text.h"
#include "zones/lookup.h"

namespace zones {
namespace {

using dnswire::RrType;
using dnswire::testing::Random;
using Kind = Finding::Kind;

constexpr std::array kAsked{RrType::A,  RrType::AAAA,  RrType::TXT,   RrType::MX,  RrType::NS,
                            RrType::DS, RrType::CNAME, RrType::DNAME, RrType::SOA, RrType::ANY};

std::string join(const std::string& label, const std::string& parent) {
  return label + "." + (parent == "." ? "" : parent);
}

std::string parent_of(const std::string& name) {
  const std::string rest = name.substr(name.find('.') + 1);
  return rest.empty() ? "." : rest;
}

bool is_below(const std::string& name, const std::string& ancestor) {
  if (name == ancestor) return false;
  return ancestor == "." || name.ends_with("." + ancestor);
}

// Names in lower case with their final dot.
struct Model {
  struct Owner {
    std::set<RrType> types;
    bool is_dynamic = false;
  };
  struct Expected {
    Kind kind;
    std::string node;
    bool synthesized;
  };

  std::string origin;
  std::map<std::string, Owner> owners;

  bool exists(const std::string& name) const {
    return std::any_of(owners.begin(), owners.end(), [&](const auto& owner) {
      return owner.first == name || is_below(owner.first, name);
    });
  }
  bool has(const std::string& name, RrType type) const {
    const auto found = owners.find(name);
    return found != owners.end() && found->second.types.contains(type);
  }
  bool is_dynamic(const std::string& name) const {
    const auto found = owners.find(name);
    return found != owners.end() && found->second.is_dynamic;
  }

  Expected data(const std::string& node, RrType type, bool synthesized) const {
    const bool wants_address = type == RrType::A || type == RrType::AAAA || type == RrType::ANY;
    const auto found = owners.find(node);
    const bool owns_types = found != owners.end() && !found->second.types.empty();
    if (wants_address && is_dynamic(node)) return {Kind::Dynamic, node, synthesized};
    if (type == RrType::ANY && owns_types) return {Kind::Match, node, synthesized};
    if (has(node, type)) return {Kind::Match, node, synthesized};
    if (has(node, RrType::CNAME)) return {Kind::Alias, node, synthesized};
    return {Kind::NoData, node, synthesized};
  }

  // Label by label from the apex down, as RFC 1034 4.3.2 step 3 tells it.
  Expected look_up(const std::string& name, RrType type) const {
    std::vector<std::string> path;
    for (std::string at = name; at != origin; at = parent_of(at)) path.push_back(at);
    std::string matched = origin;
    for (auto next = path.rbegin(); next != path.rend(); ++next) {
      if (!exists(*next)) {
        if (has(matched, RrType::DNAME)) return {Kind::Redirect, matched, false};
        const std::string wildcard = join("*", matched);
        if (exists(wildcard)) return data(wildcard, type, true);
        return {Kind::NoSuchName, matched, false};
      }
      const bool asks_the_parent = type == RrType::DS && *next == name;
      if (has(*next, RrType::NS) && !asks_the_parent) return {Kind::Referral, *next, false};
      matched = *next;
    }
    return data(name, type, false);
  }
};

// One random zone, as a Model and as a Zone.
class Case {
 public:
  Case(Random& random, const std::string& origin) : random_(random), builder_(name_of(origin)) {
    model_.origin = origin;
    add(origin, "SOA ns.elsewhere. hostmaster.elsewhere. 1 1 1 1 1");
    add(origin, "NS ns.elsewhere.");
    if (origin == ".") {
      add("ns.elsewhere.", "A 192.0.2.1");
    } else if (random_.chance(10)) {
      add(origin, "DNAME target.elsewhere.");
    }
    const std::size_t records = random_.between(1, 14);
    for (std::size_t i = 0; i < records; ++i) add_something(random_name(random_.between(1, 4)));
  }

  const Model& model() const { return model_; }

  Zone build() {
    auto zone = std::move(builder_).build();
    EXPECT_TRUE(zone) << (zone ? "" : zone.error().front());
    return std::move(*zone);
  }

  // A name at, above or below what is there, or any other.
  std::string interesting_name() {
    auto owner = model_.owners.begin();
    std::advance(owner, static_cast<std::ptrdiff_t>(below(model_.owners.size())));
    const std::string& name = owner->first;
    switch (below(6)) {
      case 0:
        return name;
      case 1:
        return name == model_.origin ? name : parent_of(name);
      case 2:
        return join(random_label(), name);
      case 3:
        return join(random_label(), join(random_label(), name));
      case 4:
        return name == model_.origin ? name : join(random_label(), parent_of(name));
      default:
        return random_name(below(6));
    }
  }

  std::string in_any_case(std::string text) {
    for (char& c : text) {
      if (c >= 'a' && c <= 'z' && below(2) == 0) c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
  }

 private:
  std::size_t below(std::size_t end) { return random_.between(0, end - 1); }

  std::string random_label() {
    static const std::array<const char*, 5> kLabels{"a", "b", "*", "cc", "q"};
    return kLabels[below(kLabels.size())];
  }

  std::string random_name(std::size_t labels) {
    std::string name = model_.origin;
    for (std::size_t i = 0; i < labels; ++i) name = join(random_label(), name);
    return name;
  }

  // What the builder refuses is not part of the zone.
  bool add(const std::string& owner, const std::string& type_and_data) {
    if (!add_line(builder_, in_any_case(owner) + " 60 " + type_and_data)) return false;
    const std::string type = type_and_data.substr(0, type_and_data.find(' '));
    model_.owners[owner].types.insert(*dnswire::rr_type_from_text(type));
    return true;
  }

  template <class Matches>
  bool any_owner(Matches matches) const {
    return std::any_of(model_.owners.begin(), model_.owners.end(), matches);
  }
  bool is_below_owner_of(const std::string& name, RrType type) const {
    return any_owner([&](const auto& owner) {
      return owner.first != model_.origin && is_below(name, owner.first) &&
             owner.second.types.contains(type);
    });
  }

  // Keeps to what `verify` accepts.
  void add_something(const std::string& name) {
    if (is_below_owner_of(name, RrType::DNAME) || model_.has(model_.origin, RrType::DNAME)) return;
    const auto is_inside = [&](const auto& owner) { return is_below(owner.first, name); };
    switch (below(9)) {
      case 0:
        if (!any_owner(is_inside)) add(name, "DNAME target.elsewhere.");
        return;
      case 1:
        if (any_owner(
                [&](const auto& owner) { return is_inside(owner) && owner.second.is_dynamic; }))
          return;
        if (add(name, "NS ns.elsewhere.") && below(2) == 0) add(name, "DS " + kDsData);
        return;
      case 2:
        if (is_below_owner_of(name, RrType::NS)) return;
        if (builder_.add_dynamic(name_of(name), DynamicId{1}))
          model_.owners[name].is_dynamic = true;
        return;
      case 3:
        add(name, "CNAME target.elsewhere.");
        return;
      case 4:
        add(name, "MX 10 mail.elsewhere.");
        return;
      case 5:
        add(name, "TXT text");
        return;
      case 6:
        add(name, "AAAA 2001:db8::1");
        return;
      default:
        add(name, "A 192.0.2.1");
        return;
    }
  }

  Random& random_;
  ZoneBuilder builder_;
  Model model_;
};

RrType type_of_rrset(Kind kind, RrType asked) {
  switch (kind) {
    case Kind::Alias:
      return RrType::CNAME;
    case Kind::Redirect:
      return RrType::DNAME;
    case Kind::Referral:
      return RrType::NS;
    default:
      return asked;
  }
}

void compare(const Zone& zone, const Model::Expected& expected, dnswire::NameView name,
             RrType type) {
  const Finding finding = lookup(zone, name, type);
  ASSERT_EQ(finding.kind, expected.kind) << name.to_text() << " " << to_text(type);
  ASSERT_EQ(zone.name(finding.node), name_of(expected.node)) << name.to_text();
  ASSERT_EQ(finding.synthesized, expected.synthesized) << name.to_text();
  const bool has_rrset = expected.kind == Kind::Match || expected.kind == Kind::Alias ||
                         expected.kind == Kind::Redirect || expected.kind == Kind::Referral;
  ASSERT_EQ(finding.rrset.size() > 0, has_rrset) << name.to_text();
  if (has_rrset && type != RrType::ANY) {
    ASSERT_EQ(finding.rrset.type(), type_of_rrset(expected.kind, type)) << name.to_text();
  }
}

TEST(LookupModel, FindsWhatThePlainReadingOfTheRfcsFinds) {
  constexpr int kZones = 700;
  constexpr int kNamesAZone = 30;
  Random random;
  SCOPED_TRACE(random.seed_text());
  std::map<Kind, int> seen;
  for (int i = 0; i < kZones; ++i) {
    Case one(random, i % 5 == 0 ? "." : "example.test.");
    const Zone zone = one.build();
    for (int j = 0; j < kNamesAZone; ++j) {
      const std::string name = one.interesting_name();
      const dnswire::Name asked = name_of(one.in_any_case(name));
      for (const RrType type : kAsked) {
        const auto expected = one.model().look_up(name, type);
        ++seen[expected.kind];
        compare(zone, expected, asked, type);
        if (HasFatalFailure()) return;
      }
    }
  }
  for (const Kind kind : {Kind::Match, Kind::Dynamic, Kind::Alias, Kind::Redirect, Kind::Referral,
                          Kind::NoData, Kind::NoSuchName}) {
    EXPECT_GT(seen[kind], 1000) << "kind " << static_cast<int>(kind);
  }
}

}  // namespace
}  // namespace zones
