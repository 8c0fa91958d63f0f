#include "server/steering/plan.h"

namespace steering {

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
