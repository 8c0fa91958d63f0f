#include "dnswire/message_writer.h"

#include <algorithm>
#include <cassert>

#include "dnswire/presentation.h"
#include "dnswire/rdata.h"

namespace dnswire {
namespace {

constexpr std::size_t kMaxMessageSize = 65535;     // the length in front of a message on TCP
constexpr std::size_t kMaxPointerTarget = 0x3fff;  // fourteen bits, RFC 1035 4.1.4
constexpr std::size_t kEdnsFixedSize = 11;         // RFC 6891 6.1.2
constexpr std::size_t kOptionFixedSize = 4;        // code and length, RFC 6891 6.1.2

// Does `name` stand at `offset` of our own message? Pointers there are ours: they point back.
bool stands_at(Bytes message, std::size_t offset, NameView name) noexcept {
  const std::uint8_t* label = name.wire().data();
  for (;;) {
    while (message[offset] >= 0xc0) offset = load16(&message[offset]) & 0x3fffU;
    const std::size_t length = *label;
    if (message[offset] != length) return false;
    if (length == 0) return true;
    for (std::size_t i = 1; i <= length; ++i) {
      if (to_lower(message[offset + i]) != to_lower(label[i])) return false;
    }
    label += length + 1;
    offset += length + 1;
  }
}

// The octets of the client's address that travel. RFC 7871 6.
std::size_t subnet_address_size(const ClientSubnet& subnet) noexcept {
  return subnet.unspecified_family ? 0 : (subnet.source_prefix + 7U) / 8;
}

// Where the next octet goes, room made sure of before.
struct Cursor {
  std::uint8_t* at;

