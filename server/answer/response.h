// What an answer consists of, before it is bytes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "dnswire/address.h"
#include "dnswire/edns.h"
#include "dnswire/header.h"
#include "dnswire/message_writer.h"
#include "dnswire/name_view.h"
#include "zones/lookup.h"
#include "zones/rrset.h"

namespace answer {

using zones::kMaxAliases;

// RDATA that one answer makes: by aliases that are told, and by those that an ALIAS hides, in
// either family where ANY is asked for.
inline constexpr std::size_t kMaxKept = 3 * kMaxAliases;

// Told with answers that health does not stand behind.
inline constexpr dnswire::ExtendedError kLastResort{dnswire::ExtendedErrorCode::Other,
                                                    "last resort: no endpoint is healthy"};

// One RRset of an answer: a static one, or the addresses that were tailored.
// Borrows: zone, message, plan, alias table, workspace or response.
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
  dnswire::RrClass klass = dnswire::RrClass::IN;  // of the records
  bool authoritative = false;
  bool truncated = false;  // to be asked again over TCP, whatever its size
  bool dynamic = false;
  bool last_resort = false;
  std::uint8_t scope = 0;                       // RFC 7871 6
  std::optional<dnswire::ExtendedError> error;  // RFC 8914

  // What does not fit into the fixed room is left out: only glue beyond the thirteenth name server.
  void add(const Item& item) noexcept {
    if (count_ < items_.size()) items_[count_++] = item;
  }
  [[nodiscard]] std::span<const Item> items() const noexcept { return {items_.data(), count_}; }

  void drop_records() noexcept { count_ = 0; }

  // Drops everything behind the aliases in the answer section.
  void keep_aliases() noexcept;

  // Keeps RDATA that stands in no zone, `front` and `back` put together, and returns the RRset that
  // it makes; it lives until `reset`. Requires: 255 octets at most, kMaxKept times at most.
  [[nodiscard]] zones::RrSet keep(dnswire::RrType type, dnswire::Ttl ttl, dnswire::Bytes front,
                                  dnswire::Bytes back) noexcept;

  // Empty again; the room is not cleared, for it is reused query after query.
  void reset() noexcept {
    rcode = dnswire::Rcode::NoError;
    klass = dnswire::RrClass::IN;
    authoritative = truncated = dynamic = last_resort = false;
    scope = 0;
    error.reset();
    count_ = kept_count_ = 0;
  }

 private:
  using KeptRdata = std::array<std::uint8_t, zones::kRecordHead + dnswire::kMaxNameSize>;

  // Two RRsets for each alias (DNAME and what it makes), the one that they lead to, SOA or NS, and
  // two glue RRsets for 13 name servers.
  std::array<Item, 2 * kMaxAliases + 2 + 26> items_;
  std::size_t count_ = 0;
  std::array<KeptRdata, kMaxKept> kept_;
  std::size_t kept_count_ = 0;
};

}  // namespace answer
