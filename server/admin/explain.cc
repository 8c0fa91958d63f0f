#include "server/admin/explain.h"

#include <algorithm>
#include <random>
#include <utility>

#include "server/admin/answer_notes.h"
#include "server/admin/explain_decision.h"
#include "server/admin/location_text.h"
#include "server/answer/redirect.h"
#include "server/answer/tailor.h"
#include "server/answer/vantage.h"
#include "server/steering/decide.h"
#include "server/steering/trace.h"
#include "zones/lookup.h"

namespace admin {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Name;
using dnswire::NameView;
using dnswire::RrType;
using dnswire::Ttl;
using steering::Target;
using Kind = ExplainedStep::Kind;
using Status = ExplainedAnswer::Status;
using zones::Finding;
using zones::Zone;

// A query that carries the client as a subnet, so that scope comes out as a resolver would see it.
dnswire::Query query_of(const ExplainRequest& request, const IpAddress& client) {
  dnswire::Query query;
  query.question = {request.name, request.type, dnswire::RrClass::IN};
  query.edns.emplace();
  const auto source = static_cast<std::uint8_t>(client.bits());
  query.edns->client_subnet = dnswire::ClientSubnet{false, client, source, 0};
  return query;
}

// What all clients of a request share.
struct Scene {
  const ExplainRequest& request;
  const answer::Snapshot& snapshot;
  const HealthWords& words;
  const std::vector<bool>& assumed;
  std::uint64_t seed;  // for what draws
};

// One client's way to its answer: what answer::compose and answer::tailor do, written down.
class Walk {
 public:
  Walk(const Scene& scene, const IpAddress& address)
      : scene_(scene),
        snapshot_(scene.snapshot),
        type_(scene.request.type),
        vantage_(address, query_of(scene.request, address)),
        workspace_(scene.seed) {
    result_.address = address;
    client_ = address.unwrapped();
  }

  ExplainedClient run() {
    locate();
    if (find_zone(scene_.request.name) == nullptr) {
      answer_.refuse("no zone of this server holds the name");
      return finish();
    }
    for (std::optional<Name> name = scene_.request.name; name;) {
      name = behind_ ? visit_behind(*name) : visit(*name);
    }
    return finish();
  }

 private:
  ExplainedClient finish() {
    result_.answer = std::move(answer_).take();
    return std::move(result_);
  }

  void locate() {
    const geo::Map& map = *snapshot_.map;
    result_.has_databases = !map.databases().empty();
    result_.is_special = answer::is_placeless(client_);
    const geo::Placement place = map.locate(client_);
    result_.network = {client_.masked(place.depth), place.depth};
    if (result_.is_special) return;
    result_.location = *place.location;
    result_.source = source_text(result_.location, map.databases());
  }

  // As answer::compose does: DS of a zone's apex is kept by its parent (RFC 4035 3.1.4.1).
  const Zone* find_zone(NameView name) const {
    const Zone* zone = snapshot_.zones->find(name);
    if (zone == nullptr || type_ != RrType::DS || name.is_root() || zone->origin() != name) {
      return zone;
    }
    const Zone* parent = snapshot_.zones->find(name.parent());
    return parent != nullptr ? parent : zone;
  }

  ExplainedStep& add_step(Kind kind, const Name& name, const Zone* zone) {
    ExplainedStep& step = result_.steps.emplace_back();
    step.kind = kind;
    step.name = step.owner = name;
    if (zone != nullptr) {
      step.zone = Name(zone->origin());
      step.serial = zone->serial();
    }
    return step;
  }

  // The answer ends with the alias that was told last.
  void end_with_alias(const std::string& why) {
    const ExplainedStep& alias = result_.steps.rbegin()[1];
    const bool is_decided = alias.kind == Kind::Dynamic;
    answer_.end_with_alias(*alias.target, is_decided ? std::nullopt : alias.ttl, why);
  }

  std::optional<Name> visit(const Name& name) {
    const Zone* zone = find_zone(name);
    if (zone == nullptr) {
      add_step(Kind::Outside, name, nullptr);
      end_with_alias("other servers know the rest");
      return std::nullopt;
    }
    const Finding finding = zones::lookup(*zone, name, type_);
    const bool is_alias =
        finding.kind == Finding::Kind::Alias || finding.kind == Finding::Kind::Redirect;
    if (std::ranges::find(told_, name) != told_.end()) {
      add_step(Kind::Loop, name, zone);
      end_with_alias("the aliases form a loop");
      return std::nullopt;
    }
    if (is_alias && told_.size() == answer::kMaxAliases) {
      add_step(Kind::TooMany, name, zone);
      end_with_alias("over 8 aliases, the resolver goes on");
      return std::nullopt;
    }
    answer_.begin(*zone);
    return take(name, *zone, finding);
  }

