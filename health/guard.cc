#include "health/guard.h"

#include <algorithm>
#include <utility>

namespace health {
namespace {

bool is_silent(const Observation& observation) noexcept {
  return !observation.passed && is_silence(observation.reason);
}

}  // namespace

std::string_view to_text(Uplink uplink) noexcept {
  switch (uplink) {
    case Uplink::V4:
      return "ipv4";
    case Uplink::V6:
      return "ipv6";
    case Uplink::Other:
      return "other";
  }
  return "";
}

std::optional<Uplink> uplink_of(const Target& target) noexcept {
  if (target.check.type == ProbeType::Exec) return std::nullopt;
  if (target.check.type == ProbeType::Heartbeat) return Uplink::Other;
  const std::string& address = target.address;
  if (address.find(':') != std::string::npos) return Uplink::V6;
  const bool is_number =
      !address.empty() && address.find_first_not_of("0123456789.") == std::string::npos;
  return is_number ? Uplink::V4 : Uplink::Other;
}

void Guard::adopt(const GuardSpec& spec, std::span<const Target> targets,
                  std::span<const std::optional<TargetId>> former,
                  std::span<const Verdict* const> verdicts, Instant now) {
  Guard old = std::exchange(*this, Guard());
  spec_ = spec;
  place(targets);
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const bool stays = i < former.size() && former[i];
    const Known news = stays ? old.at(*former[i]) : known_from(*verdicts[i]);
    Known& known = known_[i];
    known.answered = news.answered;
    known.silent = news.silent;
    known.down = news.down;
    known.held = news.held && !known.canary;
    known.fell = news.fell;
  }
  inherit_holds(old, targets, former, verdicts);
  settle_hosts(old, verdicts, now);
  settle_links(old);
}

// Where everybody is; what is known of them comes later.
void Guard::place(std::span<const Target> targets) {
  known_.resize(targets.size());
  for (const TargetId canary : spec_.canaries) at(canary).canary = true;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    Known& known = known_[i];
    known.uplink = uplink_of(targets[i]);
    if (!known.uplink || known.canary) continue;
    const auto next = static_cast<HostId>(hosts_.size());
    const auto [place, is_first] = hosts_by_address_.try_emplace(targets[i].address, next);
    known.host = place->second;
    if (is_first) hosts_.push_back({*known.uplink});
    ++at(known.host).checks;
    Link& link = at(*known.uplink);
    link.window = std::max(link.window, 2 * targets[i].check.interval);
  }
}

Guard::Known Guard::known_from(const Verdict& verdict) noexcept {
  Known known;
  if (verdict.state == State::Unknown) return known;
  const bool is_down = !is_served(verdict.state);
  known.silent = is_silent(verdict.last);
  known.answered = !known.silent && (!is_down || verdict.last.started != Instant{});
  known.down = known.silent && is_down;
  if (known.down) known.fell = verdict.changed;
  return known;
}

std::vector<bool> Guard::held_hosts() const {
  std::vector<bool> held(hosts_.size());
  for (const Known& known : known_) {
    if (known.held) held[static_cast<std::size_t>(known.host)] = true;
  }
  return held;
}

// A check that was changed begins with the verdict of the one before it, which did not count.
void Guard::inherit_holds(const Guard& former, std::span<const Target> targets,
                          std::span<const std::optional<TargetId>> former_targets,
                          std::span<const Verdict* const> verdicts) {
  const std::vector<bool> held = former.held_hosts();
  for (std::size_t i = 0; i < known_.size(); ++i) {
    Known& known = known_[i];
    if (i < former_targets.size() && former_targets[i]) continue;
    if (!known.uplink || known.canary || is_served(verdicts[i]->state)) continue;
    const auto place = former.hosts_by_address_.find(targets[i].address);
    if (place == former.hosts_by_address_.end()) continue;
    known.held = held[static_cast<std::size_t>(place->second)];
  }
}

