// Input: a zone in YAML. Every problem has its place; what loads is a zone with its steering.
#include <algorithm>
#include <string>

#include "require.h"
#include "server/config/steering_table.h"
#include "server/config/zone_yaml.h"

namespace {

// As an operator reads it: one line, no control characters.
void check_problem(const zones::Problem& problem) {
  require(!problem.text.empty() && problem.file == "fuzz.yaml");
  require(problem.line >= 0 && problem.column >= 0);
  require(std::none_of(problem.text.begin(), problem.text.end(),
                       [](char c) { return c >= 0 && c < ' '; }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  config::SteeringTable table;
  zones::Problems problems;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto zone = config::parse_zone_yaml(text, "fuzz.yaml", 1, {}, table, problems);
  require(zone.has_value() == problems.empty());
  for (const zones::Problem& problem : problems) check_problem(problem);
  if (!zone) return 0;
  require(zone->serial() > 0 || text.find("serial") != std::string::npos);
  for (std::uint32_t i = 0; i < zone->node_count(); ++i) {
    const auto dynamic = zone->dynamic(zones::NodeId{i});
    require(!dynamic || !table.plan[*dynamic].rules.empty());
  }
  return 0;
}