  std::optional<Name> take(const Name& name, const Zone& zone, const Finding& finding) {
    ExplainedStep& step = add_step(Kind::Static, name, &zone);
    step.owner = Name(zone.name(finding.node));
    step.wildcard = finding.synthesized;
    switch (finding.kind) {
      case Finding::Kind::Match:
        return take_static(Status::Records, finding.rrset);
      case Finding::Kind::Referral:
        step.kind = Kind::Referral;
        return take_static(Status::Referral, finding.rrset);
      case Finding::Kind::Alias:
      case Finding::Kind::Redirect:
        told_.push_back(name);
        return follow(step, zone, finding);
      case Finding::Kind::Dynamic:
        return take_dynamic(step, zone, finding);
      case Finding::Kind::NoData:
        step.kind = Kind::NoData;
        answer_.deny("the name has no " + to_text(type_) + " record");
        return std::nullopt;
      case Finding::Kind::NoSuchName:
        step.kind = Kind::NoSuchName;
        answer_.deny_name("the zone has no such name and no wildcard covers it");
        return std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<Name> take_static(Status status, const zones::RrSet& rrset) {
    answer_.end_as_written(status, rrset);
    return std::nullopt;
  }

  // A CNAME or DNAME, told or behind an ALIAS.
  std::optional<Name> follow(ExplainedStep& step, const Zone& zone, const Finding& finding) {
    step.ttl = finding.rrset.ttl();
    if (finding.kind == Finding::Kind::Alias) {
      step.kind = Kind::Cname;
      step.target = Name(answer::target_of(finding.rrset));
      return step.target;
    }
    step.kind = Kind::Dname;
    step.target = Name(NameView::trusted(*finding.rrset.begin()));
    answer::Response room;
    const auto alias = answer::redirect(room, zone, step.name, finding);
    if (!alias) {
      answer_.fail("a DNAME makes the alias too long");
      return std::nullopt;
    }
    const Name target(answer::target_of(*alias));
    if (behind_ || type_ != RrType::CNAME) return target;
    answer_.end_with_alias(target, step.ttl);  // the alias that was made is what was asked for
    return std::nullopt;
  }

  std::optional<Name> take_dynamic(ExplainedStep& step, const Zone& zone, const Finding& finding) {
    const zones::DynamicId record = *zone.dynamic(finding.node);
    const Family family = family_for(record);
    const steering::Decision decision = decide(record, family, step);
    const Target* target = decision.target;
    if (target == nullptr) {
      take_decision(decision, family);
      return std::nullopt;
    }
    if (target->as == Target::As::Addresses) {
      behind_ = family;
      return target->name;
    }
    answer_.tell_not_everybody();
    told_.push_back(step.name);
    step.ttl = decision.ttl;
    if (type_ != RrType::ANY) return target->name;
    answer_.end_with_alias(target->name, std::nullopt);
    return std::nullopt;
  }

  // That of the type; where ANY is asked for, the one that answers (RFC 8482 4.1).
  Family family_for(zones::DynamicId record) {
    if (type_ != RrType::ANY) return type_ == RrType::AAAA ? Family::V6 : Family::V4;
    answer::Response room;
    steering::Workspace workspace(scene_.seed);
    const auto tailor = [&](Family family) {
      return answer::tailor(snapshot_, record, family, client_, workspace, room);
    };
    const auto answers = [](const answer::Tailored& tailored) {
      return tailored.failure.empty() && (tailored.cname != nullptr || tailored.has_addresses());
    };
    const answer::Tailored four = tailor(Family::V4);
    if (answers(four)) return Family::V4;
    const answer::Tailored six = tailor(Family::V6);
    const bool denies_for_less = six.failure.empty() == four.failure.empty() && six.ttl < four.ttl;
    const bool fails_alone = !six.failure.empty() && four.failure.empty();
    return answers(six) || fails_alone || denies_for_less ? Family::V6 : Family::V4;
  }

  steering::Decision decide(zones::DynamicId record, Family family, ExplainedStep& step) {
    steering::Trace trace;
    trace.location = result_.is_special ? geo::Location() : result_.location;
    const auto decision = steering::decide(*snapshot_.plan, *snapshot_.atlas, *snapshot_.board,
                                           record, family, client_, workspace_, &trace);
    if ((*snapshot_.plan)[record].alias) {
      step.kind = Kind::Alias;
      step.ttl = decision.ttl;
      answer_.limit(decision.ttl, "the ALIAS record's");
    } else {
      step.kind = Kind::Dynamic;
      step.decision = explain_decision({record, family, client_, decision, trace}, snapshot_,
                                       scene_.words, scene_.assumed);
      answer_.limit(decision.ttl, trace.ttl_because);
      answer_.rest_on(decision.scope, trace.scope_because);
    }
    if (decision.target != nullptr) step.target = decision.target->name;
    return decision;
  }

  void take_decision(const steering::Decision& decision, Family family) {
    if (decision.servfail) return answer_.fail("no endpoint is healthy");
    if (decision.addresses.empty()) {
      const std::string which = family == Family::V6 ? "IPv6" : "IPv4";
      if (decision.last_resort) return answer_.deny("all_down leaves no " + which + " address");
      if (decision.unchecked) return answer_.deny("until_checked has no " + which + " address");
      return answer_.deny("no member of the pool has an " + which + " address");
    }
    answer_.end_with(decision.addresses);
  }

  // Behind an ALIAS, whose answer hides the names on the way.
  std::optional<Name> visit_behind(const Name& name) {
    const Zone* zone = snapshot_.zones->find(name);
    if (std::ranges::find(hidden_, name) != hidden_.end()) {
      add_step(Kind::Loop, name, zone);
      answer_.fail("the aliases form a loop");
      return std::nullopt;
    }
    if (hidden_.size() == answer::kMaxAliases) {
      add_step(Kind::TooMany, name, zone);
      answer_.fail("over 8 aliases");
      return std::nullopt;
    }
    hidden_.push_back(name);
    if (zone == nullptr) return take_from_outside(name);
    const RrType type = *behind_ == Family::V6 ? RrType::AAAA : RrType::A;
    const Finding finding = zones::lookup(*zone, name, type);
    if (finding.kind == Finding::Kind::Referral) return take_from_outside(name);
    return take_behind(name, *zone, finding, type);
  }

  std::optional<Name> take_behind(const Name& name, const Zone& zone, const Finding& finding,
                                  RrType type) {
    ExplainedStep& step = add_step(Kind::Static, name, &zone);
    step.owner = Name(zone.name(finding.node));
    step.wildcard = finding.synthesized;
    if (finding.kind == Finding::Kind::Dynamic) {
      const auto decision = decide(*zone.dynamic(finding.node), *behind_, step);
      if (decision.target != nullptr) return decision.target->name;
      take_decision(decision, *behind_);
      return std::nullopt;
    }
    if (finding.kind == Finding::Kind::NoData || finding.kind == Finding::Kind::NoSuchName) {
      const bool is_there = finding.kind == Finding::Kind::NoData;
      step.kind = is_there ? Kind::NoData : Kind::NoSuchName;
      answer_.limit(zone.negative_ttl(), "the negative TTL of the target's zone");
      answer_.deny("the target of the ALIAS " + (is_there ? "has no " + to_text(type) + " record"
                                                          : std::string("does not exist")));
      return std::nullopt;
    }
    answer_.limit(finding.rrset.ttl(), name.to_text() + " as written");
    if (finding.kind != Finding::Kind::Match) return follow(step, zone, finding);
    answer_.end_with(finding.rrset);
    return std::nullopt;
  }

  std::optional<Name> take_from_outside(const Name& name) {
    ExplainedStep& step = add_step(Kind::Outside, name, nullptr);
    const auto known = snapshot_.aliases->find(name, *behind_);
    if (!known) {
      step.note = "not resolved yet";
      answer_.fail("alias target not resolved yet");
      return std::nullopt;
    }
    step.ttl = known->ttl;
    answer_.limit(known->ttl, "as other servers have " + name.to_text());
    if (known->addresses.empty()) {
      step.note = "has no such address";
      answer_.deny("the target of the ALIAS has no such address");
      return std::nullopt;
    }
    step.note = "its addresses are known";
    answer_.end_with(known->addresses);
    return std::nullopt;
  }

  const Scene& scene_;
  const answer::Snapshot& snapshot_;
  const RrType type_;
  const answer::Vantage vantage_;
  IpAddress client_;
  steering::Workspace workspace_;
  ExplainedClient result_;
  AnswerNotes answer_{vantage_};

  std::vector<Name> told_;        // aliases that the answer holds
  std::optional<Family> behind_;  // an ALIAS
  std::vector<Name> hidden_;      // names behind it
};

}  // namespace

tl::expected<Explanation, std::string> explain(const ExplainRequest& request,
                                               const answer::Snapshot& snapshot,
                                               const HealthWords& words) {
  const auto assumed = assume(request.assumptions, *snapshot.plan, snapshot.board);
  if (!assumed) return tl::unexpected(assumed.error());
  answer::Snapshot as_assumed = snapshot;
  as_assumed.board = assumed->board;
  Explanation explanation;
  explanation.name = request.name;
  explanation.type = request.type;
  for (const Assumption& one : request.assumptions) explanation.assumed.push_back(one.text());
  const Scene scene{request, as_assumed, words, assumed->assumed, std::random_device{}()};
  for (const IpAddress& client : request.clients) {
    explanation.clients.push_back(Walk(scene, client).run());
  }
  return explanation;
}

}  // namespace admin
