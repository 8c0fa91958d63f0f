#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "dnswire/name.h"
#include "dnswire/rr_type.h"
#include "dnswire/search_name.h"
#include "zones/rrset.h"
#include "zones/sheet.h"

namespace zones {

namespace detail {

// A value that stands at any address.
template <class Value>
Value load(const std::uint8_t* from) noexcept {
  Value value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

}  // namespace detail

// A dynamic record: the A and AAAA RRsets of its name are tailored per client and health. What it
// does stands in steering::Plan; here it is a number and nothing more.
enum class DynamicId : std::uint32_t {};

// A name of a zone, existing because it owns records or because a name below it does (an empty
// non-terminal, RFC 4592 2.2.2). A place in its zone, greater than that of every name before it in
// canonical order, and never one of another zone's.
enum class NodeId : std::uint32_t {};

// One zone: the records from its apex down to its cuts, and the glue below them. RFC 1034 4.2.
//
// Flat: one arena holds each name with its RRsets behind it as they are sent, in canonical order,
// so that a query reads neighboring memory; a hash table has one entry a name.
//
// Threads: immutable, share freely.   Made by ZoneBuilder.
class Zone {
 public:
  Zone(Zone&&) noexcept = default;  // views of it stay good: the arena does not move
  Zone& operator=(Zone&&) noexcept = default;
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;

  static constexpr NodeId kApex{0};
  [[nodiscard]] dnswire::NameView origin() const noexcept { return name(kApex); }
  [[nodiscard]] RrSet soa() const noexcept { return soa_; }
  // TTL of negative answers: the lesser of the SOA's own TTL and its MINIMUM (RFC 2308 5).
  [[nodiscard]] dnswire::Ttl negative_ttl() const noexcept { return negative_ttl_; }
  // The SOA of negative answers, with that TTL.
  [[nodiscard]] Sheet denial() const noexcept;
  [[nodiscard]] std::uint32_t serial() const noexcept { return serial_; }

  [[nodiscard]] std::optional<NodeId> find(dnswire::NameView name) const noexcept;  // exactly it
  [[nodiscard]] std::optional<NodeId> find(const dnswire::SearchName& name,
                                           std::size_t suffix) const noexcept;
  // The longest existing ancestor of `name`, or `name` itself (RFC 4592 3.3.1).
  // Requires: `name` is within origin().
  [[nodiscard]] NodeId closest_encloser(dnswire::NameView name) const noexcept;
  // That of a suffix: it, or one above it.
  [[nodiscard]] NodeId closest_encloser(const dnswire::SearchName& name,
                                        std::size_t suffix) const noexcept;

  [[nodiscard]] dnswire::NameView name(NodeId node) const noexcept;
  [[nodiscard]] std::optional<RrSet> rrset(NodeId node, dnswire::RrType type) const noexcept;
  [[nodiscard]] std::size_t rrset_count(NodeId node) const noexcept {
    return head(node).rrset_count;
  }
  [[nodiscard]] RrSet rrset_at(NodeId node, std::size_t index) const noexcept;
  // None if the RRset has to be written anew for each question. Requires: `rrset` is the node's.
  [[nodiscard]] Sheet sheet(NodeId node, const RrSet& rrset) const noexcept;
  [[nodiscard]] std::optional<DynamicId> dynamic(NodeId node) const noexcept;
  // Is there no upper case in its name?
  [[nodiscard]] bool is_lower(NodeId node) const noexcept {
    return (head(node).flags & kIsLower) != 0;
  }
  // Does the node own a DNAME? Then no node is below it (RFC 6672 2.4).
  [[nodiscard]] bool has_dname(NodeId node) const noexcept {
    return (head(node).flags & kHasDname) != 0;
  }
  // The zone cut (RFC 2181 6) at or above the node: the highest name below the apex that owns NS.
  [[nodiscard]] std::optional<NodeId> cut(NodeId node) const noexcept;
  // The "*" directly below the node.
  [[nodiscard]] std::optional<NodeId> wildcard(NodeId node) const noexcept;

