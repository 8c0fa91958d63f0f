// Corrections in the form that databases have.
#pragma once

#include <span>

#include "geo/correction.h"
#include "geo/database.h"
#include "geo/location.h"

namespace geo {

// `known` with what a correction says.
[[nodiscard]] Location corrected(Location known, const Location& correction);

// Each correction over the wider ones around it; of two for the same network, over the former.
[[nodiscard]] Tree correction_tree(std::span<const Correction> corrections);

}  // namespace geo
