#include "server/admin/explain.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "dnswire/rdata.h"
#include "server/admin/location_text.h"
#include "server/answer/response.h"
#include "server/answer/vantage.h"
#include "server/logging/log.h"
#include "server/steering/decide.h"
#include "server/steering/select.h"
#include "server/steering/trace.h"
#include "zones/lookup.h"

namespace admin {
namespace {

using dnswire::Family;
using dnswire::Name;
using dnswire::NameView;
using dnswire::RrType;
using steering::Trace;
using zones::Finding;
using zones::Zone;

constexpr std::size_t kLabelWidth = 10;

std::string line(std::string_view label, const std::string& text) {
  std::string result(label);
  result.resize(std::max(kLabelWidth, result.size() + 1), ' ');
  return result + text + "\n";
}

std::string padded(std::string text, std::size_t width) {
  // Width counts letters, not octets: names may be UTF-8.
  const auto letters = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
  if (letters < width) text.append(width - letters, ' ');
  return text;
}

std::string seconds_text(dnswire::Ttl ttl) { return std::to_string(ttl.count()) + "s"; }

// A query that carries the client as a subnet, so that scope comes out as a resolver would see it.
dnswire::Query query_of(const ExplainRequest& request) {
  dnswire::Query query;
  query.question = {request.name, request.type, dnswire::RrClass::IN};
  query.edns.emplace();
  const auto source = static_cast<std::uint8_t>(request.client.bits());
  query.edns->client_subnet = dnswire::ClientSubnet{false, request.client, source, 0};
  return query;
}

class Explainer {
 public:
  Explainer(const ExplainRequest& request, const answer::Snapshot& snapshot,
            const HealthWords& words)
      : request_(request), snapshot_(snapshot), words_(words) {}

  std::string explain() {
    text_ = request_.name.to_text() + " " + to_text(request_.type) + " for client " +
            request_.client.to_text() + "\n\n";
    if (snapshot_.zones->find(request_.name) == nullptr) {
      text_ += line("answer", "REFUSED: no zone of this server holds the name");
      return std::move(text_);
    }
    std::optional<Name> name = request_.name;
    std::vector<Name> visited;
    for (std::size_t hop = 0; name; ++hop) {
      const Zone* zone = snapshot_.zones->find(*name);
      if (zone == nullptr) {
        text_ += line("", "of which other servers know: the answer ends with the alias");
        break;
      }
      if (std::count(visited.begin(), visited.end(), *name) > 0) {
        text_ +=
            line("", name->to_text() + " again: the aliases form a loop, the answer ends here");
        break;
      }
      visited.push_back(*name);
      show_zone(*zone);
      const Finding finding = zones::lookup(*zone, *name, request_.type);
      explain_finding(*zone, finding);
      name = next_name(*zone, *name, finding);
      if (name && hop == answer::kMaxAliases) {
        text_ += line("", "over 8 aliases: the answer ends before this one, the resolver goes on");
        break;
      }
    }
    return std::move(text_);
  }

 private:
  // Once for names of the same zone in a row.
  void show_zone(const Zone& zone) {
    if (&zone == shown_zone_) return;
    shown_zone_ = &zone;
    text_ += line("zone", zone.origin().to_text() + " serial " + std::to_string(zone.serial()));
  }

  // Where an alias leads; absent for all else, and for names that would be too long.
  static std::optional<Name> next_name(const Zone& zone, const Name& name, const Finding& finding) {
    if (finding.kind == Finding::Kind::Alias) {
      return Name(NameView::trusted(*finding.rrset.begin()));
    }
    if (finding.kind != Finding::Kind::Redirect) return std::nullopt;
    const dnswire::Bytes front = name.view().wire();
    const dnswire::Bytes target = *finding.rrset.begin();
    std::vector<std::uint8_t> wire(front.begin(), front.end());
    wire.resize(front.size() - zone.name(finding.node).size());
    wire.insert(wire.end(), target.begin(), target.end());
    const auto whole = NameView::parse(wire);
    return whole ? std::optional<Name>(*whole) : std::nullopt;
  }