  // All names, in canonical order.
  class Nodes;
  [[nodiscard]] Nodes nodes() const noexcept;
  [[nodiscard]] std::size_t node_count() const noexcept { return node_count_; }
  [[nodiscard]] std::size_t rrset_count() const noexcept { return rrset_count_; }
  [[nodiscard]] std::size_t bytes() const noexcept;  // memory that it occupies, roughly

  // The same names with the same records? (What a dynamic record does is not looked at.)
  [[nodiscard]] bool same_data(const Zone& other) const noexcept { return arena_ == other.arena_; }

 private:
  friend class ZonePacker;
  Zone() = default;
  static constexpr std::uint32_t kNone = 0xffffffff;
  static constexpr std::size_t kAlignment = 4;  // octets; NodeId counts in them

  // In the arena, for each node: NodeHead, the index of its Links if it has any, its name, and for
  // each RRset an RrSetHead, the records, and the sheet if there is one apart: the number of
  // pointers, the pointers, the records.
  static constexpr std::uint8_t kHasLinks = 1;
  static constexpr std::uint8_t kHasDname = 2;
  static constexpr std::uint8_t kIsLower = 4;  // no upper case in its name
  struct NodeHead {
    std::uint8_t name_size;
    std::uint8_t rrset_count;
    std::uint8_t flags;
    std::uint8_t unused;
  };
  struct RrSetHead {
    std::uint16_t type;
    std::uint16_t count;  // records
    std::uint16_t size;   // octets of the records
    std::uint16_t sheet;  // octets of the sheet's, or one of the next two
  };
  static constexpr std::uint16_t kSheetIsRecords = 0;
  static constexpr std::uint16_t kNoSheet = 0xffff;
  struct Links {
    std::uint32_t dynamic = kNone;
    std::uint32_t cut = kNone;
    std::uint32_t wildcard = kNone;
  };
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t node = kNone;
  };
  struct PlacedRrSet {
    RrSetHead head;
    const std::uint8_t* records;
  };

  [[nodiscard]] const std::uint8_t* at(NodeId node) const noexcept {
    return arena_.data() + std::size_t{static_cast<std::uint32_t>(node)} * kAlignment;
  }
  [[nodiscard]] NodeHead head(NodeId node) const noexcept;
  [[nodiscard]] std::uint32_t link_index(NodeId node) const noexcept;  // Requires: kHasLinks
  [[nodiscard]] Links links(NodeId node) const noexcept;
  [[nodiscard]] const std::uint8_t* first_rrset(NodeId node) const noexcept;
  [[nodiscard]] static PlacedRrSet read_rrset(const std::uint8_t* at) noexcept;
  [[nodiscard]] static const std::uint8_t* end_of(const PlacedRrSet& rrset) noexcept;
  [[nodiscard]] static RrSet view(const PlacedRrSet& rrset) noexcept;
  [[nodiscard]] NodeId next(NodeId node) const noexcept;
  [[nodiscard]] std::size_t slot_of(std::uint64_t hash) const noexcept {
    return (hash * 0xd6e8feb86659fd93) >> shift_;
  }
  void make_index();

  std::vector<std::uint8_t> arena_;  // kSlack octets more than the nodes take
  std::vector<Slot> slots_;          // open addressing, a power of two
  std::vector<Links> links_;
  unsigned shift_ = 63;  // 64 less the bits of an index into slots_
  std::size_t node_count_ = 0;
  std::size_t rrset_count_ = 0;
  std::size_t least_ = 0;    // labels of the origin
  std::size_t deepest_ = 0;  // labels of the deepest name: no longer one needs to be looked for
  RrSet soa_;
  SheetData denial_;
  dnswire::Ttl negative_ttl_{0};
  std::uint32_t serial_ = 0;
};

class Zone::Nodes {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = NodeId;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = NodeId;

    Iterator(const Zone& zone, std::size_t left) noexcept : zone_(&zone), left_(left) {}
    NodeId operator*() const noexcept { return node_; }
    Iterator& operator++() noexcept {
      if (--left_ > 0) node_ = zone_->next(node_);
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) noexcept {
      return a.left_ == b.left_;
    }

   private:
    const Zone* zone_;
    NodeId node_ = kApex;
    std::size_t left_;
  };

