#include "server/steering/course.h"

#include <algorithm>

namespace steering {
namespace {

// From pool to pool along `then`; no pool: nobody is healthy. `census` is that of the first.
Course spill(const Situation& now, PoolId first, Census census) noexcept {
  Course course;
  for (std::optional<PoolId> id = first; id; id = now.plan[*id].then) {
    const Pool& pool = now.plan[*id];
    if (*id != first) census = count_members(now, pool);
    if (census.healthy > 0 && census.healthy >= pool.min_healthy) {
      // Whoever keeps the pool above min_healthy matters, though it may not be picked.
      if (pool.then && pool.min_healthy > 1) rest_on_all(now, pool, course.rests);
      course.pool = id;
      course.present = census.present;
      return course;
    }
    rest_on_all(now, pool, course.rests);
    // Too few, yet some: serves if no pool behind it has enough.
    if (census.healthy > 0 && !course.pool) {
      course.pool = id;
      course.present = census.present;
    }
  }
  return course;
}

// Nobody along `then` is known to be up, and somebody waits for a verdict.
bool is_unchecked(const Situation& now, PoolId first) noexcept {
  bool somebody_waits = false;
  for (std::optional<PoolId> id = first; id; id = now.plan[*id].then) {
    const Census census = count_members(now, now.plan[*id]);
    if (census.healthy > census.unchecked) return false;
    somebody_waits = somebody_waits || census.unchecked > 0;
  }
  return somebody_waits;
}

void take_pool(const Situation& now, PoolId id, const Eligible& eligible, Course& course) noexcept {
  course.pool = id;
  course.present = count_members(now, now.plan[id]).present;
  course.eligible = eligible;
}

void take_fallback(const Situation& now, const Fixed& fallback, Course& course) noexcept {
  course.fixed = fallback.addresses;
  if (!fallback.pool) return;
  const Pool& pool = now.plan[*fallback.pool];
  if (count_members(now, pool).healthy > 0) {
    return take_pool(now, *fallback.pool, Eligible{}, course);
  }
  rest_on_all(now, pool, course.rests);
  take_pool(now, *fallback.pool, as_if_up(now, pool), course);
}

void take_last_resort(const Situation& now, const DynamicRecord& record, PoolId first,
                      Course& course) noexcept {
  course.by = Course::By::LastResort;
  switch (record.all_down) {
    case AllDown::All:
      return take_pool(now, first, as_if_up(now, now.plan[first]), course);
    case AllDown::LastHealthy:
      return take_pool(now, first, last_healthy(now, now.plan[first]), course);
    case AllDown::Fallback:
      return take_fallback(now, record.fallback, course);
    case AllDown::NoData:
      return;
    case AllDown::ServFail:
      course.servfail = true;
      return;
  }
}

Course take_until_checked(const Situation& now, const Fixed& fixed, PoolId first) noexcept {
  Course course;
  course.by = Course::By::UntilChecked;
  for (std::optional<PoolId> id = first; id; id = now.plan[*id].then) {
    rest_on_all(now, now.plan[*id], course.rests);
  }
  course.fixed = fixed.addresses;
  if (fixed.pool) take_pool(now, *fixed.pool, as_if_up(now, now.plan[*fixed.pool]), course);
  return course;
}

}  // namespace

Course find_course(const Situation& now, const DynamicRecord& record, PoolId first) noexcept {
  const Census census = count_members(now, now.plan[first]);
  if (census.present == 0) {
    Course course;
    course.by = Course::By::NoFamily;
    return course;
  }
  if (!record.until_checked.empty() && is_unchecked(now, first)) {
    return take_until_checked(now, record.until_checked, first);
  }
  Course course = spill(now, first, census);
  if (!course.pool) take_last_resort(now, record, first, course);
  return course;
}

}  // namespace steering
