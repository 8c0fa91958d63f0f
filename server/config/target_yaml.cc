#include "server/config/target_yaml.h"

#include <algorithm>
#include <array>

#include "dnswire/address.h"
#include "zones/lookup.h"

namespace config {
namespace {

using dnswire::Name;
using dnswire::NameView;
using dnswire::RrType;
using steering::Target;
using zones::Finding;

// Most often a final dot was forgotten.
std::string dot_hint(const std::string& written) {
  if (written.find('.') == std::string::npos || written.back() == '.') return {};
  return "; a name outside the zone ends with a dot: " + in_backticks(written + ".");
}

bool has_addresses(const zones::Zone& zone, NameView name) {
  return std::ranges::any_of(std::array{RrType::A, RrType::AAAA}, [&](RrType type) {
    return lookup(zone, name, type).kind != Finding::Kind::NoData;
  });
}

// Follows aliases through one zone.
class Way {
 public:
  Way(const zones::Zone& zone, const std::vector<WrittenTarget>& written)
      : zone_(zone), written_(written) {}

  // "@ → www → @" by whole names; empty: it ends, or leaves the zone.
  std::string circle(const WrittenTarget& first) const {
    std::string way = first.owner.to_text();
    std::optional<Name> name = first.target.name;
    for (std::size_t steps = 0; name && steps <= zones::kMaxAliases; ++steps) {
      way += " → " + name->to_text();
      if (*name == first.owner) return way;
      name = next(*name);
    }
    return {};
  }

 private:
  std::optional<Name> next(const Name& name) const {
    if (!name.view().is_within(zone_.origin())) return std::nullopt;
    const auto alias = std::ranges::find_if(written_, [&](const WrittenTarget& other) {
      return other.is_alias && other.owner == name;
    });
    if (alias != written_.end()) return alias->target.name;
    const Finding finding = lookup(zone_, name, RrType::A);
    if (finding.kind != Finding::Kind::Alias) return std::nullopt;
    return Name(NameView::trusted(*finding.rrset.begin()));
  }

  const zones::Zone& zone_;
  const std::vector<WrittenTarget>& written_;
};

}  // namespace

std::optional<Target> Targets::read(YamlFile& file, const YAML::Node& node, std::string_view what,
                                    const Owner& owner, Target::As as, bool is_alias) {
  const auto text = file.text(node, what);
  if (!text) return std::nullopt;
  const auto refuse = [&](const std::string& why) {
    file.problem(node, std::string(what) + " is " + in_backticks(*text) + ", " + why);
    return std::nullopt;
  };
  if (dnswire::IpAddress::from_text(*text)) {
    return refuse(is_alias ? "which is an address; write it as an `A` or `AAAA` record"
                           : "which is an address; write it without `alias` and `cname`");
  }
  const auto name = Name::from_text(*text, owner.origin);
  if (!name) return refuse("which is no domain name: " + std::string(describe(name.error())));
  if (*name == owner.name) return refuse("which is the name itself: it would answer with nothing");
  if (name->view().is_wildcard()) return refuse("which is a wildcard, not the name of a host");
  written_.push_back({owner.name, {*name, as}, is_alias, std::string(what), node});
  return written_.back().target;
}

void Targets::check(YamlFile& file, const zones::Zone& zone) const {
  for (const WrittenTarget& written : written_) {
    const Name& name = written.target.name;
    if (!name.view().is_within(zone.origin())) continue;
    if (lookup(zone, name, RrType::A).kind == Finding::Kind::NoSuchName) {
      file.problem(written.at, written.what + ": there is no " + name.to_text() + " in this zone" +
                                   dot_hint(written.at.Scalar()));
      continue;
    }
    if (!has_addresses(zone, name)) {
      file.warning(written.at, written.what + ": " + name.to_text() + " has no addresses");
    }
    const std::string circle = written.is_alias ? Way(zone, written_).circle(written) : "";
    if (!circle.empty()) {
      file.warning(written.at, written.what + " leads in a circle: " + circle);
    }
  }
}

}  // namespace config
