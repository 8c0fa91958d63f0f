#include "server/admin/health_metrics.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace admin {
namespace {

using dnswire::Family;
using health::SubjectId;
using health::TargetId;

using Label = std::pair<std::string_view, std::string_view>;

class TextFormat {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_.append("# HELP ").append(name).append(" ").append(help);
    text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
  }
  void sample(std::initializer_list<Label> labels, double value) { sample("", labels, value); }
  void sample(const std::vector<Label>& labels, double value) { sample("", labels, value); }
  void sample(std::string_view suffix, std::initializer_list<Label> labels, double value) {
    sample(suffix, std::vector<Label>(labels), value);
  }
  void sample(std::string_view suffix, const std::vector<Label>& labels, double value) {
    text_.append(name_).append(suffix);
    char separator = '{';
    for (const auto& [key, content] : labels) {
      text_ += separator;
      text_.append(key).append("=\"");
      append_escaped(content);
      text_ += '"';
      separator = ',';
    }
    if (!labels.empty()) text_ += '}';
    text_ += ' ';
    append_number(value);
    text_ += '\n';
  }
  template <std::size_t N>
  void histogram(std::initializer_list<Label> labels, const control::Histogram<N>& histogram) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i <= N; ++i) {
      total += histogram.counts[i];
      bucket(labels, i < N ? number(histogram.bounds[i]) : "+Inf", total);
    }
    sample("_sum", labels, histogram.sum);
    sample("_count", labels, static_cast<double>(total));
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void bucket(std::initializer_list<Label> labels, const std::string& bound, std::uint64_t count) {
    const auto value = static_cast<double>(count);
    if (labels.size() == 0) return sample("_bucket", {{"le", bound}}, value);
    sample("_bucket", {*labels.begin(), {"le", bound}}, value);
  }
  void append_escaped(std::string_view content) {
    for (const char c : content) {
      if (c == '\\' || c == '"') text_ += '\\';
      if (c == '\n') {
        text_ += "\\n";
      } else {
        text_ += c;
      }
    }
  }
  static std::string number(double value) {
    std::array<char, 32> room{};
    const auto end = std::to_chars(room.data(), room.data() + room.size(), value).ptr;
    return {room.data(), end};
  }
  void append_number(double value) {
    std::array<char, 32> room{};
    // Whole numbers in full: 1795348800, not 1.7953488e+09.
    const auto whole = static_cast<std::int64_t>(value);
    const auto end = static_cast<double>(whole) == value
                         ? std::to_chars(room.data(), room.data() + room.size(), whole).ptr
                         : std::to_chars(room.data(), room.data() + room.size(), value).ptr;
    text_.append(room.data(), end);
  }

  std::string text_;
  std::string_view name_;
};

class HealthMetrics {
 public:
  explicit HealthMetrics(const control::Supervisor& supervisor)
      : supervisor_(supervisor), plan_(supervisor.plan()) {}

  std::string text(const hooks::Dispatcher::Counters& hooks, std::size_t failing_aliases) {
    write_endpoints();
    write_weights();
    write_certificates();
    write_pools();
    write_node();
    write_probes();
    write_hooks(hooks);
    out_.family("fairlead_alias_targets_failing", "gauge",
                "Targets of ALIAS, by name and family, that cannot be resolved or are gone.");
    out_.sample({}, static_cast<double>(failing_aliases));
    return out_.take();
  }

 private:
  // An address of an endpoint, as labels name it.
  struct Face {
    const steering::Endpoint& endpoint;
    std::string_view family;
    std::string address;
    SubjectId subject;

    // Sorted by name, as all labels; `name` is none of the four.
    [[nodiscard]] std::vector<Label> labels(std::string_view name = {},
                                            std::string_view value = {}) const {
      std::vector<Label> all = {{"address", address},
                                {"endpoint", endpoint.name},
                                {"family", family},
                                {"zone", endpoint.zone}};
      if (!name.empty()) all.insert(std::ranges::upper_bound(all, Label{name, {}}), {name, value});
      return all;
    }
  };

  template <class Write>
  void each_face(Write write) {
    for (const steering::Endpoint& endpoint : plan_.endpoints) {
      for (const Family family : {Family::V4, Family::V6}) {
        for (const steering::Face& face : endpoint.faces_of(family)) {
          write(Face{endpoint, control::family_text(family), face.address.to_text(), face.subject});
        }
      }
    }
  }

  void write_endpoints() {
    out_.family("fairlead_endpoint_up", "gauge", "Whether the endpoint is answered with.");
    each_face([this](const Face& face) {
      const health::Standing& standing = supervisor_.monitor().standing(face.subject);
      out_.sample(face.labels(), standing.is_served() ? 1 : 0);
    });
    out_.family("fairlead_endpoint_state", "gauge",
                "Always 1; the label is the endpoint's state by its results.");
    each_face([this](const Face& face) {
      const health::Standing& standing = supervisor_.monitor().standing(face.subject);
      out_.sample(face.labels("state", to_text(standing.state)), 1);
    });
    out_.family("fairlead_endpoint_forced", "gauge",
                "Always 1; endpoints that an operator's word holds for.");
    each_face([this](const Face& face) {
      const health::Standing& standing = supervisor_.monitor().standing(face.subject);
      if (standing.force == health::Force::None) return;
      out_.sample(face.labels("force", to_text(standing.force)), 1);
    });
    out_.family("fairlead_endpoint_last_change_timestamp_seconds", "gauge",
                "When the endpoint's state last changed; 0: not since the start.");
    each_face([this](const Face& face) {
      out_.sample(face.labels(), static_cast<double>(supervisor_.changed(face.subject)) / 1000);
    });
  }

