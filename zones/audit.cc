#include "zones/audit.h"

#include <algorithm>
#include <array>
#include <span>
#include <unordered_set>

#include "zones/lookup.h"

namespace zones {
namespace {

using dnswire::Bytes;
using dnswire::NameView;
using dnswire::RrType;
using Kind = Finding::Kind;

// The sentences of one kind about one zone. Texts are made only as far as they are shown, for a
// zone can have a million of them.
class Warnings {
 public:
  // `rest`: how those left out are called.
  Warnings(const Zone& zone, const char* rest, std::vector<std::string>& all)
      : prefix_("zone " + zone.origin().to_text() + ": "), rest_(rest), all_(all) {}

  template <class MakeText>
  void add(MakeText make_text) {
    if (count_++ < kMaxWarningsOfAKind) all_.push_back(prefix_ + make_text());
  }

  void finish() {
    if (count_ <= kMaxWarningsOfAKind) return;
    all_.push_back(prefix_ + "and " + std::to_string(count_ - kMaxWarningsOfAKind) + " more " +
                   rest_);
  }

 private:
  std::string prefix_;
  const char* rest_;
  std::vector<std::string>& all_;
  std::size_t count_ = 0;
};

// A node of one of the zones.
struct Place {
  const Zone* zone = nullptr;
  NodeId node{0};
  friend bool operator==(const Place&, const Place&) = default;
};

// The name that the RDATA ends with, for types whose target must have addresses.
std::optional<NameView> target_of(RrType type, Bytes rdata) {
  switch (type) {
    case RrType::NS:
      return NameView::trusted(rdata);
    case RrType::MX:
      return NameView::trusted(rdata.subspan(2));
    case RrType::SRV:
      return NameView::trusted(rdata.subspan(6));
    default:
      return std::nullopt;
  }
}

enum class Target : std::uint8_t { Fine, Alias, NoAddress, NoSuchName };

Target judge_target(const ZoneSet& zones, NameView target) {
  // RFC 7505 3, RFC 2782: the root as target says that there is no such service.
  if (target.is_root()) return Target::Fine;
  const Zone* const zone = zones.find(target);
  if (zone == nullptr) return Target::Fine;
  for (const RrType type : {RrType::A, RrType::AAAA}) {
    switch (lookup(*zone, target, type).kind) {
      case Kind::Match:
      case Kind::Dynamic:
      case Kind::Referral:  // others know
        return Target::Fine;
      case Kind::Alias:
      case Kind::Redirect:
        return Target::Alias;
      case Kind::NoSuchName:
        return Target::NoSuchName;
      case Kind::NoData:
        break;
    }
  }
  return Target::NoAddress;
}

std::string describe(Target target, RrType type) {
  switch (target) {
    case Target::Alias:
      return std::string(", which is an alias; name the host itself ") +
             (type == RrType::SRV ? "(RFC 2782)" : "(RFC 2181 10.3)");
    case Target::NoAddress:
      return ", which has no A or AAAA record";
    default:
      return ", which does not exist";
  }
}

void audit_targets_of(const ZoneSet& zones, const Zone& zone, NodeId node, const RrSet& rrset,
                      Warnings& warnings) {
  for (const Bytes rdata : rrset) {
    const auto name = target_of(rrset.type(), rdata);
    if (!name) return;
    const Target target = judge_target(zones, *name);
    if (target == Target::Fine) continue;
    warnings.add([&] {
      return to_text(rrset.type()) + " of " + zone.name(node).to_text() + " points to " +
             name->to_text() + describe(target, rrset.type());
    });
  }
}

void audit_targets(const ZoneSet& zones, const Zone& zone, std::vector<std::string>& all) {
  Warnings warnings(zone, "targets of NS, MX or SRV records like these", all);
  for (const NodeId node : zone.nodes()) {
    const auto cut = zone.cut(node);
    if (cut && *cut != node) continue;
    for (std::size_t set = 0; set < zone.rrset_count(node); ++set) {
      const RrSet rrset = zone.rrset_at(node, set);
      if (cut && rrset.type() != RrType::NS) continue;  // is never answered
      audit_targets_of(zones, zone, node, rrset, warnings);
    }
  }
  warnings.finish();
}

// Follows one alias of a zone from hop to hop.
class Chain {
 public:
  enum class End : std::uint8_t { Fine, Loop, TooLong, NoSuchName };

  Chain(const ZoneSet& zones, Place start) : zones_(zones), start_(start) {}

  // The chain that begins with a CNAME.
  End follow_cname(const RrSet& cname) {
    name_ = NameView::trusted(*cname.begin());
    visited_[0] = start_;
    return follow();
  }

