#include "server/admin/assumption.h"

#include <array>
#include <utility>

#include "health/override.h"
#include "server/control/endpoint_index.h"
#include "server/logging/log.h"
#include "zones/suggestion.h"

namespace admin {
namespace {

using health::Force;
using health::Standing;

struct Word {
  std::string_view text;
  Force force;
};
constexpr std::array<Word, 3> kWords{
    {{"down", Force::Down}, {"drained", Force::Drained}, {"up", Force::Up}}};

std::string_view word_of(Force force) {
  for (const Word& word : kWords) {
    if (word.force == force) return word.text;
  }
  return {};
}

tl::expected<Assumption, std::string> parse(std::string_view text) {
  const auto colon = text.find(':');
  const std::string_view said = text.substr(0, colon);
  for (const Word& word : kWords) {
    if (said != word.text || colon == std::string_view::npos) continue;
    health::Override override;
    override.target = health::canonical_target(text.substr(colon + 1));
    override.force = word.force;
    if (std::string fault = find_fault(override); !fault.empty()) return tl::unexpected(fault);
    return Assumption{word.force, std::move(override.target)};
  }
  return tl::unexpected("`" + logging::escape(text) +
                        "` assumes nothing: write down:TARGET, up:TARGET or drained:TARGET");
}

std::string nobody(const std::string& target, const control::EndpointIndex& index) {
  const char* const what =
      target.starts_with("pool:") ? "no endpoint is in `" : "no endpoint is named `";
  const std::vector<std::string> known = index.override_targets();
  const std::vector<std::string_view> views(known.begin(), known.end());
  return what + logging::escape(target) + "`" + zones::suggest(target, views);
}

// As Monitor has it for an override that nothing ends.
void force(Standing& standing, Force by) {
  standing.force = by;
  standing.steady = standing.cap = std::chrono::seconds::max();
}

}  // namespace

std::string Assumption::text() const { return std::string(word_of(force)) + ": " + target; }

tl::expected<std::vector<Assumption>, std::string> parse_assumptions(std::string_view text) {
  std::vector<Assumption> all;
  while (!text.empty()) {
    const auto end = text.find(',');
    auto one = parse(text.substr(0, end));
    if (!one) return tl::unexpected(one.error());
    all.push_back(std::move(*one));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return all;
}

tl::expected<AssumedBoard, std::string> assume(const std::vector<Assumption>& assumptions,
                                               const steering::Plan& plan,
                                               const std::shared_ptr<const health::Board>& board) {
  AssumedBoard result{board, std::vector<bool>(board->size())};
  if (assumptions.empty()) return result;
  std::vector<Standing> standings;
  for (std::uint32_t i = 0; i < board->size(); ++i) {
    standings.push_back((*board)[health::SubjectId{i}]);
  }
  const control::EndpointIndex index(plan, board->size());
  for (const Assumption& assumption : assumptions) {
    health::Override override;
    override.target = assumption.target;
    const auto endpoints = index.matching(override);
    if (endpoints.empty()) return tl::unexpected(nobody(assumption.target, index));
    for (const steering::EndpointId id : endpoints) {
      for (const auto& faces : plan[id].faces) {
        for (const steering::Face& face : faces) {
          const auto subject = static_cast<std::size_t>(face.subject);
          force(standings[subject], assumption.force);
          result.assumed[subject] = true;
        }
      }
    }
  }
  result.board = std::make_shared<const health::Board>(std::move(standings));
  return result;
}

}  // namespace admin