  void write_weights() {
    out_.family("fairlead_endpoint_weight", "gauge",
                "The weight that an operator gave the endpoint, in place of the configured one.");
    const std::int64_t now = control::Clocks::now().wall / 1000;
    for (std::uint32_t i = 0; i < plan_.endpoints.size(); ++i) {
      const auto words =
          supervisor_.overrides().in_force(supervisor_.index(), steering::EndpointId{i}, now);
      if (words.weight == nullptr) continue;
      const steering::Endpoint& endpoint = plan_.endpoints[i];
      out_.sample({{"endpoint", endpoint.name}, {"zone", endpoint.zone}}, *words.weight->weight);
    }
  }

  // By endpoint and check; several endpoints may share the probe.
  void write_certificates() {
    out_.family("fairlead_certificate_expiry_timestamp_seconds", "gauge",
                "When the certificate that the endpoint shows ends.");
    each_face([this](const Face& face) {
      const auto id = static_cast<std::size_t>(face.subject);
      for (const auto& part : supervisor_.roster().subjects[id].checks) {
        const auto ends = supervisor_.engine().verdict(part.target).last.certificate_ends;
        if (ends) out_.sample(face.labels("check", part.name), static_cast<double>(*ends));
      }
    });
  }

  void write_pools() {
    out_.family(
        "fairlead_pool_origin_down", "gauge",
        "Whether every endpoint fails its checks of the origin and passes those of the edge.");
    for (const steering::Pool& pool : plan_.pools) {
      for (const Family family : {Family::V4, Family::V6}) {
        const auto& group = pool.groups[static_cast<std::size_t>(family)];
        if (!group) continue;
        out_.sample(
            {{"family", control::family_text(family)}, {"pool", pool.name}, {"zone", pool.zone}},
            supervisor_.monitor().origin_is_down(*group) ? 1 : 0);
      }
    }
  }

  void write_node() {
    out_.family("fairlead_isolated", "gauge",
                "Whether this node takes itself for cut off, and holds verdicts.");
    for (std::size_t i = 0; i < health::kUplinkCount; ++i) {
      const auto uplink = static_cast<health::Uplink>(i);
      out_.sample({{"uplink", to_text(uplink)}}, supervisor_.monitor().is_isolated(uplink) ? 1 : 0);
    }
    out_.family("fairlead_overrides", "gauge", "Overrides in force.");
    const auto& overrides = supervisor_.overrides().all();
    for (const health::Force force :
         {health::Force::Drained, health::Force::Up, health::Force::Down}) {
      const auto count = std::ranges::count(overrides, force, &health::Override::force);
      out_.sample({{"kind", to_text(force)}}, static_cast<double>(count));
    }
    const auto weights =
        std::ranges::count(overrides, health::OverrideKind::Weight, &health::Override::kind);
    out_.sample({{"kind", to_text(health::OverrideKind::Weight)}}, static_cast<double>(weights));
    out_.family("fairlead_state_durable", "gauge",
                "Whether verdicts and overrides are on disk; 0: a restart may forget them.");
    out_.sample({}, supervisor_.state_problem().empty() ? 1 : 0);
  }

  void write_probes() {
    const control::ProbeStatistics& statistics = supervisor_.statistics();
    out_.family("fairlead_probe_duration_seconds", "histogram", "How long health probes took.");
    for (std::size_t i = 0; i < health::kProbeTypeCount; ++i) {
      out_.histogram({{"type", to_text(static_cast<health::ProbeType>(i))}}, statistics.took[i]);
    }
    out_.family("fairlead_probe_failures_total", "counter",
                "Health probes that failed, by reason.");
    for (std::size_t i = 1; i < health::kReasonCount; ++i) {
      out_.sample({{"reason", to_text(static_cast<health::Reason>(i))}},
                  static_cast<double>(statistics.failures[i]));
    }
    out_.family("fairlead_probe_start_lateness_seconds", "histogram",
                "From when a probe was due to when it started.");
    out_.histogram({}, statistics.late);
    const auto counters = supervisor_.engine().counters();
    out_.family("fairlead_probes_started_total", "counter", "Health probes started.");
    out_.sample({}, static_cast<double>(counters.started));
    out_.family("fairlead_probes_late_total", "counter",
                "Health probes that started over 100 ms after they were due.");
    out_.sample({}, static_cast<double>(counters.late));
    out_.family("fairlead_probes_in_flight", "gauge", "Health probes under way.");
    out_.sample({}, static_cast<double>(counters.in_flight));
    out_.family("fairlead_probes_waiting", "gauge", "Health probes that are due and wait in line.");
    out_.sample({}, static_cast<double>(counters.waiting));
  }

  void write_hooks(const hooks::Dispatcher::Counters& hooks) {
    out_.family("fairlead_hook_deliveries_total", "counter", "Events that hooks were told.");
    out_.sample({}, static_cast<double>(hooks.delivered));
    out_.family("fairlead_hook_failures_total", "counter", "Attempts to tell a hook that failed.");
    out_.sample({}, static_cast<double>(hooks.failed));
    out_.family("fairlead_hook_dropped_total", "counter", "Events that a hook was never told.");
    out_.sample({}, static_cast<double>(hooks.dropped));
    out_.family("fairlead_hook_waiting", "gauge", "Events that wait to be told.");
    out_.sample({}, static_cast<double>(hooks.waiting));
  }

  const control::Supervisor& supervisor_;
  const steering::Plan& plan_;
  TextFormat out_;
};

}  // namespace

std::string health_metrics(const control::Supervisor& supervisor,
                           const hooks::Dispatcher::Counters& hooks, std::size_t failing_aliases) {
  return HealthMetrics(supervisor).text(hooks, failing_aliases);
}

}  // namespace admin