  // The chain of a name below the owner of a DNAME: any, so one that no zone will hold.
  End follow_dname(const RrSet& dname) {
    name_ = NameView::trusted(*dname.begin());
    const Zone* const zone = zones_.find(name_);
    if (zone == nullptr) return End::Fine;
    if (lookup(*zone, name_, RrType::A).kind == Kind::NoSuchName) return End::NoSuchName;
    static constexpr std::array<std::uint8_t, 3> kProbe{1, 0, 0};  // one label, an octet 0
    is_probe_ = true;
    return substitute(NameView::trusted(kProbe), NameView(), name_) ? follow() : End::Fine;
  }

  // Where it has ended.
  [[nodiscard]] NameView name() const noexcept { return name_; }

 private:
  End follow() {
    for (std::size_t hop = 1;; ++hop) {
      const Zone* const zone = zones_.find(name_);
      if (zone == nullptr) return End::Fine;
      const Finding finding = lookup(*zone, name_, RrType::A);
      const Place place{zone, finding.node};
      if (finding.kind == Kind::NoSuchName) return is_only_link() ? End::NoSuchName : End::Fine;
      if (finding.kind != Kind::Alias && finding.kind != Kind::Redirect) return End::Fine;
      if (closes_loop(place)) return End::Loop;
      if (finding.kind == Kind::Alias && was_visited(place, hop)) return End::Fine;
      if (hop == kMaxAliases) return End::TooLong;
      visited_[hop] = place;
      if (!go_on(*zone, finding)) return End::Fine;
    }
  }

  // A name that is missing is told once: of the last CNAME that leads to it.
  bool is_only_link() const { return !is_probe_ && !has_met_cname_; }

  // Back where it began. A DNAME may be passed twice with different names in front of it, but not
  // if only DNAMEs were between: then it goes round for ever.
  bool closes_loop(const Place& place) const {
    return place == start_ && (!is_probe_ || !has_met_cname_);
  }

  // A loop that it leads into is told of those that are in it.
  bool was_visited(const Place& place, std::size_t hop) const {
    const auto passed = std::span(visited_).first(hop);
    return std::ranges::find(passed, place) != passed.end();
  }

  bool go_on(const Zone& zone, const Finding& finding) {
    const NameView target = NameView::trusted(*finding.rrset.begin());
    if (finding.kind == Kind::Redirect) {
      return substitute(name_, zone.name(finding.node), target);
    }
    has_met_cname_ = true;
    name_ = target;
    return true;
  }

  // RFC 6672 2.2: goes on with `name`, `owner` at its end replaced by `target`. False: the name
  // would be too long (YXDOMAIN).
  bool substitute(NameView name, NameView owner, NameView target) {
    std::array<std::uint8_t, dnswire::kMaxNameSize> wire{};
    const std::size_t kept = name.size() - owner.size();
    if (kept + target.size() > wire.size()) return false;
    const Bytes tail = target.wire();
    std::copy_n(name.wire().begin(), kept, wire.begin());
    std::copy(tail.begin(), tail.end(), wire.begin() + static_cast<std::ptrdiff_t>(kept));
    substituted_ = wire;
    name_ = NameView::trusted(Bytes(substituted_).first(kept + tail.size()));
    return true;
  }

