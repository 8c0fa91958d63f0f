#include "server/aliases/ledger.h"

#include <algorithm>
#include <array>

#include "server/answer/vantage.h"

namespace aliases {
namespace {

using dnswire::Family;
using dnswire::Name;
using dnswire::NameView;
using dnswire::Ttl;
using std::chrono::seconds;
using Kind = Finding::Kind;

constexpr std::array<Family, 2> kFamilies{Family::V4, Family::V6};

Ttl to_ttl(Duration duration) {
  const auto whole = std::chrono::ceil<seconds>(duration).count();
  return Ttl(static_cast<std::uint32_t>(whole));
}

bool is_special(const Finding& finding) {
  return std::any_of(finding.addresses.begin(), finding.addresses.end(), answer::is_placeless);
}

}  // namespace

Ledger::Ledger(std::uint64_t seed, Timing timing)
    : timing_(timing), random_(static_cast<std::minstd_rand::result_type>(seed)) {}

void Ledger::adopt(const std::vector<Name>& targets, Instant now) {
  std::vector<Entry> former = std::exchange(entries_, {});
  const auto former_places = std::exchange(by_name_, {});
  agenda_.clear();
  change();
  unsettled_ = 0;
  for (const Name& name : targets) {
    if (!by_name_.emplace(name, entries_.size()).second) continue;
    const auto place = former_places.find(name);
    for (const Family family : kFamilies) {
      Entry entry;
      if (place != former_places.end()) {
        entry = std::move(former[place->second + static_cast<std::size_t>(family)]);
      } else {
        entry.name = name;
        entry.family = family;
        entry.due = now;
      }
      if (!entry.is_settled) ++unsettled_;
      if (!entry.is_asked) agenda_.emplace(entry.due, entries_.size());
      entries_.push_back(std::move(entry));
    }
  }
}

void Ledger::restore(std::span<const SavedAddresses> saved, Instant now, std::int64_t unix_now) {
  for (const SavedAddresses& each : saved) {
    Entry* const entry = find(each.name, each.family);
    if (entry == nullptr || entry->value) continue;
    // Told in the future, by a clock that was set back since: just now.
    const seconds age(unix_now - std::clamp<std::int64_t>(each.when, 0, unix_now));
    const Duration ttl = seconds(each.ttl.count());
    entry->value = Value{each.addresses, ttl, now - age};
    entry->is_stale = age >= ttl;
    settle(*entry);
    change();
  }
}

void Ledger::hasten(Instant now) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].failures > 0 && !entries_[i].is_asked) put_off(i, now);
  }
}

std::optional<Question> Ledger::next(Instant now) {
  if (agenda_.empty() || agenda_.begin()->first > now) return std::nullopt;
  Entry& entry = entries_[agenda_.begin()->second];
  agenda_.erase(agenda_.begin());
  entry.is_asked = true;
  return Question{entry.name, entry.family, entry.doubted};
}

std::optional<Instant> Ledger::due() const {
  return agenda_.empty() ? std::nullopt : std::optional(agenda_.begin()->first);
}

std::vector<Event> Ledger::record(const Question& question, Finding finding, Instant now) {
  std::vector<Event> events;
  Entry* const entry = find(question.name, question.family);
  if (entry == nullptr) return events;
  entry->is_asked = false;
  settle(*entry);
  if (finding.kind == Kind::Failure) {
    fail(*entry, std::move(finding.why), now, events);
  } else {
    take(*entry, std::move(finding), now, events);
  }
  return events;
}

void Ledger::fail(Entry& entry, std::string why, Instant now, std::vector<Event>& events) {
  const unsigned doublings = std::min(entry.failures++, 16U);
  const Duration wait = std::min(timing_.retry_first * (1U << doublings), timing_.retry_last);
  put_off(static_cast<std::size_t>(&entry - entries_.data()), now + jittered(wait));
  const bool is_past = !entry.value || now >= entry.value->told + entry.value->ttl;
  if (!is_past) return;
  if (entry.value && !std::exchange(entry.is_stale, true)) change();
  if (entry.told == Event::Kind::Failing) return;
  entry.told = Event::Kind::Failing;
  events.push_back({Event::Kind::Failing, entry.name, entry.family, std::move(why)});
}

