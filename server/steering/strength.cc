#include "server/steering/strength.h"

#include <algorithm>

namespace steering {
namespace {

using health::Standing;

// Served for want of a verdict; nobody forced it.
bool is_unchecked(const Standing& standing) noexcept {
  return standing.state == health::State::Unknown && standing.force == health::Force::None &&
         !standing.held && !standing.rescued;
}

// What a census wants to know of one member.
struct Look {
  bool present = false;
  Strength strength = Strength::None;
  bool known = false;  // somebody serves by a verdict or an operator's word
};

Look look_at(const Situation& now, EndpointId endpoint) noexcept {
  Look look;
  for (const Face& face : now.faces(endpoint)) {
    const Standing& standing = now.standing(face);
    look.present = true;
    if (!standing.is_served()) continue;
    look.strength = Strength::Enough;
    look.known = look.known || !is_unchecked(standing);
  }
  return look;
}

Look look_at(const Situation& now, PoolId first) noexcept {
  Look look;
  for (std::optional<PoolId> id = first; id; id = now.plan[*id].then) {
    const Pool& pool = now.plan[*id];
    const Census census = count_members(now, pool);
    look.present = look.present || census.present > 0;
    if (!look.present) return look;  // spilling is for health, not for a family
    look.known = look.known || census.some > census.unchecked;
    if (census.is_enough(pool)) {
      look.strength = Strength::Enough;
    } else if (census.some > 0) {
      look.strength = std::max(look.strength, Strength::Some);
    }
    // One behind may be known to be up, though it does not serve.
    if (look.strength == Strength::Enough && look.known) break;
  }
  return look;
}

Look look_at(const Situation& now, const Member& member) noexcept {
  const EndpointId* endpoint = member.endpoint();
  return endpoint != nullptr ? look_at(now, *endpoint) : look_at(now, *member.pool());
}

}  // namespace

void rest_on_all(const Situation& now, const Member& member, Steadiness& steadiness) noexcept {
  if (const EndpointId* endpoint = member.endpoint()) {
    for (const Face& face : now.faces(*endpoint)) {
      steadiness.rest_on(*endpoint, face, now.standing(face));
    }
    return;
  }
  // As far as it spills: who comes or goes there makes it stronger or weaker.
  for (std::optional<PoolId> id = *member.pool(); id; id = now.plan[*id].then) {
    const Pool& pool = now.plan[*id];
    const Census census = count_members(now, pool);
    if (id == *member.pool() && census.present == 0) return;  // it does not spill
    rest_on_all(now, pool, steadiness);
    if (census.is_enough(pool)) return;
  }
}

void rest_on_all(const Situation& now, const Pool& pool, Steadiness& steadiness) noexcept {
  for (const Member& member : pool.members) rest_on_all(now, member, steadiness);
}

Strength strength_of(const Situation& now, const Member& member) noexcept {
  return look_at(now, member).strength;
}

Census count_members(const Situation& now, const Pool& pool) noexcept {
  Census census;
  for (const Member& member : pool.members) {
    const Look look = look_at(now, member);
    if (look.present) ++census.present;
    if (look.strength == Strength::None) continue;
    ++census.some;
    if (look.strength == Strength::Enough) ++census.healthy;
    if (!look.known) ++census.unchecked;
  }
  return census;
}

std::optional<PoolId> serving_pool(const Situation& now, PoolId first,
                                   Steadiness& steadiness) noexcept {
  std::optional<PoolId> with_some;
  for (std::optional<PoolId> id = first; id; id = now.plan[*id].then) {
    const Pool& pool = now.plan[*id];
    const Census census = count_members(now, pool);
    if (census.is_enough(pool)) {
      // Whoever keeps the pool above min_healthy matters, though it may not be picked.
      if (pool.min_healthy > 1) rest_on_all(now, pool, steadiness);
      return id;
    }
    rest_on_all(now, pool, steadiness);
    if (census.some > 0 && !with_some) with_some = id;
  }
  return with_some;
}

}  // namespace steering