  const ZoneSet& zones_;
  Place start_;
  NameView name_;  // of a zone, or in substituted_
  std::array<std::uint8_t, dnswire::kMaxNameSize> substituted_{};
  std::array<Place, kMaxAliases> visited_;  // the owners of the aliases passed
  bool is_probe_ = false;
  bool has_met_cname_ = false;  // behind the start
};

std::string describe(Chain::End end, NameView last) {
  switch (end) {
    case Chain::End::Loop:
      return " leads back to itself";
    case Chain::End::TooLong:
      return " leads over more than " + std::to_string(kMaxAliases) +
             " aliases; no answer follows them all";
    default:
      return " leads to " + last.to_text() + ", which does not exist";
  }
}

void audit_alias(const ZoneSet& zones, const Zone& zone, NodeId node, const RrSet& alias,
                 Warnings& warnings) {
  Chain chain(zones, {&zone, node});
  const bool is_cname = alias.type() == RrType::CNAME;
  const Chain::End end = is_cname ? chain.follow_cname(alias) : chain.follow_dname(alias);
  if (end == Chain::End::Fine) return;
  warnings.add([&] {
    return "the " + to_text(alias.type()) + " of " + zone.name(node).to_text() +
           describe(end, chain.name());
  });
}

void audit_aliases(const ZoneSet& zones, const Zone& zone, std::vector<std::string>& all) {
  Warnings warnings(zone, "aliases like these", all);
  for (const NodeId node : zone.nodes()) {
    if (zone.cut(node)) continue;
    if (const auto cname = zone.rrset(node, RrType::CNAME)) {
      audit_alias(zones, zone, node, *cname, warnings);
    } else if (zone.has_dname(node)) {
      audit_alias(zones, zone, node, *zone.rrset(node, RrType::DNAME), warnings);
    }
  }
  warnings.finish();
}

// The name servers of the zone and of its delegations.
std::unordered_set<NodeId> find_servers(const Zone& zone) {
  std::unordered_set<NodeId> all;
  for (const NodeId node : zone.nodes()) {
    const auto servers = zone.rrset(node, RrType::NS);
    if (!servers || (node != Zone::kApex && zone.cut(node) != node)) continue;
    for (const Bytes rdata : *servers) {
      const NameView server = NameView::trusted(rdata);
      if (!server.is_within(zone.origin())) continue;
      if (const auto found = zone.find(server)) all.insert(*found);
    }
  }
  return all;
}

// Is a record of `type` used that stands at or below a cut? RFC 1034 4.2.1; RFC 4035 2.3 and 2.4
// for what a signer puts at the cut.
bool is_used(RrType type, bool is_at_cut, bool is_server) {
  if (type == RrType::A || type == RrType::AAAA) return is_server;
  return is_at_cut && (type == RrType::NS || type == RrType::DS || type == RrType::RRSIG ||
                       type == RrType::NSEC);
}

void audit_cuts(const Zone& zone, std::vector<std::string>& all) {
  Warnings warnings(zone, "names with records below zone cuts", all);
  std::optional<std::unordered_set<NodeId>> name_servers;  // most zones have no cuts
  for (const NodeId node : zone.nodes()) {
    const auto cut = zone.cut(node);
    if (!cut) continue;
    if (!name_servers) name_servers = find_servers(zone);
    const bool is_at_cut = *cut == node;
    for (std::size_t set = 0; set < zone.rrset_count(node); ++set) {
      const RrType type = zone.rrset_at(node, set).type();
      if (is_used(type, is_at_cut, name_servers->contains(node))) continue;
      warnings.add([&] {
        return to_text(type) + " of " + zone.name(node).to_text() + " is " +
               (is_at_cut ? "at the zone cut" : "below the zone cut " + zone.name(*cut).to_text()) +
               " and not glue, so it is never answered; it belongs into the zone " +
               zone.name(*cut).to_text();
      });
      break;  // one a name
    }
  }
  warnings.finish();
}

std::vector<NameView> servers_of(const Zone& zone, NodeId node) {
  std::vector<NameView> servers;
  if (const auto rrset = zone.rrset(node, RrType::NS)) {
    for (const Bytes rdata : *rrset) servers.push_back(NameView::trusted(rdata));
  }
  std::ranges::sort(servers, [](NameView a, NameView b) { return a < b; });
  return servers;
}

std::string list(const std::vector<NameView>& names) {
  std::string text;
  for (const NameView name : names) text += (text.empty() ? "" : ", ") + name.to_text();
  return text;
}

void audit_delegation(const ZoneSet& zones, const Zone& zone, std::vector<std::string>& all) {
  const NameView origin = zone.origin();
  if (origin.is_root()) return;
  const Zone* const parent = zones.find(origin.parent());
  if (parent == nullptr) return;
  const auto exact = parent->find(origin);
  const auto cut = parent->cut(exact ? *exact : parent->closest_encloser(origin));
  Warnings warnings(zone, "", all);
  if (!cut) {
    const auto servers = servers_of(zone, Zone::kApex);
    return warnings.add([&] {
      return "it is beneath the zone " + parent->origin().to_text() +
             ", which does not delegate it; add NS records there: " + list(servers);
    });
  }
  if (exact != cut) return;  // delegated by a zone in between, which others serve
  const auto there = servers_of(*parent, *cut);
  const auto here = servers_of(zone, Zone::kApex);
  if (there == here) return;
  warnings.add([&] {
    return "the zone " + parent->origin().to_text() + " delegates it to " + list(there) +
           ", but its own NS records are " + list(here) + "; make them the same (RFC 1034 4.2.2)";
  });
}

}  // namespace

std::vector<std::string> audit(const ZoneSet& zones) {
  std::vector<std::string> all;
  for (const auto& zone : zones.all()) {
    audit_targets(zones, *zone, all);
    audit_aliases(zones, *zone, all);
    audit_cuts(*zone, all);
    audit_delegation(zones, *zone, all);
  }
  return all;
}

}  // namespace zones
