#pragma once

#include <string>
#include <tl/expected.hpp>
#include <unordered_map>
#include <vector>

#include "dnswire/name.h"
#include "dnswire/rr_type.h"
#include "zones/zone.h"

namespace zones {

class ZonePacker;

// What one name can own, so that no answer costs more than another by orders of magnitude.
inline constexpr std::size_t kMaxRecordsPerRrSet = 100;
inline constexpr std::size_t kMaxTypesPerName = 100;
// Of records as they are sent, their owner compressed: what a message of 65,535 octets has left
// beside its header, a question of the longest name, and an OPT record with options.
inline constexpr std::size_t kMaxRrSetSize = 65535 - 12 - (255 + 4) - 100;

struct Limits {
  std::size_t addresses = kMaxRecordsPerRrSet;  // records in an A or AAAA RRset
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

  [[nodiscard]] dnswire::NameView origin() const noexcept { return origin_; }

  // Or what `verify` finds: what is missing, and what cannot stand where it does.
  [[nodiscard]] tl::expected<Zone, std::vector<std::string>> build() &&;

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct Record {
    dnswire::RrType type;
    dnswire::Ttl ttl;
    std::uint32_t data;  // into data_
    std::uint16_t size;
  };
  struct Owner {
    dnswire::Name name;
    std::vector<std::uint32_t> records;  // into records_
    std::uint32_t dynamic = kNone;
  };

  std::uint32_t owner_index(dnswire::NameView name);
  [[nodiscard]] const Owner* find_owner(dnswire::NameView name) const noexcept;
  [[nodiscard]] bool has(const Owner& owner, dnswire::RrType type) const noexcept;
  [[nodiscard]] std::size_t count_types(const Owner& owner) const;
  [[nodiscard]] dnswire::Bytes rdata_of(const Record& record) const noexcept;
  bool lower_ttl(const Owner& owner, dnswire::RrType type, dnswire::Ttl ttl, dnswire::Bytes rdata);
  [[nodiscard]] Outcome check_place(dnswire::NameView owner, dnswire::RrType type) const;
  [[nodiscard]] Outcome check_beside(const Owner& owner, dnswire::RrType type) const;
  [[nodiscard]] Outcome check_size(dnswire::NameView name, const Owner* owner, dnswire::RrType type,
                                   std::size_t rdata_size) const;
  void add_empty_non_terminals();
  [[nodiscard]] std::vector<bool> find_wildcard_parents() const;
  void pack(ZonePacker& packer, Owner& owner, bool has_wildcard_below) const;

  dnswire::Name origin_;
  Limits limits_;
  std::vector<Owner> owners_;
  std::unordered_map<dnswire::Name, std::uint32_t, dnswire::NameHash, dnswire::NameEqual> by_name_;
  std::vector<Record> records_;
  std::vector<std::uint8_t> data_;
};

}  // namespace zones
