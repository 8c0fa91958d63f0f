#include "server/admin/supervisor_words.h"

#include <chrono>
#include <string>

#include "server/admin/pool_weights.h"
#include "server/config/duration.h"
#include "server/logging/log.h"

namespace admin {
namespace {

using health::SubjectId;
using health::Verdict;

std::string ago(health::Instant then) {
  const auto passed = std::chrono::steady_clock::now() - then;
  return config::to_text(std::chrono::floor<std::chrono::seconds>(passed)) + " ago";
}

std::string count_text(unsigned count, unsigned of, const char* what) {
  return std::to_string(count) + " of " + std::to_string(of) + " " + what;
}

// "connection refused, 3s ago, 2 of 3 failures"; "1 of 2 successes, the last 0s ago"
std::string verdict_text(const health::Thresholds& thresholds, const Verdict& verdict) {
  if (verdict.last.started == health::Instant{}) return "no result yet";
  const std::string when = ago(verdict.last.started);
  if (!verdict.last.passed) {
    std::string text = verdict.last.detail + ", " + when;
    if (verdict.state == health::State::Failing) {
      text += ", " + count_text(verdict.failures, thresholds.fall, "failures");
    }
    return text;
  }
  if (verdict.state != health::State::Recovering) return "passed " + when;
  std::string text = count_text(verdict.successes, thresholds.rise, "successes");
  if (thresholds.failback_delay > health::Duration(0)) {
    text += " and " + ago(verdict.recovering).substr(0, ago(verdict.recovering).rfind(' ')) +
            " of " + config::to_text(thresholds.failback_delay) + " failback delay";
  }
  return text + ", the last " + when;
}

std::string subject_text(const control::Supervisor& supervisor, SubjectId id) {
  const health::Roster& roster = supervisor.roster();
  const health::Subject& subject = roster.subjects[static_cast<std::size_t>(id)];
  std::string text;
  for (const auto& part : subject.checks) {
    const health::Target& target = roster.targets[static_cast<std::size_t>(part.target)];
    if (!text.empty()) text += "; ";
    if (subject.checks.size() > 1) text += part.name + ": ";
    text += verdict_text(target.check.thresholds, supervisor.engine().verdict(part.target));
  }
  return text;
}

// " by alice until 2026-11-22T12:00:00Z: kernel update"
std::string origin_text(const health::Override& override) {
  std::string text;
  if (!override.author.empty()) text += " by " + override.author;
  if (override.expires != 0) {
    text += " until " + logging::rfc3339(std::chrono::system_clock::time_point(
                            std::chrono::seconds(override.expires)));
  }
  if (!override.reason.empty()) text += ": " + override.reason;
  return text;
}

health::InForce words_on(const control::Supervisor& supervisor, steering::EndpointId endpoint) {
  return supervisor.overrides().in_force(supervisor.index(), endpoint,
                                         control::Clocks::now().wall / 1000);
}

std::string override_text(const control::Supervisor& supervisor, SubjectId id) {
  const auto faces = supervisor.index().faces(id);
  if (faces.empty()) return {};
  const health::Override* force = words_on(supervisor, faces.front().endpoint).force;
  return force == nullptr ? std::string() : word_of(*force) + origin_text(*force);
}

std::string weight_text(const control::Supervisor& supervisor, SubjectId id) {
  const auto faces = supervisor.index().faces(id);
  if (faces.empty()) return {};
  const steering::EndpointId endpoint = faces.front().endpoint;
  const health::Override* weight = words_on(supervisor, endpoint).weight;
  if (weight == nullptr) return {};
  const steering::Plan& plan = supervisor.plan();
  std::string text = word_of(*weight);
  const std::string configured = weights_text(plan, pool_weights(plan, endpoint));
  if (!configured.empty()) text += ", configured " + configured;
  const std::string origin = origin_text(*weight);
  return text + (origin.starts_with(' ') ? "," : "") + origin;
}

}  // namespace

HealthWords words_of(const control::Supervisor& supervisor) {
  HealthWords words;
  words.verdict = [&supervisor](SubjectId id) { return subject_text(supervisor, id); };
  words.override_text = [&supervisor](SubjectId id) { return override_text(supervisor, id); };
  words.weight_text = [&supervisor](SubjectId id) { return weight_text(supervisor, id); };
  words.origin_is_down = [&supervisor](health::GroupId group) {
    return supervisor.monitor().origin_is_down(group);
  };
  words.bound = [&supervisor](SubjectId id) { return failover_bound(supervisor.roster(), id); };
  return words;
}

}  // namespace admin
