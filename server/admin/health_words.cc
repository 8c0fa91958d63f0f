#include "server/admin/health_words.h"

#include <chrono>
#include <vector>

namespace admin {
namespace {

void append(std::string& notes, const std::string& note) {
  if (note.empty()) return;
  if (!notes.empty()) notes += "; ";
  notes += note;
}

std::string ask(const std::function<std::string(health::SubjectId)>& whom,
                health::SubjectId subject) {
  return whom ? whom(subject) : std::string();
}

}  // namespace

std::optional<HealthWords::Bound> failover_bound(const health::Roster& roster,
                                                 health::SubjectId id) {
  const health::Subject& subject = roster.subjects[static_cast<std::size_t>(id)];
  std::vector<health::Duration> parts;
  std::string checks;
  for (const health::Subject::Part& part : subject.checks) {
    const health::Target& target = roster.targets[static_cast<std::size_t>(part.target)];
    parts.push_back(health::longest_to_fall(target.check));
    checks += (checks.empty() ? "" : ", ") + part.name;
  }
  const health::Duration time = health::longest_to_fall(parts, subject.need);
  if (time == health::Duration::max()) return std::nullopt;
  return HealthWords::Bound{time + kLongestToPublish, checks};
}

std::string standing_text(const health::Standing& standing) {
  const std::string real(to_text(standing.state));
  const bool differs = standing.force != health::Force::None || standing.held || standing.rescued;
  if (differs) return std::string(to_text(standing)) + " (really " + real + ")";
  const bool unchecked =
      standing.state == health::State::Up && standing.beat == std::chrono::seconds(0);
  return unchecked ? "unchecked" : real;
}

std::string standing_notes(const HealthWords& words, health::SubjectId subject,
                           const health::Standing& standing) {
  std::string notes;
  if (standing.force != health::Force::None) {
    append(notes, ask(words.override_text, subject));
  } else if (standing.held) {
    append(notes, "held: this node seems cut off");
  } else if (standing.rescued) {
    append(notes, "rescued: other nodes reach it");
  }
  if (standing.weight) append(notes, ask(words.weight_text, subject));
  if (standing.state != health::State::Up) append(notes, ask(words.verdict, subject));
  return notes;
}

std::string bound_text(health::Duration time) {
  const auto tenths = (time.count() + 99) / 100;
  const std::string fraction = tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10);
  return std::to_string(tenths / 10) + fraction + "s";
}

}  // namespace admin
