// Prometheus's text format, taken apart.
#pragma once

#include <map>
#include <set>
#include <string>

namespace metrics {

// Name with labels → value; what is not the format, or stands twice, fails the test.
[[nodiscard]] std::map<std::string, double> parse_metrics(const std::string& text);

// Names with the labels that they are exposed with: "fairlead_endpoint_up{endpoint,family,zone}".
[[nodiscard]] std::set<std::string> exposed_metrics(const std::string& text);

}  // namespace metrics
