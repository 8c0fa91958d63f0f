#include "server/admin/status_text.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "server/logging/log.h"

namespace admin {
namespace {

using Json = nlohmann::ordered_json;

// Text of the server, which has names from files and words from the network in it.
std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? logging::escape(found->get<std::string>())
                                                   : "";
}

std::size_t letters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

// "2026-11-22T12:00:00Z" without the letters.
std::string time_of(const Json& json, const char* key) {
  std::string text = text_of(json, key);
  std::replace(text.begin(), text.end(), 'T', ' ');
  if (text.ends_with('Z')) text.pop_back();
  return text;
}

class Table {
 public:
  using Row = std::vector<std::string>;
  void add(Row row) { rows_.push_back(std::move(row)); }
  // A line as it is, between the rows.
  void add_line(std::string line) { rows_.push_back({std::move(line)}); }

  [[nodiscard]] std::string text() const {
    std::vector<std::size_t> widths;
    for (const Row& row : rows_) {
      if (row.size() < 2) continue;
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], letters(row[i]));
    }
    std::string text;
    for (const Row& row : rows_) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) {
        line += row[i];
        if (i + 1 < row.size()) line.append(widths[i] - letters(row[i]) + 2, ' ');
      }
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
    }
    return text;
  }

 private:
  std::vector<Row> rows_;
};

std::string word_of(const Json& override) {
  const auto weight = override.find("weight");
  if (weight == override.end()) return text_of(override, "force");
  return "weight " + std::to_string(weight->get<std::uint64_t>());
}

// " by alice until 2026-11-22 12:00:00: kernel update", as far as it is known.
std::string origin_words(const Json& override) {
  std::string text;
  if (const std::string author = text_of(override, "author"); !author.empty()) {
    text += " by " + author;
  }
  if (const std::string until = time_of(override, "expires"); !until.empty()) {
    text += " until " + until;
  }
  if (const std::string reason = text_of(override, "reason"); !reason.empty()) {
    text += ": " + reason;
  }
  return text;
}

// Latest results, oldest first: a dot for each that passed, an exclamation mark for others.
std::string ring(const Json& check) {
  std::string marks;
  for (const Json& result : check.value("results", Json::array())) {
    marks += text_of(result, "reason") == "none" ? '.' : '!';
  }
  return marks;
}

std::string last_words(const Json& check) {
  const auto last = check.find("last");
  if (last == check.end()) return "no result yet";
  const std::string at = time_of(*last, "at");
  if (last->value("passed", false)) {
    return "passed at " + at + ", took " + std::to_string(last->value("took_ms", 0)) + " ms";
  }
  return text_of(*last, "detail") + ", at " + at;
}

// "weight 10 (configured 100, by alice: canary)"
std::string weight_words(const Json& override) {
  std::string text = word_of(override) + " (";
  if (const std::string configured = text_of(override, "configured"); !configured.empty()) {
    text += "configured " + configured;
  } else {
    text += "in no pool that heeds weights";
  }
  const std::string origin = origin_words(override);
  return text + (origin.starts_with(' ') ? "," : "") + origin + ")";
}

std::string why(const Json& endpoint) {
  std::string text;
  if (const auto forced = endpoint.find("override"); forced != endpoint.end()) {
    text =
        word_of(*forced) + origin_words(*forced) + " (really " + text_of(endpoint, "state") + ")";
  }
  if (const auto weight = endpoint.find("weight_override"); weight != endpoint.end()) {
    text += (text.empty() ? "" : "; ") + weight_words(*weight);
  }
  const Json& checks = endpoint["checks"];
  for (const Json& check : checks) {
    const auto last = check.find("last");
    if (last == check.end() || last->value("passed", true)) continue;
    if (!text.empty()) text += "; ";
    if (checks.size() > 1) text += text_of(check, "name") + ": ";
    text += text_of(*last, "detail");
  }
  return text;
}

void add_checks(Table& table, const Json& endpoint) {
  for (const Json& check : endpoint["checks"]) {
    std::string line = "      " + text_of(check, "name") + " (" + text_of(check, "type") + ", " +
                       text_of(check, "judges") + "): " + text_of(check, "state") + "  " +
                       ring(check) + "  " + last_words(check);
    if (const std::string ends = time_of(check, "certificate_ends"); !ends.empty()) {
      line += ", certificate until " + ends;
    }
    table.add_line(std::move(line));
  }
}

std::string head(const Json& status) {
  const Json& probes = status["probes"];
  std::string text = "fairlead " + text_of(status, "version") + ", generation " +
                     std::to_string(status.value("generation", std::uint64_t{0})) + ", " +
                     std::to_string(probes.value("targets", std::uint64_t{0})) + " checks, " +
                     std::to_string(probes.value("late", std::uint64_t{0})) + " started late\n";
  for (const Json& uplink : status["isolated"]) {
    text += "ALARM  this node seems to be cut off (" + logging::escape(uplink.get<std::string>()) +
            "): verdicts are held\n";
  }
  for (const Json& pool : status["pools"]) {
    if (!pool.value("origin_down", false)) continue;
    text += "ALARM  origin down: pool " + text_of(pool, "pool") + " of " + text_of(pool, "zone") +
            " (" + text_of(pool, "family") + ")\n";
  }
  for (const Json& alarm : status["alarms"]) {
    text += "ALARM  " + logging::escape(alarm.get<std::string>()) + "\n";
  }
  return text;
}

std::string endpoints_text(const Json& status, bool results) {
  Table table;
  std::string zone;
  for (const Json& endpoint : status["endpoints"]) {
    if (text_of(endpoint, "zone") != zone) {
      zone = text_of(endpoint, "zone");
      table.add_line(zone);
    }
    table.add({std::string(endpoint.value("served", false) ? "  ✓ " : "  - ") +
                   text_of(endpoint, "endpoint"),
               text_of(endpoint, "address"), text_of(endpoint, "shown"),
               time_of(endpoint, "changed"), why(endpoint)});
    if (results) add_checks(table, endpoint);
  }
  return table.text();
}

std::string lists_text(const Json& status) {
  std::string text;
  for (const Json& canary : status["canaries"]) {
    text += "canary " + text_of(canary, "address") + "  " + text_of(canary, "state") + "  " +
            last_words(canary) + "\n";
  }
  for (const Json& override : status["overrides"]) {
    text += "override " + text_of(override, "target") + "  " + word_of(override) +
            origin_words(override) + " (" + std::to_string(override.value("endpoints", 0)) +
            (override.value("endpoints", 0) == 1 ? " endpoint)\n" : " endpoints)\n");
  }
  return text;
}

}  // namespace

tl::expected<std::string, std::string> status_text(const std::string& json, bool results) {
  try {
    const Json status = Json::parse(json);
    std::string text = head(status) + "\n" + endpoints_text(status, results);
    if (const std::string lists = lists_text(status); !lists.empty()) text += "\n" + lists;
    return text;
  } catch (const Json::exception& error) {
    return tl::unexpected(std::string("the server's status is not understood: ") + error.what());
  }
}

}  // namespace admin