void Ledger::take(Entry& entry, Finding finding, Instant now, std::vector<Event>& events) {
  const auto index = static_cast<std::size_t>(&entry - entries_.data());
  entry.failures = 0;
  const bool had_addresses = entry.value && !entry.value->addresses.empty();
  if (had_addresses && finding.kind != Kind::Addresses && !entry.doubted) {
    entry.doubted = finding.by;
    return put_off(index, now + timing_.confirm);
  }
  entry.doubted.reset();
  const Duration ttl = time_of(finding);
  put_off(index, now + jittered(ttl * 9 / 10));
  tell(entry, finding, had_addresses, events);
  const bool is_same = entry.value && !entry.is_stale && entry.value->ttl == ttl &&
                       entry.value->addresses == finding.addresses;
  if (!is_same) change();
  entry.value = Value{std::move(finding.addresses), ttl, now};
  entry.is_stale = false;
}

void Ledger::tell(Entry& entry, const Finding& finding, bool had_addresses,
                  std::vector<Event>& events) {
  const auto event = [&](Event::Kind kind, std::string text) {
    events.push_back({kind, entry.name, entry.family, std::move(text)});
  };
  if (finding.kind == Kind::Addresses) {
    if (std::exchange(entry.told, std::nullopt)) event(Event::Kind::Resolved, {});
    const bool special = is_special(finding);
    if (special && !entry.is_special) event(Event::Kind::Special, {});
    entry.is_special = special;
    return;
  }
  // That a name has addresses of one family alone is nothing to tell.
  const bool is_gone = had_addresses || finding.kind == Kind::NoSuchName;
  if (is_gone && entry.told != Event::Kind::Gone) {
    entry.told = Event::Kind::Gone;
    event(Event::Kind::Gone, finding.kind == Kind::NoSuchName ? "NXDOMAIN" : "NODATA");
  } else if (!is_gone && entry.told == Event::Kind::Failing) {
    entry.told.reset();
    event(Event::Kind::Resolved, "NODATA");
  }
}

std::shared_ptr<const answer::AliasTable> Ledger::table() {
  if (table_ != nullptr) return table_;
  auto table = std::make_shared<answer::AliasTable>();
  for (const Entry& entry : entries_) {
    if (!entry.value) continue;
    const Ttl ttl = to_ttl(entry.value->ttl);
    table->put(entry.name, entry.family, entry.value->addresses,
               entry.is_stale ? std::min(ttl, kStaleTtl) : ttl);
  }
  table_ = std::move(table);
  return table_;
}

std::vector<SavedAddresses> Ledger::save(Instant now, std::int64_t unix_now) const {
  std::vector<SavedAddresses> saved;
  for (const Entry& entry : entries_) {
    if (!entry.value) continue;
    const auto age = std::chrono::floor<seconds>(now - entry.value->told).count();
    saved.push_back({entry.name, entry.family, entry.value->addresses, to_ttl(entry.value->ttl),
                     unix_now - age});
  }
  return saved;
}

Ledger::Entry* Ledger::find(NameView name, Family family) {
  const auto place = by_name_.find(name);
  if (place == by_name_.end()) return nullptr;
  return &entries_[place->second + static_cast<std::size_t>(family)];
}

// Somewhat earlier, so that what was asked together is not asked together for ever.
Duration Ledger::jittered(Duration duration) {
  return duration - duration * static_cast<Duration::rep>(random_() % 64) / 1280;  // 5 %
}

void Ledger::put_off(std::size_t index, Instant due) {
  Entry& entry = entries_[index];
  agenda_.erase({entry.due, index});
  entry.due = due;
  agenda_.emplace(due, index);
}

void Ledger::settle(Entry& entry) {
  if (!std::exchange(entry.is_settled, true)) --unsettled_;
}

void Ledger::change() noexcept {
  table_ = nullptr;
  ++changes_;
}

Duration Ledger::time_of(const Finding& finding) const {
  const Duration most = finding.kind == Kind::Addresses ? timing_.ttl_max : timing_.denial_max;
  return std::clamp<Duration>(seconds(finding.ttl.count()), timing_.ttl_min, most);
}

}  // namespace aliases
