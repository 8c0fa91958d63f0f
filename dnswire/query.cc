#include "dnswire/query.h"

#include <algorithm>

namespace dnswire {
namespace {

constexpr std::size_t kRecordFixedSize = 10;  // TYPE, CLASS, TTL, RDLENGTH: RFC 1035 4.1.3
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

// RFC 7871 6 and 7.1.2.
std::optional<ClientSubnet> parse_client_subnet(Bytes option) noexcept {
  if (option.size() < 4) return std::nullopt;
  const unsigned family = load16(&option[0]);
  ClientSubnet subnet;
  subnet.source_prefix = option[2];
  if (option[3] != 0) return std::nullopt;  // the scope is for answers
  const Bytes octets = option.subspan(4);
  if (family == 0) {
    if (subnet.source_prefix != 0 || !octets.empty()) return std::nullopt;
    subnet.unspecified_family = true;
    return subnet;
  }
  if (family > 2) return std::nullopt;
  const unsigned bits = family == 1 ? 32 : 128;
  if (subnet.source_prefix > bits) return std::nullopt;
  if (octets.size() != (subnet.source_prefix + 7U) / 8) return std::nullopt;
  std::array<std::uint8_t, 16> padded{};
  std::copy(octets.begin(), octets.end(), padded.begin());
  subnet.address =
      IpAddress::from_octets(family == 1 ? Family::V4 : Family::V6, Bytes(padded).first(bits / 8));
  if (subnet.address.masked(subnet.source_prefix) != subnet.address) return std::nullopt;
  return subnet;
}

// RFC 6891 6.1.2. False on anything malformed.
bool parse_options(Bytes rdata, Edns& edns) noexcept {
  Reader reader{rdata};
  std::optional<ClientSubnet> subnet;
  for (int count = 0; !reader.at_end(); ++count) {
    if (count == kMaxOptions || !reader.has(4)) return false;
    const unsigned code = reader.take16();
    const std::size_t size = reader.take16();
    if (!reader.has(size)) return false;
    const Bytes option = reader.take(size);
    if (code != kOptionClientSubnet) continue;
    if (subnet) return false;
    subnet = parse_client_subnet(option);
    if (!subnet) return false;
  }
  edns.client_subnet = subnet;
  return true;
}

class Parser {
 public:
  explicit Parser(Bytes message) noexcept : reader_{message} {}

  tl::expected<Query, Rejection> run() noexcept {
    if (reader_.message.size() < kHeaderSize) return tl::unexpected(Rejection{});
    header_ = Header::parse(reader_.message);
    reader_.at = kHeaderSize;
    // An answer to an answer is how two servers begin to talk to each other for ever.
    if (header_.qr) return tl::unexpected(Rejection{std::nullopt, header_, {}, {}});
    if (header_.opcode != Opcode::Query) return reject(Rcode::NotImp);
    if (header_.qdcount != 1 || header_.ancount != 0 || header_.nscount > 1 || !read_question() ||
        !skip_authority() || !read_additional()) {
      return reject(Rcode::FormErr);
    }
    if (edns_ && edns_->version > 0) return reject(Rcode::BadVers);  // RFC 6891 6.1.3
    if (!reader_.at_end()) return reject(Rcode::FormErr);
    return Query{header_, *question_, edns_};
  }

 private:
  tl::unexpected<Rejection> reject(Rcode rcode) const noexcept {
    return tl::unexpected(Rejection{rcode, header_, question_, edns_});
  }

  bool read_question() noexcept {
    const auto name = NameView::parse(reader_.message.subspan(reader_.at));
    if (!name) return false;
    reader_.at += name->size();
    if (!reader_.has(4)) return false;
    const auto type = static_cast<RrType>(reader_.take16());
    const auto klass = static_cast<RrClass>(reader_.take16());
    question_ = Question{*name, type, klass};
    return type != RrType::OPT && type != RrType{};
  }

  // The client's SOA in a request for an incremental transfer (RFC 1995 3) is not needed to refuse
  // it or to answer with the whole zone.
  bool skip_authority() noexcept {
    if (header_.nscount == 0) return true;
    return question_->type == RrType::IXFR && skip_owner() && read_record(false, false);
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
    if (!opt_counts || !root_owner || edns_) return false;
    edns_ = Edns{std::max(klass, kMinUdpSize), static_cast<std::uint8_t>(ttl >> 16),
                 (ttl & 0x8000) != 0, std::nullopt};
    return parse_options(rdata, *edns_);
  }

  Reader reader_;
  Header header_;
  std::optional<Question> question_;
  std::optional<Edns> edns_;
};

}  // namespace

tl::expected<Query, Rejection> parse_query(Bytes message) noexcept { return Parser(message).run(); }

}  // namespace dnswire
