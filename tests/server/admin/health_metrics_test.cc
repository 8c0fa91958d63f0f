#include "server/admin/health_metrics.h"

#include <array>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "server/metrics/metrics.h"
#include "tests/server/control/supervised.h"
#include "tests/server/metrics/prometheus_text.h"

namespace admin {
namespace {

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

class HealthMetrics : public control::Supervised {
 protected:
  void SetUp() override {
    adopt();
    settle();
  }
  void put(const std::string& target) {
    health::Override override;
    override.target = target;
    put(std::move(override));
  }
  void weigh(const std::string& target, std::uint32_t weight) {
    health::Override override;
    override.target = target;
    override.force = health::Force::None;
    override.weight = weight;
    put(std::move(override));
  }

 private:
  void put(health::Override override) {
    override.created = control::Clocks::now().wall / 1000;
    supervisor().put(std::move(override), [](const control::Supervisor::Taken&) {});
  }
};

TEST_F(HealthMetrics, ShowWeightsOfOperatorsAlone) {
  weigh("tokyo", 0);
  const auto samples = metrics::parse_metrics(health_metrics(supervisor(), {}));
  const auto weight = [](const std::string& endpoint) {
    return R"(fairlead_endpoint_weight{endpoint=")" + endpoint + R"(",zone="example.test"})";
  };
  EXPECT_EQ(samples.at(weight("tokyo")), 0);
  EXPECT_FALSE(samples.contains(weight("frankfurt")));
  EXPECT_EQ(samples.at(R"(fairlead_overrides{kind="weight"})"), 1);
  EXPECT_EQ(samples.at(R"(fairlead_overrides{kind="drained"})"), 0);
}

TEST_F(HealthMetrics, ShowEachEndpointWithItsRealAndForcedState) {
  put("tokyo");
  const auto samples = metrics::parse_metrics(health_metrics(supervisor(), {3, 2, 1, 4}));
  const std::string tokyo = R"(address="127.0.0.1",endpoint="tokyo",family="ipv4",)";
  const std::string zone = R"(zone="example.test"})";
  EXPECT_EQ(samples.at("fairlead_endpoint_up{" + tokyo + zone), 0);
  EXPECT_EQ(samples.at("fairlead_endpoint_state{" + tokyo + R"(state="up",)" + zone), 1);
  EXPECT_EQ(samples.at("fairlead_endpoint_forced{" + tokyo + R"(force="drained",)" + zone), 1);
  EXPECT_EQ(
      samples.at(
          R"(fairlead_endpoint_state{address="127.0.0.2",endpoint="frankfurt",family="ipv4",state="down",)" +
          zone),
      1);
  EXPECT_GT(samples.at("fairlead_endpoint_last_change_timestamp_seconds{" + tokyo + zone), 1.7e9);
  EXPECT_EQ(samples.at(R"(fairlead_overrides{kind="drained"})"), 1);
  EXPECT_EQ(samples.at(R"(fairlead_isolated{uplink="ipv4"})"), 0);
  EXPECT_EQ(samples.at("fairlead_state_durable"), 0) << "no state folder here";
  EXPECT_GE(samples.at(R"(fairlead_probe_failures_total{reason="refused"})"), 1);
  EXPECT_EQ(samples.at(R"(fairlead_probe_failures_total{reason="tls_name"})"), 0);
  EXPECT_GE(samples.at(R"(fairlead_probe_duration_seconds_count{type="tcp"})"), 2);
  EXPECT_EQ(samples.at(R"(fairlead_probe_duration_seconds_bucket{type="tcp",le="+Inf"})"),
            samples.at(R"(fairlead_probe_duration_seconds_count{type="tcp"})"));
  EXPECT_GE(samples.at("fairlead_probes_started_total"), 2);
  EXPECT_EQ(samples.at("fairlead_hook_deliveries_total"), 3);
  EXPECT_EQ(samples.at("fairlead_hook_failures_total"), 2);
  EXPECT_EQ(samples.at("fairlead_hook_dropped_total"), 1);
  EXPECT_EQ(samples.at("fairlead_hook_waiting"), 4);
}

// One of everything that has labels only while it is there.
TEST_F(HealthMetrics, TogetherWithTheOthersAreAllDocumentedAndAllExposed) {
  put("tokyo");
  weigh("tokyo", 10);
  const metrics::Counters counters;
  metrics::Metrics metrics("1.2.3");
  metrics.watch(counters);
  metrics.count_transition({"example.test", "tokyo", dnswire::Family::V4}, "down", "up");
  metrics.count_reload(true, {});
  metrics.set_generation(7);
  metrics.set_databases(std::array{metrics::DatabaseGauge{"/a.mmdb", "GeoLite2-City", true, {}}});
  metrics.set_loaded(2, 30);
  auto names = metrics::exposed_metrics(metrics.text() + health_metrics(supervisor(), {}));
  // No certificate and no check of an origin in this zone.
  EXPECT_EQ(names.erase("fairlead_certificate_expiry_timestamp_seconds"), 1U);
  EXPECT_EQ(names.erase("fairlead_pool_origin_down"), 1U);
  names.insert("fairlead_certificate_expiry_timestamp_seconds{address,check,endpoint,family,zone}");
  names.insert("fairlead_pool_origin_down{family,pool,zone}");
  EXPECT_EQ(names, documented_names());
}

}  // namespace
}  // namespace admin
