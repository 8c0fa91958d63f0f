#include "server/admin/world_map.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "server/admin/location_text.h"
#include "server/admin/world_census.h"
#include "server/logging/log.h"
#include "server/steering/decide.h"
#include "zones/lookup.h"

namespace admin {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::RrType;
using steering::EndpointId;
using steering::Pick;
using steering::Pool;
using steering::PoolId;
using zones::Finding;

constexpr std::size_t kDraws = 256;  // of a class whose clients do not all get the same
constexpr std::uint64_t kSeed = 1;   // the same map every time

// What a record's decisions can come to: pools and endpoints, and how clients are told apart.
class Reach {
 public:
  Reach(const steering::Plan& plan, const steering::DynamicRecord& record, Family family)
      : plan_(plan), family_(family) {
    for (const steering::Rule& rule : record.rules) visit(rule.pool, pools_);
    for (const auto* fixed : {&record.fallback, &record.until_checked}) {
      if (!fixed->pool) continue;
      visit(*fixed->pool, pools_);
      visit(*fixed->pool, behind_rules_);
    }
    for (const PoolId pool : pools_) {
      for (const steering::Member& member : plan[pool].members) {
        if (const EndpointId* endpoint = member.endpoint()) name(*endpoint);
      }
    }
  }

  // Whether clients that are led to the pool do not all get the same.
  [[nodiscard]] bool draws(PoolId pool) const {
    std::set<PoolId> reached = behind_rules_;
    visit(pool, reached);
    return std::ranges::any_of(reached, [this](PoolId id) {
      return plan_[id].pick == Pick::Weighted || plan_[id].pick == Pick::Sticky;
    });
  }

  // "tokyo"; with its zone if another one has the name as well.
  [[nodiscard]] std::string who(const IpAddress& address) const {
    const auto found = owners_.find(address);
    return found == owners_.end() ? address.to_text() : found->second;
  }
  [[nodiscard]] const std::map<std::string, EndpointId>& endpoints() const { return endpoints_; }

 private:
  // NOLINTNEXTLINE(misc-no-recursion): pools inside pools have no loops
  void visit(PoolId id, std::set<PoolId>& reached) const {
    if (!reached.insert(id).second) return;
    const Pool& pool = plan_[id];
    for (const steering::Member& member : pool.members) {
      if (const PoolId* below = member.pool()) visit(*below, reached);
    }
    if (pool.then) visit(*pool.then, reached);
  }

  void name(EndpointId id) {
    const steering::Endpoint& endpoint = plan_[id];
    std::string name = endpoint.name;
    const auto same = endpoints_.find(name);
    if (same != endpoints_.end() && same->second != id) name = endpoint.zone + "/" + name;
    endpoints_.emplace(name, id);
    for (const steering::Face& face : endpoint.faces_of(family_)) {
      owners_.emplace(face.address, name);
    }
  }

  const steering::Plan& plan_;
  Family family_;
  std::set<PoolId> pools_;
  std::set<PoolId> behind_rules_;  // those that any client may come to
  std::map<std::string, EndpointId> endpoints_;
  std::map<IpAddress, std::string> owners_;
};

struct Shares {
  Space space;
  std::map<geo::CountryCode, Space> countries;
};

// The parts of everybody as World has them.
std::vector<WorldShare> parts_of(const std::map<std::string, Shares>& sums) {
  Space total;
  std::map<geo::CountryCode, std::pair<double, std::string>> most;
  for (const auto& [who, shares] : sums) {
    total.ipv4 += shares.space.ipv4;
    total.ipv6 += shares.space.ipv6;
    for (const auto& [country, space] : shares.countries) {
      // IPv6 says who has the countries without IPv4: an address outweighs all its networks.
      const double weight = space.ipv4 > 0 ? space.ipv4 + 1 : space.ipv6 * 0x1p-64;
      auto& best = most[country];
      if (weight > best.first) best = {weight, who};
    }
  }
  std::vector<WorldShare> parts;
  for (const auto& [who, shares] : sums) {
    WorldShare part{who, {}, 0, 0};
    if (total.ipv4 > 0) part.ipv4 = shares.space.ipv4 / total.ipv4;
    if (total.ipv6 > 0) part.ipv6 = shares.space.ipv6 / total.ipv6;
    for (const auto& [country, best] : most) {
      if (best.second == who) part.countries.push_back(country);
    }
    parts.push_back(std::move(part));
  }
  std::ranges::stable_sort(parts, [](const WorldShare& a, const WorldShare& b) {
    return std::pair(a.ipv4, a.ipv6) > std::pair(b.ipv4, b.ipv6);
  });
  return parts;
}

class Mapper {
 public:
  Mapper(const answer::Snapshot& snapshot, zones::DynamicId record, Family family)
      : snapshot_(snapshot),
        record_(record),
        family_(family),
        chart_(snapshot.atlas->chart(record, family)),
        reach_(*snapshot.plan, (*snapshot.plan)[record], family) {
    std::vector<std::size_t> samples_of;
    for (const auto& of : chart_.classes())
      samples_of.push_back(reach_.draws(of.pool) ? kDraws : 1);
    census_ = take_census(*snapshot.map, chart_, samples_of);
  }

