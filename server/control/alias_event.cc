#include "server/control/alias_event.h"

#include <string>

#include "server/control/endpoint_index.h"

namespace control {
namespace {

std::string because(const std::string& text) { return text.empty() ? "" : ": " + text; }

std::string sentence(const aliases::Event& event) {
  const std::string who =
      "alias target " + event.name.to_text() + " (" + std::string(family_text(event.family)) + ")";
  switch (event.kind) {
    case aliases::Event::Kind::Failing:
      return who + " cannot be resolved" + because(event.text) +
             "; what was known last, if anything, is served";
    case aliases::Event::Kind::Gone:
      return who + " has no addresses" + because(event.text);
    case aliases::Event::Kind::Resolved:
      return who + " is resolved" + because(event.text);
    case aliases::Event::Kind::Special:
      return who + " has a private or reserved address, which is served all the same";
  }
  return who;
}

}  // namespace

Event alias_event(const aliases::Event& event) {
  using Kind = aliases::Event::Kind;
  const bool is_bad = event.kind == Kind::Failing || event.kind == Kind::Gone;
  Event result{Event::Kind::Alarm, "alias", sentence(event), is_bad || event.kind == Kind::Special,
               event.kind == Kind::Special};
  result.fields = {{"name", event.name.to_text()},
                   {"family", std::string(family_text(event.family))},
                   {"resolved", is_bad ? "no" : "yes"},
                   {"reason", event.text}};
  return result;
}

}  // namespace control
