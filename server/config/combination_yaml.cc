#include "server/config/combination_yaml.h"

#include <algorithm>

#include "server/config/steering_yaml.h"

namespace config {
namespace {

using KnownChecks = NameTable<std::shared_ptr<const Check>>;

constexpr std::size_t kMostChecks = 16;  // of one endpoint

void read_names(YamlFile& file, const YAML::Node& node, const std::string& what,
                const KnownChecks& known, Combination& combination) {
  for (const YAML::Node& entry : file.list(node, what)) {
    const auto check = resolve(file, entry, "check", what, known);
    if (!check) continue;
    if (std::ranges::find(combination.checks, *check) != combination.checks.end()) {
      file.problem(entry, what + ": " + in_backticks((*check)->name) + " stands twice");
    } else {
      combination.checks.push_back(*check);
    }
  }
  if (combination.checks.size() > kMostChecks) {
    file.problem(node, what + " are " + std::to_string(combination.checks.size()) + ", more than " +
                           std::to_string(kMostChecks));
  }
  combination.need = static_cast<std::uint16_t>(combination.checks.size());
}

// `{all: ...}`, `{any: ...}`, `{need: N, of: ...}`.
void read_mapping(YamlFile& file, const YAML::Node& node, const std::string& what,
                  const KnownChecks& known, Combination& combination) {
  const Fields fields(file, node, what, {"all", "any", "need", "of"});
  const auto all = fields.find("all");
  const auto any = fields.find("any");
  const auto of = fields.find("of");
  const auto need = fields.find("need");
  const int ways = (all ? 1 : 0) + (any ? 1 : 0) + (need || of ? 1 : 0);
  if (ways != 1) {
    file.problem(node, what + " is one of `all: [...]`, `any: [...]` and `need: N, of: [...]`");
    return;
  }
  if (all) return read_names(file, *all, fields.named("all"), known, combination);
  if (any) {
    read_names(file, *any, fields.named("any"), known, combination);
    combination.need = combination.checks.empty() ? 0 : 1;
    return;
  }
  if (!fields.require("of") || !fields.require("need")) return;
  read_names(file, *of, fields.named("of"), known, combination);
  const auto count = fields.number("need", 1, kMostChecks);
  if (!count) return;
  const auto listed = of->IsSequence() ? of->size() : 1;
  if (*count > listed) {
    file.problem(*need, fields.named("need") + " is " + std::to_string(*count) + " of " +
                            std::to_string(listed) + " checks");
  }
  combination.need = std::min(combination.need, static_cast<std::uint16_t>(*count));
}

}  // namespace

Combination read_combination(const Fields& endpoint, const KnownChecks& known) {
  Combination combination;
  YamlFile& file = endpoint.file();
  const auto check = endpoint.find("check");
  const auto checks = endpoint.find("checks");
  if (check && checks) {
    endpoint.problem("checks", " has both `check` and `checks`; put all into `checks`");
  } else if (check) {
    if (const auto found = resolve(file, *check, "check", endpoint.named("check"), known)) {
      combination.checks.push_back(*found);
      combination.need = 1;
    }
  } else if (checks && checks->IsMap()) {
    read_mapping(file, *checks, endpoint.named("checks"), known, combination);
  } else if (checks) {
    read_names(file, *checks, endpoint.named("checks"), known, combination);
  }
  return combination;
}

}  // namespace config
