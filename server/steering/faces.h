// Walks over the addresses below a pool.
#pragma once

#include "server/steering/situation.h"

namespace steering {

// Calls `visit(endpoint, face)` for every address of the family, of the member or, if it is a pool,
// of all members below it, not those that it spills to, until one returns true; whether one did.
template <class Visit>
bool any_face(const Situation& now, const Member& member, const Visit& visit) {
  if (const EndpointId* endpoint = member.endpoint()) {
    for (const Face& face : now.faces(*endpoint)) {
      if (visit(*endpoint, face)) return true;
    }
    return false;
  }
  for (const Member& below : now.plan[*member.pool()].members) {
    if (any_face(now, below, visit)) return true;
  }
  return false;
}

template <class Visit>
bool any_face(const Situation& now, const Pool& pool, const Visit& visit) {
  for (const Member& member : pool.members) {
    if (any_face(now, member, visit)) return true;
  }
  return false;
}

}  // namespace steering
