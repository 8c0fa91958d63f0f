#include "server/aliases/exchange.h"

#include <algorithm>
#include <utility>

#include "server/steering/plan.h"

namespace aliases {
namespace {

using dnswire::Bytes;
using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Name;
using dnswire::NameView;
using dnswire::Rcode;
using dnswire::Record;
using dnswire::Response;
using dnswire::RrClass;
using dnswire::RrType;
using dnswire::Ttl;
using Kind = Finding::Kind;

Finding failure(std::string why) { return {Kind::Failure, {}, Ttl{0}, std::move(why)}; }

RrType type_of(Family family) noexcept { return family == Family::V6 ? RrType::AAAA : RrType::A; }

bool has(const std::vector<Record>& section, RrType type) {
  return std::any_of(section.begin(), section.end(),
                     [type](const Record& record) { return record.type == type; });
}

// RFC 2308 5: the lesser of the SOA's own TTL and its MINIMUM, which is its last field.
Ttl denial_ttl(const Response& response) {
  for (const Record& record : response.authority) {
    if (record.type != RrType::SOA || record.rdata.size() < 4) continue;
    const Ttl minimum(dnswire::load32(&*(record.rdata.end() - 4)));
    return std::min(record.ttl, minimum);
  }
  return kTtlWithoutSoa;
}

// The CNAME of a name, or null.
const Record* find_cname(const Response& response, NameView owner) {
  for (const Record& record : response.answer) {
    if (record.type == RrType::CNAME && record.klass == RrClass::IN && record.owner == owner) {
      return &record;
    }
  }
  return nullptr;
}

// Takes the name's addresses, if it has any.
void take_addresses(const Response& response, NameView owner, Family family, Finding& finding) {
  const std::size_t size = family == Family::V6 ? 16 : 4;
  for (const Record& record : response.answer) {
    const bool is_one = record.type == type_of(family) && record.klass == RrClass::IN &&
                        record.rdata.size() == size && record.owner == owner;
    if (!is_one) continue;
    finding.kind = Kind::Addresses;
    finding.ttl = std::min(finding.ttl, record.ttl);
    finding.addresses.push_back(IpAddress::from_octets(family, record.rdata));
  }
  // In this order, for resolvers turn theirs from answer to answer, which is no change.
  std::vector<IpAddress>& addresses = finding.addresses;
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  if (addresses.size() > steering::kMaxAddresses) addresses.resize(steering::kMaxAddresses);
}

// What a reply without addresses means.
Finding read_denial(const Response& response, bool is_alias, Ttl ttl) {
  const bool has_soa = has(response.authority, RrType::SOA);
  if (response.header.rcode == Rcode::NoError && !has_soa) {
    if (has(response.authority, RrType::NS)) return failure("a referral: it does not resolve");
    if (is_alias && !response.header.ra) return failure("an alias without its end");
  }
  const Kind kind = response.header.rcode == Rcode::NxDomain ? Kind::NoSuchName : Kind::NoAddresses;
  return {kind, {}, std::min(ttl, denial_ttl(response)), {}};
}

}  // namespace

Exchange::Exchange(Name name, Family family, std::uint16_t id)
    : name_(std::move(name)), family_(family), id_(id), query_(request().to_bytes()) {}

dnswire::Request Exchange::request() const noexcept {
  return {id_, true, {name_, type_of(family_), RrClass::IN}};
}

std::optional<Exchange::Reading> Exchange::read(Bytes message) const {
  const auto response = Response::parse(message);
  if (!response || !request().is_answered_by(*response)) return std::nullopt;
  if (response->header.tc) return Reading{failure("a truncated answer"), true};
  const Rcode rcode = response->header.rcode;
  if (rcode != Rcode::NoError && rcode != Rcode::NxDomain) {
    return Reading{failure(dnswire::to_text(rcode)), false};
  }
  return Reading{find_addresses(*response), false};
}

Finding Exchange::find_addresses(const Response& response) const {
  Finding finding;
  finding.ttl = dnswire::kMaxTtl;
  NameView name = name_;
  for (std::size_t hop = 0; hop <= kMaxCnames; ++hop) {
    take_addresses(response, name, family_, finding);
    if (finding.kind == Kind::Addresses) return finding;
    const Record* const cname = find_cname(response, name);
    if (cname == nullptr) return read_denial(response, hop > 0, finding.ttl);
    finding.ttl = std::min(finding.ttl, cname->ttl);
    name = NameView::trusted(cname->rdata);
  }
  return failure("the aliases form a loop");
}

}  // namespace aliases