  void draw(const std::shared_ptr<const health::Board>& board, WorldMap& result) const {
    result.now = world(*board);
    measure(result);
    for (const std::string& who : serving(result.now)) {
      if (result.without.size() == kMostWithout) {
        result.left_out.push_back(who);
        continue;
      }
      const EndpointId endpoint = reach_.endpoints().at(who);
      result.without.push_back(
          {who, is_checked(*board, endpoint), world(*without(board, endpoint))});
    }
  }

 private:
  void measure(WorldMap& result) const {
    std::set<geo::CountryCode> countries;
    Space known;
    Space unknown;
    for (const auto& [key, space] : census_.spaces) {
      if (key.first.country) countries.insert(*key.first.country);
      Space& sum = key.first.is_known ? known : unknown;
      sum.ipv4 += space.ipv4;
      sum.ipv6 += space.ipv6;
    }
    result.countries = countries.size();
    const auto part = [](double of, double rest) { return of > 0 ? of / (of + rest) : 0; };
    result.unknown_ipv4 = part(unknown.ipv4, known.ipv4);
    result.unknown_ipv6 = part(unknown.ipv6, known.ipv6);
  }

  // Endpoints that have clients, by how many.
  std::vector<std::string> serving(const World& world) const {
    std::vector<std::string> names;
    for (const auto* parts : {&world.known, &world.unknown}) {
      for (const WorldShare& part : *parts) {
        const bool is_endpoint = reach_.endpoints().contains(part.who);
        const bool is_new = std::ranges::find(names, part.who) == names.end();
        if (is_endpoint && is_new) names.push_back(part.who);
      }
    }
    return names;
  }

  template <class Visit>
  void for_each_subject(EndpointId endpoint, const Visit& visit) const {
    for (const auto& faces : (*snapshot_.plan)[endpoint].faces) {
      for (const steering::Face& face : faces) visit(face.subject);
    }
  }

  bool is_checked(const health::Board& board, EndpointId endpoint) const {
    bool checked = true;
    for_each_subject(endpoint, [&](health::SubjectId subject) {
      checked = checked && board[subject].beat != std::chrono::seconds(0);
    });
    return checked;
  }

  // Fallen as its checks would find it, the last of all, whatever operators say of it.
  std::shared_ptr<const health::Board> without(const std::shared_ptr<const health::Board>& board,
                                               EndpointId endpoint) const {
    std::vector<health::Standing> standings;
    health::Instant last{};
    for (std::uint32_t i = 0; i < board->size(); ++i) {
      standings.push_back((*board)[health::SubjectId{i}]);
      last = std::max(last, standings.back().fell);
    }
    for_each_subject(endpoint, [&](health::SubjectId subject) {
      health::Standing& standing = standings[static_cast<std::size_t>(subject)];
      standing.state = health::State::Down;
      standing.force = health::Force::None;
      standing.held = standing.rescued = false;
      standing.fell = last + std::chrono::hours(1);
    });
    return std::make_shared<const health::Board>(std::move(standings));
  }

  World world(const health::Board& board) const {
    steering::Workspace workspace(kSeed);
    std::vector<std::map<std::string, double>> by_class(census_.samples.size());
    for (std::size_t i = 0; i < by_class.size(); ++i) {
      const auto& samples = census_.samples[i];
      for (const IpAddress& client : samples) {
        decide(board, client, workspace, 1.0 / static_cast<double>(samples.size()), by_class[i]);
      }
    }
    std::map<std::string, Shares> known;
    std::map<std::string, Shares> unknown;
    for (const auto& [key, space] : census_.spaces) {
      for (const auto& [who, part] : by_class[key.second]) {
        Shares& shares = (key.first.is_known ? known : unknown)[who];
        add(space, part, shares.space);
        if (key.first.country) add(space, part, shares.countries[*key.first.country]);
      }
    }
    return {parts_of(known), parts_of(unknown)};
  }

