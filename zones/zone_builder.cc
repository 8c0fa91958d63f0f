#include "zones/zone_builder.h"

#include <algorithm>
#include <set>
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
  find_or_add(origin_);
}

void ZoneBuilder::reserve(std::size_t records) {
  constexpr std::size_t kMost = std::size_t{1} << 22;
  records = std::min(records, kMost);
  if (records < records_.size()) return;  // what grows, doubles anyway
  names_.reserve(names_.size() + records);
  first_records_.reserve(first_records_.size() + records);
  records_.reserve(records_.size() + records);
}

ZoneBuilder::Owner ZoneBuilder::find_or_add(NameView name) {
  const NameTable::Place place = names_.find(name);
  if (place.index != kNone) return place.index;
  first_records_.push_back(kNone);
  return names_.add(place, name);
}

// Behind those that the owner has.
void ZoneBuilder::append(Owner owner, Record record) {
  std::uint32_t* link = &first_records_[owner];
  while (*link != kNone) link = &records_[*link].next;
  *link = static_cast<std::uint32_t>(records_.size());
  records_.push_back(record);
}

bool ZoneBuilder::has(Owner owner, RrType type) const noexcept {
  for (auto id = first_record(owner); id != kNone; id = records_[id].next) {
    if (records_[id].type == type) return true;
  }
  return false;
}

Bytes ZoneBuilder::rdata_of(const Record& record) const noexcept {
  return {data_.data() + record.data, record.size};
}

std::size_t ZoneBuilder::count_types(Owner owner) const {
  std::set<RrType> types;
  for (auto id = first_record(owner); id != kNone; id = records_[id].next) {
    types.insert(records_[id].type);
  }
  return types.size();
}

// Does the name own what no CNAME may stand beside?
bool ZoneBuilder::has_beside_cname(Owner owner) const noexcept {
  for (auto id = first_record(owner); id != kNone; id = records_[id].next) {
    if (!may_stand_beside_cname(records_[id].type)) return true;
  }
  return false;
}

