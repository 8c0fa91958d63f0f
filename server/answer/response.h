// What an answer consists of, before it is bytes.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "dnswire/address.h"
#include "dnswire/header.h"
#include "dnswire/message_writer.h"
#include "dnswire/name_view.h"
#include "zones/rrset.h"

namespace answer {

inline constexpr std::size_t kMaxAliases = 8;  // CNAMEs followed in one answer

// One RRset of an answer: a static one, or the addresses that were tailored.
// Borrows: zone, message or workspace.
struct Item {
  dnswire::Section section = dnswire::Section::Answer;
  dnswire::NameView owner;
  dnswire::RrType type = dnswire::RrType::A;
  dnswire::Ttl ttl{0};
  zones::RrSet rrset;                             // static
  std::span<const dnswire::IpAddress> addresses;  // tailored, if not empty
};

// The RRsets of an answer in the order in which they are written.
class Response {
 public:
  dnswire::Rcode rcode = dnswire::Rcode::NoError;
  bool authoritative = false;
  bool dynamic = false;
  bool last_resort = false;
  std::uint8_t scope = 0;  // RFC 7871 6

  // What does not fit into the fixed room is left out: only glue beyond the thirteenth name server.
  void add(const Item& item) noexcept {
    if (count_ < items_.size()) items_[count_++] = item;
  }
  [[nodiscard]] std::span<const Item> items() const noexcept { return {items_.data(), count_}; }

  // Empty again; the room is not cleared, for it is reused query after query.
  void reset() noexcept {
    rcode = dnswire::Rcode::NoError;
    authoritative = dynamic = last_resort = false;
    scope = 0;
    count_ = 0;
  }

 private:
  // Aliases and the RRset that they lead to, SOA or NS, and two glue RRsets for 13 name servers.
  std::array<Item, kMaxAliases + 2 + 26> items_;
  std::size_t count_ = 0;
};

}  // namespace answer
