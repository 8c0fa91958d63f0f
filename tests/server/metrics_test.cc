#include "server/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

namespace server {
namespace {

using dnswire::Family;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::chrono::system_clock::time_point kNoon{std::chrono::seconds{1795348800}};

const EndpointGauge kTokyo{"example.org", "tokyo", Family::V4, true};
const EndpointGauge kVirginia{"example.org", "virginia", Family::V6, false};

// Every metric there is gets a value.
void fill(Metrics& metrics, const Counters& counters) {
  metrics.watch(counters);
  metrics.set_endpoints(std::array{kTokyo, kVirginia});
  metrics.count_transition(kTokyo, "down", "up");
  metrics.observe_probe("https", std::chrono::milliseconds{30});
  metrics.count_probe_failure("timeout");
  metrics.count_reload(true, kNoon);
  metrics.set_generation(7);
  metrics.set_databases(std::array{DatabaseGauge{"/a.mmdb", "GeoLite2-City", true, kNoon}});
  metrics.set_loaded(2, 30);
}

// The text format: comment lines, and lines of name, labels and number.
std::map<std::string, double> parse(const std::string& text) {
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
std::set<std::string> exposed_names(const std::string& text) {
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

// The first cell of each row of the tables in docs/metrics.md, labels sorted.
std::set<std::string> documented_names() {
  static const std::regex kRow(R"(\| `(fairlead_[a-z_]+)(?:\{([a-z_,]+)\})?` \|.*)");
  std::ifstream file(FAIRLEAD_SOURCE_DIR "/docs/metrics.md");
  std::set<std::string> names;
  for (std::string line; std::getline(file, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, kRow)) continue;
    std::set<std::string> labels;
    std::istringstream list(match[2]);
    for (std::string label; std::getline(list, label, ',');) labels.insert(label);
    std::string joined;
    for (const std::string& label : labels) joined += (joined.empty() ? "" : ",") + label;
    names.insert(joined.empty() ? match[1].str() : match[1].str() + "{" + joined + "}");
  }
  return names;
}

TEST(Metrics, AreAllDocumentedAndAllExposed) {
  const Counters counters;
  Metrics metrics("1.2.3");
  fill(metrics, counters);
  EXPECT_EQ(exposed_names(metrics.text()), documented_names());
}

TEST(Metrics, SumTheCountersOfAllThreads) {
  Counters first;
  Counters second;
  Metrics metrics("1.2.3");
  metrics.watch(first);
  metrics.watch(second);
  answer::Outcome outcome{.answered = true, .asked = true, .type = dnswire::RrType::AAAA};
  outcome.rcode = dnswire::Rcode::NxDomain;
  account(first, outcome, answer::Transport::Udp, Family::V4, {30, 60});
  account(second, outcome, answer::Transport::Udp, Family::V4, {30, 60});
  first.send_full.add(3);
  second.tcp_evicted.add(4);
  const auto samples = parse(metrics.text());
  EXPECT_EQ(samples.at(R"(fairlead_dns_queries_total{transport="udp",family="ipv4"})"), 2);
  EXPECT_EQ(samples.at(R"(fairlead_dns_queries_total{transport="tcp",family="ipv6"})"), 0);
  EXPECT_EQ(samples.at(R"(fairlead_dns_responses_total{rcode="NXDOMAIN"})"), 2);
  EXPECT_EQ(samples.at(R"(fairlead_dns_queries_by_type_total{type="AAAA"})"), 2);
  EXPECT_EQ(samples.at(R"(fairlead_dns_sent_bytes_total{transport="udp"})"), 120);
  EXPECT_EQ(samples.at(R"(fairlead_dns_send_failures_total{reason="full"})"), 3);
  EXPECT_EQ(samples.at("fairlead_tcp_connections_evicted_total"), 4);
}

TEST(Metrics, ShowWhatTheyWereTold) {
  const Counters counters;
  Metrics metrics("1.2.3");
  fill(metrics, counters);
  metrics.count_reload(false, kNoon + std::chrono::hours{1});
  const auto samples = parse(metrics.text());
  const std::string tokyo = R"(endpoint="tokyo",family="ipv4",)";
  EXPECT_EQ(samples.at("fairlead_endpoint_up{" + tokyo + R"(zone="example.org"})"), 1);
  EXPECT_EQ(samples.at(R"(fairlead_build_info{version="1.2.3"})"), 1);
  EXPECT_EQ(samples.at(R"(fairlead_reloads_total{result="ok"})"), 1);
  EXPECT_EQ(samples.at(R"(fairlead_reloads_total{result="failed"})"), 1);
  EXPECT_EQ(samples.at("fairlead_last_successful_reload_timestamp_seconds"), 1795348800);
  EXPECT_EQ(samples.at("fairlead_snapshot_generation"), 7);
  EXPECT_EQ(samples.at("fairlead_zones"), 2);
  EXPECT_EQ(samples.at("fairlead_names"), 30);
  EXPECT_EQ(samples.at(R"(fairlead_probe_duration_seconds_bucket{type="https",le="0.025"})"), 0);
  EXPECT_EQ(samples.at(R"(fairlead_probe_duration_seconds_bucket{type="https",le="0.05"})"), 1);
}

TEST(Metrics, ForgetEndpointsThatAreGone) {
  const Counters counters;
  Metrics metrics("1.2.3");
  fill(metrics, counters);
  metrics.count_transition(kVirginia, "up", "down");
  metrics.set_endpoints(std::array{kVirginia});
  EXPECT_THAT(metrics.text(), Not(HasSubstr("tokyo")));
  EXPECT_THAT(metrics.text(), HasSubstr("fairlead_endpoint_transitions_total{"));
  metrics.count_transition(kVirginia, "up", "down");
  EXPECT_THAT(metrics.text(), HasSubstr("} 2\n")) << "counts of one that stayed go on";
  metrics.set_endpoints({});
  EXPECT_THAT(metrics.text(), Not(HasSubstr("virginia")));
}

TEST(Metrics, ForgetDatabasesThatAreGoneAndDateOnlyThoseLoaded) {
  Metrics metrics("1.2.3");
  metrics.set_databases(std::array{DatabaseGauge{"/a.mmdb", "City", true, kNoon},
                                   DatabaseGauge{"/b.mmdb", "", false, {}}});
  auto samples = parse(metrics.text());
  EXPECT_EQ(samples.at(R"(fairlead_geo_database_loaded{path="/a.mmdb",type="City"})"), 1);
  EXPECT_EQ(samples.at(R"(fairlead_geo_database_loaded{path="/b.mmdb",type=""})"), 0);
  EXPECT_EQ(
      samples.at(R"(fairlead_geo_database_built_timestamp_seconds{path="/a.mmdb",type="City"})"),
      1795348800);
  EXPECT_FALSE(
      samples.contains(R"(fairlead_geo_database_built_timestamp_seconds{path="/b.mmdb",type=""})"));
  metrics.set_databases({});
  EXPECT_THAT(metrics.text(), Not(HasSubstr("mmdb")));
}

TEST(Metrics, EscapeLabelValues) {
  Metrics metrics("1.2.3");
  metrics.count_probe_failure("a \"quoted\\\"\nreason");
  EXPECT_THAT(metrics.text(), HasSubstr(R"({reason="a \"quoted\\\"\nreason"} 1)"));
}

TEST(Metrics, AreScrapedWhileEverythingCounts) {
  Counters counters;
  Metrics metrics("1.2.3");
  metrics.watch(counters);
  std::atomic<bool> done{false};
  std::thread owner([&] {
    while (!done) counters.dropped.add();
  });
  std::thread control([&] {
    while (!done) {
      metrics.set_endpoints(std::array{kTokyo, kVirginia});
      metrics.count_transition(kTokyo, "up", "down");
    }
  });
  for (int i = 0; i < 100; ++i) {
    const std::string text = metrics.text();
    // Never half a set: both or, at the very start, none.
    EXPECT_EQ(text.find("tokyo\",family=\"ipv4\",zone=\"example.org\"} 1") != std::string::npos &&
                  text.find("fairlead_endpoint_up") == std::string::npos,
              false);
    EXPECT_EQ(text.find("endpoint=\"virginia\"") != std::string::npos,
              text.find("# TYPE fairlead_endpoint_up gauge") != std::string::npos);
  }
  done = true;
  owner.join();
  control.join();
}

}  // namespace
}  // namespace server
