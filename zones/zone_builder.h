#pragma once

#include <string>
#include <tl/expected.hpp>
#include <unordered_map>
#include <vector>

#include "dnswire/name.h"
#include "dnswire/rr_type.h"
#include "zones/name_table.h"
#include "zones/zone.h"

namespace zones {

// What one name can own, so that no answer costs more than another by orders of magnitude.
inline constexpr std::size_t kMaxRecordsPerRrSet = 100;
inline constexpr std::size_t kMaxTypesPerName = 100;
// Of records as they are sent, their owner compressed: what a message of 65,535 octets has left
// beside its header, a question of the longest name, and an OPT record with options.
inline constexpr std::size_t kMaxRrSetSize = 65535 - 12 - (255 + 4) - 100;

struct Limits {
  std::size_t addresses = kMaxRecordsPerRrSet;  // records in an A or AAAA RRset
  friend bool operator==(const Limits&, const Limits&) = default;
};

// Collects records, checks them, makes a Zone of them. What is refused is described for the person
// who wrote it; the caller adds file and line.
class ZoneBuilder {
 public:
  explicit ZoneBuilder(dnswire::Name origin, Limits limits = {});

  using Outcome = tl::expected<void, std::string>;

  // A record that is there already is dropped (RFC 2181 5); TTLs that differ within an RRset become
  // the lowest of them (RFC 2181 5.2). Refused, and then without a trace:
  // - an owner outside the zone, a meta-type, a TTL or a MINIMUM over 2^31 - 1 (RFC 2181 8);
  // - a SOA below the apex or a second one, DS at the apex, NS, DS or DNAME at a wildcard;
  // - a CNAME beside anything but RRSIG and NSEC (RFC 4035 2.5), a second CNAME or DNAME, NS beside
  //   DNAME below the apex;
  // - a static address, or NS below the apex, beside a dynamic record;
  // - more than the limits above allow.
  // Requires: `rdata` is well-formed for `type`.
  Outcome add(dnswire::NameView owner, dnswire::RrType type, dnswire::Ttl ttl,
              dnswire::Bytes rdata);
  // Refused: beside a static A, AAAA or CNAME, at a zone cut, beside another dynamic record,
  // outside the zone.
  Outcome add_dynamic(dnswire::NameView owner, DynamicId id);

  // Makes room for that many more records, if they are worth it.
  void reserve(std::size_t records);

  [[nodiscard]] dnswire::NameView origin() const noexcept { return origin_; }

  // Or what `verify` finds: what is missing, and what cannot stand where it does.
  [[nodiscard]] tl::expected<Zone, std::vector<std::string>> build() &&;

 private:
  static constexpr std::uint32_t kNone = NameTable::kNone;
  // The records of a name are a list, in the order in which they came.
  struct Record {
    std::uint32_t data;  // into data_
    std::uint32_t next = kNone;
    dnswire::Ttl ttl;
    dnswire::RrType type;
    std::uint16_t size;
  };
  // A name, by its number in names_; kNone: one that is not there, and has nothing.
  using Owner = std::uint32_t;

  Owner find_or_add(dnswire::NameView name);
  [[nodiscard]] std::uint32_t first_record(Owner owner) const noexcept {
    return owner == kNone ? kNone : first_records_[owner];
  }
  void append(Owner owner, Record record);
  [[nodiscard]] bool is_dynamic(Owner owner) const { return dynamic_.contains(owner); }
  [[nodiscard]] bool has(Owner owner, dnswire::RrType type) const noexcept;
  [[nodiscard]] bool has_beside_cname(Owner owner) const noexcept;
  [[nodiscard]] std::size_t count_types(Owner owner) const;
  [[nodiscard]] dnswire::Bytes rdata_of(const Record& record) const noexcept;
  bool lower_ttl(Owner owner, dnswire::RrType type, dnswire::Ttl ttl, dnswire::Bytes rdata);
  [[nodiscard]] Outcome check_place(dnswire::NameView owner, dnswire::RrType type) const;
  [[nodiscard]] Outcome check_beside(Owner owner, dnswire::RrType type) const;
  [[nodiscard]] Outcome check_size(dnswire::NameView name, Owner owner, dnswire::RrType type,
                                   std::size_t rdata_size) const;
  [[nodiscard]] Outcome check_room(std::size_t rdata_size) const;
  [[nodiscard]] Outcome add_empty_non_terminals();
  [[nodiscard]] std::vector<bool> find_wildcard_parents() const;
  void list_records(Owner owner, std::vector<std::uint32_t>& ids) const;
  [[nodiscard]] Zone pack();

  dnswire::Name origin_;
  Limits limits_;
  NameTable names_;
  std::vector<std::uint32_t> first_records_;  // by Owner, into records_
  std::unordered_map<Owner, std::uint32_t> dynamic_;
  std::vector<Record> records_;
  std::vector<std::uint8_t> data_;
};

}  // namespace zones
