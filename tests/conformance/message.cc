#include "tests/conformance/message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>

#include "dnswire/message_writer.h"
#include "dnswire/name.h"

// Last, because it makes `true` and `false` macros.
#include <ldns/ldns.h>

namespace conformance {
namespace {

using dnswire::load16;
using Packet = std::unique_ptr<ldns_pkt, decltype(&ldns_pkt_free)>;
using Text = std::unique_ptr<char, decltype(&std::free)>;

std::string status_text(unsigned rcode) {
  switch (rcode) {
    case 0:
      return "NOERROR";
    case 1:
      return "FORMERR";
    case 2:
      return "SERVFAIL";
    case 3:
      return "NXDOMAIN";
    case 4:
      return "NOTIMP";
    case 5:
      return "REFUSED";
    case 6:
      return "YXDOMAIN";
    case 16:
      return "BADVERS";
    case 23:
      return "BADCOOKIE";
    default:
      return "RCODE" + std::to_string(rcode);
  }
}

std::string flags_text(const ldns_pkt* packet) {
  std::string text;
  const auto note = [&text](bool set, const char* name) {
    if (set) text += (text.empty() ? "" : " ") + std::string(name);
  };
  note(ldns_pkt_aa(packet), "aa");
  note(ldns_pkt_tc(packet), "tc");
  note(ldns_pkt_rd(packet), "rd");
  note(ldns_pkt_ra(packet), "ra");
  note(ldns_pkt_ad(packet), "ad");
  note(ldns_pkt_cd(packet), "cd");
  return text;
}

std::string record_text(const ldns_rr* rr) {
  const Text raw(ldns_rr2str(rr), &std::free);
  std::string text(raw.get());
  std::replace(text.begin(), text.end(), '\t', ' ');
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

std::vector<std::string> records_text(const ldns_rr_list* records) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
    lines.push_back(record_text(ldns_rr_list_rr(records, i)));
  }
  return lines;
}

std::map<unsigned, Octets> read_options(dnswire::Bytes rdata) {
  std::map<unsigned, Octets> options;
  for (std::size_t at = 0; at + 4 <= rdata.size();) {
    const dnswire::Bytes data = rdata.subspan(at + 4, load16(&rdata[at + 2]));
    const bool is_new =
        options.emplace(load16(&rdata[at]), Octets(data.begin(), data.end())).second;
    EXPECT_TRUE(is_new) << "an option stands twice in the reply";
    at += 4 + data.size();
  }
  return options;
}

EchoedSubnet to_subnet(const Octets& data) {
  const bool is_v6 = load16(&data[0]) == 2;
  std::array<std::uint8_t, 16> octets{};
  std::copy(data.begin() + 4, data.end(), octets.begin());
  const auto address =
      dnswire::IpAddress::from_octets(is_v6 ? dnswire::Family::V6 : dnswire::Family::V4,
                                      dnswire::Bytes(octets).first(is_v6 ? 16 : 4));
  return {address.to_text() + "/" + std::to_string(data[2]), data[3]};
}

void read_edns(const ldns_pkt* packet, Reply& reply) {
  reply.edns = ldns_pkt_edns(packet);
  if (!reply.edns) return;
  reply.udp_size = ldns_pkt_edns_udp_size(packet);
  reply.edns_version = ldns_pkt_edns_version(packet);
  reply.dnssec_ok = ldns_pkt_edns_do(packet);
  if (const ldns_rdf* const options = ldns_pkt_edns_data(packet)) {
    reply.options = read_options({ldns_rdf_data(options), ldns_rdf_size(options)});
  }
  const auto subnet = reply.options.find(static_cast<unsigned>(dnswire::EdnsOption::ClientSubnet));
  if (subnet != reply.options.end()) reply.subnet = to_subnet(subnet->second);
}

}  // namespace

