#include "server/cli/explain_commands.h"

#include <functional>
#include <iostream>
#include <optional>
#include <tuple>

#include "server/admin/explain.h"
#include "server/admin/explanation_json.h"
#include "server/admin/explanation_text.h"
#include "server/admin/health_words.h"
#include "server/admin/world_map.h"
#include "server/admin/world_map_json.h"
#include "server/admin/world_map_text.h"
#include "server/cli/admin_client.h"
#include "server/control/loaded.h"
#include "server/http/client.h"

namespace cli {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kPatience{30};  // a reload may be under way

int fail(const std::string& sentence) {
  std::cerr << "fairlead: " << sentence << '\n';
  return 1;
}

// As parse_explain_request() wants it.
std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (&text == &texts.front() ? "" : ",") + text;
  return all;
}

// Everybody up, as if every check had passed.
health::Board all_up(const health::Roster& roster) {
  std::vector<health::Verdict> verdicts(roster.targets.size());
  for (health::Verdict& verdict : verdicts) verdict.state = health::State::Up;
  std::vector<const health::Verdict*> pointers;
  for (const health::Verdict& verdict : verdicts) pointers.push_back(&verdict);
  const std::vector<std::optional<health::SubjectId>> former(roster.subjects.size());
  health::Monitor monitor;
  std::ignore = monitor.adopt(std::make_shared<const health::Roster>(roster), pointers, former, {});
  return monitor.board({});
}

answer::Snapshot snapshot_of(const control::Loaded& loaded) {
  answer::Snapshot snapshot;
  snapshot.zones = loaded.configuration.zones;
  snapshot.plan = loaded.configuration.plan;
  snapshot.map = loaded.map;
  snapshot.atlas = loaded.atlas;
  snapshot.board = std::make_shared<const health::Board>(all_up(*loaded.configuration.roster));
  snapshot.settings = loaded.settings;
  return snapshot;
}

// What to ask, and how to find it out where no server answers: a text for standard output.
struct Question {
  std::string target;
  bool json = false;
  std::function<tl::expected<std::string, std::string>(const answer::Snapshot& snapshot,
                                                       const health::Roster& roster)>
      evaluate;
};

int evaluate_files(const CommandOptions& options, const Question& question,
                   const std::string& why_not_asked) {
  const auto loaded = control::load_first(options.configuration_file);
  if (!loaded) {
    std::cerr << why_not_asked << "; and the files cannot be evaluated:\n";
    for (const std::string& problem : loaded.error()) std::cerr << problem << '\n';
    return 1;
  }
  for (const std::string& problem : loaded->database_problems) std::cerr << problem << '\n';
  const auto text = question.evaluate(snapshot_of(*loaded), *loaded->configuration.roster);
  if (!text) return fail(text.error());
  // Beside JSON it would be in the way.
  (question.json ? std::cerr : std::cout)
      << "(" << why_not_asked << "; evaluated from " << options.configuration_file
      << " with every endpoint assumed up)\n\n";
  std::cout << *text;
  return 0;
}

int ask(const CommandOptions& options, const Question& question) {
  const auto admin = find_admin(options);
  if (!admin) return fail(admin.error());
  const auto reply = http::request("GET", *admin, question.target, kPatience);
  if (!reply) {
    return evaluate_files(options, question,
                          "no server answers at " + admin->to_text() + " (" + reply.error() + ")");
  }
  if (reply->status == 200) {
    std::cout << reply->body;
    return 0;
  }
  std::cerr << reply->body;
  return 1;
}

admin::HealthWords words_of(const health::Roster& roster) {
  admin::HealthWords words;
  words.bound = [&roster](health::SubjectId subject) {
    return admin::failover_bound(roster, subject);
  };
  return words;
}

std::string target_of(const std::string& path, const std::string& name, const std::string& type,
                      const std::string& assume, bool json) {
  return path + "?name=" + percent_encoded(name) + "&type=" + percent_encoded(type) +
         (assume.empty() ? "" : "&assume=" + percent_encoded(assume)) +
         (json ? "&format=json" : "");
}

}  // namespace

int explain_name(const CommandOptions& options, const ExplainOptions& what) {
  const std::string clients = joined(what.clients);
  const std::string assume = joined(what.assume);
  const auto request = admin::parse_explain_request(what.name, what.type, clients, assume);
  if (!request) return fail(request.error());
  Question question;
  question.target = target_of("/explain", what.name, what.type, assume, what.json) +
                    "&client=" + percent_encoded(clients);
  question.json = what.json;
  question.evaluate = [&](const answer::Snapshot& snapshot,
                          const health::Roster& roster) -> tl::expected<std::string, std::string> {
    const auto explanation = admin::explain(*request, snapshot, words_of(roster));
    if (!explanation) return tl::unexpected(explanation.error());
    return what.json ? explanation_json(*explanation) : explanation_text(*explanation);
  };
  return ask(options, question);
}

int map_name(const CommandOptions& options, const MapOptions& what) {
  const std::string assume = joined(what.assume);
  const auto request = admin::parse_map_request(what.name, what.type, assume);
  if (!request) return fail(request.error());
  Question question;
  question.target = target_of("/map", what.name, what.type, assume, what.json) +
                    (what.countries ? "&countries=yes" : "");
  question.json = what.json;
  question.evaluate = [&](const answer::Snapshot& snapshot,
                          const health::Roster&) -> tl::expected<std::string, std::string> {
    const auto map = admin::map_world(*request, snapshot);
    if (!map) return tl::unexpected(map.error());
    return what.json ? world_map_json(*map) : world_map_text(*map, what.countries);
  };
  return ask(options, question);
}

}  // namespace cli
