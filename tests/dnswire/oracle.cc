#include "oracle.h"

#include <memory>

// Last, because it makes `true` and `false` macros.
#include <ldns/ldns.h>

namespace dnswire::testing {
namespace {

using RrPointer = std::unique_ptr<ldns_rr, decltype(&ldns_rr_free)>;
using RdfPointer = std::unique_ptr<ldns_rdf, decltype(&ldns_rdf_deep_free)>;
using PacketPointer = std::unique_ptr<ldns_pkt, decltype(&ldns_pkt_free)>;
using BufferPointer = std::unique_ptr<ldns_buffer, decltype(&ldns_buffer_free)>;

Octets octets_of(const ldns_rdf* rdf) {
  const std::uint8_t* const data = ldns_rdf_data(rdf);
  return {data, data + ldns_rdf_size(rdf)};
}

Octets rdata_of(const ldns_rr* rr) {
  const BufferPointer buffer(ldns_buffer_new(LDNS_MAX_PACKETLEN), &ldns_buffer_free);
  if (ldns_rr_rdata2buffer_wire(buffer.get(), rr) != LDNS_STATUS_OK) return {};
  const std::uint8_t* const data = ldns_buffer_begin(buffer.get());
  return {data, data + ldns_buffer_position(buffer.get())};
}

OracleRecord record_of(const ldns_rr* rr, bool question = false) {
  OracleRecord record;
  record.owner = octets_of(ldns_rr_owner(rr));
  record.type = static_cast<std::uint16_t>(ldns_rr_get_type(rr));
  record.klass = static_cast<std::uint16_t>(ldns_rr_get_class(rr));
  if (question) return record;
  record.ttl = ldns_rr_ttl(rr);
  record.rdata = rdata_of(rr);
  return record;
}

std::vector<OracleRecord> records_of(const ldns_rr_list* list) {
  std::vector<OracleRecord> records;
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(list); ++i) {
    records.push_back(record_of(ldns_rr_list_rr(list, i)));
  }
  return records;
}

ldns_rdf name_rdf(NameView name) {
  ldns_rdf rdf;
  rdf._size = name.size();
  rdf._type = LDNS_RDF_TYPE_DNAME;
  rdf._data = const_cast<std::uint8_t*>(name.wire().data());
  return rdf;
}

}  // namespace

std::optional<Octets> oracle_rdata_from_text(RrType type, const std::string& text) {
  const std::string line = "owner. 1 IN " + to_text(type) + " " + text;
  ldns_rr* raw = nullptr;
  if (ldns_rr_new_frm_str(&raw, line.c_str(), 0, nullptr, nullptr) != LDNS_STATUS_OK) return {};
  const RrPointer rr(raw, &ldns_rr_free);
  return rdata_of(rr.get());
}

std::optional<std::string> oracle_rdata_to_text(RrType type, Bytes rdata) {
  Octets wire(11);  // the root as owner, TYPE, CLASS, TTL, RDLENGTH
  store16(&wire[1], static_cast<std::uint16_t>(type));
  wire[4] = 1;
  store16(&wire[9], static_cast<std::uint16_t>(rdata.size()));
  wire.insert(wire.end(), rdata.begin(), rdata.end());
  ldns_rr* raw = nullptr;
  std::size_t at = 0;
  if (ldns_wire2rr(&raw, wire.data(), wire.size(), &at, LDNS_SECTION_ANSWER) != LDNS_STATUS_OK) {
    return {};
  }
  const RrPointer rr(raw, &ldns_rr_free);
  std::string text;
  for (std::size_t i = 0; i < ldns_rr_rd_count(rr.get()); ++i) {
    const std::unique_ptr<char, decltype(&std::free)> field(ldns_rdf2str(ldns_rr_rdf(rr.get(), i)),
                                                            &std::free);
    if (i > 0) text += ' ';
    text += field.get();
  }
  return text;
}

std::optional<Octets> oracle_name_from_text(const std::string& text) {
  const RdfPointer name(ldns_dname_new_frm_str(text.c_str()), &ldns_rdf_deep_free);
  if (!name) return {};
  return octets_of(name.get());
}

int oracle_compare(NameView a, NameView b) {
  const ldns_rdf x = name_rdf(a);
  const ldns_rdf y = name_rdf(b);
  return ldns_dname_compare(&x, &y);
}

std::optional<OracleMessage> oracle_message(Bytes message) {
  ldns_pkt* raw = nullptr;
  if (ldns_wire2pkt(&raw, message.data(), message.size()) != LDNS_STATUS_OK) return {};
  const PacketPointer packet(raw, &ldns_pkt_free);
  OracleMessage result;
  if (ldns_rr_list_rr_count(ldns_pkt_question(raw)) == 1) {
    result.question = record_of(ldns_rr_list_rr(ldns_pkt_question(raw), 0), true);
  }
  result.answer = records_of(ldns_pkt_answer(raw));
  result.authority = records_of(ldns_pkt_authority(raw));
  result.additional = records_of(ldns_pkt_additional(raw));
  result.has_edns = ldns_pkt_edns(raw);
  if (!result.has_edns) return result;
  result.udp_size = ldns_pkt_edns_udp_size(raw);
  result.extended_rcode = ldns_pkt_edns_extended_rcode(raw);
  result.version = ldns_pkt_edns_version(raw);
  result.dnssec_ok = ldns_pkt_edns_do(raw);
  if (const ldns_rdf* const options = ldns_pkt_edns_data(raw)) result.options = octets_of(options);
  return result;
}

}  // namespace dnswire::testing
