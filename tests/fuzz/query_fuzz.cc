// Input: a message from the network. Whatever is understood of it is answered; of what is
// well-formed the answer must say the same question, and ldns must be able to read it.
#include <algorithm>
#include <array>

#include "dnswire/message_writer.h"
#include "dnswire/query.h"
#include "require.h"

// Last, because it makes `true` and `false` macros.
#include <ldns/ldns.h>

namespace {

using namespace dnswire;

Bytes reply(MessageWriter& writer, const std::optional<Question>& question,
            const std::optional<Edns>& edns, Rcode rcode, bool qr) {
  constexpr std::array<std::uint8_t, 4> kAddress{192, 0, 2, 1};
  if (question) require(writer.write_question(*question));
  if (edns) writer.reserve(MessageWriter::edns_size(*edns));
  if (question && qr) {
    require(writer.write_record(Section::Answer, question->name, RrType::A, RrClass::IN, Ttl(60),
                                kAddress));
    require(writer.write_record(Section::Authority, question->name, RrType::NS, RrClass::IN,
                                Ttl(60), question->name.wire()));
  }
  if (edns) {
    writer.release(MessageWriter::edns_size(*edns));
    require(writer.write_edns(*edns, rcode));
  }
  Header header;
  header.qr = qr;
  header.rcode = rcode;
  return writer.finish(header);
}

void check_with_ldns(Bytes message, const Question& asked) {
  ldns_pkt* packet = nullptr;
  require(ldns_wire2pkt(&packet, message.data(), message.size()) == LDNS_STATUS_OK);
  const ldns_rr* const question = ldns_rr_list_rr(ldns_pkt_question(packet), 0);
  const Bytes name = asked.name.wire();
  const ldns_rdf* const owner = ldns_rr_owner(question);
  require(std::equal(name.begin(), name.end(), ldns_rdf_data(owner),
                     ldns_rdf_data(owner) + ldns_rdf_size(owner)));
  require(ldns_rr_get_type(question) == static_cast<ldns_rr_type>(asked.type));
  require(ldns_rr_list_rr_count(ldns_pkt_answer(packet)) == 1);
  require(ldns_rr_list_rr_count(ldns_pkt_authority(packet)) == 1);
  ldns_pkt_free(packet);
}

// Our own question, with the same EDNS, is understood as it was meant.
void check_round_trip(const Query& query) {
  std::array<std::uint8_t, 1232> buffer;
  MessageWriter writer(buffer, buffer.size());
  const auto again = parse_query(reply(writer, query.question, query.edns, Rcode::NoError, false));
  require(again && again->edns.has_value() == query.edns.has_value());
  if (!query.edns) return;
  require(again->edns->udp_size == query.edns->udp_size);
  require(again->edns->dnssec_ok == query.edns->dnssec_ok);
  const auto& subnet = query.edns->client_subnet;
  const auto& other = again->edns->client_subnet;
  require(subnet.has_value() == other.has_value());
  if (!subnet) return;
  require(subnet->address == other->address && subnet->source_prefix == other->source_prefix);
  require(subnet->unspecified_family == other->unspecified_family);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes message(data, size);
  std::array<std::uint8_t, 1232> buffer;
  MessageWriter writer(buffer, buffer.size());
  const auto query = parse_query(message);
  if (!query) {
    const Rejection& rejection = query.error();
    if (rejection.rcode) {
      reply(writer, rejection.question, rejection.edns, *rejection.rcode, true);
    }
    return 0;
  }
  const Bytes written = reply(writer, query->question, query->edns, Rcode::NoError, true);
  const std::size_t question_size = query->question.name.size() + 4;
  require(std::equal(message.begin() + kHeaderSize,
                     message.begin() + kHeaderSize + static_cast<std::ptrdiff_t>(question_size),
                     written.begin() + kHeaderSize));
  check_with_ldns(written, query->question);
  check_round_trip(*query);
  return 0;
}
