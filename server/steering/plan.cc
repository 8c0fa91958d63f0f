#include "server/steering/plan.h"

namespace steering {

// FNV-1a, 64 bits: what counts is that every name server says the same; `sticky` mixes it well.
std::uint64_t sticky_key(std::string_view name) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash;
}

std::string_view to_text(Pick pick) noexcept {
  switch (pick) {
    case Pick::All:
      return "all";
    case Pick::Failover:
      return "failover";
    case Pick::Weighted:
      return "weighted";
    case Pick::Nearest:
      return "nearest";
    case Pick::Sticky:
      return "sticky";
  }
  return "";
}

std::string_view to_text(AllDown all_down) noexcept {
  switch (all_down) {
    case AllDown::All:
      return "all";
    case AllDown::LastHealthy:
      return "last_healthy";
    case AllDown::Fallback:
      return "fallback";
    case AllDown::NoData:
      return "nodata";
    case AllDown::ServFail:
      return "servfail";
  }
  return "";
}

}  // namespace steering
