// Everything that can be asked, of every kind of name: no crash, every reply is a DNS message, and
// how many there are of each RCODE stands in a table.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>
#include <sstream>

#include "dnswire/message_writer.h"
#include "dnswire/name.h"
#include "tests/conformance/served.h"

// Last, because it makes `true` and `false` macros.
#include <ldns/ldns.h>

namespace conformance {
namespace {

using dnswire::Bytes;

const char* const kZone = R"($TTL 60
@ SOA ns.example.net. hostmaster 1 3600 900 604800 60
@ NS ns.example.net.
@ MX 10 www
www A 192.0.2.1
www TXT "text"
leaf.ent A 192.0.2.2
*.wild A 192.0.2.3
*.wild CAA 0 issue "ca.example.net"
sub NS ns.sub
sub DS 1 8 2 0000000000000000000000000000000000000000000000000000000000000000
ns.sub A 192.0.2.53
old DNAME www
)";

const std::map<std::string, std::string> kNames{{"apex", "example.org."},
                                                {"delegation", "host.sub.example.org."},
                                                {"cut", "sub.example.org."},
                                                {"dname", "www.old.example.org."},
                                                {"ent", "ent.example.org."},
                                                {"existing", "www.example.org."},
                                                {"missing", "nothing.example.org."},
                                                {"outside", "example.com."},
                                                {"wildcard", "any.wild.example.org."}};

class Sweep : public testing::Test {
 protected:
  // Sends one message; silence, or the RCODE of a reply that ldns understands.
  std::string outcome_of(Bytes message, const answer::Client& client) {
    const Bytes reply =
        answer::answer(message, client, server_.snapshot(), 1'700'000'000, *scratch_);
    if (reply.empty()) return "silence";
    ldns_pkt* packet = nullptr;
    const ldns_status status = ldns_wire2pkt(&packet, reply.data(), reply.size());
    EXPECT_EQ(status, LDNS_STATUS_OK);
    if (status == LDNS_STATUS_OK) {
      EXPECT_TRUE(ldns_pkt_qr(packet));
      EXPECT_EQ(ldns_pkt_id(packet), dnswire::load16(message.data()));
    }
    ldns_pkt_free(packet);
    return to_text(scratch_->outcome.rcode);
  }

  Served server_{{{"example.org.zone", kZone}}};
  std::unique_ptr<answer::Scratch> scratch_ = std::make_unique<answer::Scratch>(1);
  const answer::Client udp_{dnswire::IpAddress::from_text("198.51.100.53").value()};
  const answer::Client tcp_{udp_.address, answer::Transport::Tcp};
};

using Counts = std::map<std::string, unsigned>;

std::string row(const std::string& title, const Counts& counts) {
  std::string text = title;
  for (const auto& [outcome, count] : counts) text += " " + outcome + "=" + std::to_string(count);
  return text + "\n";
}

std::string golden(const char* file) {
  const std::ifstream in(std::string(FAIRLEAD_SOURCE_DIR "/tests/conformance/") + file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Odd types are asked with EDNS, DO and over TCP.
TEST_F(Sweep, EveryTypeOfEveryClassAtEveryKindOfName) {
  std::string table;
  for (const std::string klass : {"IN", "CH", "HS", "NONE", "ANY"}) {
    for (const auto& [kind, name] : kNames) {
      Ask ask{name, "A", klass};
      Octets plain = to_bytes(ask);
      ask.edns = ask.dnssec_ok = true;
      Octets edns = to_bytes(ask);
      const std::size_t type_at = plain.size() - 4;
      Counts counts;
      for (unsigned type = 0; type <= 0xffff; ++type) {
        const bool odd = type % 2 == 1;
        Octets& message = odd ? edns : plain;
        dnswire::store16(&message[type_at], static_cast<std::uint16_t>(type));
        ++counts[outcome_of(message, odd ? tcp_ : udp_)];
      }
      table += row(klass + " " + kind, counts);
    }
  }
  EXPECT_EQ(table, golden("sweep_types.txt"));
}

// QR, AA, TC, RD, RA, Z, AD, CD and the RCODE of the query, under each opcode.
TEST_F(Sweep, EveryOpcodeWithEveryFlag) {
  const Octets plain = to_bytes({"www.example.org."});
  std::string table;
  for (unsigned opcode = 0; opcode < 16; ++opcode) {
    Counts counts;
    for (unsigned rest = 0; rest < 0x1000; ++rest) {
      const unsigned flags = (rest & 0x800) << 4 | opcode << 11 | (rest & 0x7ff);
      Octets message = plain;
      dnswire::store16(&message[2], static_cast<std::uint16_t>(flags));
      ++counts[outcome_of(message, udp_)];
    }
    table += row("opcode " + std::to_string(opcode), counts);
  }
  EXPECT_EQ(table, golden("sweep_opcodes.txt"));
}

}  // namespace
}  // namespace conformance
