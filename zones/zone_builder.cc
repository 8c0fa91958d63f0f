#include "zones/zone_builder.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace zones {

using dnswire::Bytes;
using dnswire::Name;
using dnswire::NameView;
using dnswire::RrType;

namespace {

constexpr bool is_address(RrType type) { return type == RrType::A || type == RrType::AAAA; }

tl::unexpected<std::string> refuse(std::string text) {
  return tl::unexpected<std::string>(std::move(text));
}

}  // namespace

ZoneBuilder::ZoneBuilder(Name origin) : origin_(std::move(origin)) { owner_index(origin_); }

std::uint32_t ZoneBuilder::owner_index(NameView name) {
  if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second;
  const auto index = static_cast<std::uint32_t>(owners_.size());
  by_name_.emplace(Name(name), index);
  owners_.push_back({Name(name), {}, Zone::kNone});
  return index;
}

bool ZoneBuilder::has(const Owner& owner, RrType type) const noexcept {
  return std::any_of(owner.records.begin(), owner.records.end(),
                     [&](std::uint32_t record) { return records_[record].type == type; });
}

Bytes ZoneBuilder::rdata_of(const Record& record) const noexcept {
  return {data_.data() + record.data, record.size};
}

// May a record of `type` stand beside what the owner has already?
ZoneBuilder::Outcome ZoneBuilder::check_beside(const Owner& owner, RrType type) const {
  const std::string name = owner.name.to_text();
  const bool is_dynamic = owner.dynamic != Zone::kNone;
  if (type == RrType::CNAME && (!owner.records.empty() || is_dynamic)) {
    if (has(owner, RrType::CNAME)) return refuse(name + " has two CNAME records; keep one");
    return refuse(name + " has other records, so it cannot be a CNAME (RFC 2181 10.1)");
  }
  if (type != RrType::CNAME && has(owner, RrType::CNAME)) {
    return refuse(name + " is a CNAME, so it cannot have " + to_text(type) +
                  " records (RFC 2181 10.1)");
  }
  if (is_address(type) && is_dynamic) {
    return refuse(name + " is dynamic, so it cannot have a static " + to_text(type) +
                  " record; make the address an endpoint of its pool");
  }
  return {};
}

ZoneBuilder::Outcome ZoneBuilder::add(NameView owner, RrType type, dnswire::Ttl ttl, Bytes rdata) {
  if (!owner.is_within(origin_)) {
    return refuse(owner.to_text() + " is outside the zone " + origin_.to_text());
  }
  if (is_meta(type)) return refuse(to_text(type) + " is not a type that a zone can hold");
  if (type == RrType::DNAME) {
    return refuse("DNAME records are not understood by this version; write CNAMEs instead");
  }
  if (ttl > dnswire::kMaxTtl) return refuse("a TTL over 2147483647 seconds (RFC 2181 8)");
  if (type == RrType::SOA && owner != NameView(origin_)) {
    return refuse("a SOA record at " + owner.to_text() + ", below the apex of the zone");
  }
  const std::uint32_t index = owner_index(owner);
  Owner& entry = owners_[index];

  std::size_t same_type = 0;
  for (const std::uint32_t record : entry.records) {
    if (records_[record].type != type) continue;
    ++same_type;
    // RFC 2181 5 and 5.2: no duplicates, one TTL per RRset.
    if (std::ranges::equal(rdata_of(records_[record]), rdata)) return {};
    ttl = records_[record].ttl = std::min(ttl, records_[record].ttl);
  }
  if (auto outcome = check_beside(entry, type); !outcome) return outcome;
  if (type == RrType::SOA && same_type > 0) return refuse("two SOA records; keep one");
  if (same_type == kMaxRecordsPerRrSet) {
    return refuse(owner.to_text() + " has more than " + std::to_string(kMaxRecordsPerRrSet) + " " +
                  to_text(type) + " records");
  }
  entry.records.push_back(static_cast<std::uint32_t>(records_.size()));
  records_.push_back({index, type, ttl, static_cast<std::uint32_t>(data_.size()),
                      static_cast<std::uint16_t>(rdata.size())});
  data_.insert(data_.end(), rdata.begin(), rdata.end());
  return {};
}