// Is the record there already? It may have lowered the TTL of its RRset then (RFC 2181 5.2).
bool ZoneBuilder::lower_ttl(Owner owner, RrType type, dnswire::Ttl ttl, Bytes rdata) {
  for (auto id = first_record(owner); id != kNone; id = records_[id].next) {
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
ZoneBuilder::Outcome ZoneBuilder::check_beside(Owner owner, RrType type) const {
  const NameView view = names_.name(owner);
  const bool is_steered = is_dynamic(owner);
  if (type == RrType::SOA && has(owner, type)) return refuse("two SOA records; keep one");
  if (type == RrType::CNAME && has(owner, type)) {
    return refuse(view.to_text() + " has two CNAME records; keep one");
  }
  if (type == RrType::DNAME && has(owner, type)) {
    return refuse(view.to_text() + " has two DNAME records; keep one (RFC 6672 2.4)");
  }
  if (type == RrType::CNAME && (is_steered || has_beside_cname(owner))) {
    return refuse(view.to_text() + " has other records, so it cannot be a CNAME (RFC 2181 10.1)");
  }
  if (type != RrType::CNAME && !may_stand_beside_cname(type) && has(owner, RrType::CNAME)) {
    return refuse(view.to_text() + " is a CNAME, so it cannot have " + to_text(type) +
                  " records (RFC 2181 10.1)");
  }
  if (is_address(type) && is_steered) {
    return refuse(view.to_text() + " is dynamic, so it cannot have a static " + to_text(type) +
                  " record; make the address an endpoint of its pool");
  }
  if (view == NameView(origin_)) return {};
  if (type == RrType::NS && is_steered) {
    return refuse(view.to_text() +
                  " is dynamic, so it cannot have NS records: they would give its addresses "
                  "into other hands; delegate another name");
  }
  if ((type == RrType::NS && has(owner, RrType::DNAME)) ||
      (type == RrType::DNAME && has(owner, RrType::NS))) {
    return refuse(view.to_text() +
                  " cannot both be delegated by NS records and redirected by a DNAME; keep "
                  "one of them (RFC 6672 2.3)");
  }
  return {};
}

// Is there room for one more record of `type`?
ZoneBuilder::Outcome ZoneBuilder::check_size(NameView name, Owner owner, RrType type,
                                             std::size_t rdata_size) const {
  std::size_t records = 1;
  std::size_t octets = kRecordHeaderSize + rdata_size;
  std::size_t others = 0;
  for (auto id = first_record(owner); id != kNone; id = records_[id].next) {
    if (records_[id].type != type) {
      ++others;
      continue;
    }
    ++records;
    octets += kRecordHeaderSize + records_[id].size;
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
  const bool is_new_type = records == 1;
  if (is_new_type && others >= kMaxTypesPerName && count_types(owner) >= kMaxTypesPerName) {
    return refuse(name.to_text() + " has records of more than " + std::to_string(kMaxTypesPerName) +
                  " types; spread them over several names");
  }
  return {};
}

// Names and data are found by offsets of 32 bits. Is there room for one more of each?
ZoneBuilder::Outcome ZoneBuilder::check_room(std::size_t rdata_size) const {
  constexpr std::size_t kMost = 0xffffffff;
  if (names_.bytes() + dnswire::kMaxNameSize < kMost && data_.size() + rdata_size < kMost) {
    return {};
  }
  return refuse("the zone is too large: its names, or its data, take more than 4 GiB");
}

ZoneBuilder::Outcome ZoneBuilder::add(NameView name, RrType type, dnswire::Ttl ttl, Bytes rdata) {
  if (auto outcome = check_place(name, type); !outcome) return outcome;
  if (ttl > dnswire::kMaxTtl) return refuse("a TTL over 2147483647 seconds (RFC 2181 8)");
  if (type == RrType::SOA && minimum_of(rdata) > dnswire::kMaxTtl.count()) {
    return refuse("the SOA record's MINIMUM is over 2147483647 seconds (RFC 2181 8)");
  }
  const NameTable::Place place = names_.find(name);
  Owner owner = place.index;
  if (owner != kNone) {
    if (lower_ttl(owner, type, ttl, rdata)) return {};  // RFC 2181 5
    if (auto outcome = check_beside(owner, type); !outcome) return outcome;
  }
  if (auto outcome = check_size(name, owner, type, rdata.size()); !outcome) return outcome;
  if (auto outcome = check_room(rdata.size()); !outcome) return outcome;
  if (owner == kNone) {
    owner = names_.add(place, name);
    first_records_.push_back(kNone);
  }
  append(owner, {static_cast<std::uint32_t>(data_.size()), kNone, ttl, type,
                 static_cast<std::uint16_t>(rdata.size())});
  data_.insert(data_.end(), rdata.begin(), rdata.end());
  return {};
}

ZoneBuilder::Outcome ZoneBuilder::add_dynamic(NameView name, DynamicId id) {
  if (!name.is_within(origin_)) {
    return refuse(name.to_text() + " is outside the zone " + origin_.to_text());
  }
  if (const Owner owner = names_.find(name).index; owner != kNone) {
    if (is_dynamic(owner)) return refuse(name.to_text() + " is dynamic already");
    for (const RrType type : {RrType::A, RrType::AAAA}) {
      if (!has(owner, type)) continue;
      return refuse(name.to_text() + " has a static " + to_text(type) +
                    " record, so it cannot be dynamic; make the address an endpoint of its pool");
    }
    if (has(owner, RrType::CNAME)) {
      return refuse(name.to_text() + " is a CNAME, so it cannot be dynamic");
    }
    if (has(owner, RrType::NS) && name != NameView(origin_)) {
      return refuse(name.to_text() +
                    " is delegated by NS records, so it cannot be dynamic: its addresses " +
                    "are in other hands");
    }
  }
  dynamic_.emplace(find_or_add(name), static_cast<std::uint32_t>(id));
  return {};
}

// RFC 4592 2.2.2: the names between an owner and the apex exist, though they own nothing.
ZoneBuilder::Outcome ZoneBuilder::add_empty_non_terminals() {
  const std::size_t apex_size = origin_.view().size();
  for (Owner owner = 1; owner < names_.size(); ++owner) {
    const NameView above = names_.name(owner).parent();
    if (above.size() == apex_size) continue;
    const Name parent(above);  // adding moves names
    for (NameView up = parent; up.size() > apex_size; up = up.parent()) {
      const NameTable::Place place = names_.find(up);
      if (place.index != kNone) break;
      if (auto outcome = check_room(0); !outcome) return outcome;
      names_.add(place, up);
      first_records_.push_back(kNone);
    }
  }
  return {};
}

// By Owner: is there a "*" directly below?
std::vector<bool> ZoneBuilder::find_wildcard_parents() const {
  std::vector<bool> is_parent(names_.size());
  for (Owner owner = 1; owner < names_.size(); ++owner) {
    const NameView name = names_.name(owner);
    if (name.is_wildcard()) is_parent[names_.find(name.parent()).index] = true;
  }
  return is_parent;
}

// By type, and those of one type in the order in which they came.
void ZoneBuilder::list_records(Owner owner, std::vector<std::uint32_t>& ids) const {
  ids.clear();
  for (auto id = first_record(owner); id != kNone; id = records_[id].next) ids.push_back(id);
  std::ranges::sort(ids, {}, [this](std::uint32_t id) { return std::pair(records_[id].type, id); });
}

Zone ZoneBuilder::pack() {
  constexpr std::size_t kPerName = 12;  // of the zone's own, beside the octets of name and records
  constexpr std::size_t kPerRecord = 20;
  const std::vector<bool> is_wildcard_parent = find_wildcard_parents();
  names_.close();
  ZonePacker packer(names_.bytes() + kPerName * names_.size() + data_.size() +
                    kPerRecord * records_.size());
  std::vector<std::uint32_t> ids;
  std::vector<ZonePacker::Record> records;
  for (const Owner owner : names_.canonical_order(origin_.view().label_count())) {
    list_records(owner, ids);
    records.clear();
    for (const std::uint32_t id : ids) {
      records.push_back({records_[id].type, records_[id].ttl, rdata_of(records_[id])});
    }
    const auto found = dynamic_.find(owner);
    packer.add(names_.name(owner), records,
               found == dynamic_.end() ? std::nullopt : std::optional(DynamicId{found->second}),
               is_wildcard_parent[owner]);
  }
  names_ = {};  // makes room for what is still to come
  first_records_ = {};
  records_ = {};
  data_ = {};
  return std::move(packer).finish();
}

tl::expected<Zone, std::vector<std::string>> ZoneBuilder::build() && {
  using Problems = std::vector<std::string>;
  if (const auto outcome = add_empty_non_terminals(); !outcome) {
    return tl::unexpected(Problems{outcome.error()});
  }
  Zone zone = pack();
  if (auto problems = verify(zone); !problems.empty()) return tl::unexpected(std::move(problems));
  return zone;
}

}  // namespace zones
