#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dnswire/name_view.h"
#include "dnswire/rr_type.h"
#include "zones/zone.h"

namespace zones {

// Lays a Zone out in memory. What may stand in a zone was seen to before, by ZoneBuilder.
class ZonePacker {
 public:
  struct Record {
    dnswire::RrType type;
    dnswire::Ttl ttl;  // those of an RRset become the lowest of them (RFC 2181 5.2)
    dnswire::Bytes rdata;
  };

  // `octets`: about what all nodes will take, so that memory is asked for once.
  explicit ZonePacker(std::size_t octets = 0);

  // Requires: names in canonical order, empty non-terminals among them, the apex first; records in
  // the order of their types.
  void add(dnswire::NameView name, std::span<const Record> records,
           std::optional<DynamicId> dynamic, bool has_wildcard_below);

  // Requires: that the zone has been looked through (verify) before it is served; without a SOA at
  // the apex there is none to deny with.
  [[nodiscard]] Zone finish() &&;

 private:
  struct Ancestor {
    NodeId node;
    std::optional<NodeId> cut;
  };

  const Ancestor* find_parent(dnswire::NameView name);
  void add_rrset(dnswire::NameView name, std::span<const Record> records);
  template <class Value>
  void append(const Value& value);
  void append(dnswire::Bytes octets);

  Zone zone_;
  std::vector<Ancestor> path_;  // from the apex down to the latest name
};

}  // namespace zones
