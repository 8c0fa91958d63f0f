#include <algorithm>
#include <charconv>
#include <cmath>

#include "geo/countries.h"
#include "server/config/combination_yaml.h"
#include "server/config/steering_yaml.h"
#include "server/config/text_rules.h"

namespace config {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using health::ProbeType;
using steering::Endpoint;
using steering::EndpointId;

std::optional<double> parse_degrees(const std::string& text, double limit) {
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = result.ec == std::errc{} && result.ptr == text.data() + text.size();
  if (!whole || !std::isfinite(value) || std::abs(value) > limit) return std::nullopt;
  return value;
}

// `at:` a country (JP), a subdivision (US-VA), or [latitude, longitude].
void read_place(YamlFile& file, const YAML::Node& node, const std::string& what,
                Endpoint& endpoint) {
  if (node.IsSequence()) {
    const auto degrees = [&](std::size_t i, double limit) {
      const YAML::Node value = node[i];
      return value.IsScalar() ? parse_degrees(value.Scalar(), limit) : std::nullopt;
    };
    const auto latitude = node.size() == 2 ? degrees(0, 90) : std::nullopt;
    const auto longitude = node.size() == 2 ? degrees(1, 180) : std::nullopt;
    if (!latitude || !longitude) {
      file.problem(node, what + " is not [latitude, longitude] in degrees, such as [50.11, 8.68]");
      return;
    }
    endpoint.at = geo::Coordinates{*latitude, *longitude};
    endpoint.place = node[0].Scalar() + ", " + node[1].Scalar();
    return;
  }
  const auto text = file.text(node, what);
  if (!text) return;
  endpoint.place = *text;
  if (const geo::Country* country = geo::find_country(*text)) {
    endpoint.at = country->centroid;
  } else if (const geo::Subdivision* subdivision = geo::find_subdivision(*text)) {
    endpoint.at = subdivision->centroid;
  } else {
    file.problem(node, what + " is " + in_backticks(*text) +
                           ", which is no country (`JP`) and no subdivision that fairlead knows "
                           "(`US-VA`); [latitude, longitude] always works");
  }
}

class EndpointReader {
 public:
  EndpointReader(YamlFile& file, const Entry& entry, SteeringNames& names, SteeringTable& table)
      : file_(file),
        key_node_(entry.key_node),
        what_("endpoint " + in_backticks(entry.key)),
        fields_(file, entry.value, what_,
                {"A", "AAAA", "at", "check", "checks", "probe", "identity"}),
        names_(names),
        table_(table) {
    endpoint_.zone = names.zone;
    endpoint_.name = entry.key;
  }

  Endpoint read() {
    if (const auto at = fields_.find("at")) {
      read_place(file_, *at, "`at` of " + what_, endpoint_);
    }
    combination_ = read_combination(fields_, names_.checks);
    read_identity_of_endpoint();
    if (const auto probe = fields_.find("probe")) read_probe(*probe);
    register_heartbeat();
    settle_checks();
    read_face("A", Family::V4);
    read_face("AAAA", Family::V6);
    if (fields_.node().IsMap() && !fields_.find("A") && !fields_.find("AAAA")) {
      file_.problem(fields_.node(), what_ + " has neither `A` nor `AAAA`");
    }
    return std::move(endpoint_);
  }

 private:
  bool has_check_of(ProbeType type) const {
    return std::ranges::any_of(combination_.checks,
                               [&](const auto& check) { return check->spec.type == type; });
  }

  bool names_a_check() const { return fields_.find("check") || fields_.find("checks"); }

  // Stands in the place of the identity of every check that can look at all of it.
  void read_identity_of_endpoint() {
    const auto node = fields_.find("identity");
    if (!node) return;
    const auto written = read_written_identity(file_, *node, what_);
    if (!written) return;
    identity_of_ = *written;
    identity_ = settle(file_, *written, owner());
    if (combination_.checks.empty() && names_a_check()) return;  // which is not there
    if (std::ranges::any_of(combination_.checks,
                            [&](const auto& check) { return written->fits(check->spec); })) {
      return;
    }
    file_.problem(*node, what_ +
                             " has an `identity` that no check of it can see: `spki` is for https "
                             "and tls, `header` and `body` are for http and https");
  }