Octets to_bytes(const Ask& ask) {
  std::array<std::uint8_t, 512> buffer;
  dnswire::MessageWriter writer(buffer, buffer.size());
  const auto name = dnswire::Name::from_text(ask.name).value();
  const dnswire::Question question{name, dnswire::rr_type_from_text(ask.type).value(),
                                   dnswire::rr_class_from_text(ask.klass).value()};
  EXPECT_TRUE(writer.write_question(question));
  std::size_t edns_size = 0;
  if (ask.edns || !ask.subnet.empty() || !ask.cookie.empty() || !ask.options.empty()) {
    dnswire::Edns edns;
    edns.udp_size = ask.udp_size;
    edns.version = ask.edns_version;
    edns.dnssec_ok = ask.dnssec_ok;
    if (!ask.subnet.empty()) {
      const auto prefix = dnswire::Prefix::from_text(ask.subnet).value();
      edns.client_subnet = dnswire::ClientSubnet{false, prefix.address, prefix.length, 0};
    }
    edns.cookie = ask.cookie;
    edns_size = dnswire::MessageWriter::edns_size(edns);
    EXPECT_TRUE(writer.write_edns(edns, dnswire::Rcode::NoError));
  }
  dnswire::Header header;
  header.id = ask.id;
  header.rd = ask.recursion_desired;
  header.cd = ask.checking_disabled;
  const dnswire::Bytes written = writer.finish(header);
  Octets message(written.begin(), written.end());
  if (!ask.options.empty()) {
    // OPT stands last: its RDLENGTH is behind ten octets of it, the options go to the end.
    std::uint8_t* const length = &message[message.size() - edns_size + 9];
    dnswire::store16(length, static_cast<std::uint16_t>(load16(length) + ask.options.size()));
    message.insert(message.end(), ask.options.begin(), ask.options.end());
  }
  return message;
}

std::string Reply::extended_error() const {
  const auto option = options.find(static_cast<unsigned>(dnswire::EdnsOption::ExtendedError));
  if (option == options.end()) return {};
  const Octets& data = option->second;
  std::string text = std::to_string(load16(data.data()));
  if (data.size() > 2) text += ": " + std::string(data.begin() + 2, data.end());
  return text;
}

Reply read_reply(dnswire::Bytes message) {
  Reply reply;
  reply.size = message.size();
  if (message.empty()) return reply;
  ldns_pkt* raw = nullptr;
  const ldns_status status = ldns_wire2pkt(&raw, message.data(), message.size());
  if (status != LDNS_STATUS_OK) {
    ADD_FAILURE() << "ldns refuses the reply: " << ldns_get_errorstr_by_id(status);
    return reply;
  }
  const Packet packet(raw, &ldns_pkt_free);
  EXPECT_TRUE(ldns_pkt_qr(raw)) << "a reply has QR set";
  read_edns(raw, reply);
  const unsigned upper = reply.edns ? ldns_pkt_edns_extended_rcode(raw) : 0U;
  reply.id = ldns_pkt_id(raw);
  reply.status = status_text(upper << 4 | static_cast<unsigned>(ldns_pkt_get_rcode(raw)));
  reply.flags = flags_text(raw);
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(ldns_pkt_question(raw)); ++i) {
    reply.question.push_back(record_text(ldns_rr_list_rr(ldns_pkt_question(raw), i)));
  }
  reply.answer = records_text(ldns_pkt_answer(raw));
  reply.authority = records_text(ldns_pkt_authority(raw));
  reply.additional = records_text(ldns_pkt_additional(raw));
  return reply;
}

std::string to_text(const Reply& reply) {
  if (reply.size == 0) return "silence\n";
  std::string text = "status " + reply.status + (reply.flags.empty() ? "" : " ") + reply.flags;
  text += '\n';
  for (const auto& line : reply.answer) text += "answer " + line + '\n';
  for (const auto& line : reply.authority) text += "authority " + line + '\n';
  for (const auto& line : reply.additional) text += "additional " + line + '\n';
  if (reply.subnet) text += "scope " + std::to_string(reply.subnet->scope) + '\n';
  return text;
}

std::string to_sorted_text(Reply reply) {
  for (auto* section : {&reply.answer, &reply.authority, &reply.additional}) {
    std::sort(section->begin(), section->end());
  }
  return to_text(reply);
}

}  // namespace conformance