  void explain_finding(const Zone& zone, const Finding& finding) {
    std::string name = zone.name(finding.node).to_text();
    if (finding.synthesized) name += " (the wildcard that covers it)";
    switch (finding.kind) {
      case Finding::Kind::Dynamic:
        text_ += line("name", name + ", dynamic");
        return explain_dynamic(zone, finding);
      case Finding::Kind::Match:
        text_ += line("name", name + ", static: health and place play no part");
        return explain_records("answer", finding.rrset);
      case Finding::Kind::Alias:
        text_ += line("name", name + ", " + alias_text("an alias of ", finding.rrset));
        return;
      case Finding::Kind::Redirect:
        text_ += line("name", name + ", " + alias_text("what is below it goes to ", finding.rrset));
        return;
      case Finding::Kind::Referral:
        text_ += line("name", name + ", delegated to other name servers");
        return explain_records("referral", finding.rrset);
      case Finding::Kind::NoData:
        text_ += line("name", name + ", exists");
        text_ += line("answer", "NODATA: the name has no " + to_text(request_.type) + " record");
        return;
      case Finding::Kind::NoSuchName:
        text_ += line("answer", "NXDOMAIN: the zone has no such name and no wildcard covers it");
        return;
    }
  }

  // "an alias of www.example.org. (CNAME, 60s)"
  static std::string alias_text(const char* what, const zones::RrSet& rrset) {
    return what + rdata_to_text(rrset.type(), *rrset.begin()) + " (" + to_text(rrset.type()) +
           ", " + seconds_text(rrset.ttl()) + ")";
  }

  void explain_records(std::string_view label, const zones::RrSet& rrset) {
    for (const dnswire::Bytes rdata : rrset) {
      text_ += line(label, to_text(rrset.type()) + " " + rdata_to_text(rrset.type(), rdata));
      label = "";
    }
    text_ += line("ttl", seconds_text(rrset.ttl()) + ": as written");
    text_ += line("scope", "/0: every client gets the same");
  }

  void explain_dynamic(const Zone& zone, const Finding& finding) {
    // Decided for the whole address, as for a host that asks for itself; the scope is the one that
    // a resolver sees that sends the client's subnet.
    const bool placeless = answer::is_placeless(request_.client);
    const steering::Client client{request_.client.unwrapped(), false, placeless};
    const answer::Vantage vantage(request_.client, query_of(request_));
    const zones::DynamicId id = *zone.dynamic(finding.node);
    steering::Workspace workspace(std::random_device{}());
    Family family = request_.type == RrType::AAAA ? Family::V6 : Family::V4;
    Trace trace;
    auto decision = decide(id, family, client, workspace, trace);
    if (request_.type == RrType::ANY && decision.addresses.empty()) {
      Trace other;
      const auto six = decide(id, Family::V6, client, workspace, other);
      if (answers_any(six, decision)) {
        family = Family::V6;
        trace = std::move(other);
        decision = six;
      }
    }
    const steering::DynamicRecord& record = (*snapshot_.plan)[id];
    explain_client(client, trace);
    explain_rule(record, trace);
    explain_pools(family, trace);
    explain_decision(zone, family, decision, trace, vantage);
    explain_failover(record, family, decision, trace);
  }

  // Where IPv4 has no addresses: whether ANY is answered by what is decided for IPv6.
  static bool answers_any(const steering::Decision& six, const steering::Decision& four) {
    if (!six.addresses.empty()) return true;
    if (six.servfail != four.servfail) return six.servfail;
    return six.ttl < four.ttl;  // both deny: no longer than either holds
  }

  steering::Decision decide(zones::DynamicId id, Family family, const steering::Client& client,
                            steering::Workspace& workspace, Trace& trace) const {
    return steering::decide(*snapshot_.plan, id, family, client, *snapshot_.map, *snapshot_.board,
                            workspace, &trace);
  }

  void explain_client(const steering::Client& client, const Trace& trace) {
    const bool known = trace.location->country || trace.location->coordinates;
    std::string where = known ? "in " + location_text(*trace.location) : "place unknown";
    if (snapshot_.map->databases().empty()) where += " (no geo database is loaded)";
    if (client.is_placeless) {
      text_ += line("client", client.address.to_text() + " is private or reserved, place unknown");
      text_ += line("", "sent as a client subnet it would say nothing: the resolver's own address");
      text_ += line("", "would decide, rules for networks included (RFC 7871 11.1)");
      return;
    }
    where += ", by its first " + std::to_string(trace.location_depth) + " bits";
    text_ += line("client", client.address.to_text() + " " + where);
  }

  void explain_rule(const steering::DynamicRecord& record, const Trace& trace) {
    const steering::Rule& rule = record.rules[trace.rule];
    text_ +=
        line("rule", std::to_string(trace.rule + 1) + " of " + std::to_string(record.rules.size()) +
                         ": " + rule.text + " → pool " + (*snapshot_.plan)[rule.pool].name);
  }

  void explain_pools(Family family, const Trace& trace) {
    bool said = trace.instead.empty();
    for (const Trace::VisitedPool& pool : trace.pools) {
      if (!said && pool.stands_in) {
        text_ += line("instead", trace.instead);
        said = true;
      }
      explain_pool(family, pool, trace.instead.empty());
    }
    if (!said) text_ += line("instead", trace.instead);
  }