  void read_probe(const YAML::Node& node) {
    const auto text = file_.text(node, fields_.named("probe"));
    if (!text) return;
    if (const auto address = IpAddress::from_text(*text)) {
      probe_ = address->to_text();
    } else if (is_host_name(*text)) {
      probe_ = to_lower(*text);
    } else {
      file_.problem(node, fields_.named("probe") + " is " + in_backticks(*text) +
                              ", which is neither an IP address nor the name of a host");
    }
    if (combination_.checks.empty()) {
      if (!names_a_check()) {
        file_.problem(node, what_ + " has a `probe` address but no `check`");
      }
    } else if (has_check_of(ProbeType::Exec)) {
      file_.problem(node, what_ +
                              " has a `probe` address, and a check that runs a program: name "
                              "the address in its `argv`");
    } else if (std::ranges::all_of(combination_.checks, [](const auto& check) {
                 return check->spec.type == ProbeType::Heartbeat;
               })) {
      file_.problem(node, what_ + " has a `probe` address, and a heartbeat dials none");
    }
  }

  // Who beats is known by zone and name, in small letters.
  void register_heartbeat() {
    const auto beats = std::ranges::count_if(combination_.checks, [](const auto& check) {
      return check->spec.type == ProbeType::Heartbeat;
    });
    if (beats == 0) return;
    if (beats > 1) file_.problem(key_node_, what_ + " has two heartbeat checks; keep one");
    heartbeat_ = to_lower(names_.zone + "/" + endpoint_.name);
  }

  FileOwner owner() const { return {endpoint_.zone, endpoint_.name}; }

  // The checks with the secrets of this endpoint.
  void settle_checks() {
    for (const auto& check : combination_.checks) {
      ++names_.uses[check->name];
      health::CheckSpec spec = check->spec;
      if (identity_of_ && identity_of_->fits(spec)) {
        spec.identity = identity_;
      } else if (check->identity) {
        spec.identity = settle(file_, *check->identity, owner());
      }
      if (check->token_file) {
        spec.token = read_secret(file_, *check->token_file, owner()).value_or("");
      }
      if (is_tls(spec.type) && !spec.tls.verify && spec.identity.empty()) {
        names_.credulous_checks.insert(check->name);
      }
      specs_.push_back(std::move(spec));
    }
  }

  void read_face(const char* key, Family family) {
    const auto node = fields_.find(key);
    if (!node) return;
    const auto address = file_.address(*node, in_backticks(key) + " of " + what_, family);
    if (!address) return;
    steering::Face face{*address, {}};
    if (!probe_.empty()) {
      if (!shared_) shared_ = table_.subject(subject_at(probe_));
      face.subject = *shared_;
    } else {
      face.subject = table_.subject(subject_at(address->to_text()));
    }
    endpoint_.faces[static_cast<std::size_t>(family)] = face;
  }

  health::Subject subject_at(const std::string& address) {
    health::Subject subject;
    subject.need = combination_.need;
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      const Check& check = *combination_.checks[i];
      const bool beats = specs_[i].type == ProbeType::Heartbeat;
      const auto target = table_.target({beats ? heartbeat_ : address, specs_[i]});
      subject.checks.push_back({check.name, target, check.level});
    }
    return subject;
  }

  YamlFile& file_;
  YAML::Node key_node_;
  std::string what_;
  Fields fields_;
  SteeringNames& names_;
  SteeringTable& table_;
  Endpoint endpoint_;
  Combination combination_;
  std::vector<health::CheckSpec> specs_;  // of the combination's checks
  std::optional<WrittenIdentity> identity_of_;
  health::Identity identity_;
  std::string probe_;                        // judges both families
  std::string heartbeat_;                    // address of a heartbeat
  std::optional<health::SubjectId> shared_;  // of both families
};

}  // namespace

void read_endpoints(YamlFile& file, const YAML::Node& node, SteeringNames& names,
                    SteeringTable& table) {
  const std::vector<Entry> written = entries(file, node, "`endpoints`");
  require_distinct_names(file, written, "endpoint");
  for (const Entry& entry : written) {
    require_plain_name(file, entry, "endpoint");
    names.endpoints.emplace(entry.key, EndpointId(table.plan.endpoints.size()));
    table.plan.endpoints.push_back(EndpointReader(file, entry, names, table).read());
  }
}

}  // namespace config
