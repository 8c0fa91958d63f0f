#include "server/control/health_events.h"

#include "server/control/endpoint_index.h"
#include "server/logging/log.h"

namespace control {
namespace {

using dnswire::Family;
using health::Monitor;

std::string yes_or_no(bool yes) { return yes ? "yes" : "no"; }

Event alarm(std::string_view what, bool bad, std::string text) {
  return {Event::Kind::Alarm, what, std::move(text), bad};
}

// The first failures and successes, which change nothing that is served.
bool is_minor(const Monitor::SubjectChange& change) {
  const health::Standing& before = change.before;
  const health::Standing& after = change.after;
  const bool same_word =
      before.force == after.force && before.held == after.held && before.rescued == after.rescued;
  const bool first_verdict =
      before.state == health::State::Unknown && !health::is_served(after.state);
  return same_word && before.is_served() == after.is_served() && !first_verdict;
}

}  // namespace

Event endpoint_event(const steering::Endpoint& endpoint, const FaceId& face,
                     const Monitor::SubjectChange& change, const std::string& why) {
  const std::string from(to_text(change.before));
  const std::string to(to_text(change.after));
  const bool served = change.after.is_served();
  const std::string address = endpoint.faces_of(face.family)[face.index].address.to_text();
  Event event{Event::Kind::Transition,
              "endpoint",
              {},
              change.before.is_served() && !served,
              is_minor(change)};
  event.text = "endpoint " + endpoint.name + " (" + address + ") of " + endpoint.zone + ": " +
               from + " → " + to;
  if (!why.empty()) event.text += ": " + why;
  event.fields = {{"zone", endpoint.zone},
                  {"endpoint", endpoint.name},
                  {"family", std::string(family_text(face.family))},
                  {"address", address},
                  {"from", from},
                  {"to", to},
                  {"served", yes_or_no(served)},
                  {"reason", why}};
  return event;
}

Event origin_event(const steering::Pool& pool, Family family, bool down) {
  const std::string which =
      "pool " + pool.name + " of " + pool.zone + " (" + std::string(family_text(family)) + ")";
  Event event = alarm("origin", down,
                      down ? "origin down: " + which +
                                 ": every endpoint passes its edge checks and fails those of the "
                                 "origin"
                           : "origin no longer down: " + which);
  event.fields = {{"zone", pool.zone},
                  {"pool", pool.name},
                  {"family", std::string(family_text(family))},
                  {"down", yes_or_no(down)}};
  return event;
}

Event isolation_event(const Monitor::UplinkChange& change) {
  const std::string which(to_text(change.uplink));
  Event event =
      alarm("isolation", change.isolated,
            change.isolated
                ? "this node seems to be cut off (" + which +
                      "): its checks fell silent together; verdicts are held, answers stay"
                : "this node is connected again (" + which + "): verdicts count, judged anew");
  event.fields = {{"uplink", which}, {"isolated", yes_or_no(change.isolated)}};
  return event;
}

Event override_event(const health::Override& override, OverrideTurn turn) {
  const std::string word = word_of(override);
  const std::string what = turn == OverrideTurn::Made        ? "made"
                           : turn == OverrideTurn::TakenBack ? "taken back"
                                                             : "expired";
  const std::string expires = override.expires == 0
                                  ? std::string()
                                  : logging::rfc3339(std::chrono::system_clock::time_point(
                                        std::chrono::seconds(override.expires)));
  Event event{Event::Kind::Transition, "override",
              "override of " + override.target + ", " + word + ": " + what};
  if (!expires.empty() && turn == OverrideTurn::Made) event.text += ", until " + expires;
  if (!override.author.empty()) event.text += ", by " + override.author;
  if (!override.reason.empty()) event.text += " (" + override.reason + ")";
  const bool is_weight = override.kind() == health::OverrideKind::Weight;
  event.fields = {{"target", override.target},
                  {to_text(override.kind()), is_weight ? std::to_string(*override.weight) : word},
                  {"turn", what},
                  {"author", override.author},
                  {"reason", override.reason},
                  {"expires", expires}};
  return event;
}

Event certificate_event(const health::Target& target, const std::string& endpoints,
                        std::chrono::seconds left, bool soon) {
  const auto days = std::chrono::floor<std::chrono::days>(left).count();
  const std::string where = "the certificate at " + target.address + " port " +
                            std::to_string(target.check.port) +
                            (endpoints.empty() ? "" : " (" + endpoints + ")");
  std::string text = where + " is good for " + std::to_string(days) + " days again";
  if (soon) text = where + " ends in " + std::to_string(days) + " days";
  if (left < std::chrono::seconds(0)) text = where + " has expired";
  Event event = alarm("certificate", soon, std::move(text));
  event.fields = {
      {"address", target.address},
      {"port", std::to_string(target.check.port)},
      {"name", target.check.tls.name.empty() ? target.check.http.host : target.check.tls.name},
      {"endpoints", endpoints},
      {"days_left", std::to_string(days)}};
  return event;
}

Event databases_event(const std::string& problem) {
  return alarm("geo_database", !problem.empty(),
               problem.empty() ? "the geo databases in use are those on the disk again"
                               : problem + "; those in use stay");
}

Event state_event(const std::string& problem) {
  return alarm("state", !problem.empty(),
               problem.empty() ? "the state is written to disk again" : problem);
}

}  // namespace control