void Guard::settle_hosts(const Guard& former, std::span<const Verdict* const> verdicts,
                         Instant now) {
  std::vector<bool> answered(hosts_.size());
  std::vector<bool> down(hosts_.size());  // a check of it is
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const Known& known = known_[i];
    if (!known.uplink || known.canary) continue;
    if (known.silent) ++at(known.host).silent;
    if (known.answered) answered[static_cast<std::size_t>(known.host)] = true;
    if (!is_served(verdicts[i]->state)) down[static_cast<std::size_t>(known.host)] = true;
  }
  for (const auto& [address, id] : hosts_by_address_) {
    Host& host = at(id);
    const auto place = former.hosts_by_address_.find(address);
    const bool is_new = place == former.hosts_by_address_.end();
    if (!is_new) {
      const Host& was = former.hosts_[static_cast<std::size_t>(place->second)];
      host.presence = was.presence;
      host.since = was.since;
    }
    if (answered[static_cast<std::size_t>(id)]) {
      host.presence = Presence::Standing;
    } else if (host.silent != host.checks) {
      continue;
    } else if (is_new && !down[static_cast<std::size_t>(id)]) {
      host.presence = Presence::Fallen;
      host.since = now;
    } else if (host.presence != Presence::Fallen) {
      host.presence = Presence::Gone;  // not seen to fall: what answered was taken away, say
    }
  }
}

void Guard::settle_links(const Guard& former) {
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    const Host& host = hosts_[i];
    Link& link = at(host.uplink);
    if (host.presence == Presence::Standing) ++link.standing;
    if (host.presence != Presence::Fallen) continue;
    ++link.fallen;
    link.silences.emplace_back(host.since, static_cast<HostId>(i));
  }
  for (const Known& known : known_) {
    if (!known.uplink || !known.canary) continue;
    Link& link = at(*known.uplink);
    ++link.canaries;
    if (known.answered) ++link.answering;
    if (known.down) ++link.down;
  }
  for (std::size_t i = 0; i < kUplinkCount; ++i) {
    Link& link = links_[i];
    // Without anybody there to answer it would never end.
    const bool is_used = link.canaries + link.standing + link.fallen > 0;
    link.isolated = former.links_[i].isolated && is_used;
    std::sort(link.silences.begin(), link.silences.end());
  }
  for (std::size_t i = 0; i < known_.size(); ++i) {
    Known& known = known_[i];
    if (!known.uplink || known.canary) continue;
    Link& link = at(*known.uplink);
    known.held = known.held && link.isolated;
    known.listed = known.held;
    if (known.held) {
      link.held.push_back(static_cast<TargetId>(i));
    } else if (known.fell) {
      link.falls.emplace_back(*known.fell, static_cast<TargetId>(i));
    }
  }
  for (Link& link : links_) std::sort(link.falls.begin(), link.falls.end());
}

std::optional<Guard::Turn> Guard::record(TargetId target, const Verdict& before,
                                         const Verdict& after, Instant now) {
  Known& known = at(target);
  if (!known.uplink) return std::nullopt;
  const bool silent = is_silent(after.last);
  if (known.canary) {
    tell_canary(known, !silent, silent && !is_served(after.state));
  } else {
    tell_host(known, !silent, now);
    tell_fall(target, before, after, now);
  }
  Link& link = at(*known.uplink);
  if (!link.isolated) expire(link, now);
  const bool cut_off = is_cut_off(link);
  if (cut_off == link.isolated) return std::nullopt;
  return cut_off ? begin(*known.uplink) : end(*known.uplink);
}

void Guard::tell_canary(Known& known, bool answered, bool is_down) {
  Link& link = at(*known.uplink);
  const auto count = [](std::size_t& number, bool was, bool is) {
    if (was && !is) --number;
    if (!was && is) ++number;
  };
  count(link.answering, known.answered, answered);
  count(link.down, known.down, is_down);
  known.answered = answered;
  known.silent = !answered;
  known.down = is_down;
}

