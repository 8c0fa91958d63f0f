#include "dnswire/query.h"

#include <algorithm>

namespace dnswire {
namespace {

constexpr std::size_t kRecordFixedSize = 10;  // TYPE, CLASS, TTL, RDLENGTH: RFC 1035 4.1.3
constexpr std::size_t kQuestionTail = 4;      // QTYPE, QCLASS
constexpr int kMaxOptions = 64;               // more than any client has reason to send

// What is left of a message; every step checks that the octets are there.
struct Reader {
  Bytes message;
  std::size_t at = 0;

  [[nodiscard]] bool has(std::size_t octets) const noexcept {
    return message.size() - at >= octets;
  }
  [[nodiscard]] bool at_end() const noexcept { return at == message.size(); }
  std::uint16_t take16() noexcept {
    at += 2;
    return load16(&message[at - 2]);
  }
  std::uint32_t take32() noexcept {
    at += 4;
    return load32(&message[at - 4]);
  }
  Bytes take(std::size_t octets) noexcept {
    at += octets;
    return message.subspan(at - octets, octets);
  }
};

// RFC 7871 6 and 7.1.2. A sentence on anything malformed.
tl::expected<ClientSubnet, std::string_view> parse_client_subnet(Bytes option) noexcept {
  const auto refuse = [](std::string_view why) { return tl::unexpected(why); };
  if (option.size() < 4) return refuse("client subnet: under 4 octets");
  const unsigned family = load16(&option[0]);
  ClientSubnet subnet;
  subnet.source_prefix = option[2];
  if (option[3] != 0) return refuse("client subnet: scope set in a query");
  const Bytes octets = option.subspan(4);
  if (family > 2) return refuse("client subnet: unknown family");
  if (family == 0) {
    if (subnet.source_prefix != 0 || !octets.empty()) {
      return refuse("client subnet: address without a family");
    }
    subnet.unspecified_family = true;
    return subnet;
  }
  const unsigned bits = family == 1 ? 32 : 128;
  if (subnet.source_prefix > bits) return refuse("client subnet: prefix longer than address");
  if (octets.size() != (subnet.source_prefix + 7U) / 8) {
    return refuse("client subnet: prefix and address differ in size");
  }
  // Whole octets behind the prefix are not sent: only the last one can have bits too many.
  const unsigned partial = subnet.source_prefix % 8;
  if (partial != 0 && (octets.back() & 0xffU >> partial) != 0) {
    return refuse("client subnet: bits set behind the prefix");
  }
  std::array<std::uint8_t, 16> padded{};
  std::copy(octets.begin(), octets.end(), padded.begin());
  subnet.address =
      IpAddress::from_octets(family == 1 ? Family::V4 : Family::V6, Bytes(padded).first(bits / 8));
  return subnet;
}

// RFC 7873 5.2.2: the client's eight octets alone, or with 8 to 32 of a server.
bool is_cookie_size(std::size_t size) noexcept { return size == 8 || (size >= 16 && size <= 40); }

class Parser {
 public:
  Parser(Bytes message, Query& query) noexcept : reader_{message}, query_(query) { edns_.reset(); }

  std::optional<Rejection> run() noexcept {
    if (reader_.message.size() < kHeaderSize) return Rejection{};
    header_ = Header::parse(reader_.message);
    if (read_usual()) return std::nullopt;
    edns_.reset();
    error_.reset();
    reader_.at = kHeaderSize;
    // An answer to an answer is how two servers begin to talk to each other for ever.
    if (header_.qr) return Rejection{std::nullopt, header_, {}, {}, {}};
    // All is read first, so that OPT is seen and comes back with whatever is said (RFC 6891 6.1.1).
    const bool sound = read_question() && skip_records() && read_additional();
    if (edns_ && edns_->version > 0) return reject(Rcode::BadVers);  // RFC 6891 6.1.3
    if (header_.opcode != Opcode::Query) {
      error_ = {ExtendedErrorCode::NotSupported, {}};
      return reject(Rcode::NotImp);
    }
    if (!sound || !check_counts()) return reject(Rcode::FormErr);
    if (!has_question_) return reject(Rcode::NoError);
    return std::nullopt;
  }

 private:
  Rejection reject(Rcode rcode) const noexcept {
    return {rcode, header_, has_question_ ? std::optional(query_.question) : std::nullopt, edns_,
            error_};
  }

  bool fail(std::string_view why) noexcept {
    error_ = {ExtendedErrorCode::Other, why};
    return false;
  }

  // Nearly all queries: opcode QUERY, one question, and at most an OPT record of version 0 that
  // ends the message. False: `run` has to look at it step by step.
  bool read_usual() noexcept {
    const std::uint8_t* const message = reader_.message.data();
    constexpr std::uint8_t kNotQuery = 0xf8;  // QR, opcode
    const bool is_usual = (message[2] & kNotQuery) == 0 && load32(message + 4) == 0x00010000 &&
                          load32(message + 8) <= 1;
    if (!is_usual) return false;
    const auto name = NameView::parse(reader_.message.subspan(kHeaderSize));
    if (!name) return false;
    const std::size_t tail = kHeaderSize + name->size();
    const std::size_t end = tail + kQuestionTail;
    if (reader_.message.size() < end) return false;
    query_.question = {*name, RrType{load16(message + tail)}, RrClass{load16(message + tail + 2)}};
    if (message[11] == 0) return reader_.message.size() == end;
    constexpr std::size_t kOptFixedSize = 1 + kRecordFixedSize;
    if (reader_.message.size() < end + kOptFixedSize) return false;
    const std::uint8_t* const opt = message + end;
    const bool is_opt = opt[0] == 0 && RrType{load16(opt + 1)} == RrType::OPT && opt[6] == 0;
    const Bytes options = reader_.message.subspan(end + kOptFixedSize);
    if (!is_opt || load16(opt + 9) != options.size()) return false;
    edns_.emplace();
    edns_->udp_size = std::max(load16(opt + 3), kMinUdpSize);
    edns_->dnssec_ok = (opt[7] & 0x80) != 0;
    return options.empty() || read_options(options);
  }

