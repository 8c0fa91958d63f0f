#include "server/answer/encode.h"

#include "dnswire/message_writer.h"

namespace answer {
namespace {

using dnswire::Edns;
using dnswire::Header;
using dnswire::MessageWriter;
using dnswire::RrClass;

// What a reply's header takes from the query's: id, opcode, RD (RFC 1035 4.1.1) and CD
// (RFC 4035 3.1.6).
Header reply_header(const Header& query) noexcept {
  Header header;
  header.id = query.id;
  header.qr = true;
  header.opcode = query.opcode;
  header.rd = query.rd;
  header.cd = query.cd;
  return header;
}

// RFC 6891 6.1.1: an OPT record in a query asks for one in the reply. DO is copied (RFC 3225 3),
// the client subnet comes back with the scope (RFC 7871 7.2.1).
std::optional<Edns> reply_edns(const std::optional<Edns>& query, std::uint8_t scope) noexcept {
  if (!query) return std::nullopt;
  Edns edns;
  edns.udp_size = dnswire::kOurUdpSize;
  edns.dnssec_ok = query->dnssec_ok;
  edns.client_subnet = query->client_subnet;
  if (edns.client_subnet) edns.client_subnet->scope_prefix = scope;
  return edns;
}

bool write_item(MessageWriter& writer, const Item& item) noexcept {
  if (!item.addresses.empty()) {
    for (const dnswire::IpAddress& address : item.addresses) {
      if (!writer.write_record(item.section, item.owner, item.type, RrClass::IN, item.ttl,
                               address.octets())) {
        return false;
      }
    }
    return true;
  }
  for (const dnswire::Bytes rdata : item.rrset) {
    if (!writer.write_record(item.section, item.owner, item.type, RrClass::IN, item.ttl, rdata)) {
      return false;
    }
  }
  return true;
}

bool write_items(MessageWriter& writer, std::span<const Item> items) noexcept {
  for (const Item& item : items) {
    if (!write_item(writer, item)) return false;
  }
  return true;
}

}  // namespace

Encoded encode(const dnswire::Query& query, const Response& response, dnswire::MutableBytes buffer,
               std::size_t limit) noexcept {
  MessageWriter writer(buffer, limit);
  Header header = reply_header(query.header);
  header.aa = response.authoritative;
  header.rcode = response.rcode;

  // Question and OPT are at most 12 + 259 + 41 octets: they always fit.
  const std::optional<Edns> edns = reply_edns(query.edns, response.scope);
  const std::size_t edns_size = edns ? MessageWriter::edns_size(*edns) : 0;
  std::ignore = writer.write_question(query.question);
  writer.reserve(edns_size);
  const auto before_records = writer.mark();
  header.tc = !write_items(writer, response.items());
  if (header.tc) writer.rollback(before_records);
  writer.release(edns_size);
  if (edns) std::ignore = writer.write_edns(*edns, response.rcode);
  return {writer.finish(header), header.tc};
}

dnswire::Bytes encode(const dnswire::Rejection& rejection, dnswire::MutableBytes buffer) noexcept {
  MessageWriter writer(buffer, dnswire::kMinUdpSize);
  Header header = reply_header(rejection.header);
  header.rcode = *rejection.rcode;
  if (rejection.question) std::ignore = writer.write_question(*rejection.question);
  if (const auto edns = reply_edns(rejection.edns, 0)) {
    std::ignore = writer.write_edns(*edns, *rejection.rcode);
  }
  return writer.finish(header);
}

}  // namespace answer
