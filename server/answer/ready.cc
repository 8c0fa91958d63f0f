#include "server/answer/ready.h"

#include <algorithm>
#include <cstring>

#include "dnswire/message_writer.h"
#include "dnswire/octet_words.h"
#include "server/answer/vantage.h"

namespace answer {
namespace {

using dnswire::Bytes;
using dnswire::Family;
using dnswire::RrType;
using zones::Finding;

constexpr std::size_t kQuestionTail = 4;  // QTYPE, QCLASS
constexpr std::uint8_t kResponse = 0x84;  // QR and AA: RFC 1035 4.1.1
constexpr std::uint8_t kRecursionDesired = 0x01;

void take_denial(const zones::Zone& zone, dnswire::Rcode rcode, Ready& ready) noexcept {
  ready.sheet = zone.denial();
  ready.section = dnswire::Section::Authority;
  ready.rcode = rcode;
}

// The variant of the client's class, if it does not take a decision of its own.
void take_variant(const dnswire::Query& query, const Located& located,
                  const dnswire::IpAddress& source, const Snapshot& snapshot,
                  Ready& ready) noexcept {
  if (query.question.type == RrType::ANY) return;
  const zones::DynamicId record = *located.zone->dynamic(located.finding.node);
  const Family family = query.question.type == RrType::AAAA ? Family::V6 : Family::V4;
  const Vantage vantage(source, query);
  const auto spot = snapshot.atlas->chart(record, family).find(vantage.client());
  const Variant* const variant = snapshot.variants->find(record, family, spot.number);
  if (variant == nullptr || variant->kind == Variant::Kind::Individual) return;
  ready.dynamic = true;
  ready.last_resort = variant->last_resort;
  if (variant->kind == Variant::Kind::Nothing) {
    // Resolvers take a denial as said to everyone: scope 0 (RFC 7871 7.4).
    take_denial(*located.zone, dnswire::Rcode::NoError, ready);
    ready.ttl = std::min(located.zone->negative_ttl(), variant->ttl);
    return;
  }
  ready.sheet.records = variant->records;
  ready.sheet.count = variant->count;
  ready.scope = vantage.scope(spot.depth);
}

}  // namespace

Ready find_ready(const dnswire::Query& query, const Located& located,
                 const dnswire::IpAddress& source, const Snapshot& snapshot) noexcept {
  Ready ready;
  if (located.zone == nullptr) return ready;
  const zones::Zone& zone = *located.zone;
  const Finding& finding = located.finding;
  switch (finding.kind) {
    case Finding::Kind::Match:
      ready.sheet = zone.sheet(finding.node, finding.rrset);
      break;
    case Finding::Kind::NoData:
      take_denial(zone, dnswire::Rcode::NoError, ready);
      break;
    case Finding::Kind::NoSuchName:
      take_denial(zone, dnswire::Rcode::NxDomain, ready);
      break;
    case Finding::Kind::Dynamic:
      take_variant(query, located, source, snapshot, ready);
      break;
    case Finding::Kind::Alias:
    case Finding::Kind::Redirect:
    case Finding::Kind::Referral:
      break;
  }
  return ready;
}

Bytes write_ready(const dnswire::Query& query, const Ready& ready, const dnswire::Edns* edns,
                  dnswire::MutableBytes room, std::size_t limit) noexcept {
  const Bytes name = query.question.name.wire();
  const std::size_t records_at = dnswire::kHeaderSize + name.size() + kQuestionTail;
  const std::size_t edns_at = records_at + ready.sheet.records.size();
  const std::size_t size =
      edns_at + (edns != nullptr ? dnswire::MessageWriter::edns_size(*edns) : 0);
  if (size > std::min(limit, room.size())) return {};

  std::uint8_t* const to = room.data();
  dnswire::copy_words(to, name.data() - dnswire::kHeaderSize,
                      records_at);  // its header is overwritten
  to[2] = static_cast<std::uint8_t>(kResponse | (query.header.rd ? kRecursionDesired : 0));
  to[3] = static_cast<std::uint8_t>(ready.rcode);
  std::memset(to + 4, 0, 8);
  to[5] = 1;  // QDCOUNT
  dnswire::store16(to + 6 + 2 * static_cast<std::size_t>(ready.section), ready.sheet.count);
  to[11] = edns != nullptr ? 1 : 0;  // ARCOUNT; no record of an answer that is ready stands there
  ready.sheet.write(to + records_at, name.size());
  if (ready.ttl) dnswire::store32(to + records_at + zones::kTtlInRecord, ready.ttl->count());
  if (edns != nullptr) dnswire::MessageWriter::put_edns(to + edns_at, *edns, ready.rcode);
  return room.first(size);
}

}  // namespace answer