ZoneBuilder::Outcome ZoneBuilder::add_dynamic(NameView owner, DynamicId id) {
  if (!owner.is_within(origin_)) {
    return refuse(owner.to_text() + " is outside the zone " + origin_.to_text());
  }
  Owner& entry = owners_[owner_index(owner)];
  if (entry.dynamic != Zone::kNone) return refuse(entry.name.to_text() + " is dynamic already");
  for (const RrType type : {RrType::A, RrType::AAAA}) {
    if (has(entry, type)) {
      return refuse(entry.name.to_text() + " has a static " + to_text(type) +
                    " record, so it cannot be dynamic; make the address an endpoint of its pool");
    }
  }
  if (has(entry, RrType::CNAME)) {
    return refuse(entry.name.to_text() + " is a CNAME, so it cannot be dynamic");
  }
  entry.dynamic = static_cast<std::uint32_t>(id);
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

// What can only be said when all records are there.
std::vector<std::string> ZoneBuilder::find_problems() const {
  std::vector<std::string> problems;
  const std::string zone = origin_.to_text();
  const Owner& apex = owners_.front();
  if (!has(apex, RrType::SOA)) problems.push_back("zone " + zone + " has no SOA record");
  if (!has(apex, RrType::NS)) {
    problems.push_back("zone " + zone + " has no NS record at its apex; name its name servers");
  }
  for (const std::uint32_t record : apex.records) {
    if (records_[record].type != RrType::NS) continue;
    const NameView server = NameView::trusted(rdata_of(records_[record]));
    if (!server.is_within(origin_)) continue;
    const auto found = by_name_.find(server);
    const bool resolves =
        found != by_name_.end() &&
        (owners_[found->second].dynamic != Zone::kNone || has(owners_[found->second], RrType::A) ||
         has(owners_[found->second], RrType::AAAA));
    if (!resolves) {
      problems.push_back("name server " + server.to_text() + " of zone " + zone +
                         " has no A or AAAA record");
    }
  }
  return problems;
}

void ZoneBuilder::pack_node(Zone& zone, Owner& owner) const {
  Zone::Node node{};
  const Bytes name = owner.name.view().wire();
  node.name = static_cast<std::uint32_t>(zone.arena_.size());
  node.name_size = static_cast<std::uint8_t>(name.size());
  node.dynamic = owner.dynamic;
  node.cut = node.wildcard = Zone::kNone;
  node.first_rrset = static_cast<std::uint32_t>(zone.rrsets_.size());
  zone.arena_.insert(zone.arena_.end(), name.begin(), name.end());

  std::stable_sort(owner.records.begin(), owner.records.end(),
                   [&](auto a, auto b) { return records_[a].type < records_[b].type; });
  for (const std::uint32_t id : owner.records) {
    const Record& record = records_[id];
    const bool first_of_type = node.rrset_count == 0 || zone.rrsets_.back().type != record.type;
    if (first_of_type) {
      zone.rrsets_.push_back(
          {static_cast<std::uint32_t>(zone.arena_.size()), 0, record.ttl, record.type});
      ++node.rrset_count;
    }
    std::uint8_t length[2];
    dnswire::store16(length, record.size);
    const Bytes rdata = rdata_of(record);
    zone.arena_.insert(zone.arena_.end(), length, length + 2);
    zone.arena_.insert(zone.arena_.end(), rdata.begin(), rdata.end());
    zone.rrsets_.back().size += 2U + record.size;
    zone.rrsets_.back().ttl = std::min(zone.rrsets_.back().ttl, record.ttl);
  }
  zone.nodes_.push_back(node);
}

// Canonical order puts a parent before what is below it, so one pass hands cuts down.
void ZoneBuilder::link_nodes(Zone& zone) {
  zone.make_index();
  for (std::uint32_t i = 1; i < zone.nodes_.size(); ++i) {
    const NodeId node{i};
    const NodeId parent = *zone.find(zone.name(node).parent());
    Zone::Node& above = zone.nodes_[static_cast<std::size_t>(parent)];
    if (zone.name(node).is_wildcard()) {
      above.wildcard = i;
    }
    if (above.cut != Zone::kNone) {
      zone.nodes_[i].cut = above.cut;
    } else if (zone.rrset(node, RrType::NS)) {
      zone.nodes_[i].cut = i;
    }
  }
}

tl::expected<Zone, std::vector<std::string>> ZoneBuilder::build() && {
  if (auto problems = find_problems(); !problems.empty()) {
    return tl::unexpected<std::vector<std::string>>(std::move(problems));
  }
  add_empty_non_terminals();

  std::vector<std::uint32_t> order(owners_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return owners_[a].name < owners_[b].name; });

  Zone zone;
  zone.nodes_.reserve(order.size());
  for (const std::uint32_t owner : order) pack_node(zone, owners_[owner]);
  zone.arena_.shrink_to_fit();
  zone.rrsets_.shrink_to_fit();
  link_nodes(zone);

  zone.soa_ = *zone.rrset(NodeId{0}, RrType::SOA);
  const Bytes soa = *zone.soa_.begin();
  zone.serial_ = dnswire::load32(soa.data() + soa.size() - 20);
  const dnswire::Ttl minimum{dnswire::load32(soa.data() + soa.size() - 4)};
  zone.negative_ttl_ = std::min(zone.soa_.ttl(), minimum);
  return zone;
}

}  // namespace zones
