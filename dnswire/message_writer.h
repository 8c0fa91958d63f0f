#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "dnswire/bytes.h"
#include "dnswire/edns.h"
#include "dnswire/header.h"
#include "dnswire/query.h"
#include "dnswire/rr_type.h"

namespace dnswire {

enum class Section : std::uint8_t { Answer, Authority, Additional };

// Writes one response into the caller's buffer: names compressed (RFC 1035 4.1.4), never a byte
// over the limit, no allocation. A write that does not fit returns false and leaves the message as
// it was.
//
// Names keep the case they are given in. Compression ignores case and takes the earliest place that
// fits: an owner that equals the question becomes a pointer to it, and so has the very case that
// the client asked in.
//
// Borrows: the buffer.   Order: question, answer, authority, additional, edns, finish.
class MessageWriter {
 public:
  // The limit is the smaller of `limit` and the buffer. Requires: both at least kMinUdpSize.
  MessageWriter(MutableBytes buffer, std::size_t limit) noexcept;

  [[nodiscard]] bool write_question(const Question& question) noexcept;

  // Names inside RDATA of the types of RFC 1035 (NS, CNAME, SOA, PTR, MX) are compressed, those of
  // later types are not (RFC 3597 4). Requires: `rdata` is well-formed for `type`, uncompressed.
  [[nodiscard]] bool write_record(Section section, NameView owner, RrType type, RrClass klass,
                                  Ttl ttl, Bytes rdata) noexcept;

  // Puts the OPT record, 11 octets and the options that are there; keep room for it with `reserve`
  // before writing records. `rcode`: the upper eight bits go into the record's TTL (RFC
  // 6891 6.1.3).
  [[nodiscard]] bool write_edns(const Edns& edns, Rcode rcode) noexcept;
  [[nodiscard]] static std::size_t edns_size(const Edns& edns) noexcept;  // octets that it takes
  // The record alone, to wherever. Requires: edns_size() octets.
  static void put_edns(std::uint8_t* to, const Edns& edns, Rcode rcode) noexcept;

  // Lowers the limit by that many octets, until `release`. Requires: no more than the limit.
  void reserve(std::size_t octets) noexcept { limit_ -= octets; }
  void release(std::size_t octets) noexcept { limit_ += octets; }

  // A point to come back to, so that an RRset is written whole or not at all (RFC 2181 5.1).
  struct Mark {
    std::size_t size;
    std::uint16_t names;
    std::array<std::uint16_t, 3> counts;
  };
  [[nodiscard]] Mark mark() const noexcept { return {size_, name_count_, counts_}; }
  void rollback(const Mark& mark) noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  // Puts the header, its counts filled in here, and returns the whole message.
  [[nodiscard]] Bytes finish(Header header) noexcept;

 private:
  // Where in the message a name stands, or one of its tails.
  struct Target {
    std::uint16_t offset;
    std::uint8_t name_size;  // uncompressed, to rule out most candidates at a glance
  };

  [[nodiscard]] std::optional<std::uint16_t> find(NameView name) const noexcept;
  void remember(NameView name, std::size_t offset) noexcept;
  bool put_name(NameView name) noexcept;
  bool put_bytes(Bytes bytes) noexcept;
  bool put_rdata(RrType type, Bytes rdata) noexcept;

  MutableBytes buffer_;
  std::size_t limit_;
  std::size_t size_ = kHeaderSize;
  std::uint16_t questions_ = 0;
  std::array<std::uint16_t, 3> counts_{};
  static constexpr std::size_t kMaxTargets = 64;
  std::array<Target, kMaxTargets> targets_;  // only the first name_count_ are set
  std::uint16_t name_count_ = 0;
};

}  // namespace dnswire
