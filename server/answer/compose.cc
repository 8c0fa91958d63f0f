#include "server/answer/compose.h"

#include <algorithm>

#include "zones/lookup.h"

namespace answer {
namespace {

using dnswire::Family;
using dnswire::NameView;
using dnswire::Question;
using dnswire::Rcode;
using dnswire::RrType;
using dnswire::Section;
using zones::Finding;
using zones::RrSet;
using zones::Zone;

// What may not be looked up: types that ask for something other than records. RFC 6895 3.1.
Rcode judge_question(const Question& question) noexcept {
  if (question.klass != dnswire::RrClass::IN) return Rcode::Refused;
  if (!is_meta(question.type) || question.type == RrType::ANY) return Rcode::NoError;
  switch (question.type) {
    case RrType::AXFR:
    case RrType::IXFR:
      return Rcode::Refused;
    case RrType::TKEY:
    case RrType::TSIG:
      return Rcode::FormErr;
    default:
      return Rcode::NotImp;
  }
}

// RFC 1034 4.3.2 step 2; DS of a zone's apex is kept by its parent (RFC 4035 3.1.4.1).
const Zone* find_zone(const zones::ZoneSet& zones, NameView name, RrType type) noexcept {
  const Zone* zone = zones.find(name);
  if (zone == nullptr || type != RrType::DS || name.is_root() || zone->origin() != name)
    return zone;
  const Zone* parent = zones.find(name.parent());
  return parent != nullptr ? parent : zone;
}

void add(Response& response, Section section, NameView owner, const RrSet& rrset) noexcept {
  response.add({section, owner, rrset.type(), rrset.ttl(), rrset, {}});
}

// RFC 2308 3: the SOA, its TTL that of the denial.
void add_denial(Response& response, const Zone& zone) noexcept {
  response.add(
      {Section::Authority, zone.origin(), RrType::SOA, zone.negative_ttl(), zone.soa(), {}});
}

// RFC 1034 4.3.2 step 3.b; glue for the name servers whose addresses only we can tell.
void add_referral(Response& response, const Zone& zone, const Finding& cut) noexcept {
  add(response, Section::Authority, zone.name(cut.node), cut.rrset);
  for (const dnswire::Bytes rdata : cut.rrset) {
    const NameView server = NameView::trusted(rdata);
    if (!server.is_within(zone.origin())) continue;
    const auto node = zone.find(server);
    if (!node) continue;
    for (const RrType type : {RrType::A, RrType::AAAA}) {
      if (const auto glue = zone.rrset(*node, type)) {
        add(response, Section::Additional, server, *glue);
      }
    }
  }
}

// Has the chain been at this name before? All that it has left behind are aliases.
bool has_visited(const Response& response, NameView name) noexcept {
  const auto items = response.items();
  return std::any_of(items.begin(), items.end(),
                     [name](const Item& item) { return item.owner == name; });
}

// One question's way through the zones.
struct Walk {
  const Vantage& vantage;
  const Snapshot& snapshot;
  steering::Workspace& workspace;
  Response& response;

  steering::Decision decide(zones::DynamicId record, Family family) {
    return steering::decide(*snapshot.plan, record, family, vantage.client(), *snapshot.map,
                            *snapshot.board, workspace);
  }

  void add_dynamic(const Zone& zone, NameView owner, zones::NodeId node, RrType type) {
    const zones::DynamicId record = *zone.dynamic(node);
    Family family = type == RrType::AAAA ? Family::V6 : Family::V4;
    auto decision = decide(record, family);
    if (type == RrType::ANY && decision.addresses.empty()) {  // RFC 8482 4.1: any one that is there
      family = Family::V6;
      decision = decide(record, family);
    }
    response.dynamic = true;
    if (decision.addresses.empty()) return add_denial(response, zone);
    response.last_resort = decision.last_resort;
    response.scope = vantage.scope(decision.scope);
    const RrType address_type = family == Family::V6 ? RrType::AAAA : RrType::A;
    response.add({Section::Answer, owner, address_type, decision.ttl, {}, decision.addresses});
  }

  // Adds what one name has to say. Returns the name to go on with, if it is an alias.
  std::optional<NameView> visit(const Zone& zone, NameView name, RrType type, bool is_first) {
    const Finding finding = zones::lookup(zone, name, type);
    if (finding.kind != Finding::Kind::Referral || !is_first) response.authoritative = true;
    switch (finding.kind) {
      case Finding::Kind::Match:
        add(response, Section::Answer, name, finding.rrset);
        return std::nullopt;
      case Finding::Kind::Dynamic:
        add_dynamic(zone, name, finding.node, type);
        return std::nullopt;
      case Finding::Kind::Alias:
        add(response, Section::Answer, name, finding.rrset);
        return NameView::trusted(*finding.rrset.begin());
      case Finding::Kind::Referral:
        add_referral(response, zone, finding);
        return std::nullopt;
      case Finding::Kind::NoData:
        add_denial(response, zone);
        return std::nullopt;
      case Finding::Kind::NoSuchName:
        response.rcode = Rcode::NxDomain;  // of the last name of a chain, RFC 6604 3
        add_denial(response, zone);
        return std::nullopt;
    }
    return std::nullopt;
  }
};

}  // namespace

void compose(const Question& question, const Vantage& vantage, const Snapshot& snapshot,
             steering::Workspace& workspace, Response& response) {
  response.rcode = judge_question(question);
  if (response.rcode != Rcode::NoError) return;
  const Zone* zone = find_zone(*snapshot.zones, question.name, question.type);
  if (zone == nullptr) {
    response.rcode = Rcode::Refused;
    return;
  }
  Walk walk{vantage, snapshot, workspace, response};
  NameView name = question.name;
  // A chain ends where it leaves our zones or comes back to itself, or after kMaxAliases; the
  // resolver goes on from there.
  for (std::size_t hop = 0; zone != nullptr; ++hop) {
    const auto alias = walk.visit(*zone, name, question.type, hop == 0);
    if (!alias || hop == kMaxAliases - 1 || has_visited(response, *alias)) return;
    name = *alias;
    zone = find_zone(*snapshot.zones, name, question.type);
  }
}

}  // namespace answer