  void put8(std::uint8_t value) noexcept { *at++ = value; }
  void put16(std::uint16_t value) noexcept {
    store16(at, value);
    at += 2;
  }
  void put(Bytes bytes) noexcept { at = std::copy(bytes.begin(), bytes.end(), at); }
  void put_option(EdnsOption code, std::size_t size) noexcept {
    put16(static_cast<std::uint16_t>(code));
    put16(static_cast<std::uint16_t>(size));
  }
};

// RFC 7871 6.
void put_client_subnet(Cursor& cursor, const ClientSubnet& subnet) noexcept {
  const std::size_t octets = subnet_address_size(subnet);
  assert(octets <= subnet.address.octets().size());
  const unsigned family = subnet.address.family() == Family::V4 ? 1 : 2;
  cursor.put_option(EdnsOption::ClientSubnet, 4 + octets);
  cursor.put16(static_cast<std::uint16_t>(subnet.unspecified_family ? 0 : family));
  cursor.put8(subnet.source_prefix);
  cursor.put8(subnet.scope_prefix);
  cursor.put(subnet.address.octets().first(octets));
}

}  // namespace

MessageWriter::MessageWriter(MutableBytes buffer, std::size_t limit) noexcept
    : buffer_(buffer), limit_(std::min({limit, buffer.size(), kMaxMessageSize})) {
  assert(limit_ >= kMinUdpSize);
}

bool MessageWriter::write_question(const Question& question) noexcept {
  const Mark before = mark();
  std::array<std::uint8_t, 4> fixed;
  store16(&fixed[0], static_cast<std::uint16_t>(question.type));
  store16(&fixed[2], static_cast<std::uint16_t>(question.klass));
  if (!put_name(question.name) || !put_bytes(fixed)) {
    rollback(before);
    return false;
  }
  ++questions_;
  return true;
}

bool MessageWriter::write_record(Section section, NameView owner, RrType type, RrClass klass,
                                 Ttl ttl, Bytes rdata) noexcept {
  const auto index = static_cast<std::size_t>(section);
  assert(std::all_of(counts_.begin() + static_cast<std::ptrdiff_t>(index) + 1, counts_.end(),
                     [](std::uint16_t count) { return count == 0; }));
  const Mark before = mark();
  std::array<std::uint8_t, 10> fixed{};
  store16(&fixed[0], static_cast<std::uint16_t>(type));
  store16(&fixed[2], static_cast<std::uint16_t>(klass));
  store32(&fixed[4], ttl.count());
  if (!put_name(owner) || !put_bytes(fixed)) {
    rollback(before);
    return false;
  }
  const std::size_t start = size_;
  if (!put_rdata(type, rdata)) {
    rollback(before);
    return false;
  }
  store16(&buffer_[start - 2], static_cast<std::uint16_t>(size_ - start));  // RDLENGTH
  ++counts_[index];
  return true;
}

std::size_t MessageWriter::edns_size(const Edns& edns) noexcept {
  std::size_t size = kEdnsFixedSize;
  if (edns.client_subnet) size += kOptionFixedSize + 4 + subnet_address_size(*edns.client_subnet);
  if (!edns.cookie.empty()) size += kOptionFixedSize + edns.cookie.size();
  if (edns.nsid) size += kOptionFixedSize + edns.nsid->size();
  if (edns.keepalive) size += kOptionFixedSize + 2;
  if (edns.error) size += kOptionFixedSize + 2 + edns.error->text.size();
  return size;
}

bool MessageWriter::write_edns(const Edns& edns, Rcode rcode) noexcept {
  const std::size_t size = edns_size(edns);
  if (size_ + size > limit_) return false;
  put_edns(&buffer_[size_], edns, rcode);
  size_ += size;
  ++counts_[static_cast<std::size_t>(Section::Additional)];
  return true;
}

void MessageWriter::put_edns(std::uint8_t* to, const Edns& edns, Rcode rcode) noexcept {
  const std::size_t size = edns_size(edns);
  Cursor cursor{to};
  cursor.put8(0);  // the root
  cursor.put16(static_cast<std::uint16_t>(RrType::OPT));
  cursor.put16(edns.udp_size);
  cursor.put8(static_cast<std::uint8_t>(static_cast<unsigned>(rcode) >> 4));  // RFC 6891 6.1.3
  cursor.put8(edns.version);
  cursor.put16(edns.dnssec_ok ? 0x8000 : 0);
  cursor.put16(static_cast<std::uint16_t>(size - kEdnsFixedSize));
  if (edns.client_subnet) put_client_subnet(cursor, *edns.client_subnet);
  if (!edns.cookie.empty()) {
    cursor.put_option(EdnsOption::Cookie, edns.cookie.size());
    cursor.put(edns.cookie);
  }
  if (edns.nsid) {
    cursor.put_option(EdnsOption::Nsid, edns.nsid->size());
    cursor.put(*edns.nsid);
  }
  if (edns.keepalive) {
    cursor.put_option(EdnsOption::Keepalive, 2);
    cursor.put16(*edns.keepalive);
  }
  if (edns.error) {
    const std::string_view text = edns.error->text;
    cursor.put_option(EdnsOption::ExtendedError, 2 + text.size());
    cursor.put16(static_cast<std::uint16_t>(edns.error->code));
    cursor.at = std::copy(text.begin(), text.end(), cursor.at);
  }
  assert(cursor.at == to + size);
}

void MessageWriter::rollback(const Mark& mark) noexcept {
  size_ = mark.size;
  name_count_ = mark.names;
  counts_ = mark.counts;
}

Bytes MessageWriter::finish(Header header) noexcept {
  header.qdcount = questions_;
  header.ancount = counts_[0];
  header.nscount = counts_[1];
  header.arcount = counts_[2];
  header.write(buffer_);
  return buffer_.first(size_);
}

std::optional<std::uint16_t> MessageWriter::find(NameView name) const noexcept {
  for (std::size_t i = 0; i < name_count_; ++i) {
    if (targets_[i].name_size != name.size()) continue;
    if (stands_at(buffer_, targets_[i].offset, name)) return targets_[i].offset;
  }
  return std::nullopt;
}

void MessageWriter::remember(NameView name, std::size_t offset) noexcept {
  if (name_count_ == kMaxTargets || offset > kMaxPointerTarget) return;
  targets_[name_count_++] = {static_cast<std::uint16_t>(offset),
                             static_cast<std::uint8_t>(name.size())};
}

bool MessageWriter::put_name(NameView name) noexcept {
  NameView tail = name;
  std::optional<std::uint16_t> target;
  while (!tail.is_root() && !(target = find(tail))) tail = tail.parent();
  const std::size_t written = name.size() - tail.size();
  const std::size_t needed = written + (target ? 2 : 1);
  if (size_ + needed > limit_) return false;
  for (NameView fresh = name; fresh.size() != tail.size(); fresh = fresh.parent()) {
    remember(fresh, size_ + name.size() - fresh.size());
  }
  std::copy_n(name.wire().begin(), written, &buffer_[size_]);
  if (target) {
    store16(&buffer_[size_ + written], static_cast<std::uint16_t>(0xc000U | *target));
  } else {
    buffer_[size_ + written] = 0;
  }
  size_ += needed;
  return true;
}

bool MessageWriter::put_bytes(Bytes bytes) noexcept {
  if (size_ + bytes.size() > limit_) return false;
  std::copy(bytes.begin(), bytes.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += bytes.size();
  return true;
}

bool MessageWriter::put_rdata(RrType type, Bytes rdata) noexcept {
  if (!has_compressed_names(type)) return put_bytes(rdata);
  for (const Field field : rdata_fields(type)) {
    std::size_t octets = 0;
    if (field == Field::CompressedName) {
      const auto name = NameView::parse(rdata);
      assert(name);
      if (!name) break;
      if (!put_name(*name)) return false;
      octets = name->size();
    } else if (field == Field::Number16 && rdata.size() >= 2) {  // MX's PREFERENCE
      if (!put_bytes(rdata.first(2))) return false;
      octets = 2;
    } else {
      break;  // no type has a compressed name behind anything else
    }
    rdata = rdata.subspan(octets);
  }
  return put_bytes(rdata);
}

}  // namespace dnswire
