#include "tests/scenarios/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "health/board.h"
#include "health/judge.h"
#include "tests/conformance/served.h"

namespace scenarios {
namespace {

using conformance::Ask;
using conformance::Served;
using Words = std::vector<std::string>;

// A step that makes no sense.
struct Nonsense : std::runtime_error {
  using std::runtime_error::runtime_error;
};

Words words_of(const std::string& line) {
  std::istringstream in(line);
  Words words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::string joined(const Words& words, std::size_t from = 0) {
  std::string text;
  for (std::size_t i = from; i < words.size(); ++i) text += (i == from ? "" : " ") + words[i];
  return text;
}

unsigned number(const std::string& text) {
  unsigned value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) {
    throw Nonsense("not a number: " + text);
  }
  return value;
}

health::Duration duration(const std::string& text) {
  const auto unit_at = text.find_first_not_of("0123456789");
  const std::string unit = unit_at == std::string::npos ? "" : text.substr(unit_at);
  const health::Duration count(number(text.substr(0, unit_at)));
  if (unit == "ms") return count;
  if (unit == "s") return count * 1000;
  if (unit == "m") return count * 60'000;
  if (unit == "h") return count * 3'600'000;
  throw Nonsense("not a duration: " + text);
}

// The word behind `words[i]`, where a step needs one; moves on to it.
const std::string& next(const Words& words, std::size_t& i) {
  if (++i >= words.size()) throw Nonsense("nothing follows `" + words[i - 1] + "`");
  return words[i];
}

dnswire::IpAddress address(const std::string& text) {
  const auto address = dnswire::IpAddress::from_text(text);
  if (!address) throw Nonsense("not an address: " + text);
  return *address;
}

std::string subnet(const std::string& text) {
  if (!dnswire::Prefix::from_text(text)) throw Nonsense("not a network: " + text);
  return text;
}

class Player {
 public:
  void step(const Step& step) {
    const std::string& verb = step.words.front();
    if (verb == "zone") return add_zone(step);
    if (verb == "place") return add_place(step);
    if (verb == "advance") return advance(step);
    if (!served_) start();
    if (verb == "probe") return probe(step);
    if (verb == "query") return query(step);
    throw Nonsense("unknown step `" + verb + "`");
  }
  [[nodiscard]] std::size_t queries() const { return queries_; }

 private:
  void add_zone(const Step& step) {
    if (served_) throw Nonsense("zones stand before what happens to them");
    std::string text;
    for (const std::string& line : step.below) text += line + '\n';
    files_.push_back({"zone" + std::to_string(files_.size()) + ".yaml", text});
  }

  void add_place(const Step& step) {
    if (served_ || step.words.size() < 3)
      throw Nonsense("`place NETWORK WHERE`, before it matters");
    places_.push_back({subnet(step.words[1]), joined(step.words, 2)});
  }

  void advance(const Step& step) {
    if (step.words.size() != 2) throw Nonsense("`advance 10s`");
    now_ += duration(step.words[1]);
  }

  void start() {
    served_ = std::make_unique<Served>(files_, places_);
    if (!served_->loaded()) throw Nonsense("the zones do not load");
    verdicts_.resize(served_->configuration().targets.size());
  }

  // Each target once: one probe address may judge both families.
  std::vector<health::TargetId> targets_of(const std::string& name,
                                           std::optional<dnswire::Family> family) const {
    std::vector<health::TargetId> targets;
    for (const auto& endpoint : served_->configuration().plan->endpoints) {
      if (endpoint.name != name) continue;
      for (const auto one : {dnswire::Family::V4, dnswire::Family::V6}) {
        const auto& face = endpoint.face(one);
        if (!face || !face->target || (family && *family != one)) continue;
        const bool known = std::count(targets.begin(), targets.end(), *face->target) > 0;
        if (!known) targets.push_back(*face->target);
      }
    }
    if (targets.empty()) throw Nonsense("no such endpoint, or it has no check: " + name);
    return targets;
  }

