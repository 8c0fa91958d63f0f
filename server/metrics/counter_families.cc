#include "server/metrics/counter_families.h"

#include <array>
#include <string>
#include <utility>

#include "dnswire/header.h"

namespace metrics {
namespace {

using prometheus::MetricFamily;

constexpr std::array<const char*, 2> kTransports{"udp", "tcp"};
constexpr std::array<const char*, 2> kFamilies{"ipv4", "ipv6"};
constexpr std::array<const char*, kTypeClasses> kTypes{"A",  "AAAA", "NS",    "SOA",
                                                       "MX", "TXT",  "CNAME", "other"};

// A family under construction, summed over all threads.
class Sum {
 public:
  Sum(const std::vector<const Counters*>& watched, const char* name, const char* help)
      : watched_(watched) {
    family_.name = name;
    family_.help = help;
    family_.type = prometheus::MetricType::Counter;
  }

  template <class Pick>
  Sum& add(std::vector<prometheus::ClientMetric::Label> labels, Pick pick) {
    std::uint64_t total = 0;
    for (const Counters* counters : watched_) total += pick(*counters).value();
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.counter.value = static_cast<double>(total);
    family_.metric.push_back(std::move(metric));
    return *this;
  }

  Sum& add_plain(Counter Counters::*member) {
    return add({}, [member](const Counters& c) -> const Counter& { return c.*member; });
  }

  Sum& add_by_transport(std::array<Counter, 2> Counters::*member) {
    for (std::size_t i = 0; i < kTransports.size(); ++i) {
      add({{"transport", kTransports[i]}},
          [member, i](const Counters& c) -> const Counter& { return (c.*member)[i]; });
    }
    return *this;
  }

  MetricFamily take() { return std::move(family_); }

 private:
  const std::vector<const Counters*>& watched_;
  MetricFamily family_;
};

using Watched = std::vector<const Counters*>;

MetricFamily queries(const Watched& watched) {
  Sum sum(watched, "fairlead_dns_queries_total", "Datagrams and TCP messages received.");
  for (std::size_t t = 0; t < kTransports.size(); ++t) {
    for (std::size_t f = 0; f < kFamilies.size(); ++f) {
      sum.add({{"transport", kTransports[t]}, {"family", kFamilies[f]}},
              [t, f](const Counters& c) -> const Counter& { return c.queries[t][f]; });
    }
  }
  return sum.take();
}

MetricFamily responses(const Watched& watched) {
  Sum sum(watched, "fairlead_dns_responses_total", "Responses by RCODE.");
  for (std::size_t i = 0; i <= kCountedRcodes; ++i) {
    const bool other = i == kCountedRcodes;
    sum.add({{"rcode", other ? "other" : to_text(static_cast<dnswire::Rcode>(i))}},
            [i](const Counters& c) -> const Counter& { return c.responses[i]; });
  }
  return sum.take();
}

MetricFamily types(const Watched& watched) {
  Sum sum(watched, "fairlead_dns_queries_by_type_total", "Questions understood, by QTYPE.");
  for (std::size_t i = 0; i < kTypes.size(); ++i) {
    sum.add({{"type", kTypes[i]}}, [i](const Counters& c) -> const Counter& { return c.types[i]; });
  }
  return sum.take();
}

MetricFamily cookies(const Watched& watched) {
  Sum sum(watched, "fairlead_dns_cookies_total", "Queries with a DNS cookie.");
  const auto add = [&sum](const char* state, answer::CookieUse use) {
    sum.add({{"state", state}}, [use](const Counters& c) -> const Counter& {
      return c.cookies[static_cast<std::size_t>(use)];
    });
  };
  add("client_only", answer::CookieUse::ClientOnly);
  add("valid", answer::CookieUse::Valid);
  add("invalid", answer::CookieUse::Invalid);
  return sum.take();
}

MetricFamily send_failures(const Watched& watched) {
  Sum sum(watched, "fairlead_dns_send_failures_total", "Responses that could not be sent.");
  sum.add({{"reason", "full"}}, [](const Counters& c) -> const Counter& { return c.send_full; });
  sum.add({{"reason", "other"}}, [](const Counters& c) -> const Counter& { return c.send_failed; });
  return sum.take();
}

}  // namespace

std::vector<MetricFamily> CounterFamilies::Collect() const {
  const auto plain = [this](const char* name, const char* help, Counter Counters::*member) {
    return Sum(watched_, name, help).add_plain(member).take();
  };
  std::vector<MetricFamily> all{queries(watched_), responses(watched_), types(watched_),
                                cookies(watched_), send_failures(watched_)};
  all.push_back(Sum(watched_, "fairlead_dns_received_bytes_total", "Octets of queries.")
                    .add_by_transport(&Counters::received_bytes)
                    .take());
  all.push_back(Sum(watched_, "fairlead_dns_sent_bytes_total", "Octets of responses.")
                    .add_by_transport(&Counters::sent_bytes)
                    .take());
  all.push_back(
      plain("fairlead_dns_dropped_total", "Queries met with silence.", &Counters::dropped));
  all.push_back(
      plain("fairlead_dns_truncated_total", "Responses sent with TC set.", &Counters::truncated));
  all.push_back(plain("fairlead_dns_dynamic_answers_total", "Responses tailored to the client.",
                      &Counters::dynamic));
  all.push_back(plain("fairlead_dns_last_resort_answers_total",
                      "Responses given although no endpoint was healthy.", &Counters::last_resort));
  all.push_back(plain("fairlead_dns_internal_errors_total",
                      "SERVFAIL responses for a fault of the server itself.", &Counters::failed));
  all.push_back(plain("fairlead_tcp_connections_total", "TCP connections accepted.",
                      &Counters::tcp_accepted));
  all.push_back(plain("fairlead_tcp_accept_failures_total",
                      "Attempts to accept a TCP connection that failed.",
                      &Counters::tcp_accept_failed));
  all.push_back(plain("fairlead_tcp_connections_evicted_total",
                      "TCP connections closed to make room for another.", &Counters::tcp_evicted));
  all.push_back(plain("fairlead_tcp_connections_timed_out_total",
                      "TCP connections closed for being idle or slow.", &Counters::tcp_timed_out));
  return all;
}

}  // namespace metrics
