// What ldns makes of the same bytes and texts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dnswire/bytes.h"
#include "dnswire/name_view.h"
#include "dnswire/rr_type.h"

namespace dnswire::testing {

using Octets = std::vector<std::uint8_t>;

struct OracleRecord {
  Octets owner;
  std::uint16_t type = 0;
  std::uint16_t klass = 0;
  std::uint32_t ttl = 0;
  Octets rdata;  // uncompressed

  friend bool operator==(const OracleRecord&, const OracleRecord&) = default;
};

struct OracleMessage {
  std::optional<OracleRecord> question;  // owner, type and class
  std::vector<OracleRecord> answer, authority, additional;
  bool has_edns = false;
  std::uint16_t udp_size = 0;
  unsigned extended_rcode = 0;
  unsigned version = 0;
  bool dnssec_ok = false;
  Octets options;
};

// Absent: ldns refuses it.
[[nodiscard]] std::optional<Octets> oracle_rdata_from_text(RrType type, const std::string& text);
[[nodiscard]] std::optional<std::string> oracle_rdata_to_text(RrType type, Bytes rdata);
[[nodiscard]] std::optional<Octets> oracle_name_from_text(const std::string& text);
[[nodiscard]] int oracle_compare(NameView a, NameView b);  // -1, 0, 1
[[nodiscard]] std::optional<OracleMessage> oracle_message(Bytes message);

}  // namespace dnswire::testing
