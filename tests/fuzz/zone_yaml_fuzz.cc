// Input: a zone in YAML. Every problem has its place; what loads is a zone with its steering, and
// checks whose numbers lead somewhere.
#include <algorithm>
#include <string>

#include "require.h"
#include "server/config/steering_table.h"
#include "server/config/zone_yaml.h"

namespace {

// As an operator reads it: one line, no control characters. A file that the zone names may have
// problems of its own.
void check_problem(const zones::Problem& problem) {
  require(!problem.text.empty() && !problem.file.empty());
  require(problem.line >= 0 && problem.column >= 0);
  require(std::none_of(problem.text.begin(), problem.text.end(),
                       [](char c) { return c >= 0 && c < ' '; }));
}

void check_roster(const config::SteeringTable& table) {
  const health::Roster& roster = table.roster;
  for (const health::Subject& subject : roster.subjects) {
    require(subject.need <= subject.checks.size());
    require((subject.need == 0) == subject.checks.empty());
    for (const health::Subject::Part& part : subject.checks) {
      require(static_cast<std::size_t>(part.target) < roster.targets.size());
    }
  }
  for (const health::Group& group : roster.groups) {
    require(!group.members.empty());
    for (const health::SubjectId member : group.members) {
      require(static_cast<std::size_t>(member) < roster.subjects.size());
    }
  }
  for (const steering::Endpoint& endpoint : table.plan.endpoints) {
    for (const auto& faces : endpoint.faces) {
      for (const steering::Face& face : faces) {
        require(static_cast<std::size_t>(face.subject) < roster.subjects.size());
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  config::SteeringTable table;
  zones::Problems problems;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto zone = config::parse_zone_yaml(text, "fuzz.yaml", 1, {{}, true}, table, problems);
  require(zone.has_value() == problems.empty());
  for (const zones::Problem& problem : problems) check_problem(problem);
  if (!zone) return 0;
  for (const zones::Problem& warning : table.warnings) check_problem(warning);
  check_roster(table);
  require(zone->serial() > 0 || text.find("serial") != std::string::npos);
  for (const zones::NodeId node : zone->nodes()) {
    const auto dynamic = zone->dynamic(node);
    if (!dynamic) continue;
    const steering::DynamicRecord& record = table.plan[*dynamic];
    require(record.alias ? record.rules.empty() : record.rules.back().catches_all());
  }
  return 0;
}