  std::string pool_head(const Trace::VisitedPool& visited, bool by_health) const {
    const steering::Pool& pool = (*snapshot_.plan)[visited.pool];
    const bool nobody = std::none_of(visited.members.begin(), visited.members.end(),
                                     [](const Trace::Member& member) { return member.address; });
    if (nobody) return pool.name + ", no member has an address of this family";
    std::string head = pool.name + ", pick " + std::string(to_text(pool.pick)) + ": " +
                       std::to_string(visited.healthy) + " healthy";
    if (visited.stands_in) return head;
    head += ", needs " + std::to_string(pool.min_healthy);
    if (visited.healthy >= pool.min_healthy) return head;
    if (visited.serves) {
      if (by_health) head += "; no pool behind it has enough, so it serves";
    } else if (pool.then) {
      head += "; spills to " + (*snapshot_.plan)[*pool.then].name;
    }
    return head;
  }

  void explain_pool(Family family, const Trace::VisitedPool& visited, bool by_health) {
    const steering::Pool& pool = (*snapshot_.plan)[visited.pool];
    text_ += line("pool", pool_head(visited, by_health));
    const auto& group = pool.groups[static_cast<std::size_t>(family)];
    if (group && words_.origin_is_down && words_.origin_is_down(*group)) {
      text_ += line(
          "", "origin down: every member passes its edge checks and fails those of the origin");
    }
    Widths widths;
    for (const Trace::Member& member : visited.members) {
      widths.name = std::max(widths.name, (*snapshot_.plan)[member.endpoint].name.size());
      if (!member.address) continue;
      widths.address = std::max(widths.address, member.address->to_text().size());
      widths.standing = std::max(widths.standing, standing_text(member.standing).size());
    }
    for (const Trace::Member& member : visited.members) explain_member(member, pool, widths);
  }

  struct Widths {
    std::size_t name = 0;
    std::size_t address = 0;
    std::size_t standing = 10;  // "recovering", so that the column seldom moves
  };

  void explain_member(const Trace::Member& member, const steering::Pool& pool,
                      const Widths& widths) {
    const steering::Endpoint& endpoint = (*snapshot_.plan)[member.endpoint];
    std::string text = member.chosen ? "✓ " : "- ";
    text += padded(endpoint.name, widths.name + 2);
    if (!member.address) {
      text_ += line("", text + member.why);
      return;
    }
    text += padded(member.address->to_text(), widths.address + 2);
    text += padded(standing_text(member.standing), widths.standing + 2);
    if (pool.pick == steering::Pick::Nearest) {
      text += padded(
          member.distance ? std::to_string(std::lround(*member.distance)) + " km" : "? km", 10);
    }
    if (pool.pick == steering::Pick::Weighted) {
      text += padded("weight " + std::to_string(member.weight), 12);
    }
    const std::string notes = standing_notes(words_, member.subject, member.standing);
    text_ += line("", text + member.why + (notes.empty() ? "" : " (" + notes + ")"));
  }

  static std::string denial_text(const steering::Decision& decision, Family family) {
    const std::string which = family == Family::V6 ? "IPv6" : "IPv4";
    if (decision.last_resort) return "NODATA: all_down leaves no " + which + " address";
    if (decision.unchecked) return "NODATA: until_checked has no " + which + " address";
    return "NODATA: no member of the pool has an " + which + " address";
  }

  void explain_denial(const Zone& zone, Family family, const steering::Decision& decision,
                      const Trace& trace) {
    text_ += line("answer", denial_text(decision, family));
    const bool limited = decision.ttl < zone.negative_ttl();
    text_ += line("ttl", seconds_text(std::min(decision.ttl, zone.negative_ttl())) + ": " +
                             (limited ? trace.ttl_because : "the zone's negative TTL"));
    text_ += line("scope", "/0: denials are the same for every client");
  }

  void explain_decision(const Zone& zone, Family family, const steering::Decision& decision,
                        const Trace& trace, const answer::Vantage& vantage) {
    const std::string scope =
        "/" + std::to_string(vantage.scope(decision.scope)) + ": " + trace.scope_because;
    if (decision.servfail) {
      text_ += line("answer", "SERVFAIL: no endpoint is healthy");
      text_ += line("ttl", "none: resolvers remember a failure for 1 s to 5 min (RFC 9520)");
      text_ += line("scope", scope);
      return;
    }
    if (decision.addresses.empty()) return explain_denial(zone, family, decision, trace);
    std::string_view label = "answer";
    for (const dnswire::IpAddress& address : decision.addresses) {
      text_ += line(label, address.to_text());
      label = "";
    }
    text_ += line("ttl", seconds_text(decision.ttl) + ": " + trace.ttl_because);
    text_ += line("scope", scope);
  }