void Guard::tell_host(Known& known, bool answered, Instant now) {
  Host& host = at(known.host);
  Link& link = at(host.uplink);
  if (known.silent) --host.silent;
  if (!answered) ++host.silent;
  known.answered = answered;
  known.silent = !answered;
  if (answered) {
    if (host.presence == Presence::Standing) return;
    if (host.presence == Presence::Fallen) --link.fallen;
    host.presence = Presence::Standing;
    ++link.standing;
  } else if (host.presence == Presence::Standing && host.silent == host.checks) {
    host.presence = Presence::Fallen;
    host.since = now;
    --link.standing;
    ++link.fallen;
    link.silences.emplace_back(now, known.host);
    tidy(link);
  }
}

void Guard::tell_fall(TargetId target, const Verdict& before, const Verdict& after, Instant now) {
  Known& known = at(target);
  Link& link = at(*known.uplink);
  if (is_served(after.state)) {
    known.fell.reset();
    known.held = false;
  } else if (is_served(before.state) && known.silent) {
    known.fell = now;
    if (link.isolated) {
      hold(link, target);
    } else {
      link.falls.emplace_back(now, target);
    }
  }
}

void Guard::hold(Link& link, TargetId target) {
  Known& known = at(target);
  known.held = true;
  if (!std::exchange(known.listed, true)) link.held.push_back(target);
}

// Hosts that fall silent again and again while nothing expires leave entries behind.
void Guard::tidy(Link& link) {
  if (link.silences.size() <= 2 * hosts_.size() + 16) return;
  std::erase_if(link.silences, [this](const auto& entry) {
    const Host& host = at(entry.second);
    return host.presence != Presence::Fallen || host.since != entry.first;
  });
}

void Guard::expire(Link& link, Instant now) {
  const auto is_old = [&](Instant then) { return now - then > link.window; };
  while (!link.silences.empty() && is_old(link.silences.front().first)) {
    const auto [since, id] = link.silences.front();
    link.silences.pop_front();
    Host& host = at(id);
    if (host.presence != Presence::Fallen || host.since != since) continue;
    host.presence = Presence::Gone;
    --link.fallen;
  }
  while (!link.falls.empty() && is_old(link.falls.front().first)) link.falls.pop_front();
}

bool Guard::is_cut_off(const Link& link) const noexcept {
  if (link.answering > 0) return false;
  const std::size_t stood = link.standing + link.fallen;
  const bool canaries_are_down = link.canaries > 0 && link.down == link.canaries;
  if (canaries_are_down && (stood == 0 || 2 * link.fallen > stood)) return true;
  if (spec_.share == 0 || link.fallen < std::max<std::size_t>(spec_.at_least, 1)) return false;
  return link.fallen * 100 >= spec_.share * stood;
}

Guard::Turn Guard::begin(Uplink uplink) {
  Link& link = at(uplink);
  link.isolated = true;
  Turn turn{uplink, true, {}};
  for (const auto& [fell, target] : link.falls) {
    Known& known = at(target);
    if (known.held || known.fell != fell) continue;
    hold(link, target);
    turn.targets.push_back(target);
  }
  link.falls.clear();
  return turn;
}

Guard::Turn Guard::end(Uplink uplink) {
  Link& link = at(uplink);
  link.isolated = false;
  Turn turn{uplink, false, {}};
  for (const TargetId target : std::exchange(link.held, {})) {
    Known& known = at(target);
    known.listed = false;
    if (!known.held) continue;
    known.held = false;
    known.fell.reset();
    turn.targets.push_back(target);
  }
  return turn;
}

bool Guard::is_isolated(Uplink uplink) const noexcept {
  return links_[static_cast<std::size_t>(uplink)].isolated;
}

bool Guard::holds(TargetId target) const noexcept {
  return known_[static_cast<std::size_t>(target)].held;
}

bool Guard::is_canary(TargetId target) const noexcept {
  return known_[static_cast<std::size_t>(target)].canary;
}

}  // namespace health
