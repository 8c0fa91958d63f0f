#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "server/config/combination_yaml.h"
#include "server/config/place_yaml.h"
#include "server/config/steering_yaml.h"
#include "server/config/text_rules.h"

namespace config {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using health::ProbeType;
using steering::Endpoint;
using steering::EndpointId;

constexpr int kMostBias = 99;  // percent

class EndpointReader {
 public:
  EndpointReader(YamlFile& file, const Entry& entry, SteeringNames& names, SteeringTable& table)
      : file_(file),
        key_node_(entry.key_node),
        what_("endpoint " + in_backticks(entry.key)),
        fields_(file, entry.value, what_,
                {"A", "AAAA", "at", "bias", "check", "checks", "probe", "identity"}),
        names_(names),
        table_(table) {
    endpoint_.zone = names.zone;
    endpoint_.name = entry.key;
  }

  Endpoint read() {
    read_at();
    if (const auto bias = fields_.find("bias")) read_bias(*bias);
    combination_ = read_combination(fields_, names_.checks);
    read_identity_of_endpoint();
    if (const auto probe = fields_.find("probe")) read_probe(*probe);
    register_heartbeat();
    settle_checks();
    read_faces("A", Family::V4);
    read_faces("AAAA", Family::V6);
    if (fields_.node().IsMap() && !fields_.find("A") && !fields_.find("AAAA")) {
      file_.problem(fields_.node(), what_ + " has neither `A` nor `AAAA`");
    }
    return std::move(endpoint_);
  }

 private:
  void read_at() {
    const auto node = fields_.find("at");
    if (!node) return;
    if (const auto place = read_place(file_, *node, fields_.named("at"))) {
      endpoint_.at = place->coordinates;
      endpoint_.place = place->text;
    } else {
      endpoint_.place = "?";  // so that nobody is told that there is none
    }
  }

  void read_bias(const YAML::Node& node) {
    const auto text = file_.text(node, fields_.named("bias"));
    if (!text) return;
    const char* end = text->data() + text->size();
    const auto result = std::from_chars(text->data(), end, endpoint_.bias);
    if (result.ec != std::errc{} || result.ptr != end || std::abs(endpoint_.bias) > kMostBias) {
      file_.problem(node, fields_.named("bias") + " is " + in_backticks(*text) +
                              ", which is not a whole number from -99 (farther) to 99 (nearer), "
                              "in percent");
    } else if (!fields_.find("at")) {
      file_.problem(node, what_ + " has a `bias` but no `at`, from where distance is measured");
    }
  }

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
      SteeringNames& holder = names_.owner_of(*check);
      CheckUse& use = holder.uses[check->name];
      ++use.endpoints;
      health::CheckSpec spec = check->spec;
      if (identity_of_ && identity_of_->fits(spec)) {
        spec.identity = identity_;
      } else if (check->identity) {
        spec.identity = settle(holder.file, *check->identity, owner());
      }
      if (check->token_file) {
        spec.token = read_secret(holder.file, *check->token_file, owner()).value_or("");
      }
      if (is_tls(spec.type) && !spec.tls.verify && spec.identity.empty()) {
        use.is_credulous = true;
      }
      specs_.push_back(std::move(spec));
    }
  }

  // One address, or a list.
  void read_faces(const char* key, Family family) {
    const auto node = fields_.find(key);
    if (!node) return;
    auto& faces = endpoint_.faces[static_cast<std::size_t>(family)];
    for (const YAML::Node& entry : file_.list(*node, fields_.named(key))) {
      const auto address = file_.address(entry, fields_.named(key), family);
      if (!address) continue;
      if (std::ranges::find(faces, *address, &steering::Face::address) != faces.end()) {
        file_.problem(entry, fields_.named(key) + ": " + address->to_text() + " stands twice");
        continue;
      }
      faces.push_back({*address, subject_of(*address)});
    }
    if (faces.size() > steering::kMaxAddresses) {
      file_.problem(*node, fields_.named(key) + " has " + std::to_string(faces.size()) +
                               " addresses, more than " + std::to_string(steering::kMaxAddresses));
    }
  }

  health::SubjectId subject_of(const IpAddress& address) {
    if (probe_.empty()) return table_.subject(subject_at(address.to_text()));
    if (!shared_) shared_ = table_.subject(subject_at(probe_));
    return *shared_;
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
  std::string probe_;                        // judges all addresses
  std::string heartbeat_;                    // address of a heartbeat
  std::optional<health::SubjectId> shared_;  // of all addresses
};

}  // namespace

void read_endpoints(YamlFile& file, const YAML::Node& node, SteeringNames& names,
                    SteeringTable& table) {
  const std::vector<Entry> written = entries(file, node, "`endpoints`");
  require_distinct_names(file, written, "endpoint");
  for (const Entry& entry : written) {
    require_plain_name(file, entry, "endpoint");
    refuse_taken_name(names, entry, "endpoint");
    names.endpoints.add(entry.key, EndpointId(table.plan.endpoints.size()));
    names.endpoint_nodes.push_back(entry.key_node);
    table.plan.endpoints.push_back(EndpointReader(file, entry, names, table).read());
  }
}

}  // namespace config
