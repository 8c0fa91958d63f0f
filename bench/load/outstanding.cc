#include "bench/load/outstanding.h"

namespace load {

std::optional<std::uint16_t> Outstanding::add(const Asked& asked) noexcept {
  if (size_ == slots_.size()) return std::nullopt;
  while (slots_[next_ & (slots_.size() - 1)].taken) ++next_;
  const std::uint16_t id = next_++;
  slots_[id & (slots_.size() - 1)] = {asked, id, true};
  ++size_;
  return id;
}

std::optional<Asked> Outstanding::take(std::uint16_t id) noexcept {
  Slot& slot = slots_[id & (slots_.size() - 1)];
  if (!slot.taken || slot.id != id) return std::nullopt;
  slot.taken = false;
  --size_;
  return slot.asked;
}

}  // namespace load