  static void add(const Space& space, double part, Space& sum) {
    sum.ipv4 += space.ipv4 * part;
    sum.ipv6 += space.ipv6 * part;
  }

  // Whom one client gets; several addresses share it evenly.
  void decide(const health::Board& board, const IpAddress& client, steering::Workspace& workspace,
              double part, std::map<std::string, double>& sums) const {
    const auto decision = steering::decide(*snapshot_.plan, *snapshot_.atlas, board, record_,
                                           family_, client, workspace);
    if (decision.servfail) {
      sums["SERVFAIL"] += part;
    } else if (decision.target != nullptr) {
      sums[decision.target->name.to_text()] += part;
    } else if (decision.addresses.empty()) {
      sums["no address"] += part;
    }
    for (const IpAddress& address : decision.addresses) {
      sums[reach_.who(address)] += part / static_cast<double>(decision.addresses.size());
    }
  }

  const answer::Snapshot& snapshot_;
  zones::DynamicId record_;
  Family family_;
  const steering::Chart& chart_;
  Reach reach_;
  WorldCensus census_;
};

// The dynamic record of the name, or why there is no map of it.
tl::expected<zones::DynamicId, std::string> find_record(const MapRequest& request,
                                                        const answer::Snapshot& snapshot) {
  const auto refuse = [&](const std::string& why) {
    return tl::unexpected(request.name.to_text() + " " + why);
  };
  const zones::Zone* zone = snapshot.zones->find(request.name);
  if (zone == nullptr) return refuse("is in no zone of this server");
  const Finding finding = zones::lookup(*zone, request.name, request.type);
  switch (finding.kind) {
    case Finding::Kind::Dynamic:
      break;
    case Finding::Kind::Match:
      return refuse("is static: every client gets the same");
    case Finding::Kind::Alias:
      return refuse("is an alias: ask for the map of " +
                    dnswire::NameView::trusted(*finding.rrset.begin()).to_text());
    case Finding::Kind::Redirect:
      return refuse("is redirected by a DNAME: ask for the map of its target");
    case Finding::Kind::Referral:
      return refuse("is delegated to other name servers");
    case Finding::Kind::NoData:
      return refuse("has no " + to_text(request.type) + " record");
    case Finding::Kind::NoSuchName:
      return refuse("does not exist");
  }
  const zones::DynamicId record = *zone->dynamic(finding.node);
  if (const auto& alias = (*snapshot.plan)[record].alias) {
    return refuse("is an ALIAS: ask for the map of " + alias->name.to_text());
  }
  return record;
}

}  // namespace

tl::expected<MapRequest, std::string> parse_map_request(std::string_view name,
                                                        std::string_view type,
                                                        std::string_view assumptions) {
  MapRequest request;
  auto parsed_name = dnswire::Name::from_text(name);
  if (!parsed_name) {
    return tl::unexpected("`" + logging::escape(name) +
                          "` is no domain name: " + std::string(describe(parsed_name.error())));
  }
  request.name = std::move(*parsed_name);
  const dnswire::Result<RrType> parsed_type =
      type.empty() ? RrType::A : dnswire::rr_type_from_text(type);
  if (!parsed_type || (*parsed_type != RrType::A && *parsed_type != RrType::AAAA)) {
    return tl::unexpected("`" + logging::escape(type) +
                          "` has no map: A and AAAA are what endpoints are told by");
  }
  request.type = *parsed_type;
  auto assumed = parse_assumptions(assumptions);
  if (!assumed) return tl::unexpected(assumed.error());
  request.assumptions = std::move(*assumed);
  return request;
}

tl::expected<WorldMap, std::string> map_world(const MapRequest& request,
                                              const answer::Snapshot& snapshot) {
  const auto record = find_record(request, snapshot);
  if (!record) return tl::unexpected(record.error());
  const auto assumed = assume(request.assumptions, *snapshot.plan, snapshot.board);
  if (!assumed) return tl::unexpected(assumed.error());
  WorldMap result;
  result.name = request.name;
  result.type = request.type;
  for (const Assumption& one : request.assumptions) result.assumed.push_back(one.text());
  for (const geo::DatabaseInfo& info : snapshot.map->databases()) {
    result.databases.push_back(file_name(info));
  }
  const Family family = request.type == RrType::AAAA ? Family::V6 : Family::V4;
  Mapper(snapshot, *record, family).draw(assumed->board, result);
  return result;
}

}  // namespace admin
