#include "server/aliases/outside_targets.h"

#include <memory>
#include <set>

#include "server/answer/redirect.h"
#include "zones/lookup.h"

namespace aliases {
namespace {

using dnswire::Name;
using dnswire::NameView;
using dnswire::RrType;
using steering::Target;
using zones::Finding;

// Calls `visit` for every other name that a record may answer with.
template <class Visit>
void for_each_target(const steering::DynamicRecord& record, const Visit& visit) {
  for (const std::optional<Target>* const target :
       {&record.alias, &record.fallback.target, &record.until_checked.target}) {
    if (*target) visit(**target);
  }
}

class Collector {
 public:
  Collector(const steering::Plan& plan, const zones::ZoneSet& zones) : plan_(plan), zones_(zones) {}

  std::vector<Name> collect() {
    for (const steering::DynamicRecord& record : plan_.records) {
      for_each_target(record, [this](const Target& target) {
        // Resolvers follow a CNAME by themselves.
        if (target.as == Target::As::Addresses) reach(target.name);
      });
    }
    while (!left_.empty()) {
      const Name name = std::move(left_.back());
      left_.pop_back();
      follow(name);
    }
    return {outside_.begin(), outside_.end()};
  }

 private:
  void reach(Name name) {
    if (reached_.insert(name).second) left_.push_back(std::move(name));
  }

  void follow(const Name& name) {
    const zones::Zone* const zone = zones_.find(name);
    if (zone == nullptr) {
      outside_.insert(name);
      return;
    }
    const Finding finding = zones::lookup(*zone, name, RrType::A);
    switch (finding.kind) {
      case Finding::Kind::Alias:
        return reach(Name(answer::target_of(finding.rrset)));
      case Finding::Kind::Redirect:
        room_->reset();
        if (const auto alias = answer::redirect(*room_, *zone, name, finding)) {
          reach(Name(answer::target_of(*alias)));
        }
        return;
      case Finding::Kind::Dynamic:
        return for_each_target(plan_[*zone->dynamic(finding.node)],
                               [this](const Target& target) { reach(target.name); });
      case Finding::Kind::Referral:
        outside_.insert(name);
        return;
      case Finding::Kind::Match:
      case Finding::Kind::NoData:
      case Finding::Kind::NoSuchName:
        return;
    }
  }

  const steering::Plan& plan_;
  const zones::ZoneSet& zones_;
  std::set<Name> reached_;
  std::vector<Name> left_;
  std::set<Name> outside_;
  const std::unique_ptr<answer::Response> room_ = std::make_unique<answer::Response>();
};

}  // namespace

std::vector<Name> outside_targets(const steering::Plan& plan, const zones::ZoneSet& zones) {
  return Collector(plan, zones).collect();
}

}  // namespace aliases
