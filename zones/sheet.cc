#include "zones/sheet.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "dnswire/header.h"
#include "dnswire/message_writer.h"
#include "dnswire/octet_words.h"
#include "dnswire/rdata.h"

namespace zones {
namespace {

using dnswire::Bytes;
using dnswire::Field;
using dnswire::NameView;

constexpr std::uint16_t kPointerBits = 0xc000;  // RFC 1035 4.1.4
constexpr std::uint16_t kMaxPointerTarget = 0x3fff;

enum class Serves : std::uint8_t { ItsName, Wildcard, NamesBelow };

// Walks over records that MessageWriter has written, and collects the pointers that move.
class Collector {
 public:
  Collector(Bytes records, Serves serves, std::size_t name_size)
      : records_(records), serves_(serves), longer_by_(dnswire::kMaxNameSize - name_size) {}

  // Absent: one of them could not follow.
  [[nodiscard]] std::optional<std::vector<std::uint16_t>> run() {
    while (at_ < records_.size()) {
      if (!take_record()) return std::nullopt;
    }
    return std::move(pointers_);
  }

 private:
  bool take_record() {
    if (serves_ == Serves::NamesBelow) {
      if (!take_pointer()) return false;
    } else {
      at_ += 2;  // stays at the question's name, whatever that is
    }
    const auto type = static_cast<dnswire::RrType>(dnswire::load16(&records_[at_]));
    const std::size_t rdata = at_ + kRecordHead - 2;
    const std::size_t end = rdata + dnswire::load16(&records_[rdata - 2]);
    at_ = rdata;
    for (const Field field : dnswire::rdata_fields(type)) {
      if (field == Field::CompressedName) {
        if (!take_name()) return false;
      } else if (field == Field::Number16) {
        at_ += 2;
      } else {
        break;  // no type has a compressed name behind anything else
      }
    }
    at_ = end;
    return true;
  }

  bool take_name() {
    while (records_[at_] != 0) {
      if (records_[at_] >= 0xc0) return take_pointer();
      at_ += records_[at_] + std::size_t{1};
    }
    ++at_;
    return true;
  }

  bool take_pointer() {
    const std::size_t target = dnswire::load16(&records_[at_]) & ~std::size_t{kPointerBits};
    const auto where = static_cast<std::uint16_t>(at_);
    at_ += 2;
    if (serves_ == Serves::ItsName) return true;
    // The wildcard's own name is not the name that was asked for.
    if (serves_ == Serves::Wildcard && target == dnswire::kHeaderSize) return false;
    if (target + longer_by_ > kMaxPointerTarget) return false;
    pointers_.push_back(where);
    return true;
  }

  Bytes records_;
  Serves serves_;
  std::size_t longer_by_;  // at most
  std::size_t at_ = 0;
  std::vector<std::uint16_t> pointers_;
};

SheetData make(NameView owner, const RrSet& rrset, Serves serves) {
  if (owner.is_root()) return {};  // nothing to point to
  std::vector<std::uint8_t> message(65535);
  dnswire::MessageWriter writer(message, message.size());
  std::ignore = writer.write_question({owner, rrset.type(), dnswire::RrClass::IN});
  const std::size_t start = writer.size();
  for (const Bytes rdata : rrset) {
    if (!writer.write_record(dnswire::Section::Answer, owner, rrset.type(), dnswire::RrClass::IN,
                             rrset.ttl(), rdata)) {
      return {};
    }
  }
  const Bytes records = Bytes(message).first(writer.size()).subspan(start);
  auto pointers = Collector(records, serves, owner.size()).run();
  if (!pointers) return {};
  return {{records.begin(), records.end()}, std::move(*pointers)};
}

}  // namespace

void Sheet::write(std::uint8_t* to, std::size_t asked_size) const noexcept {
  dnswire::copy_words(to, records.data(), records.size());
  const auto longer_by = static_cast<unsigned>(asked_size - name_size);
  for (std::size_t at = 0; at < pointers.size(); at += sizeof(std::uint16_t)) {
    std::uint16_t where = 0;
    std::memcpy(&where, &pointers[at], sizeof where);
    dnswire::store16(to + where,
                     static_cast<std::uint16_t>(dnswire::load16(to + where) + longer_by));
  }
}

SheetData make_sheet(NameView owner, const RrSet& rrset) {
  return make(owner, rrset, owner.is_wildcard() ? Serves::Wildcard : Serves::ItsName);
}

SheetData make_denial_sheet(NameView owner, const RrSet& rrset) {
  return make(owner, rrset, Serves::NamesBelow);
}

}  // namespace zones
