#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "dnswire/name.h"
#include "dnswire/rr_type.h"
#include "zones/rrset.h"

namespace zones {

// A dynamic record: the A and AAAA RRsets of its name are tailored per client and health. What it
// does stands in steering::Plan; here it is a number and nothing more.
enum class DynamicId : std::uint32_t {};

// A name of a zone, existing because it owns records or because a name below it does (an empty
// non-terminal, RFC 4592 2.2.2).
enum class NodeId : std::uint32_t {};

// One zone: the records from its apex down to its cuts, and the glue below them. RFC 1034 4.2.
//
// Flat: nodes in canonical order, their RRsets, and one arena of names and RDATA, found by a hash
// table with one entry a name.
//
// Threads: immutable, share freely.   Made by ZoneBuilder.
class Zone {
 public:
  Zone(Zone&&) noexcept = default;  // views of it stay good: the arena does not move
  Zone& operator=(Zone&&) noexcept = default;
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;

  [[nodiscard]] dnswire::NameView origin() const noexcept { return name(NodeId{0}); }
  [[nodiscard]] RrSet soa() const noexcept { return soa_; }
  // TTL of negative answers: the lesser of the SOA's own TTL and its MINIMUM (RFC 2308 5).
  [[nodiscard]] dnswire::Ttl negative_ttl() const noexcept { return negative_ttl_; }
  [[nodiscard]] std::uint32_t serial() const noexcept { return serial_; }

  [[nodiscard]] std::optional<NodeId> find(dnswire::NameView name) const noexcept;  // exactly it
  // The longest existing ancestor of `name`, or `name` itself (RFC 4592 3.3.1).
  // Requires: `name` is within origin().
  [[nodiscard]] NodeId closest_encloser(dnswire::NameView name) const noexcept;

  [[nodiscard]] dnswire::NameView name(NodeId node) const noexcept;
  [[nodiscard]] std::optional<RrSet> rrset(NodeId node, dnswire::RrType type) const noexcept;
  [[nodiscard]] std::size_t rrset_count(NodeId node) const noexcept;
  [[nodiscard]] RrSet rrset_at(NodeId node, std::size_t index) const noexcept;
  [[nodiscard]] std::optional<DynamicId> dynamic(NodeId node) const noexcept;
  // Does the node own a DNAME? Then no node is below it (RFC 6672 2.4).
  [[nodiscard]] bool has_dname(NodeId node) const noexcept { return at(node).has_dname; }
  // The zone cut (RFC 2181 6) at or above the node: the highest name below the apex that owns NS.
  [[nodiscard]] std::optional<NodeId> cut(NodeId node) const noexcept;
  // The "*" directly below the node.
  [[nodiscard]] std::optional<NodeId> wildcard(NodeId node) const noexcept;

  [[nodiscard]] std::size_t node_count() const noexcept { return nodes_.size(); }
  [[nodiscard]] std::size_t rrset_count() const noexcept { return rrsets_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept;  // memory that it occupies, roughly

  // The same names with the same records? (What a dynamic record does is not looked at.)
  [[nodiscard]] bool same_data(const Zone& other) const noexcept {
    return rrsets_ == other.rrsets_ && arena_ == other.arena_;
  }

 private:
  friend class ZoneBuilder;
  Zone() = default;
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct Node {
    std::uint32_t name;         // into arena_, name_size octets
    std::uint32_t first_rrset;  // into rrsets_
    std::uint32_t dynamic = kNone;
    std::uint32_t cut = kNone;
    std::uint32_t wildcard = kNone;
    std::uint16_t rrset_count;
    std::uint8_t name_size;
    bool has_dname;
  };
  struct RrSetEntry {
    std::uint32_t data;  // into arena_, packed as RrSet wants it
    std::uint32_t size;
    dnswire::Ttl ttl;
    dnswire::RrType type;
    friend bool operator==(const RrSetEntry&, const RrSetEntry&) = default;
  };
  struct Slot {
    std::uint32_t hash;
    std::uint32_t node = kNone;
  };

  [[nodiscard]] const Node& at(NodeId node) const noexcept {
    return nodes_[static_cast<std::size_t>(node)];
  }
  void make_index();

  std::vector<Node> nodes_;  // [0] is the apex
  std::vector<RrSetEntry> rrsets_;
  std::vector<std::uint8_t> arena_;
  std::vector<Slot> slots_;  // open addressing, a power of two
  std::size_t deepest_ = 0;  // labels of the deepest name: no longer one needs to be looked for
  RrSet soa_;
  dnswire::Ttl negative_ttl_{0};
  std::uint32_t serial_ = 0;
};

}  // namespace zones
