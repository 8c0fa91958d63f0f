#include "dnswire/name.h"

#include "dnswire/header.h"
#include "dnswire/presentation.h"

namespace dnswire {
namespace {

// A pointer to a pointer adds nothing to a name: this many hops serve any name that is not an
// attack on the reader's time.
constexpr int kMaxHops = 127;

// Characters that end a word of a master file, or that a text editor shows as something else: as
// part of a name they must be escaped. RFC 1035 5.1.
bool needs_escape(char character) noexcept {
  constexpr std::string_view kDelimiters = "\"();";
  return !is_graphic(static_cast<std::uint8_t>(character)) ||
         kDelimiters.find(character) != std::string_view::npos;
}

// Reads the label at `at` and sets `at` to the dot behind it or to the end.
Result<void> append_label(std::vector<std::uint8_t>& wire, std::string_view text, std::size_t& at) {
  const std::size_t start = wire.size();
  wire.push_back(0);
  while (at < text.size() && text[at] != '.') {
    if (needs_escape(text[at])) return tl::unexpected(Error::BadText);
    const auto octet = read_octet(text, at);
    if (!octet) return tl::unexpected(octet.error());
    wire.push_back(*octet);
    if (wire.size() - start - 1 > kMaxLabelSize) return tl::unexpected(Error::LabelTooLong);
  }
  if (wire.size() == start + 1) return tl::unexpected(Error::EmptyLabel);
  wire[start] = static_cast<std::uint8_t>(wire.size() - start - 1);
  return {};
}

}  // namespace

Result<Name> Name::from_text(std::string_view text, NameView origin) {
  if (text.empty()) return tl::unexpected(Error::Truncated);
  if (text == ".") return Name();
  if (text == "@") return Name(origin);
  Name name;
  name.wire_.clear();
  std::size_t at = 0;
  bool absolute = false;
  while (at < text.size()) {
    const auto done = append_label(name.wire_, text, at);
    if (!done) return tl::unexpected(done.error());
    if (name.wire_.size() >= kMaxNameSize) return tl::unexpected(Error::NameTooLong);
    if (at == text.size()) break;
    ++at;  // the dot
    absolute = at == text.size();
  }
  const NameView tail = absolute ? NameView() : origin;
  if (name.wire_.size() + tail.size() > kMaxNameSize) return tl::unexpected(Error::NameTooLong);
  name.wire_.insert(name.wire_.end(), tail.wire().begin(), tail.wire().end());
  return name;
}

Result<Name> Name::read(Bytes message, std::size_t& offset) {
  Name name;
  name.wire_.clear();
  std::size_t at = offset;
  std::size_t run_start = offset;  // of the labels read since the last pointer
  for (int hops = 0; at < message.size();) {
    const std::uint8_t length = message[at];
    if (length >= 0xc0) {
      if (message.size() - at < 2) break;
      const std::size_t target = load16(&message[at]) & 0x3fffU;
      if (target >= run_start || target < kHeaderSize) return tl::unexpected(Error::BadPointer);
      if (hops == kMaxHops) return tl::unexpected(Error::BadPointer);
      if (hops++ == 0) offset = at + 2;
      at = run_start = target;
      continue;
    }
    if (length > kMaxLabelSize) return tl::unexpected(Error::BadLabelType);
    const std::size_t size = length + std::size_t{1};
    if (message.size() - at < size) break;
    if (name.wire_.size() + size > kMaxNameSize) return tl::unexpected(Error::NameTooLong);
    const Bytes label = message.subspan(at, size);
    name.wire_.insert(name.wire_.end(), label.begin(), label.end());
    at += size;
    if (length != 0) continue;
    if (hops == 0) offset = at;
    return name;
  }
  return tl::unexpected(Error::Truncated);
}

Result<Name> Name::wildcard_of(NameView parent) {
  if (parent.size() + 2 > kMaxNameSize) return tl::unexpected(Error::NameTooLong);
  Name name;
  name.wire_ = {1, '*'};
  name.wire_.insert(name.wire_.end(), parent.wire().begin(), parent.wire().end());
  return name;
}

}  // namespace dnswire
