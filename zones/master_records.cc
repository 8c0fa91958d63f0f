#include "zones/master_records.h"

#include <utility>

namespace zones {

using dnswire::Bytes;
using dnswire::Name;
using dnswire::NameView;
using dnswire::RrType;
using dnswire::Ttl;

void ProblemList::add(const std::string& file, Position position, std::string text) {
  if (!full()) problems_.push_back({file, position.line, position.column, std::move(text)});
}

void MasterRecords::expect(std::size_t records) {
  expected_ += records;
  if (builder_) builder_->reserve(records);
}

void MasterRecords::add(Place place, NameView owner, RrType type, std::optional<Ttl> ttl,
                        Bytes rdata) {
  if (!builder_ && type != RrType::SOA) {
    waiting_.push_back({place, Name(owner), type, ttl, {rdata.begin(), rdata.end()}});
    return;
  }
  const bool begins = !builder_;
  if (begins) begin_zone(owner, rdata);
  add_to_zone(place, owner, type, ttl, rdata);
  if (!begins) return;
  for (const Waiting& record : std::exchange(waiting_, {})) {
    add_to_zone(record.place, record.owner, record.type, record.ttl, record.rdata);
  }
}

void MasterRecords::begin_zone(NameView origin, Bytes soa) {
  builder_.emplace(Name(origin), limits_);
  builder_->reserve(expected_);
  minimum_ = Ttl(dnswire::load32(soa.data() + soa.size() - 4));  // RFC 1035 3.3.13: the last field
}

void MasterRecords::add_to_zone(Place place, NameView owner, RrType type, std::optional<Ttl> ttl,
                                Bytes rdata) {
  const auto outcome = builder_->add(owner, type, ttl.value_or(minimum_), rdata);
  if (!outcome) problems_.add(*place.file, place.position, outcome.error());
}

std::optional<Zone> MasterRecords::finish(const std::string& file) && {
  if (problems_.size() > 0) return std::nullopt;
  if (!builder_) {
    problems_.add(file, {}, "no SOA record; a zone begins with one");
    return std::nullopt;
  }
  auto zone = std::move(*builder_).build();
  if (zone) return std::move(*zone);
  for (std::string& text : zone.error()) problems_.add(file, {}, std::move(text));
  return std::nullopt;
}

}  // namespace zones
