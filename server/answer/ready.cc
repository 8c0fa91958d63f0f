#include "server/answer/ready.h"

#include <algorithm>
#include <cstring>

#include "dnswire/message_writer.h"

namespace answer {
namespace {

using dnswire::Bytes;
using dnswire::Family;
using dnswire::RrType;
using zones::Finding;

constexpr std::size_t kQuestionTail = 4;  // QTYPE, QCLASS
constexpr std::uint8_t kResponse = 0x84;  // QR and AA: RFC 1035 4.1.1
constexpr std::uint8_t kRecursionDesired = 0x01;

std::optional<Ready> ready_if(const Ready& ready) noexcept {
  return ready.sheet.records.empty() ? std::nullopt : std::optional(ready);
}

Ready denial(const zones::Zone& zone, dnswire::Rcode rcode) noexcept {
  return {zone.denial(), dnswire::Section::Authority, rcode, std::nullopt, 0, false};
}

}  // namespace

std::optional<Ready> find_ready([[maybe_unused]] const dnswire::Question& question, const Located& located,
                                [[maybe_unused]] const Vantage& vantage, [[maybe_unused]] const Snapshot& snapshot) noexcept {
  if (located.zone == nullptr) return std::nullopt;
  const zones::Zone& zone = *located.zone;
  const Finding& finding = located.finding;
  switch (finding.kind) {
    case Finding::Kind::Match:
      return ready_if({zone.sheet(finding.node, finding.rrset), dnswire::Section::Answer,
                       dnswire::Rcode::NoError, std::nullopt, 0, false});
    case Finding::Kind::NoData:
      return ready_if(denial(zone, dnswire::Rcode::NoError));
    case Finding::Kind::NoSuchName:
      return ready_if(denial(zone, dnswire::Rcode::NxDomain));
    case Finding::Kind::Dynamic:
    case Finding::Kind::Alias:
    case Finding::Kind::Redirect:
    case Finding::Kind::Referral:
      return std::nullopt;
  }
  return std::nullopt;
}

Bytes write_ready(const dnswire::Query& query, const Ready& ready,
                  const std::optional<dnswire::Edns>& edns, dnswire::MutableBytes room,
                  std::size_t limit) noexcept {
  const Bytes name = query.question.name.wire();
  const std::size_t records_at = dnswire::kHeaderSize + name.size() + kQuestionTail;
  const std::size_t edns_at = records_at + ready.sheet.records.size();
  const std::size_t size = edns_at + (edns ? dnswire::MessageWriter::edns_size(*edns) : 0);
  if (size > std::min(limit, room.size())) return {};

  std::uint8_t* const to = room.data();
  dnswire::store16(to, query.header.id);
  to[2] = static_cast<std::uint8_t>(kResponse | (query.header.rd ? kRecursionDesired : 0));
  to[3] = static_cast<std::uint8_t>(ready.rcode);
  std::memset(to + 4, 0, 8);
  to[5] = 1;  // QDCOUNT
  dnswire::store16(to + 6 + 2 * static_cast<std::size_t>(ready.section), ready.sheet.count);
  to[11] = edns ? 1 : 0;  // ARCOUNT; no record of an answer that is ready stands there
  std::memcpy(to + dnswire::kHeaderSize, name.data(), name.size() + kQuestionTail);
  ready.sheet.write(to + records_at, name.size());
  if (ready.ttl) dnswire::store32(to + records_at + zones::kTtlInRecord, ready.ttl->count());
  if (edns) dnswire::MessageWriter::put_edns(to + edns_at, *edns, ready.rcode);
  return room.first(size);
}

}  // namespace answer