  bool read_question() noexcept {
    if (header_.qdcount == 0) return true;
    if (header_.qdcount != 1) return fail("more than one question");
    const auto name = NameView::parse(reader_.message.subspan(reader_.at));
    if (!name) return false;
    reader_.at += name->size();
    if (!reader_.has(4)) return false;
    const auto type = static_cast<RrType>(reader_.take16());
    const auto klass = static_cast<RrClass>(reader_.take16());
    query_.question = {*name, type, klass};
    has_question_ = true;
    return true;
  }

  // Answer and authority: what other opcodes have there is not looked at.
  bool skip_records() noexcept {
    for (unsigned left = unsigned{header_.ancount} + header_.nscount; left > 0; --left) {
      if (!skip_owner() || !read_record(false, false)) return false;
    }
    return true;
  }

  // A query has one question, or none and a cookie (RFC 7873 5.4); no records but the client's SOA
  // in a request for an incremental transfer (RFC 1995 3); nothing behind them.
  bool check_counts() noexcept {
    if (!has_question_ && (!edns_ || edns_->cookie.empty())) return false;
    const bool may_have_soa = has_question_ && query_.question.type == RrType::IXFR;
    if (header_.ancount != 0 || header_.nscount > (may_have_soa ? 1 : 0)) {
      return fail("records where a query has none");
    }
    return reader_.at_end() || fail("octets left over behind the last record");
  }

  bool read_additional() noexcept {
    for (unsigned i = 0; i < header_.arcount; ++i) {
      if (reader_.at_end()) return false;
      const bool root_owner = reader_.message[reader_.at] == 0;
      if (!skip_owner() || !read_record(true, root_owner)) return false;
    }
    return true;
  }

  bool skip_owner() noexcept {
    const auto end = skip_name(reader_.message, reader_.at);
    if (!end) return false;
    reader_.at = *end;
    return true;
  }

  // Everything behind the owner of a record. `opt_counts`: in the additional section, where OPT
  // belongs.
  bool read_record(bool opt_counts, bool root_owner) noexcept {
    if (!reader_.has(kRecordFixedSize)) return false;
    const auto type = static_cast<RrType>(reader_.take16());
    const std::uint16_t klass = reader_.take16();
    const std::uint32_t ttl = reader_.take32();
    const std::size_t size = reader_.take16();
    if (!reader_.has(size)) return false;
    const Bytes rdata = reader_.take(size);
    if (type != RrType::OPT) return true;
    // RFC 6891 6.1.1 and 6.1.2: one, in the additional section, owned by the root.
    if (edns_) return fail("two OPT records");
    if (!opt_counts || !root_owner) return false;
    edns_.emplace();
    edns_->udp_size = std::max(klass, kMinUdpSize);
    edns_->version = static_cast<std::uint8_t>(ttl >> 16);
    edns_->dnssec_ok = (ttl & 0x8000) != 0;
    // What a later version puts into its options is not for us to judge (RFC 6891 6.1.3).
    if (edns_->version > 0 || read_options(rdata)) return true;
    edns_->client_subnet.reset();
    return false;
  }

  // RFC 6891 6.1.2.
  bool read_options(Bytes rdata) noexcept {
    Reader options{rdata};
    for (int count = 0; !options.at_end(); ++count) {
      if (count == kMaxOptions) return fail("over 64 EDNS options");
      if (!options.has(4)) return fail("an EDNS option is cut off");
      const auto code = static_cast<EdnsOption>(options.take16());
      const std::size_t size = options.take16();
      if (!options.has(size)) return fail("an EDNS option is cut off");
      if (!read_option(code, options.take(size))) return false;
    }
    return true;
  }

  bool read_option(EdnsOption code, Bytes data) noexcept {
    switch (code) {
      case EdnsOption::ClientSubnet: {
        if (edns_->client_subnet) return fail("client subnet: sent twice");
        const auto subnet = parse_client_subnet(data);
        if (!subnet) return fail(subnet.error());
        edns_->client_subnet = *subnet;
        return true;
      }
      case EdnsOption::Cookie:
        if (!is_cookie_size(data.size())) return fail("cookie: neither 8 nor 16 to 40 octets");
        if (edns_->cookie.empty()) edns_->cookie = data;
        return true;
      case EdnsOption::Nsid:
        edns_->nsid.emplace();
        return true;
      case EdnsOption::Keepalive:
        edns_->keepalive.emplace();
        return true;
      default:
        return true;
    }
  }

  Reader reader_;
  Query& query_;
  Header& header_ = query_.header;
  std::optional<Edns>& edns_ = query_.edns;
  bool has_question_ = false;
  std::optional<ExtendedError> error_;
};

}  // namespace

std::optional<Rejection> parse_query(Bytes message, Query& query) noexcept {
  return Parser(message, query).run();
}

tl::expected<Query, Rejection> parse_query(Bytes message) noexcept {
  Query query;
  if (auto rejection = parse_query(message, query)) return tl::unexpected(*rejection);
  return query;
}

}  // namespace dnswire