  void probe(const Step& step) {
    const Words& words = step.words;
    if (words.size() < 3) throw Nonsense("`probe ENDPOINT pass`");
    std::optional<dnswire::Family> family;
    std::size_t i = 2;
    if (words[i] == "A") family = dnswire::Family::V4;
    if (words[i] == "AAAA") family = dnswire::Family::V6;
    if (family) next(words, i);
    for (; i < words.size(); ++i) {
      if (words[i] != "pass" && words[i] != "fail") throw Nonsense("pass or fail: " + words[i]);
      for (const auto target : targets_of(words[1], family)) judge(target, words[i] == "pass");
    }
    publish();
  }

  void judge(health::TargetId id, bool passed) {
    const auto index = static_cast<std::size_t>(id);
    const health::CheckSpec& check = served_->configuration().targets[index].check;
    health::Observation seen{
        passed, passed ? health::Reason::None : health::Reason::Timeout, {}, now_, {}};
    verdicts_[index] = health::judge(check.thresholds, verdicts_[index], std::move(seen));
  }

  void publish() {
    std::vector<health::Standing> standings;
    for (std::size_t i = 0; i < verdicts_.size(); ++i) {
      standings.push_back(
          health::standing_of(served_->configuration().targets[i].check, verdicts_[i]));
    }
    served_->publish(health::Board(std::move(standings)));
  }

  void query(const Step& step) {
    if (step.words.size() < 3) throw Nonsense("`query NAME TYPE`");
    Ask ask{step.words[1], step.words[2]};
    ask.edns = true;
    answer::Client client{address("198.51.100.53")};
    for (std::size_t i = 3; i < step.words.size(); ++i) read_modifier(step.words, i, ask, client);
    ++queries_;
    std::string expected;
    for (const std::string& line : step.below) expected += joined(words_of(line)) + '\n';
    EXPECT_EQ(conformance::to_text(served_->ask(ask, client)), expected);
  }

  static void read_modifier(const Words& words, std::size_t& i, Ask& ask, answer::Client& client) {
    const std::string& word = words[i];
    if (word == "from") {
      const std::string& who = next(words, i);
      if (who.find('/') == std::string::npos) {
        client.address = address(who);
      } else {
        ask.subnet = subnet(who);
      }
    } else if (word == "via") {
      client.address = address(next(words, i));
    } else if (word == "tcp") {
      client.transport = answer::Transport::Tcp;
    } else if (word == "bufsize") {
      ask.udp_size = static_cast<std::uint16_t>(number(next(words, i)));
    } else if (word == "no-edns") {
      ask.edns = false;
    } else {
      throw Nonsense("unknown word `" + word + "`");
    }
  }

  std::vector<conformance::File> files_;
  std::vector<conformance::Place> places_;
  std::unique_ptr<Served> served_;
  std::vector<health::Verdict> verdicts_;  // by target
  health::Instant now_{std::chrono::hours(1)};
  std::size_t queries_ = 0;
};

// Removes from all lines what they have in common in front.
void dedent(std::vector<std::string>& lines) {
  std::size_t common = std::string::npos;
  for (const std::string& line : lines) common = std::min(common, line.find_first_not_of(' '));
  for (std::string& line : lines) line.erase(0, common);
}

}  // namespace

std::vector<Step> read_steps(const std::string& text) {
  std::vector<Step> steps;
  std::istringstream in(text);
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const auto first = line.find_first_not_of(' ');
    if (first == std::string::npos || line[first] == '#') continue;
    if (first == 0) {
      steps.push_back({number, words_of(line), {}});
    } else if (steps.empty()) {
      ADD_FAILURE() << "line " << number << " is indented, but there is no step above it";
    } else {
      steps.back().below.push_back(line);
    }
  }
  for (Step& step : steps) dedent(step.below);
  return steps;
}

void play(const std::string& file, const std::string& text) {
  Player player;
  for (const Step& step : read_steps(text)) {
    SCOPED_TRACE(file + ":" + std::to_string(step.line) + ": " + joined(step.words));
    try {
      player.step(step);
    } catch (const Nonsense& problem) {
      ADD_FAILURE() << problem.what();
      return;
    }
  }
  EXPECT_GT(player.queries(), 0U) << file << " asks nothing";
}

}  // namespace scenarios
