// What a client asks: the only door for untrusted bytes.
#pragma once

#include <optional>

#include "dnswire/bytes.h"
#include "dnswire/edns.h"
#include "dnswire/header.h"
#include "dnswire/name_view.h"
#include "dnswire/rr_type.h"

namespace dnswire {

struct Question {
  NameView name;
  RrType type = RrType::A;
  RrClass klass = RrClass::IN;
};

// A well-formed message with opcode QUERY, QR=0 and one question.
// Borrows: the question's name points into the message.
struct Query {
  Header header;
  Question question;
  std::optional<Edns> edns;
};

// A message that is not answered with data. `rcode` absent: say nothing (QR=1, or shorter than a
// header); NOERROR: a client without a question that asks for a cookie (RFC 7873 5.4). Question and
// EDNS are there as far as they were understood, so that they can be echoed; `error` says what was
// not.
struct Rejection {
  std::optional<Rcode> rcode;
  Header header;
  std::optional<Question> question;
  std::optional<Edns> edns;
  std::optional<ExtendedError> error;
};

// Order of the checks: size, QR, EDNS version (BADVERS), opcode (NOTIMP), question, records (OPT at
// most once, in the additional section, owned by the root), EDNS options, counts, octets left over
// (FORMERR).
// Client subnet is parsed as strictly as RFC 7871 7.1.2 allows: FORMERR on an unknown family, a
// prefix longer than the address, a scope that is not 0, an address that is not ceil(prefix / 8)
// octets long, bits set behind the prefix, or the option sent twice. A cookie that is neither 8 nor
// 16 to 40 octets long is a FORMERR, too; of several the first counts (RFC 7873 5.2.2). Options
// that we do not know are skipped.
// RFC 1035 4.1, RFC 6891 6, RFC 7871 7, RFC 7873 5.2.
// Into `query`, whatever it held; what it holds means nothing if there is a rejection.
[[nodiscard]] std::optional<Rejection> parse_query(Bytes message, Query& query) noexcept;
[[nodiscard]] tl::expected<Query, Rejection> parse_query(Bytes message) noexcept;

}  // namespace dnswire
