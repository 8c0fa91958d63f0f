#include "server/answer/encode.h"

#include "dnswire/message_writer.h"

namespace answer {
namespace {

using dnswire::Edns;
using dnswire::Header;
using dnswire::MessageWriter;
using dnswire::RrClass;

// What a reply's header takes from the query's: id, opcode and RD (RFC 1035 4.1.1). CD is for
// resolvers: cleared (RFC 4035 3.1.6).
Header reply_header(const Header& query) noexcept {
  Header header;
  header.id = query.id;
  header.qr = true;
  header.opcode = query.opcode;
  header.rd = query.rd;
  return header;
}

bool write_item(MessageWriter& writer, const Item& item, RrClass klass) noexcept {
  if (!item.addresses.empty()) {
    for (const dnswire::IpAddress& address : item.addresses) {
      if (!writer.write_record(item.section, item.owner, item.type, klass, item.ttl,
                               address.octets())) {
        return false;
      }
    }
    return true;
  }
  for (const dnswire::Bytes rdata : item.rrset) {
    if (!writer.write_record(item.section, item.owner, item.type, klass, item.ttl, rdata)) {
      return false;
    }
  }
  return true;
}

bool write_items(MessageWriter& writer, const Response& response) noexcept {
  for (const Item& item : response.items()) {
    if (!write_item(writer, item, response.klass)) return false;
  }
  return true;
}

}  // namespace

Encoded encode(const dnswire::Query& query, const Response& response,
               const std::optional<Edns>& edns, dnswire::MutableBytes buffer,
               std::size_t limit) noexcept {
  MessageWriter writer(buffer, limit);
  Header header = reply_header(query.header);
  header.aa = response.authoritative;
  header.rcode = response.rcode;

  // Question and OPT always fit: see kMaxNsidSize and kMaxErrorText.
  const std::size_t edns_size = edns ? MessageWriter::edns_size(*edns) : 0;
  std::ignore = writer.write_question(query.question);
  writer.reserve(edns_size);
  const auto before_records = writer.mark();
  header.tc = response.truncated || !write_items(writer, response);
  if (header.tc) writer.rollback(before_records);
  writer.release(edns_size);
  if (edns) std::ignore = writer.write_edns(*edns, response.rcode);
  return {writer.finish(header), header.tc};
}

dnswire::Bytes encode(const dnswire::Rejection& rejection, const std::optional<Edns>& edns,
                      dnswire::MutableBytes buffer) noexcept {
  MessageWriter writer(buffer, dnswire::kMinUdpSize);
  Header header = reply_header(rejection.header);
  header.rcode = *rejection.rcode;
  if (rejection.question) std::ignore = writer.write_question(*rejection.question);
  if (edns) std::ignore = writer.write_edns(*edns, *rejection.rcode);
  return writer.finish(header);
}

}  // namespace answer