  // How soon the answer follows a death: a bound, and who is not held to it.
  void explain_failover(const steering::DynamicRecord& record, Family family,
                        const steering::Decision& decision, const Trace& trace) {
    if (decision.addresses.empty()) return;
    if (!trace.heeds_health) {
      const char* const until = decision.unchecked ? "checks have results" : "somebody is healthy";
      text_ += line("failover", std::string("none: this answer stays until ") + until);
      return;
    }
    const Leaving leaving = leaving_of(trace);
    if (leaving.slowest.empty()) {
      text_ += line("failover", "none: " + leaving.stays);
      return;
    }
    text_ += line("failover", "an endpoint that dies leaves the answers within " +
                                  bound_text(leaving.longest) + " (" + leaving.slowest +
                                  "), caches within " + seconds_text(decision.ttl) + " more" +
                                  (leaving.stays.empty() ? "" : "; " + leaving.stays));
    if (!decision.last_resort && count_healthy(record.rules[trace.rule].pool, family) == 1) {
      text_ +=
          line("", "nobody else is healthy: all_down: " + std::string(to_text(record.all_down)) +
                       " would speak then");
    }
  }

  // How those that are in the answer leave it.
  struct Leaving {
    health::Duration longest{0};
    std::string slowest;  // "virginia: web"; empty: nobody leaves
    std::string stays;    // who does not, and why
  };

  Leaving leaving_of(const Trace& trace) const {
    Leaving leaving;
    for (const Trace::VisitedPool& pool : trace.pools) {
      for (const Trace::Member& member : pool.members) {
        if (!member.chosen) continue;
        const std::string& name = (*snapshot_.plan)[member.endpoint].name;
        const auto bound = words_.bound ? words_.bound(member.subject) : std::nullopt;
        const std::string why = why_it_stays(member.standing, bound.has_value());
        if (!why.empty()) {
          leaving.stays += (leaving.stays.empty() ? "" : "; ") + name + " stays, " + why;
        } else if (leaving.slowest.empty() || bound->time > leaving.longest) {
          leaving.longest = bound->time;
          leaving.slowest = name + ": " + bound->checks;
        }
      }
    }
    return leaving;
  }

  // Empty: it leaves when it dies.
  static std::string why_it_stays(const health::Standing& standing, bool has_check) {
    if (standing.force == health::Force::Up) return "an override forces it up";
    if (standing.held) return "its results do not count while this node seems cut off";
    return has_check ? "" : "no check judges it";
  }

  // Along `then`, of those that an answer could go on with.
  std::size_t count_healthy(steering::PoolId first, Family family) const {
    const steering::Plan& plan = *snapshot_.plan;
    const steering::Situation now{plan, *snapshot_.board, family, {}};
    std::size_t healthy = 0;
    for (std::optional<steering::PoolId> id = first; id; id = plan[*id].then) {
      healthy += steering::count_members(now, plan[*id]).healthy;
    }
    return healthy;
  }

  const ExplainRequest& request_;
  const answer::Snapshot& snapshot_;
  const HealthWords& words_;
  const Zone* shown_zone_ = nullptr;
  std::string text_;
};

}  // namespace

tl::expected<ExplainRequest, std::string> parse_explain_request(std::string_view name,
                                                                std::string_view type,
                                                                std::string_view client) {
  const auto refuse = [](std::string_view what, std::string_view text, dnswire::Error error) {
    return tl::unexpected<std::string>("`" + logging::escape(text) + "` is no " +
                                       std::string(what) + ": " + std::string(describe(error)));
  };
  auto parsed_name = dnswire::Name::from_text(name);
  if (!parsed_name) return refuse("domain name", name, parsed_name.error());
  const dnswire::Result<RrType> parsed_type =
      type.empty() ? RrType::A : dnswire::rr_type_from_text(type);
  if (!parsed_type) return refuse("record type", type, parsed_type.error());
  if (is_meta(*parsed_type) && *parsed_type != RrType::ANY) {
    return tl::unexpected(to_text(*parsed_type) + " is no type of records; nothing to explain");
  }
  const auto address = dnswire::IpAddress::from_text(client);
  if (!address) return refuse("client address", client, address.error());
  return ExplainRequest{std::move(*parsed_name), *parsed_type, *address};
}

std::string explain(const ExplainRequest& request, const answer::Snapshot& snapshot,
                    const HealthWords& words) {
  return Explainer(request, snapshot, words).explain();
}

}  // namespace admin
