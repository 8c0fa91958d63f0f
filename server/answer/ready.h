// Answers that were composed when their zone or their Snapshot was made.
#pragma once

#include <optional>

#include "dnswire/message_writer.h"
#include "dnswire/query.h"
#include "server/answer/locate.h"
#include "server/answer/snapshot.h"
#include "zones/sheet.h"

namespace answer {

// One, but for header, question and OPT.
//
// Borrows: the snapshot.
struct Ready {
  zones::Sheet sheet;  // the records of one section
  dnswire::Section section = dnswire::Section::Answer;
  dnswire::Rcode rcode = dnswire::Rcode::NoError;
  std::optional<dnswire::Ttl> ttl;  // of the first record, in place of its own
  std::uint8_t scope = 0;           // RFC 7871 6
  bool dynamic = false;             // tailored
  bool last_resort = false;
};

// The answer that `compose` would make; its sheet is empty if it has to be composed for this
// question. `source` is the host that asks.
[[nodiscard]] Ready find_ready(const dnswire::Query& query, const Located& located,
                               const dnswire::IpAddress& source, const Snapshot& snapshot) noexcept;

// Writes it to the front of `room`; empty if it is longer than `limit` octets. `edns` null: no
// OPT record. RFC 1035 4.1, RFC 6891 7.   Requires: that the query's message is still there.
[[nodiscard]] dnswire::Bytes write_ready(const dnswire::Query& query, const Ready& ready,
                                         const dnswire::Edns* edns, dnswire::MutableBytes room,
                                         std::size_t limit) noexcept;

}  // namespace answer
