#pragma once

#include <string>
#include <tl/expected.hpp>
#include <unordered_map>
#include <vector>

#include "dnswire/name.h"
#include "dnswire/rr_type.h"
#include "zones/zone.h"

namespace zones {

inline constexpr std::size_t kMaxRecordsPerRrSet = 100;

// Collects records, checks them, makes a Zone of them. What is refused is described for the person
// who wrote it; the caller adds file and line.
class ZoneBuilder {
 public:
  explicit ZoneBuilder(dnswire::Name origin);

  using Outcome = tl::expected<void, std::string>;

  // A record that is there already is dropped (RFC 2181 5); TTLs that differ within an RRset become
  // the lowest of them (RFC 2181 5.2). Refused: an owner outside the zone, a CNAME beside other
  // data or a second one (RFC 2181 10.1), a SOA below the apex or a second one, a meta-type, a TTL
  // over 2^31 - 1, a static address beside a dynamic record, more than kMaxRecordsPerRrSet records.
  // Requires: `rdata` is well-formed for `type`.
  Outcome add(dnswire::NameView owner, dnswire::RrType type, dnswire::Ttl ttl,
              dnswire::Bytes rdata);
  // Refused: beside a static A, AAAA or CNAME, beside another dynamic record, outside the zone.
  Outcome add_dynamic(dnswire::NameView owner, DynamicId id);

  [[nodiscard]] dnswire::NameView origin() const noexcept { return origin_; }

  // Or what is missing: SOA, NS at the apex, address records of a name server inside the zone.
  [[nodiscard]] tl::expected<Zone, std::vector<std::string>> build() &&;

 private:
  struct Record {
    std::uint32_t owner;  // index into owners_
    dnswire::RrType type;
    dnswire::Ttl ttl;
    std::uint32_t data;  // into data_
    std::uint16_t size;
  };
  struct Owner {
    dnswire::Name name;
    std::vector<std::uint32_t> records;  // into records_
    std::uint32_t dynamic = Zone::kNone;
  };

  std::uint32_t owner_index(dnswire::NameView name);
  [[nodiscard]] bool has(const Owner& owner, dnswire::RrType type) const noexcept;
  [[nodiscard]] dnswire::Bytes rdata_of(const Record& record) const noexcept;
  Outcome check_beside(const Owner& owner, dnswire::RrType type) const;
  void add_empty_non_terminals();
  [[nodiscard]] std::vector<std::string> find_problems() const;
  void pack_node(Zone& zone, Owner& owner) const;
  static void link_nodes(Zone& zone);

  dnswire::Name origin_;
  std::vector<Owner> owners_;
  std::unordered_map<dnswire::Name, std::uint32_t, dnswire::NameHash, dnswire::NameEqual> by_name_;
  std::vector<Record> records_;
  std::vector<std::uint8_t> data_;
};

}  // namespace zones
