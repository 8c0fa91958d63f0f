#include "server/steering/reach.h"

#include <algorithm>

namespace steering {
namespace {

class Collector {
 public:
  explicit Collector(const Plan& plan) : plan_(plan), seen_(plan.pools.size()) {}

  void visit(PoolId id) {
    const auto index = static_cast<std::size_t>(id);
    if (seen_[index]) return;
    seen_[index] = true;
    const Pool& pool = plan_[id];
    for (const Member& member : pool.members) {
      if (const PoolId* below = member.pool()) {
        visit(*below);
      } else {
        visit(plan_[*member.endpoint()]);
      }
    }
    if (pool.then) visit(*pool.then);
  }

  std::vector<health::SubjectId> finish() {
    std::ranges::sort(subjects_);
    subjects_.erase(std::unique(subjects_.begin(), subjects_.end()), subjects_.end());
    return std::move(subjects_);
  }

 private:
  void visit(const Endpoint& endpoint) {
    for (const auto& faces : endpoint.faces) {
      for (const Face& face : faces) subjects_.push_back(face.subject);
    }
  }

  const Plan& plan_;
  std::vector<bool> seen_;
  std::vector<health::SubjectId> subjects_;
};

}  // namespace

std::vector<health::SubjectId> find_subjects(const Plan& plan, const DynamicRecord& record) {
  Collector collector(plan);
  for (const Rule& rule : record.rules) collector.visit(rule.pool);
  for (const Fixed* fixed : {&record.fallback, &record.until_checked}) {
    if (fixed->pool) collector.visit(*fixed->pool);
  }
  return collector.finish();
}

}  // namespace steering
