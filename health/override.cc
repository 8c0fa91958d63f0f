#include "health/override.h"

#include <algorithm>
#include <limits>

namespace health {
namespace {

constexpr std::string_view kPool = "pool:";
constexpr std::size_t kMaxText = 200;                                        // octets of each text
constexpr std::uint32_t kMaxTtl = std::numeric_limits<std::int32_t>::max();  // RFC 2181 8

constexpr char to_lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_control(char letter) noexcept {
  const auto octet = static_cast<unsigned char>(letter);
  return octet < 0x20 || octet == 0x7f;
}

bool is_space_or_control(char letter) noexcept { return letter == ' ' || is_control(letter); }

bool starts_with_pool(std::string_view target) noexcept {
  return target.size() >= kPool.size() &&
         std::equal(kPool.begin(), kPool.end(), target.begin(),
                    [](char left, char right) { return left == to_lower(right); });
}

// A target taken apart. Zones can hold a slash (RFC 2317 4), names of endpoints and pools cannot.
struct Parts {
  bool is_pool = false;
  std::optional<std::string_view> zone;
  std::string_view name;
};

Parts take_apart(std::string_view target) noexcept {
  Parts parts;
  parts.is_pool = starts_with_pool(target);
  if (parts.is_pool) target.remove_prefix(kPool.size());
  const auto slash = target.rfind('/');
  if (slash == std::string_view::npos) {
    parts.name = target;
    return parts;
  }
  parts.zone = target.substr(0, slash);
  if (parts.zone->size() > 1 && parts.zone->back() == '.') parts.zone->remove_suffix(1);
  parts.name = target.substr(slash + 1);
  return parts;
}

std::string fault_of_target(const std::string& target) {
  if (target.empty()) {
    return "an override needs a target: ENDPOINT, ZONE/ENDPOINT or pool:POOL";
  }
  if (target.size() > kMaxText) {
    return "the target of an override is at most " + std::to_string(kMaxText) +
           " octets long, this one has " + std::to_string(target.size());
  }
  if (std::any_of(target.begin(), target.end(), is_space_or_control)) {
    return "the target of an override holds a space or a control character";
  }
  const Parts parts = take_apart(target);
  const std::string_view kind = parts.is_pool ? "pool" : "endpoint";
  if (parts.name.empty()) {
    return "\"" + target + "\" names no " + std::string(kind) + ": `*` stands for all";
  }
  if (parts.zone && parts.zone->empty()) {
    return "\"" + target +
           "\" names no zone before the slash: leave the slash out, and it holds in" +
           " every zone";
  }
  return {};
}

std::string fault_of_text(std::string_view what, const std::string& text) {
  if (text.size() > kMaxText) {
    return "the " + std::string(what) + " of an override is at most " + std::to_string(kMaxText) +
           " octets long, this one has " + std::to_string(text.size());
  }
  if (std::any_of(text.begin(), text.end(), is_control)) {
    return "the " + std::string(what) + " of an override holds a control character";
  }
  return {};
}

std::string fault_of_word(const Override& override) {
  const bool is_force = override.force != Force::None;
  if (!is_force && !override.weight) {
    return "an override says drained, up, down or a weight; to end one, remove it";
  }
  if (is_force && override.weight) {
    return "an override says drained, up or down, or a weight, not both: the other is one of its "
           "own";
  }
  if (override.weight.value_or(0) > kMaxWeight) {
    return "a weight is at most " + std::to_string(kMaxWeight) + ", this one is " +
           std::to_string(*override.weight);
  }
  return {};
}

}  // namespace

std::string_view to_text(OverrideKind kind) noexcept {
  return kind == OverrideKind::Weight ? "weight" : "force";
}

std::string word_of(const Override& override) {
  if (override.weight) return "weight " + std::to_string(*override.weight);
  return std::string(to_text(override.force));
}

bool glob_matches(std::string_view pattern, std::string_view text) noexcept {
  std::size_t at = 0;                         // in the pattern
  std::size_t in_text = 0;                    // all before is matched
  std::size_t star = std::string_view::npos;  // the last one that was passed
  std::size_t star_ends = 0;                  // what it has taken of the text
  while (in_text < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      star_ends = in_text;
    } else if (at < pattern.size() &&
               (pattern[at] == '?' || to_lower(pattern[at]) == to_lower(text[in_text]))) {
      ++at;
      ++in_text;
    } else if (star != std::string_view::npos) {
      at = star + 1;  // only the last star has to give way: those before took as little as they can
      in_text = ++star_ends;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

std::string canonical_target(std::string_view target) {
  std::string text(target);
  for (char& c : text) c = to_lower(c);
  if (const auto slash = text.rfind('/'); slash != std::string::npos && slash > 0) {
    if (text[slash - 1] == '.') text.erase(slash - 1, 1);
  }
  return text;
}

std::string find_fault(const Override& override) {
  if (std::string fault = fault_of_target(override.target); !fault.empty()) return fault;
  if (std::string fault = fault_of_word(override); !fault.empty()) return fault;
  if (std::string fault = fault_of_text("reason", override.reason); !fault.empty()) return fault;
  if (std::string fault = fault_of_text("author", override.author); !fault.empty()) return fault;
  if (override.expires != 0 && override.expires <= override.created) {
    return "the override for \"" + override.target + "\" would expire before it begins";
  }
  if (override.ttl && *override.ttl > kMaxTtl) {
    return "a TTL is at most " + std::to_string(kMaxTtl) + " seconds (RFC 2181 8), this one is " +
           std::to_string(*override.ttl);
  }
  return {};
}

bool applies_to(const Override& override, const OverrideSubject& subject) {
  const Parts parts = take_apart(override.target);
  if (parts.zone && !glob_matches(*parts.zone, subject.zone)) return false;
  if (!parts.is_pool) return glob_matches(parts.name, subject.endpoint);
  return std::any_of(subject.pools.begin(), subject.pools.end(),
                     [&](std::string_view pool) { return glob_matches(parts.name, pool); });
}

std::optional<std::uint32_t> InForce::ttl() const noexcept {
  std::optional<std::uint32_t> shortest;
  for (const Override* each : {force, weight}) {
    if (each != nullptr && each->ttl)
      shortest = std::min(shortest.value_or(*each->ttl), *each->ttl);
  }
  return shortest;
}

std::int64_t InForce::expires() const noexcept {
  std::int64_t first = 0;
  for (const Override* each : {force, weight}) {
    if (each == nullptr || each->expires == 0) continue;
    first = first == 0 ? each->expires : std::min(first, each->expires);
  }
  return first;
}

InForce in_force(const std::vector<Override>& overrides, const OverrideSubject& subject,
                 std::int64_t now) {
  InForce result;
  for (const Override& each : overrides) {
    if (each.expires != 0 && each.expires <= now) continue;
    const Override*& newest = each.weight ? result.weight : result.force;
    if (newest != nullptr && each.created < newest->created) continue;
    if (applies_to(each, subject)) newest = &each;
  }
  return result;
}

}  // namespace health
