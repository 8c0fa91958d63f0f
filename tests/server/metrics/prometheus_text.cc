#include "tests/server/metrics/prometheus_text.h"

#include <gtest/gtest.h>

#include <regex>
#include <sstream>

namespace metrics {

// The text format: comment lines, and lines of name, labels and number.
std::map<std::string, double> parse_metrics(const std::string& text) {
  static const std::regex kSample(R"(([a-z_]+(\{[a-z_]+="[^\n]*"\})?) ([0-9.e+-]+|\+Inf))");
  static const std::regex kComment(R"(# (HELP|TYPE) [a-z_]+ .+)");
  std::map<std::string, double> samples;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, kComment)) continue;
    if (!std::regex_match(line, match, kSample)) {
      ADD_FAILURE() << "not the text format: " << line;
      continue;
    }
    const auto [entry, is_new] = samples.emplace(match[1], std::stod(match[3]));
    if (!is_new) ADD_FAILURE() << "twice: " << line;
  }
  return samples;
}

// Names with the labels that they are exposed with: "fairlead_endpoint_up{endpoint,family,zone}".
std::set<std::string> exposed_metrics(const std::string& text) {
  static const std::regex kType(R"(# TYPE ([a-z_]+) [a-z]+)");
  static const std::regex kSample(R"(([a-z_]+?)(_bucket|_sum|_count)?(?:\{(.*)\})? \S+)");
  static const std::regex kLabel(R"re(([a-z_]+)="(?:[^"\\]|\\.)*")re");
  std::map<std::string, std::set<std::string>> labels;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, kType)) {
      labels[match[1]];
    } else if (line[0] != '#' && std::regex_match(line, match, kSample)) {
      const std::string all = match[3];
      const std::string name =
          labels.contains(match[1]) ? match[1].str() : match[1].str() + match[2].str();
      for (std::sregex_iterator label(all.begin(), all.end(), kLabel), end; label != end; ++label) {
        if ((*label)[1] != "le") labels[name].insert((*label)[1]);
      }
    }
  }
  std::set<std::string> names;
  for (const auto& [name, its_labels] : labels) {
    std::string text_of_labels;
    for (const std::string& label : its_labels)
      text_of_labels += (text_of_labels.empty() ? "" : ",") + label;
    names.insert(text_of_labels.empty() ? name : name + "{" + text_of_labels + "}");
  }
  return names;
}

}  // namespace metrics
