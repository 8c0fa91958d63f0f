#include "zones/zone_builder.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "zones/verify.h"
#include "zones/zone_packer.h"

namespace zones {

using dnswire::Bytes;
using dnswire::Name;
using dnswire::NameView;
using dnswire::RrType;

namespace {

constexpr std::size_t kRecordHeaderSize = 12;  // pointer, type, class, TTL, RDLENGTH

constexpr bool is_address(RrType type) { return type == RrType::A || type == RrType::AAAA; }

// RFC 4035 2.5: the records that a signer puts beside a CNAME.
constexpr bool may_stand_beside_cname(RrType type) {
  return type == RrType::RRSIG || type == RrType::NSEC;
}

tl::unexpected<std::string> refuse(std::string text) {
  return tl::unexpected<std::string>(std::move(text));
}

// Why records of `type` may not stand at a wildcard, or null if they may.
const char* reason_against_wildcard(RrType type) {
  switch (type) {
    case RrType::NS:
      return "what it would delegate is undefined (RFC 4592 4.2); delegate each name by itself";
    case RrType::DS:
      return "no name can be delegated there (RFC 4592 4.6); write it beside NS records";
    case RrType::DNAME:
      return "what it would redirect is undefined (RFC 6672 3.3, RFC 4592 4.4); write it at each "
             "name";
    default:
      return nullptr;
  }
}

// Requires: `soa` is the RDATA of a SOA record.
std::uint32_t minimum_of(Bytes soa) { return dnswire::load32(soa.data() + soa.size() - 4); }

}  // namespace

ZoneBuilder::ZoneBuilder(Name origin, Limits limits) : origin_(std::move(origin)), limits_(limits) {
  owner_index(origin_);
}

std::uint32_t ZoneBuilder::owner_index(NameView name) {
  if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second;
  const auto index = static_cast<std::uint32_t>(owners_.size());
  by_name_.emplace(Name(name), index);
  owners_.push_back({Name(name), {}, kNone});
  return index;
}

const ZoneBuilder::Owner* ZoneBuilder::find_owner(NameView name) const noexcept {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &owners_[found->second];
}

bool ZoneBuilder::has(const Owner& owner, RrType type) const noexcept {
  return std::any_of(owner.records.begin(), owner.records.end(),
                     [&](std::uint32_t record) { return records_[record].type == type; });
}

Bytes ZoneBuilder::rdata_of(const Record& record) const noexcept {
  return {data_.data() + record.data, record.size};
}

std::size_t ZoneBuilder::count_types(const Owner& owner) const {
  std::vector<RrType> types;
  types.reserve(owner.records.size());
  for (const std::uint32_t record : owner.records) types.push_back(records_[record].type);
  std::ranges::sort(types);
  return static_cast<std::size_t>(std::unique(types.begin(), types.end()) - types.begin());
}

// Is the record there already? It may have lowered the TTL of its RRset then (RFC 2181 5.2).
bool ZoneBuilder::lower_ttl(const Owner& owner, RrType type, dnswire::Ttl ttl, Bytes rdata) {
  for (const std::uint32_t id : owner.records) {
    Record& record = records_[id];
    if (record.type != type || !std::ranges::equal(rdata_of(record), rdata)) continue;
    record.ttl = std::min(record.ttl, ttl);
    return true;
  }
  return false;
}

// May a record of `type` have this owner at all?
ZoneBuilder::Outcome ZoneBuilder::check_place(NameView owner, RrType type) const {
  if (!owner.is_within(origin_)) {
    return refuse(owner.to_text() + " is outside the zone " + origin_.to_text());
  }
  if (is_meta(type)) return refuse(to_text(type) + " is not a type that a zone can hold");
  const bool is_apex = owner == NameView(origin_);
  if (type == RrType::SOA && !is_apex) {
    return refuse("a SOA record at " + owner.to_text() + ", below the apex of the zone");
  }
  if (type == RrType::DS && is_apex) {
    return refuse("a DS record at " + owner.to_text() +
                  ", the apex of the zone; it belongs into the parent zone (RFC 4035 2.4)");
  }
  const char* const reason = reason_against_wildcard(type);
  if (!is_apex && owner.is_wildcard() && reason != nullptr) {
    return refuse("the wildcard " + owner.to_text() + " cannot have " + to_text(type) +
                  " records: " + reason);
  }
  return {};
}

// May a record of `type` stand beside what the owner has already?
ZoneBuilder::Outcome ZoneBuilder::check_beside(const Owner& owner, RrType type) const {
  const std::string name = owner.name.to_text();
  const bool is_dynamic = owner.dynamic != kNone;
  if (type == RrType::SOA && has(owner, type)) return refuse("two SOA records; keep one");
  if (type == RrType::CNAME && has(owner, type)) {
    return refuse(name + " has two CNAME records; keep one");
  }
  if (type == RrType::DNAME && has(owner, type)) {
    return refuse(name + " has two DNAME records; keep one (RFC 6672 2.4)");
  }
  const bool stands_alone =
      !is_dynamic && std::ranges::all_of(owner.records, [this](std::uint32_t record) {
        return may_stand_beside_cname(records_[record].type);
      });
  if (type == RrType::CNAME && !stands_alone) {
    return refuse(name + " has other records, so it cannot be a CNAME (RFC 2181 10.1)");
  }
  if (type != RrType::CNAME && !may_stand_beside_cname(type) && has(owner, RrType::CNAME)) {
    return refuse(name + " is a CNAME, so it cannot have " + to_text(type) +
                  " records (RFC 2181 10.1)");
  }
  if (is_address(type) && is_dynamic) {
    return refuse(name + " is dynamic, so it cannot have a static " + to_text(type) +
                  " record; make the address an endpoint of its pool");
  }
  if (owner.name == origin_) return {};
  if (type == RrType::NS && is_dynamic) {
    return refuse(name +
                  " is dynamic, so it cannot have NS records: they would give its addresses "
                  "into other hands; delegate another name");
  }
  if ((type == RrType::NS && has(owner, RrType::DNAME)) ||
      (type == RrType::DNAME && has(owner, RrType::NS))) {
    return refuse(name +
                  " cannot both be delegated by NS records and redirected by a DNAME; keep "
                  "one of them (RFC 6672 2.3)");
  }
  return {};
}

// Is there room for one more record of `type`?
ZoneBuilder::Outcome ZoneBuilder::check_size(NameView name, const Owner* owner, RrType type,
                                             std::size_t rdata_size) const {
  std::size_t records = 1;
  std::size_t octets = kRecordHeaderSize + rdata_size;
  if (owner != nullptr) {
    for (const std::uint32_t id : owner->records) {
      if (records_[id].type != type) continue;
      ++records;
      octets += kRecordHeaderSize + records_[id].size;
    }
  }
  const std::size_t most = is_address(type) ? limits_.addresses : kMaxRecordsPerRrSet;
  if (records > most) {
    const char* const advice = is_address(type)
                                   ? "; raise the limit on addresses, or make the name dynamic"
                                   : "; spread them over several names";
    return refuse(name.to_text() + " has more than " + std::to_string(most) + " " + to_text(type) +
                  " records" + advice);
  }
  if (octets > kMaxRrSetSize) {
    return refuse("the " + to_text(type) + " records of " + name.to_text() + " take " +
                  std::to_string(octets) + " octets, more than the " +
                  std::to_string(kMaxRrSetSize) +
                  " that fit into a message; spread them over several names");
  }
  const bool is_new_type = records == 1 && owner != nullptr;
  if (is_new_type && owner->records.size() >= kMaxTypesPerName &&
      count_types(*owner) >= kMaxTypesPerName) {
    return refuse(name.to_text() + " has records of more than " + std::to_string(kMaxTypesPerName) +
                  " types; spread them over several names");
  }
  return {};
}

ZoneBuilder::Outcome ZoneBuilder::add(NameView owner, RrType type, dnswire::Ttl ttl, Bytes rdata) {
  if (auto outcome = check_place(owner, type); !outcome) return outcome;
  if (ttl > dnswire::kMaxTtl) return refuse("a TTL over 2147483647 seconds (RFC 2181 8)");
  if (type == RrType::SOA && minimum_of(rdata) > dnswire::kMaxTtl.count()) {
    return refuse("the SOA record's MINIMUM is over 2147483647 seconds (RFC 2181 8)");
  }
  const Owner* const beside = find_owner(owner);
  if (beside != nullptr) {
    if (lower_ttl(*beside, type, ttl, rdata)) return {};  // RFC 2181 5
    if (auto outcome = check_beside(*beside, type); !outcome) return outcome;
  }
  if (auto outcome = check_size(owner, beside, type, rdata.size()); !outcome) return outcome;
  owners_[owner_index(owner)].records.push_back(static_cast<std::uint32_t>(records_.size()));
  records_.push_back({type, ttl, static_cast<std::uint32_t>(data_.size()),
                      static_cast<std::uint16_t>(rdata.size())});
  data_.insert(data_.end(), rdata.begin(), rdata.end());
  return {};
}

ZoneBuilder::Outcome ZoneBuilder::add_dynamic(NameView owner, DynamicId id) {
  if (!owner.is_within(origin_)) {
    return refuse(owner.to_text() + " is outside the zone " + origin_.to_text());
  }
  if (const Owner* const beside = find_owner(owner)) {
    const std::string name = owner.to_text();
    if (beside->dynamic != kNone) return refuse(name + " is dynamic already");
    for (const RrType type : {RrType::A, RrType::AAAA}) {
      if (!has(*beside, type)) continue;
      return refuse(name + " has a static " + to_text(type) +
                    " record, so it cannot be dynamic; make the address an endpoint of its pool");
    }
    if (has(*beside, RrType::CNAME)) {
      return refuse(name + " is a CNAME, so it cannot be dynamic");
    }
    if (has(*beside, RrType::NS) && owner != NameView(origin_)) {
      return refuse(name + " is delegated by NS records, so it cannot be dynamic: its addresses " +
                    "are in other hands");
    }
  }
  owners_[owner_index(owner)].dynamic = static_cast<std::uint32_t>(id);
  return {};
}

// RFC 4592 2.2.2: the names between an owner and the apex exist, though they own nothing.
void ZoneBuilder::add_empty_non_terminals() {
  for (std::size_t i = 0; i < owners_.size(); ++i) {
    const Name name = owners_[i].name;
    if (name == origin_) continue;
    for (NameView up = name.view().parent(); by_name_.find(up) == by_name_.end();
         up = up.parent()) {
      owner_index(up);
    }
  }
}

// The names directly above a "*".
std::vector<bool> ZoneBuilder::find_wildcard_parents() const {
  std::vector<bool> is_parent(owners_.size());
  for (const Owner& owner : owners_) {
    const NameView name = owner.name;
    if (!name.is_wildcard() || owner.name == origin_) continue;
    is_parent[by_name_.find(name.parent())->second] = true;
  }
  return is_parent;
}

void ZoneBuilder::pack(ZonePacker& packer, Owner& owner, bool has_wildcard_below) const {
  std::stable_sort(owner.records.begin(), owner.records.end(),
                   [&](auto a, auto b) { return records_[a].type < records_[b].type; });
  std::vector<ZonePacker::Record> records;
  for (const std::uint32_t id : owner.records) {
    records.push_back({records_[id].type, records_[id].ttl, rdata_of(records_[id])});
  }
  const bool is_dynamic = owner.dynamic != kNone;
  packer.add(owner.name, records,
             is_dynamic ? std::optional(DynamicId{owner.dynamic}) : std::nullopt,
             has_wildcard_below);
}

tl::expected<Zone, std::vector<std::string>> ZoneBuilder::build() && {
  add_empty_non_terminals();

  std::vector<std::uint32_t> order(owners_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return owners_[a].name < owners_[b].name; });

  const std::vector<bool> is_wildcard_parent = find_wildcard_parents();
  ZonePacker packer(data_.size() + 48 * owners_.size());
  for (const std::uint32_t owner : order) pack(packer, owners_[owner], is_wildcard_parent[owner]);
  Zone zone = std::move(packer).finish();
  if (auto problems = verify(zone); !problems.empty()) {
    return tl::unexpected<std::vector<std::string>>(std::move(problems));
  }
  return zone;
}

}  // namespace zones
