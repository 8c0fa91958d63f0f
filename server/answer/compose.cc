#include "server/answer/compose.h"

#include <algorithm>

#include "server/answer/chaos.h"
#include "server/answer/redirect.h"
#include "server/answer/tailor.h"
#include "zones/lookup.h"

namespace answer {
namespace {

using dnswire::ExtendedErrorCode;
using dnswire::Family;
using dnswire::NameView;
using dnswire::Question;
using dnswire::Rcode;
using dnswire::RrClass;
using dnswire::RrType;
using dnswire::Section;
using dnswire::Ttl;
using zones::Finding;
using zones::RrSet;
using zones::Zone;

struct Judgment {
  Rcode rcode = Rcode::NoError;
  ExtendedErrorCode why = ExtendedErrorCode::Other;
};

// What may not be looked up: types that ask for something other than records. RFC 6895 3.1.
Judgment judge_question(const Question& question) noexcept {
  if (question.type == RrType::OPT || question.type == RrType{}) {
    return {Rcode::FormErr, ExtendedErrorCode::InvalidQueryType};
  }
  if (question.klass == RrClass::CH) return {};
  if (question.klass != RrClass::IN) return {Rcode::Refused, ExtendedErrorCode::NotSupported};
  if (!is_meta(question.type) || question.type == RrType::ANY) return {};
  switch (question.type) {
    case RrType::AXFR:
    case RrType::IXFR:
      return {Rcode::Refused, ExtendedErrorCode::Prohibited};
    case RrType::TKEY:
    case RrType::TSIG:
    case RrType::NXNAME:
      return {Rcode::FormErr, ExtendedErrorCode::InvalidQueryType};
    default:
      return {Rcode::NotImp, ExtendedErrorCode::NotSupported};
  }
}

void add(Response& response, Section section, NameView owner, const RrSet& rrset) noexcept {
  response.add({section, owner, rrset.type(), rrset.ttl(), rrset, {}});
}

// RFC 2308 3: the SOA, its TTL that of the denial, which may be believed for `limit` at most.
void add_denial(Response& response, const Zone& zone, Ttl limit = dnswire::kMaxTtl) noexcept {
  const Ttl ttl = std::min(zone.negative_ttl(), limit);
  response.add({Section::Authority, zone.origin(), RrType::SOA, ttl, zone.soa(), {}});
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

bool has(const Response& response, NameView owner, RrType type) noexcept {
  const auto items = response.items();
  return std::any_of(items.begin(), items.end(), [owner, type](const Item& item) {
    return item.type == type && item.owner == owner;
  });
}

// RFC 6672 3.1 and 5.3.1: the DNAME, and the CNAME that it makes for `name`. Returns the name to go
// on with; absent, with its RCODE, if it would be too long.
std::optional<NameView> add_redirect(Response& response, const Zone& zone, NameView name,
                                     const Finding& finding) noexcept {
  const NameView owner = zone.name(finding.node);
  if (!has(response, owner, RrType::DNAME)) add(response, Section::Answer, owner, finding.rrset);
  const auto alias = redirect(response, zone, name, finding);
  if (!alias) {
    response.rcode = Rcode::YxDomain;
    return std::nullopt;
  }
  add(response, Section::Answer, name, *alias);
  return target_of(*alias);
}

// One question's way through the zones.
struct Walk {
  const Vantage& vantage;
  const Snapshot& snapshot;
  steering::Workspace& workspace;
  Response& response;

  std::uint8_t depth = 0;       // bits of the client's address that all decisions rest on
  bool tailored_alias = false;  // a CNAME of the answer is not everybody's

  Tailored tailor(zones::DynamicId record, Family family) {
    return answer::tailor(snapshot, record, family, vantage.client(), workspace, response);
  }

  // RFC 8482 4.1: any one of the RRsets that are there; none, if the families say so together.
  Tailored tailor_any(zones::DynamicId record, RrType& type) {
    const auto is_there = [](const Tailored& tailored) {
      return tailored.failure.empty() && (tailored.cname != nullptr || tailored.has_addresses());
    };
    type = RrType::A;
    const Tailored four = tailor(record, Family::V4);
    if (is_there(four)) return four;
    type = RrType::AAAA;
    Tailored six = tailor(record, Family::V6);
    six.depth = std::max(six.depth, four.depth);
    if (is_there(six)) return six;
    six.ttl = std::min(six.ttl, four.ttl);
    six.last_resort = six.last_resort || four.last_resort;
    if (six.failure.empty()) six.failure = four.failure;
    return six;
  }

  // Only A, AAAA and ANY come here: whatever a decision says, it says it of addresses. Returns the
  // name that a CNAME leads to.
  std::optional<NameView> add_dynamic(const Zone& zone, NameView owner, zones::NodeId node,
                                      RrType type, std::size_t hop) {
    const zones::DynamicId record = *zone.dynamic(node);
    RrType family_type = type;
    const Tailored tailored = type == RrType::ANY
                                  ? tailor_any(record, family_type)
                                  : tailor(record, type == RrType::AAAA ? Family::V6 : Family::V4);
    response.dynamic = true;
    response.last_resort = response.last_resort || tailored.last_resort;
    depth = std::max(depth, tailored.depth);
    if (!tailored.failure.empty()) {
      fail(tailored.failure);
      return std::nullopt;
    }
    if (tailored.last_resort) {
      response.error = kLastResort;
    }
    if (tailored.cname != nullptr) return add_tailored_alias(tailored, owner, type, hop);
    if (tailored.has_addresses()) {
      response.scope = vantage.scope(depth);
      response.add(
          {Section::Answer, owner, family_type, tailored.ttl, tailored.rrset, tailored.addresses});
    } else {
      // Resolvers take a denial as said to everyone: scope 0 (RFC 7871 7.4), unless an alias in
      // front of it is for some alone.
      if (tailored_alias) response.scope = vantage.scope(depth);
      add_denial(response, zone, tailored.ttl);
    }
    return std::nullopt;
  }

  // Followed like any other alias, but for ANY, which it answers (RFC 8482 4.1).
  std::optional<NameView> add_tailored_alias(const Tailored& tailored, NameView owner, RrType type,
                                             std::size_t hop) noexcept {
    if (hop == kMaxAliases) return end_chain();
    const RrSet cname =
        response.keep(RrType::CNAME, tailored.ttl, {}, tailored.cname->name.view().wire());
    tailored_alias = true;
    response.scope = vantage.scope(depth);
    add(response, Section::Answer, owner, cname);
    return type == RrType::ANY ? std::nullopt : std::optional(target_of(cname));
  }

  std::optional<NameView> end_chain() noexcept {
    response.error = {ExtendedErrorCode::Other, "over 8 aliases: ask for the last one"};
    return std::nullopt;
  }

  // The resolver is to ask elsewhere: aliases on the way here would not help it.
  void fail(std::string_view why) noexcept {
    response.rcode = Rcode::ServFail;
    response.error = {ExtendedErrorCode::Other, why};
    response.scope = vantage.scope(depth);
    response.drop_records();
  }

  // Adds what one name has to say, `hop` aliases behind the question. Returns the name to go on
  // with, if it is an alias.
  std::optional<NameView> visit(const Zone& zone, NameView name, const Finding& finding,
                                RrType type, std::size_t hop) {
    if (finding.kind != Finding::Kind::Referral || hop > 0) response.authoritative = true;
    const bool is_alias =
        finding.kind == Finding::Kind::Alias || finding.kind == Finding::Kind::Redirect;
    if (is_alias && hop == kMaxAliases) return end_chain();
    switch (finding.kind) {
      case Finding::Kind::Match:
        add(response, Section::Answer, name, finding.rrset);
        return std::nullopt;
      case Finding::Kind::Dynamic:
        return add_dynamic(zone, name, finding.node, type, hop);
      case Finding::Kind::Alias:
        add(response, Section::Answer, name, finding.rrset);
        return target_of(finding.rrset);
      case Finding::Kind::Redirect: {
        const auto target = add_redirect(response, zone, name, finding);
        // The alias that was made is what was asked for: no further (RFC 1034 4.3.2 step 3.a).
        return type == RrType::CNAME ? std::nullopt : target;
      }
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

void compose(const Question& question, const Located& located, const Vantage& vantage,
             const Snapshot& snapshot, steering::Workspace& workspace, Response& response) {
  if (const auto [rcode, why] = judge_question(question); rcode != Rcode::NoError) {
    response.rcode = rcode;
    response.error = {why, {}};
    return;
  }
  if (question.klass == RrClass::CH) {
    return compose_chaos(question, *snapshot.settings, response);
  }
  if (located.zone == nullptr) {
    response.rcode = Rcode::Refused;
    response.error = {ExtendedErrorCode::NotAuthoritative, {}};
    return;
  }
  Walk walk{vantage, snapshot, workspace, response, 0, false};
  auto alias = walk.visit(*located.zone, question.name, located.finding, question.type, 0);
  // A chain ends where it leaves our zones or comes back to itself, or after kMaxAliases; the
  // resolver goes on from there.
  for (std::size_t hop = 1; alias; ++hop) {
    if (has(response, *alias, RrType::CNAME)) {
      response.error = {ExtendedErrorCode::Other, "the aliases form a loop"};
      return;
    }
    const dnswire::SearchName name(*alias);
    const Zone* const zone = find_zone(*snapshot.zones, name, question.type);
    if (zone == nullptr) return;
    const Finding finding = zones::lookup(*zone, name, question.type);
    alias = walk.visit(*zone, name.view(), finding, question.type, hop);
  }
}

}  // namespace answer
