#include "zones/zone_packer.h"

#include <algorithm>
#include <cstring>

#include "dnswire/rdata.h"

namespace zones {

using dnswire::Bytes;
using dnswire::NameView;
using dnswire::RrType;

ZonePacker::ZonePacker(std::size_t octets) { zone_.arena_.reserve(octets); }

template <class Value>
void ZonePacker::append(const Value& value) {
  const std::size_t at = zone_.arena_.size();
  zone_.arena_.resize(at + sizeof value);
  std::memcpy(&zone_.arena_[at], &value, sizeof value);
}

void ZonePacker::append(Bytes octets) {
  zone_.arena_.insert(zone_.arena_.end(), octets.begin(), octets.end());
}

const ZonePacker::Ancestor* ZonePacker::find_parent(NameView name) {
  while (!path_.empty() && !name.is_within(zone_.name(path_.back().node))) path_.pop_back();
  return path_.empty() ? nullptr : &path_.back();
}

void ZonePacker::add(NameView name, std::span<const Record> records,
                     std::optional<DynamicId> dynamic, bool has_wildcard_below) {
  auto& arena = zone_.arena_;
  arena.resize((arena.size() + Zone::kAlignment - 1) / Zone::kAlignment * Zone::kAlignment);
  const NodeId node{static_cast<std::uint32_t>(arena.size() / Zone::kAlignment)};
  const auto has = [&](RrType type) {
    return std::ranges::any_of(records, [type](const Record& r) { return r.type == type; });
  };
  // Canonical order puts a parent before what is below it: cuts are handed down.
  const Ancestor* const parent = find_parent(name);
  std::optional<NodeId> cut = parent != nullptr ? parent->cut : std::nullopt;
  if (parent != nullptr && !cut && has(RrType::NS)) cut = node;
  if (parent != nullptr && name.is_wildcard()) {
    zone_.links_[zone_.link_index(parent->node)].wildcard = static_cast<std::uint32_t>(node);
  }

  const bool has_links = dynamic || cut || has_wildcard_below;
  Zone::NodeHead head{};
  head.name_size = static_cast<std::uint8_t>(name.size());
  head.flags = static_cast<std::uint8_t>((has_links ? Zone::kHasLinks : 0) |
                                         (has(RrType::DNAME) ? Zone::kHasDname : 0) |
                                         (is_lower(name) ? Zone::kIsLower : 0));
  const std::size_t at = arena.size();
  append(head);
  if (has_links) {
    append(static_cast<std::uint32_t>(zone_.links_.size()));
    zone_.links_.push_back({dynamic ? static_cast<std::uint32_t>(*dynamic) : Zone::kNone,
                            cut ? static_cast<std::uint32_t>(*cut) : Zone::kNone, Zone::kNone});
  }
  append(name.wire());
  while (!records.empty()) {
    const auto end = std::ranges::find_if(
        records, [type = records.front().type](const Record& r) { return r.type != type; });
    const auto size = static_cast<std::size_t>(end - records.begin());
    add_rrset(name, records.first(size));
    ++head.rrset_count;
    records = records.subspan(size);
  }
  std::memcpy(&arena[at], &head, sizeof head);
  path_.push_back({node, cut});
  ++zone_.node_count_;
  zone_.rrset_count_ += head.rrset_count;
}

void ZonePacker::add_rrset(NameView name, std::span<const Record> records) {
  const RrType type = records.front().type;
  const dnswire::Ttl ttl = std::ranges::min(records, {}, &Record::ttl).ttl;
  Zone::RrSetHead head{static_cast<std::uint16_t>(type), static_cast<std::uint16_t>(records.size()),
                       0, Zone::kSheetIsRecords};
  const std::size_t at = zone_.arena_.size();
  append(head);
  for (const Record& record : records) {
    std::uint8_t record_head[kRecordHead];
    put_record_head(record_head, type, ttl, record.rdata.size());
    append(Bytes(record_head));
    append(record.rdata);
  }
  head.size = static_cast<std::uint16_t>(zone_.arena_.size() - at - sizeof head);
  if (dnswire::has_compressed_names(type)) {
    const Bytes written{&zone_.arena_[at + sizeof head], head.size};
    const SheetData sheet = make_sheet(name, RrSet(type, ttl, written));
    const bool is_same = sheet.pointers.empty() && std::ranges::equal(sheet.records, written);
    if (sheet.records.empty() || sheet.records.size() >= Zone::kNoSheet) {
      head.sheet = Zone::kNoSheet;
    } else if (!is_same) {
      head.sheet = static_cast<std::uint16_t>(sheet.records.size());
      append(static_cast<std::uint16_t>(sheet.pointers.size()));
      for (const std::uint16_t pointer : sheet.pointers) append(pointer);
      append(Bytes(sheet.records));
    }
  }
  std::memcpy(&zone_.arena_[at], &head, sizeof head);
}

Zone ZonePacker::finish() && {
  auto& arena = zone_.arena_;
  arena.resize(arena.size() + dnswire::SearchName::kSlack);
  // To copy a large arena takes longer, and for that time more memory, than what it has too much,
  // which no one has written to.
  if (arena.capacity() > arena.size() + arena.size() / 4) arena.shrink_to_fit();
  zone_.make_index();
  const auto soa = zone_.rrset(Zone::kApex, RrType::SOA);
  if (!soa) return std::move(zone_);
  // RFC 1035 3.3.13: SERIAL stands 20 octets before the end, MINIMUM in the last four.
  const Bytes rdata = *soa->begin();
  const dnswire::Ttl minimum{dnswire::load32(rdata.data() + rdata.size() - 4)};
  zone_.soa_ = *soa;
  zone_.serial_ = dnswire::load32(rdata.data() + rdata.size() - 20);
  zone_.negative_ttl_ = std::min(soa->ttl(), minimum);
  std::vector<std::uint8_t> denial(kRecordHead + rdata.size());
  put_record_head(denial.data(), RrType::SOA, zone_.negative_ttl_, rdata.size());
  std::ranges::copy(rdata, denial.begin() + kRecordHead);
  zone_.denial_ =
      make_denial_sheet(zone_.origin(), RrSet(RrType::SOA, zone_.negative_ttl_, denial));
  return std::move(zone_);
}

}  // namespace zones
