#include "server/answer/tailor.h"

#include <algorithm>
#include <array>

#include "server/answer/redirect.h"
#include "zones/lookup.h"

namespace answer {
namespace {

using dnswire::Family;
using dnswire::NameView;
using dnswire::RrType;
using dnswire::Ttl;
using zones::Finding;

// One family of a name that stands for another, on its way to where addresses are.
class Chase {
 public:
  Chase(const Snapshot& snapshot, Family family, const dnswire::IpAddress& client,
        steering::Workspace& workspace, Response& response) noexcept
      : snapshot_(snapshot),
        family_(family),
        client_(client),
        workspace_(workspace),
        response_(response) {
    tailored_.ttl = dnswire::kMaxTtl;
  }

  [[nodiscard]] Tailored run(zones::DynamicId record) {
    const steering::Target* const target = decide(record);
    if (target == nullptr) return tailored_;
    if (target->as == steering::Target::As::Cname) {
      tailored_.cname = target;
      return tailored_;
    }
    for (std::optional<NameView> name = target->name; name;) name = visit(*name);
    return tailored_;
  }

 private:
  // Takes a decision over; returns the name that it leaves the answer to, or null.
  const steering::Target* decide(zones::DynamicId record) {
    const steering::Decision decision = steering::decide(
        *snapshot_.plan, *snapshot_.atlas, *snapshot_.board, record, family_, client_, workspace_);
    limit(decision.ttl);
    // The longer one: clients that share so many bits meet the same decisions all the way, so that
    // scopes do not overlap (RFC 7871 7.2.1).
    tailored_.depth = std::max(tailored_.depth, decision.scope);
    tailored_.last_resort = tailored_.last_resort || decision.last_resort;
    if (decision.servfail) tailored_.failure = "no endpoint is healthy";
    tailored_.addresses = decision.addresses;
    return decision.target;
  }

  void limit(Ttl ttl) noexcept { tailored_.ttl = std::min(tailored_.ttl, ttl); }

  std::optional<NameView> fail(std::string_view why) noexcept {
    tailored_.failure = why;
    return std::nullopt;
  }

  // Takes over what one name has to say; returns the name to go on with, if it is an alias. A CNAME
  // behind an ALIAS is followed like any other.
  std::optional<NameView> visit(NameView name) {
    const auto end = visited_.begin() + static_cast<std::ptrdiff_t>(count_);
    if (std::find(visited_.begin(), end, name) != end) return fail("the aliases form a loop");
    if (count_ == visited_.size()) return fail("over 8 aliases");
    visited_[count_++] = name;

    const zones::Zone* const zone = snapshot_.zones->find(name);
    if (zone == nullptr) return take_from_outside(name);
    const RrType type = family_ == Family::V6 ? RrType::AAAA : RrType::A;
    const Finding finding = zones::lookup(*zone, name, type);
    switch (finding.kind) {
      case Finding::Kind::Match:
        limit(finding.rrset.ttl());
        tailored_.rrset = finding.rrset;
        return std::nullopt;
      case Finding::Kind::Dynamic: {
        const steering::Target* const target = decide(*zone->dynamic(finding.node));
        return target == nullptr ? std::nullopt : std::optional<NameView>(target->name);
      }
      case Finding::Kind::Alias:
        limit(finding.rrset.ttl());
        return target_of(finding.rrset);
      case Finding::Kind::Redirect:
        limit(finding.rrset.ttl());
        if (const auto alias = redirect(response_, *zone, name, finding)) return target_of(*alias);
        return fail("a DNAME makes the alias too long");
      case Finding::Kind::Referral:
        return take_from_outside(name);
      case Finding::Kind::NoData:
      case Finding::Kind::NoSuchName:  // it is the target that is not there; our name is
        limit(zone->negative_ttl());
        return std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<NameView> take_from_outside(NameView name) noexcept {
    const auto known = snapshot_.aliases->find(name, family_);
    if (!known) return fail("alias target not resolved yet");
    limit(known->ttl);
    tailored_.addresses = known->addresses;
    return std::nullopt;
  }

  const Snapshot& snapshot_;
  const Family family_;
  const dnswire::IpAddress& client_;
  steering::Workspace& workspace_;
  Response& response_;
  Tailored tailored_;
  std::array<NameView, kMaxAliases> visited_;
  std::size_t count_ = 0;
};

}  // namespace

Tailored tailor(const Snapshot& snapshot, zones::DynamicId record, Family family,
                const dnswire::IpAddress& client, steering::Workspace& workspace,
                Response& response) {
  return Chase(snapshot, family, client, workspace, response).run(record);
}

}  // namespace answer
