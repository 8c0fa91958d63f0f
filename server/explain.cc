#include "server/explain.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "dnswire/rdata.h"
#include "server/answer/response.h"
#include "server/answer/vantage.h"
#include "server/location_text.h"
#include "server/log.h"
#include "server/steering/decide.h"
#include "server/steering/trace.h"
#include "zones/lookup.h"

namespace server {
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
            const VerdictText& verdict_text)
      : request_(request), snapshot_(snapshot), verdict_text_(verdict_text) {}

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
    const Family family = request_.type == RrType::AAAA ? Family::V6 : Family::V4;
    steering::Workspace workspace(std::random_device{}());
    Trace trace;
    const zones::DynamicId id = *zone.dynamic(finding.node);
    const auto decision = steering::decide(*snapshot_.plan, id, family, client, *snapshot_.map,
                                           *snapshot_.board, workspace, &trace);
    explain_client(client, trace);
    explain_rule((*snapshot_.plan)[id], trace);
    for (const Trace::VisitedPool& pool : trace.pools) explain_pool(pool, decision.last_resort);
    explain_decision(zone, family, decision, trace, vantage);
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

  void explain_pool(const Trace::VisitedPool& visited, bool last_resort) {
    const steering::Pool& pool = (*snapshot_.plan)[visited.pool];
    std::string head = pool.name + ", pick " + std::string(to_text(pool.pick)) + ": " +
                       std::to_string(visited.healthy) + " healthy, needs " +
                       std::to_string(pool.min_healthy);
    const bool nobody = std::none_of(visited.members.begin(), visited.members.end(),
                                     [](const Trace::Member& member) { return member.address; });
    if (nobody) {
      head = pool.name + ", no member has an address of this family";
    } else if (visited.serves && last_resort) {
      head += "; nobody is healthy, so all_down: all serves as if all were up";
    } else if (visited.serves && visited.healthy < pool.min_healthy) {
      head += "; no pool behind it has enough, so it serves";
    } else if (!visited.serves && visited.healthy < pool.min_healthy && pool.then) {
      head += "; spills to " + (*snapshot_.plan)[*pool.then].name;
    }
    text_ += line("pool", head);
    std::size_t name_width = 0;
    std::size_t address_width = 0;
    for (const Trace::Member& member : visited.members) {
      name_width = std::max(name_width, (*snapshot_.plan)[member.endpoint].name.size());
      if (member.address) {
        address_width = std::max(address_width, member.address->to_text().size());
      }
    }
    for (const Trace::Member& member : visited.members) {
      explain_member(member, pool, name_width, address_width);
    }
  }

  void explain_member(const Trace::Member& member, const steering::Pool& pool,
                      std::size_t name_width, std::size_t address_width) {
    const steering::Endpoint& endpoint = (*snapshot_.plan)[member.endpoint];
    std::string text = member.chosen ? "✓ " : "- ";
    text += padded(endpoint.name, name_width + 2);
    if (!member.address) {
      text_ += line("", text + member.why);
      return;
    }
    text += padded(member.address->to_text(), address_width + 2);
    text += padded(member.state ? std::string(to_text(*member.state)) : "unchecked", 12);
    if (pool.pick == steering::Pick::Nearest) {
      text += padded(
          member.distance ? std::to_string(std::lround(*member.distance)) + " km" : "? km", 10);
    }
    if (pool.pick == steering::Pick::Weighted) {
      text += padded("weight " + std::to_string(member.weight), 12);
    }
    text += member.why + verdict_of(member, endpoint);
    text_ += line("", text);
  }

  // What the latest probe said, where it explains that an endpoint is out or about to be.
  std::string verdict_of(const Trace::Member& member, const steering::Endpoint& endpoint) const {
    if (!member.state || *member.state == health::State::Up) return {};
    const auto& face = endpoint.face(member.address->family());
    const std::string text = verdict_text_(*face->target);
    return text.empty() ? "" : " (" + text + ")";
  }

  void explain_decision(const Zone& zone, Family family, const steering::Decision& decision,
                        const Trace& trace, const answer::Vantage& vantage) {
    if (decision.addresses.empty()) {
      text_ += line("answer", std::string("NODATA: no member of the pool has an ") +
                                  (family == Family::V6 ? "IPv6" : "IPv4") + " address");
      text_ += line("ttl", seconds_text(zone.negative_ttl()) + ": the zone's negative TTL");
      text_ += line("scope", "/0: denials are the same for every client");
      return;
    }
    std::string_view label = "answer";
    for (const dnswire::IpAddress& address : decision.addresses) {
      text_ += line(label, address.to_text());
      label = "";
    }
    text_ += line("ttl", seconds_text(decision.ttl) + ": " + trace.ttl_because);
    text_ += line("scope",
                  "/" + std::to_string(vantage.scope(decision.scope)) + ": " + trace.scope_because);
  }

  const ExplainRequest& request_;
  const answer::Snapshot& snapshot_;
  const VerdictText& verdict_text_;
  const Zone* shown_zone_ = nullptr;
  std::string text_;
};

}  // namespace

tl::expected<ExplainRequest, std::string> parse_explain_request(std::string_view name,
                                                                std::string_view type,
                                                                std::string_view client) {
  const auto refuse = [](std::string_view what, std::string_view text, dnswire::Error error) {
    return tl::unexpected<std::string>("`" + log::escape(text) + "` is no " + std::string(what) +
                                       ": " + std::string(describe(error)));
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
                    const VerdictText& verdict_text) {
  return Explainer(request, snapshot, verdict_text).explain();
}

}  // namespace server