  explicit Nodes(const Zone& zone) noexcept : zone_(&zone) {}
  [[nodiscard]] Iterator begin() const noexcept { return {*zone_, zone_->node_count()}; }
  [[nodiscard]] Iterator end() const noexcept { return {*zone_, 0}; }

 private:
  const Zone* zone_;
};

inline Zone::Nodes Zone::nodes() const noexcept { return Nodes(*this); }

// What every query needs.

inline Zone::NodeHead Zone::head(NodeId node) const noexcept {
  return detail::load<NodeHead>(at(node));
}

inline std::uint32_t Zone::link_index(NodeId node) const noexcept {
  return detail::load<std::uint32_t>(at(node) + sizeof(NodeHead));
}

inline Zone::Links Zone::links(NodeId node) const noexcept {
  if ((head(node).flags & kHasLinks) == 0) return {};
  return links_[link_index(node)];
}

inline dnswire::NameView Zone::name(NodeId node) const noexcept {
  const NodeHead node_head = head(node);
  const std::uint8_t* const links_end =
      at(node) + sizeof(NodeHead) +
      ((node_head.flags & kHasLinks) != 0 ? sizeof(std::uint32_t) : 0);
  return dnswire::NameView::trusted({links_end, node_head.name_size});
}

inline const std::uint8_t* Zone::first_rrset(NodeId node) const noexcept {
  const dnswire::Bytes wire = name(node).wire();
  return wire.data() + wire.size();
}

inline Zone::PlacedRrSet Zone::read_rrset(const std::uint8_t* at) noexcept {
  return {detail::load<RrSetHead>(at), at + sizeof(RrSetHead)};
}

inline const std::uint8_t* Zone::end_of(const PlacedRrSet& rrset) noexcept {
  const std::uint8_t* const end = rrset.records + rrset.head.size;
  const std::uint16_t sheet = rrset.head.sheet;
  if (sheet == kSheetIsRecords || sheet == kNoSheet) return end;
  return end + sizeof(std::uint16_t) * (1 + detail::load<std::uint16_t>(end)) + sheet;
}

inline RrSet Zone::view(const PlacedRrSet& rrset) noexcept {
  const dnswire::Ttl ttl{dnswire::load32(rrset.records + kTtlInRecord)};
  return RrSet(dnswire::RrType{rrset.head.type}, ttl, {rrset.records, rrset.head.size});
}

inline std::optional<RrSet> Zone::rrset(NodeId node, dnswire::RrType type) const noexcept {
  const std::uint8_t* at = first_rrset(node);
  for (std::size_t left = rrset_count(node); left > 0; --left) {
    const PlacedRrSet rrset = read_rrset(at);
    if (dnswire::RrType{rrset.head.type} == type) return view(rrset);
    at = end_of(rrset);
  }
  return std::nullopt;
}

inline std::optional<DynamicId> Zone::dynamic(NodeId node) const noexcept {
  const std::uint32_t id = links(node).dynamic;
  return id == kNone ? std::nullopt : std::optional(DynamicId{id});
}

inline std::optional<NodeId> Zone::cut(NodeId node) const noexcept {
  const std::uint32_t id = links(node).cut;
  return id == kNone ? std::nullopt : std::optional(NodeId{id});
}

inline std::optional<NodeId> Zone::wildcard(NodeId node) const noexcept {
  const std::uint32_t id = links(node).wildcard;
  return id == kNone ? std::nullopt : std::optional(NodeId{id});
}

inline std::optional<NodeId> Zone::find(const dnswire::SearchName& name,
                                        std::size_t suffix) const noexcept {
  const std::uint64_t hash = name.hash(suffix);
  const std::size_t mask = slots_.size() - 1;
  const auto tag = static_cast<std::uint32_t>(hash);
  for (std::size_t i = slot_of(hash); slots_[i].node != kNone; i = (i + 1) & mask) {
    if (slots_[i].tag != tag) continue;
    const NodeId node{slots_[i].node};
    if (name.equals(suffix, this->name(node), is_lower(node))) return node;
  }
  return std::nullopt;
}

}  // namespace zones
