// What the operator knows better than the databases.
#pragma once

#include "dnswire/address.h"
#include "geo/location.h"

namespace geo {

// A place (country, continent, subdivision, coordinates) replaces all that databases and wider
// corrections say of the place, an AS number only the AS number; `location` has one of the two or
// both. Networks longer than kMaxDepth4 or kMaxDepth6 are treated as in databases: one counts for
// the whole network of that length that it begins, or not at all.
struct Correction {
  dnswire::Prefix net;
  Location location;

  friend bool operator==(const Correction&, const Correction&) = default;
};

}  // namespace geo
