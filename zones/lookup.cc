#include "zones/lookup.h"

namespace zones {
namespace {

using dnswire::RrType;
using Kind = Finding::Kind;

bool is_address(RrType type) { return type == RrType::A || type == RrType::AAAA; }

// RFC 8482 4.1: one RRset of the name stands for all.
Finding any_at(const Zone& zone, NodeId node, bool synthesized) {
  if (zone.dynamic(node)) return {Kind::Dynamic, node, {}, synthesized};
  if (zone.rrset_count(node) == 0) return {Kind::NoData, node, {}, synthesized};
  return {Kind::Match, node, zone.rrset_at(node, 0), synthesized};
}

// RFC 1034 4.3.2 step 3.a (and 3.c for the wildcard): the name is matched, is the type?
Finding data_at(const Zone& zone, NodeId node, RrType type, bool synthesized) {
  if (type == RrType::ANY) return any_at(zone, node, synthesized);
  if (is_address(type) && zone.dynamic(node)) return {Kind::Dynamic, node, {}, synthesized};
  if (const auto rrset = zone.rrset(node, type)) return {Kind::Match, node, *rrset, synthesized};
  if (const auto alias = zone.rrset(node, RrType::CNAME)) {
    return {Kind::Alias, node, *alias, synthesized};
  }
  return {Kind::NoData, node, {}, synthesized};
}

}  // namespace

Finding lookup(const Zone& zone, const dnswire::SearchName& name, RrType type) noexcept {
  const auto exact = zone.find(name, name.labels());
  const NodeId encloser = exact ? *exact : zone.closest_encloser(name, name.labels() - 1);

  if (const auto cut = zone.cut(encloser)) {
    // Step 3.b. DS belongs to the parent side of the cut (RFC 4035 3.1.4.1).
    const bool asks_the_parent = type == RrType::DS && exact && *exact == *cut;
    if (!asks_the_parent) return {Kind::Referral, *cut, *zone.rrset(*cut, RrType::NS), false};
  }
  if (exact) return data_at(zone, *exact, type, false);

  // RFC 6672 3.2 step 3.c: nothing is below the owner of a DNAME, so it is the closest encloser of
  // every name that it redirects; it comes before a wildcard.
  if (zone.has_dname(encloser)) {
    return {Kind::Redirect, encloser, *zone.rrset(encloser, RrType::DNAME), false};
  }

  // Step 3.c: no name nearer than the closest encloser exists, so its wildcard covers this one.
  if (const auto wildcard = zone.wildcard(encloser)) return data_at(zone, *wildcard, type, true);
  return {Kind::NoSuchName, encloser, {}, false};
}

}  // namespace zones
