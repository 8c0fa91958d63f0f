#include "server/steering/course.h"

#include "server/steering/faces.h"

namespace steering {
namespace {

// Nobody along `then` is known to be up, and somebody waits for a verdict.
bool is_unchecked(const Situation& now, PoolId first) noexcept {
  bool somebody_waits = false;
  for (std::optional<PoolId> id = first; id; id = now.plan[*id].then) {
    const Census census = count_members(now, now.plan[*id]);
    if (census.some > census.unchecked) return false;
    somebody_waits = somebody_waits || census.unchecked > 0;
  }
  return somebody_waits;
}

void take_pool(PoolId id, const Eligible& eligible, Course& course) noexcept {
  course.pool = id;
  course.eligible = eligible;
}

void take_fixed(const Fixed& fixed, Course& course) noexcept {
  course.fixed = fixed.addresses;
  course.target = fixed.target ? &*fixed.target : nullptr;
}

void take_fallback(const Situation& now, const Fixed& fallback, Course& course) noexcept {
  take_fixed(fallback, course);
  if (!fallback.pool) return;
  const Pool& pool = now.plan[*fallback.pool];
  if (count_members(now, pool).some > 0) return take_pool(*fallback.pool, Eligible{}, course);
  rest_on_all(now, pool, course.rests);
  take_pool(*fallback.pool, as_if_up(now, pool), course);
}

void take_last_resort(const Situation& now, const DynamicRecord& record, PoolId first,
                      Course& course) noexcept {
  course.by = Course::By::LastResort;
  switch (record.all_down) {
    case AllDown::All:
      return take_pool(first, as_if_up(now, now.plan[first]), course);
    case AllDown::LastHealthy:
      return take_pool(first, last_healthy(now, now.plan[first]), course);
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
  take_fixed(fixed, course);
  if (fixed.pool) take_pool(*fixed.pool, as_if_up(now, now.plan[*fixed.pool]), course);
  return course;
}

}  // namespace

Course find_course(const Situation& now, const DynamicRecord& record, PoolId first) noexcept {
  Course course;
  if (!any_face(now, now.plan[first], [](EndpointId, const Face&) { return true; })) {
    course.by = Course::By::NoFamily;
    return course;
  }
  if (!record.until_checked.empty() && is_unchecked(now, first)) {
    return take_until_checked(now, record.until_checked, first);
  }
  course.pool = serving_pool(now, first, course.rests);
  if (!course.pool) take_last_resort(now, record, first, course);
  return course;
}

}  // namespace steering
