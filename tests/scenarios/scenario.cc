#include "tests/scenarios/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "server/answer/alias_table.h"
#include "tests/conformance/served.h"
#include "tests/scenarios/fleet.h"

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
    if (verb == "drain") return force(step, health::Force::Drained);
    if (verb == "force") return force(step, direction(step));
    if (verb == "undrain") return undrain(step);
    if (verb == "weigh") return weigh(step);
    if (verb == "outside") return know(step);
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
    fleet_ = std::make_unique<Fleet>(served_->configuration(), now_);
  }

  void probe(const Step& step) {
    const Words& words = step.words;
    if (words.size() < 3) throw Nonsense("`probe ENDPOINT pass`");
    const auto slash = words[1].find('/');
    Fleet::Probed probed{words[1].substr(0, slash), {}, {}};
    if (slash != std::string::npos) probed.check = words[1].substr(slash + 1);
    std::size_t i = 2;
    if (words[i] == "A") probed.family = dnswire::Family::V4;
    if (words[i] == "AAAA") probed.family = dnswire::Family::V6;
    if (probed.family) next(words, i);
    for (; i < words.size(); ++i) {
      if (!fleet_->probe(probed, reason(words[i]), now_)) {
        throw Nonsense("no such endpoint, or it has no such check: " + words[1]);
      }
    }
  }

  static health::Reason reason(const std::string& word) {
    if (word == "pass") return health::Reason::None;
    if (word == "fail") return health::Reason::Refused;
    if (word == "silence") return health::Reason::Timeout;
    throw Nonsense("pass, fail or silence: " + word);
  }

  static health::Force direction(const Step& step) {
    const std::string word = step.words.size() > 2 ? step.words[2] : "";
    if (word == "up") return health::Force::Up;
    if (word == "down") return health::Force::Down;
    throw Nonsense("`force ENDPOINT up` or `down`");
  }

  void force(const Step& step, health::Force force) {
    const Words& words = step.words;
    if (words.size() < 2) throw Nonsense("`drain ENDPOINT`");
    health::Override override;
    override.target = words[1];
    override.force = force;
    put(words, force == health::Force::Drained ? 2 : 3, std::move(override));
  }

  // With `for` and `ttl` from the word at `first` on.
  void put(const Words& words, std::size_t first, health::Override override) {
    std::optional<health::Duration> holds;
    for (std::size_t i = first; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (word == "for") {
        holds = duration(next(words, i));
      } else if (word == "ttl") {
        const auto ttl = duration(next(words, i));
        override.ttl = static_cast<std::uint32_t>(ttl / std::chrono::seconds(1));
      } else {
        throw Nonsense("unknown word `" + word + "`");
      }
    }
    if (!fleet_->applies(override)) throw Nonsense("nobody is meant by " + words[1]);
    fleet_->put(std::move(override), holds, now_);
  }

  void undrain(const Step& step) {
    if (step.words.size() != 2) throw Nonsense("`undrain ENDPOINT`");
    take_back(step.words[1], health::OverrideKind::Force);
  }

  void take_back(const std::string& target, health::OverrideKind kind) {
    if (!fleet_->erase(target, kind, now_)) throw Nonsense("nobody said so of " + target);
  }

  void weigh(const Step& step) {
    const Words& words = step.words;
    if (words.size() < 3) throw Nonsense("`weigh ENDPOINT 10` or `usual`");
    if (words[2] == "usual") return take_back(words[1], health::OverrideKind::Weight);
    health::Override override;
    override.target = words[1];
    override.force = health::Force::None;
    const char* const end = words[2].data() + words[2].size();
    if (std::from_chars(words[2].data(), end, override.weight.emplace()).ptr != end) {
      throw Nonsense("a weight: " + words[2]);
    }
    put(words, 3, std::move(override));
  }

  void know(const Step& step) {
    const Words& words = step.words;
    const bool is_four = words.size() > 3 && words[2] == "A";
    if (!is_four && (words.size() < 4 || words[2] != "AAAA")) {
      throw Nonsense("`outside NAME A TTL ADDRESS...` or `AAAA`");
    }
    const auto name = dnswire::Name::from_text(words[1]);
    if (!name) throw Nonsense("not a name: " + words[1]);
    std::vector<dnswire::IpAddress> addresses;
    for (std::size_t i = 4; i < words.size(); ++i) addresses.push_back(address(words[i]));
    aliases_.put(*name, is_four ? dnswire::Family::V4 : dnswire::Family::V6, std::move(addresses),
                 dnswire::Ttl(number(words[3])));
    served_->know(aliases_);
  }

  void query(const Step& step) {
    if (step.words.size() < 3) throw Nonsense("`query NAME TYPE`");
    Ask ask{step.words[1], step.words[2]};
    ask.edns = true;
    answer::Client client{address("198.51.100.53")};
    for (std::size_t i = 3; i < step.words.size(); ++i) read_modifier(step.words, i, ask, client);
    ++queries_;
    served_->publish(fleet_->board(now_));
    std::string expected;
    for (const std::string& line : step.below) expected += joined(words_of(line)) + '\n';
    const conformance::Reply reply = served_->ask(ask, client);
    std::string actual = conformance::to_text(reply);
    if (const std::string error = reply.extended_error(); !error.empty()) {
      actual += "error " + error + '\n';
    }
    EXPECT_EQ(actual, expected);
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
  std::unique_ptr<Fleet> fleet_;  // with `served_`
  answer::AliasTable aliases_;
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
