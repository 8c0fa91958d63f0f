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

}  // namespace steering
