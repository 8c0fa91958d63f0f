#include "geo/data_check.h"

#include <array>

namespace geo {
namespace {

// https://maxmind.github.io/MaxMind-DB/, "Data Field Format". Types 8 and up are extended ones.
enum Type : unsigned {
  kExtended = 0,
  kPointer = 1,
  kMap = 7,
  kArray = 11,
  kContainer = 12,
  kEndMarker = 13,
  kBoolean = 14,
  kLastType = 15,
};

constexpr unsigned kMaxDepth = 32;      // real records need 4
constexpr unsigned kMaxValues = 10000;  // real records have a few hundred

class Checker {
 public:
  explicit Checker(dnswire::Bytes section) noexcept : section_(section) {}

  // Checks the value at `offset`, which it moves to the one behind.
  bool check(std::size_t& offset, unsigned depth) noexcept {
    if (depth > kMaxDepth || ++values_ > kMaxValues) return false;
    Head head;
    if (!read_head(offset, head)) return false;
    switch (head.type) {
      case kPointer:
        return check_target(head.size, depth);
      case kMap:
        return check_members(offset, head.size, true, depth);
      case kArray:
        return check_members(offset, head.size, false, depth);
      case kBoolean:
        return true;  // the size is the value
      default:
        if (head.size > section_.size() - offset) return false;
        offset += head.size;
        return true;
    }
  }

 private:
  struct Head {
    unsigned type = 0;
    std::size_t size = 0;  // of a pointer: its target
  };

  bool read_integer(std::size_t& offset, unsigned octets, std::size_t& value) const noexcept {
    if (octets > section_.size() - offset) return false;
    value = 0;
    for (; octets > 0; --octets) value = value << 8 | section_[offset++];
    return true;
  }

  bool read_head(std::size_t& offset, Head& head) const noexcept {
    if (offset >= section_.size()) return false;
    const unsigned control = section_[offset++];
    head.type = control >> 5;
    if (head.type == kPointer) return read_pointer(offset, control, head.size);
    if (head.type == kExtended) {
      if (offset >= section_.size()) return false;
      head.type = 7U + section_[offset++];
      if (head.type > kLastType || head.type == kContainer || head.type == kEndMarker) return false;
    }
    head.size = control & 31U;
    if (head.size < 29) return true;
    static constexpr std::array<std::size_t, 3> kBase{29, 285, 65821};
    const auto octets = static_cast<unsigned>(head.size) - 28;
    std::size_t more = 0;
    if (!read_integer(offset, octets, more)) return false;
    head.size = kBase[octets - 1] + more;
    return true;
  }

  bool read_pointer(std::size_t& offset, unsigned control, std::size_t& target) const noexcept {
    static constexpr std::array<std::size_t, 4> kBase{0, 2048, 526336, 0};
    const unsigned octets = ((control >> 3) & 3U) + 1;
    if (!read_integer(offset, octets, target)) return false;
    const std::size_t high = octets == 4 ? 0 : std::size_t{control & 7U} << (8 * octets);
    target += high + kBase[octets - 1];
    return true;
  }

  bool check_target(std::size_t target, unsigned depth) noexcept {
    // A pointer to a pointer is not allowed.
    if (target >= section_.size() || section_[target] >> 5 == kPointer) return false;
    return check(target, depth + 1);
  }

  bool check_members(std::size_t& offset, std::size_t count, bool keyed, unsigned depth) noexcept {
    for (; count > 0; --count) {
      if (keyed && !check(offset, depth + 1)) return false;
      if (!check(offset, depth + 1)) return false;
    }
    return true;
  }

  dnswire::Bytes section_;
  unsigned values_ = 0;
};

}  // namespace

bool is_decodable(dnswire::Bytes section, std::size_t offset) noexcept {
  return Checker(section).check(offset, 0);
}

}  // namespace geo
