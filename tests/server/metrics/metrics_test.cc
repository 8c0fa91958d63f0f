#include "server/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "tests/server/metrics/prometheus_text.h"

namespace metrics {
namespace {

using dnswire::Family;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::chrono::system_clock::time_point kNoon{std::chrono::seconds{1795348800}};

const EndpointFace kTokyo{"example.org", "tokyo", Family::V4};
const EndpointFace kVirginia{"example.org", "virginia", Family::V6};

// Every metric there is gets a value.
void fill(Metrics& metrics, const Counters& counters) {
  metrics.watch(counters);
  metrics.count_transition(kTokyo, "down", "up");
  metrics.count_reload(true, kNoon);
  metrics.set_generation(7);
  metrics.set_databases(std::array{DatabaseGauge{"/a.mmdb", "GeoLite2-City", true, kNoon}});
  metrics.set_loaded(2, 30);
}

TEST(Metrics, SumTheCountersOfAllThreads) {
  Counters first;
  Counters second;
  Metrics metrics("1.2.3");
  metrics.watch(first);
  metrics.watch(second);
  answer::Outcome outcome{.answered = true, .asked = true, .type = dnswire::RrType::AAAA};
  outcome.rcode = dnswire::Rcode::NxDomain;
  account(first, outcome);
  account(first, answer::Transport::Udp, Family::V4, {1, 30, 60});
  account(second, outcome);
  account(second, answer::Transport::Udp, Family::V4, {1, 30, 60});
  first.send_full.add(3);
  second.tcp_evicted.add(4);
  const auto samples = parse_metrics(metrics.text());
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
  const auto samples = parse_metrics(metrics.text());
  EXPECT_EQ(samples.at("fairlead_endpoint_transitions_total{endpoint=\"tokyo\",family=\"ipv4\","
                       "from=\"down\",to=\"up\",zone=\"example.org\"}"),
            1);
  EXPECT_EQ(samples.at(R"(fairlead_build_info{version="1.2.3"})"), 1);
  EXPECT_EQ(samples.at(R"(fairlead_reloads_total{result="ok"})"), 1);
  EXPECT_EQ(samples.at(R"(fairlead_reloads_total{result="failed"})"), 1);
  EXPECT_EQ(samples.at("fairlead_last_successful_reload_timestamp_seconds"), 1795348800);
  EXPECT_EQ(samples.at("fairlead_snapshot_generation"), 7);
  EXPECT_EQ(samples.at("fairlead_zones"), 2);
  EXPECT_EQ(samples.at("fairlead_names"), 30);
}

TEST(Metrics, ForgetEndpointsThatAreGone) {
  const Counters counters;
  Metrics metrics("1.2.3");
  fill(metrics, counters);
  metrics.count_transition(kVirginia, "up", "down");
  metrics.keep_transitions_of(std::array{kVirginia});
  EXPECT_THAT(metrics.text(), Not(HasSubstr("tokyo")));
  EXPECT_THAT(metrics.text(), HasSubstr("fairlead_endpoint_transitions_total{"));
  metrics.count_transition(kVirginia, "up", "down");
  EXPECT_THAT(metrics.text(), HasSubstr("} 2\n")) << "counts of one that stayed go on";
  metrics.keep_transitions_of({});
  EXPECT_THAT(metrics.text(), Not(HasSubstr("virginia")));
}

TEST(Metrics, ForgetDatabasesThatAreGoneAndDateOnlyThoseLoaded) {
  Metrics metrics("1.2.3");
  metrics.set_databases(std::array{DatabaseGauge{"/a.mmdb", "City", true, kNoon},
                                   DatabaseGauge{"/b.mmdb", "", false, {}}});
  auto samples = parse_metrics(metrics.text());
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
  metrics.set_databases(std::array{DatabaseGauge{"/a \"quoted\\\"\npath", "", false, {}}});
  EXPECT_THAT(metrics.text(), HasSubstr(R"({path="/a \"quoted\\\"\npath",type=""} 0)"));
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
      metrics.keep_transitions_of(std::array{kTokyo, kVirginia});
      metrics.count_transition(kTokyo, "up", "down");
    }
  });
  for (int i = 0; i < 100; ++i) {
    const auto samples = parse_metrics(metrics.text());  // whole, whatever happens meanwhile
    EXPECT_TRUE(samples.contains("fairlead_dns_dropped_total"));
  }
  done = true;
  owner.join();
  control.join();
}

}  // namespace
}  // namespace metrics
