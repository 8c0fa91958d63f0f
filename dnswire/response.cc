#include "dnswire/response.h"

#include <algorithm>
#include <utility>

#include "dnswire/rdata.h"
#include "dnswire/rdata_field.h"

namespace dnswire {
namespace {

constexpr std::size_t kQuestionFixedSize = 4;  // type, class: RFC 1035 4.1.2
constexpr std::size_t kRecordFixedSize = 10;   // type, class, TTL, RDLENGTH: RFC 1035 4.1.3

// RFC 3597 4: senders compress names in the types of RFC 1035 alone, but some once did in these.
bool may_hold_pointers(RrType type) noexcept {
  switch (type) {
    case RrType::RP:
    case RrType::AFSDB:
    case RrType::RT:
    case RrType::PX:
    case RrType::SRV:
    case RrType::NAPTR:
      return true;
    default:
      return has_compressed_names(type);
  }
}

void append(std::vector<std::uint8_t>& to, Bytes octets) {
  to.insert(to.end(), octets.begin(), octets.end());
}

class Reader {
 public:
  explicit Reader(Bytes message) noexcept : message_(message) {}

  [[nodiscard]] Result<Response> read() {
    if (message_.size() < kHeaderSize) return tl::unexpected(Error::Truncated);
    response_.header = Header::parse(message_);
    at_ = kHeaderSize;
    const Header& header = response_.header;
    Result<void> done = read_question(header.qdcount);
    if (done) done = read_section(header.ancount, response_.answer);
    if (done) done = read_section(header.nscount, response_.authority);
    if (done) done = read_section(header.arcount, response_.additional);
    if (!done) return tl::unexpected(done.error());
    if (at_ != message_.size()) return tl::unexpected(Error::TrailingData);
    return std::move(response_);
  }

 private:
  [[nodiscard]] Result<void> read_question(std::uint16_t count) {
    if (count == 0) return {};
    if (count > 1) return tl::unexpected(Error::BadNumber);
    auto name = Name::read(message_, at_);
    if (!name) return tl::unexpected(name.error());
    if (message_.size() - at_ < kQuestionFixedSize) return tl::unexpected(Error::Truncated);
    response_.question = {*std::move(name), static_cast<RrType>(load16(&message_[at_])),
                          static_cast<RrClass>(load16(&message_[at_ + 2]))};
    at_ += kQuestionFixedSize;
    return {};
  }

  [[nodiscard]] Result<void> read_section(std::uint16_t count, std::vector<Record>& section) {
    for (std::uint16_t i = 0; i < count; ++i) {
      const auto done = read_record(section);
      if (!done) return done;
    }
    return {};
  }

  [[nodiscard]] Result<void> read_record(std::vector<Record>& section) {
    auto owner = Name::read(message_, at_);
    if (!owner) return tl::unexpected(owner.error());
    if (message_.size() - at_ < kRecordFixedSize) return tl::unexpected(Error::Truncated);
    const std::uint8_t* const fixed = &message_[at_];
    at_ += kRecordFixedSize;
    const std::size_t size = load16(fixed + 8);
    if (message_.size() - at_ < size) return tl::unexpected(Error::Truncated);
    const auto type = static_cast<RrType>(load16(fixed));
    if (type == RrType::OPT && &section == &response_.additional) return read_opt(fixed, size);
    auto rdata = read_rdata(type, size);
    if (!rdata) return tl::unexpected(rdata.error());
    const Ttl ttl(load32(fixed + 4));
    section.push_back({*std::move(owner), type, static_cast<RrClass>(load16(fixed + 2)),
                       ttl > kMaxTtl ? Ttl(0) : ttl, *std::move(rdata)});
    return {};
  }

  // RFC 6891 6.1.3: the TTL holds RCODE bits, version and flags.
  [[nodiscard]] Result<void> read_opt(const std::uint8_t* fixed, std::size_t size) {
    if (response_.opt) return tl::unexpected(Error::BadNumber);
    Response::Opt opt{load16(fixed + 2), fixed[5], (fixed[6] & 0x80U) != 0, {}};
    append(opt.options, message_.subspan(at_, size));
    at_ += size;
    response_.opt = std::move(opt);
    const unsigned low = static_cast<unsigned>(response_.header.rcode);
    const unsigned rcode = unsigned{fixed[4]} << 4 | low;
    response_.header.rcode = static_cast<Rcode>(std::min(rcode, 255U));
    return {};
  }

  // Names in it may point back to anywhere but must end, as they stand here, inside it.
  [[nodiscard]] Result<std::vector<std::uint8_t>> read_rdata(RrType type, std::size_t size) {
    const std::size_t end = at_ + size;
    std::vector<std::uint8_t> rdata;
    if (!may_hold_pointers(type)) {
      append(rdata, message_.subspan(at_, size));
      at_ = end;
      return rdata;
    }
    for (const Field field : rdata_fields(type)) {
      const auto done = read_field(field, end, rdata);
      if (!done) return tl::unexpected(done.error());
    }
    if (at_ != end) return tl::unexpected(Error::TrailingData);
    return rdata;
  }

  [[nodiscard]] Result<void> read_field(Field field, std::size_t end,
                                        std::vector<std::uint8_t>& rdata) {
    if (field == Field::Name || field == Field::CompressedName) {
      const auto name = Name::read(message_.first(end), at_);
      if (!name) return tl::unexpected(name.error());
      append(rdata, name->view().wire());
      return {};
    }
    const Bytes rest = message_.subspan(at_, end - at_);
    const auto size = field_size(field, rest);
    if (!size) return tl::unexpected(size.error());
    append(rdata, rest.first(*size));
    at_ += *size;
    return {};
  }

  Bytes message_;
  std::size_t at_ = 0;  // inside the message or at its end
  Response response_;
};

}  // namespace

Result<Response> Response::parse(Bytes message) { return Reader(message).read(); }

}  // namespace dnswire
