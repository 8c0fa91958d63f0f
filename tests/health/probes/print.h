// How GoogleTest shows an Outcome.
#pragma once

#include <ostream>

#include "health/observation.h"
#include "health/probes/outcome.h"

namespace probes {

inline void PrintTo(const Outcome& outcome, std::ostream* out) {
  *out << health::to_text(outcome.reason) << " (" << outcome.detail << ")";
}

}  // namespace probes
