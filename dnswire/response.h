// What a server answers, for those who ask: probes and the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "dnswire/bytes.h"
#include "dnswire/error.h"
#include "dnswire/header.h"
#include "dnswire/name.h"
#include "dnswire/rr_type.h"

namespace dnswire {

// A record as it was received.
struct Record {
  Name owner;
  RrType type = RrType::A;
  RrClass klass = RrClass::IN;
  Ttl ttl{0};                       // over kMaxTtl on the wire counts as 0 (RFC 2181 8)
  std::vector<std::uint8_t> rdata;  // names uncompressed
};

// A message that came back. Owns everything; what it takes grows with what was received, never with
// what a count in it claims.
struct Response {
  struct Question {
    Name name;
    RrType type = RrType::A;
    RrClass klass = RrClass::IN;
  };
  // RFC 6891 6.1.2.
  struct Opt {
    std::uint16_t udp_size = 0;
    std::uint8_t version = 0;
    bool dnssec_ok = false;
    std::vector<std::uint8_t> options;  // as sent
  };

  // Its RCODE with the upper eight bits, which the OPT record has; 255 for those beyond.
  Header header;
  std::optional<Question> question;
  std::vector<Record> answer;
  std::vector<Record> authority;
  std::vector<Record> additional;  // without OPT
  std::optional<Opt> opt;

  // Reads a whole message; octets left over are an error, and so are two questions (RFC 9619) and
  // two OPT records
  // (RFC 6891 6.1.1). Compressed names are expanded in the RDATA of types that RFC
  // 3597 4 allows them in; these must be well-formed, other RDATA is taken as it is. Whether it is
  // a response at all (QR), and to what, is the caller's to see.
  [[nodiscard]] static Result<Response> parse(Bytes message);
};

}  // namespace dnswire
