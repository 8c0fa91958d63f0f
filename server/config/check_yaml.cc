#include "server/config/check_yaml.h"

#include <algorithm>
#include <array>

#include "server/config/check_parts_yaml.h"

namespace config {
namespace {

using health::CheckSpec;
using health::ProbeType;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

const std::vector<std::string_view> kKeys{
    "type",       "judges",      "interval",    "timeout",     "fall",          "rise",
    "forgive",    "recheck",     "cooldown",    "port",        "method",        "path",
    "host",       "headers",     "status",      "body",        "body_regex",    "sni",
    "verify",     "ca",          "tls_min",     "key",         "query",         "rcode",
    "answer",     "certificate", "name",        "user_agent",  "argv",          "lease",
    "token_file", "identity",    "warn_before", "fail_before", "failback_delay"};

constexpr milliseconds kLongCooldown = 1h;

// Types as bits, for the table below.
constexpr unsigned bit(ProbeType type) { return 1U << static_cast<unsigned>(type); }
constexpr unsigned kHttp = bit(ProbeType::Http) | bit(ProbeType::Https);
constexpr unsigned kTls = bit(ProbeType::Https) | bit(ProbeType::Tls);
constexpr unsigned kDns = bit(ProbeType::Dns);
constexpr unsigned kPorts = bit(ProbeType::Tcp) | kHttp | kTls | kDns;
constexpr unsigned kHeartbeat = bit(ProbeType::Heartbeat);
constexpr unsigned kProbing = kPorts | bit(ProbeType::Icmp) | bit(ProbeType::Exec);

struct KeyUse {
  std::string_view key;
  unsigned types;
};
constexpr std::array<KeyUse, 28> kUses{{{"port", kPorts},
                                        {"method", kHttp},
                                        {"path", kHttp},
                                        {"host", kHttp},
                                        {"headers", kHttp},
                                        {"user_agent", kHttp},
                                        {"status", kHttp},
                                        {"body", kHttp},
                                        {"body_regex", kHttp},
                                        {"sni", kTls},
                                        {"verify", kTls},
                                        {"ca", kTls},
                                        {"tls_min", kTls},
                                        {"certificate", kTls},
                                        {"key", kTls},
                                        {"warn_before", kTls},
                                        {"fail_before", kTls},
                                        {"name", kDns},
                                        {"query", kDns},
                                        {"rcode", kDns},
                                        {"answer", kDns},
                                        {"argv", bit(ProbeType::Exec)},
                                        {"lease", kHeartbeat},
                                        {"token_file", kHeartbeat},
                                        {"identity", kHttp | kTls},
                                        {"interval", kProbing},
                                        {"timeout", kProbing},
                                        {"recheck", kProbing}}};

// "http and https".
std::string names_of(unsigned types) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < health::kProbeTypeCount; ++i) {
    if ((types & (1U << i)) != 0) names.push_back(to_text(static_cast<ProbeType>(i)));
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

// Where it is written.
enum class Kind { Check, Canary };

class CheckReader {
 public:
  CheckReader(YamlFile& file, const Entry& entry, Kind kind, bool may_exec)
      : file_(file),
        what_((kind == Kind::Canary ? "canary " : "check ") + in_backticks(entry.key)),
        fields_(file, entry.value, what_, known_keys(kind)),
        kind_(kind),
        may_exec_(may_exec) {
    check_.name = entry.key;
    check_.at = entry.key_node;
  }

  Check read() {
    if (!read_type()) return std::move(check_);
    refuse_keys_of_other_types();
    read_port();
    read_parts();
    read_identity_of_check();
    if (spec_.type == ProbeType::Heartbeat) {
      read_lease();
    } else {
      read_timing();
    }
    read_thresholds();
    read_level();
    return std::move(check_);
  }

  std::string read_address() {
    const auto node = fields_.require("address");
    const auto address = node ? file_.address(*node, fields_.named("address")) : std::nullopt;
    return address ? address->to_text() : std::string();
  }

 private:
  static std::vector<std::string_view> known_keys(Kind kind) {
    std::vector<std::string_view> keys = kKeys;
    if (kind == Kind::Canary) {
      std::erase(keys, "judges");
      keys.push_back("address");
    }
    return keys;
  }

  bool read_type() {
    const auto type = fields_.require("type");
    if (!type) return false;
    const auto chosen = choose<ProbeType>(file_, *type, "`type` of " + what_,
                                          {{"tcp", ProbeType::Tcp},
                                           {"http", ProbeType::Http},
                                           {"https", ProbeType::Https},
                                           {"tls", ProbeType::Tls},
                                           {"dns", ProbeType::Dns},
                                           {"icmp", ProbeType::Icmp},
                                           {"exec", ProbeType::Exec},
                                           {"heartbeat", ProbeType::Heartbeat}});
    if (!chosen) return false;
    spec_.type = *chosen;
    const bool dials = spec_.type != ProbeType::Exec && spec_.type != ProbeType::Heartbeat;
    if (kind_ == Kind::Canary && !dials) {
      fields_.problem("type",
                      " is a host of others to reach; that is no work for `exec` or "
                      "`heartbeat`");
      return false;
    }
    if (spec_.type == ProbeType::Exec && !may_exec_) {
      fields_.problem("type",
                      " runs a program, which needs `probes: {exec: true}` in "
                      "fairlead.yaml");
    }
    return true;
  }

  void refuse_keys_of_other_types() {
    for (const KeyUse& use : kUses) {
      if ((use.types & bit(spec_.type)) != 0 || !fields_.find(use.key)) continue;
      std::string text = ": " + in_backticks(use.key);
      if (use.types == kProbing) {
        text += " is for checks that probe, a heartbeat has a `lease`";
      } else {
        text += " is for " + names_of(use.types) + " checks only";
      }
      fields_.problem(use.key, text);
    }
  }

  void read_port() {
    if ((kPorts & bit(spec_.type)) == 0) return;
    if (spec_.type == ProbeType::Http) spec_.port = 80;
    if (is_tls(spec_.type)) spec_.port = 443;
    if (spec_.type == ProbeType::Dns) spec_.port = 53;
    if (const auto port = fields_.number("port", 1, 65535)) {
      spec_.port = static_cast<std::uint16_t>(*port);
    } else if (spec_.type == ProbeType::Tcp && !fields_.find("port")) {
      fields_.problem("type", " needs a `port`");
    }
  }

  void read_parts() {
    if ((kHttp & bit(spec_.type)) != 0) spec_.http = read_http_spec(fields_);
    if (is_tls(spec_.type)) spec_.tls = read_tls_spec(fields_, spec_.type, spec_.http.host);
    if (spec_.type == ProbeType::Dns) spec_.dns = read_dns_spec(fields_);
    if (spec_.type == ProbeType::Exec && fields_.require("argv"))
      spec_.argv = read_argv(fields_, "argv");
    if (spec_.type != ProbeType::Heartbeat) return;
    if (fields_.require("token_file")) check_.token_file = read_file_name(fields_, "token_file");
    settle_token();
  }

  // A token that is the same for everybody is read once.
  void settle_token() {
    if (!check_.token_file || !check_.token_file->is_plain()) return;
    spec_.token = read_secret(file_, *check_.token_file, {}).value_or("");
    check_.token_file.reset();
  }

  void read_identity_of_check() {
    const auto node = fields_.find("identity");
    if (!node || ((kHttp | kTls) & bit(spec_.type)) == 0) return;
    check_.identity = read_written_identity(file_, *node, what_);
    if (!check_.identity) return;
    if (check_.identity->wants_body() && spec_.http.method == "HEAD") {
      file_.problem(*node,
                    "`identity` of " + what_ + ": the answer to `HEAD` has no body to look at");
    } else if (!check_.identity->fits(spec_)) {
      file_.problem(*node, "`identity` of " + what_ +
                               ": `spki` is for https and tls, `header` and `body` are for http "
                               "and https");
    }
    if (check_.identity->is_plain()) {
      spec_.identity = settle(file_, *check_.identity, {});
      check_.identity.reset();
    } else if (kind_ == Kind::Canary) {
      file_.problem(*node, "`identity` of " + what_ + ": a canary is no endpoint of a zone");
    }
  }

  void read_lease() {
    spec_.interval = fields_.duration("lease").value_or(30s);
    spec_.timeout = 0ms;
    if (spec_.interval < 1s) fields_.problem("lease", ": `lease` is at least 1s");
    spec_.thresholds.fall = 1;
    spec_.thresholds.rise = 1;
    spec_.thresholds.recheck = 0ms;
  }

  void read_timing() {
    spec_.interval = fields_.duration("interval").value_or(spec_.interval);
    const auto timeout = fields_.duration("timeout");
    spec_.timeout = timeout.value_or(std::min(spec_.timeout, spec_.interval));
    if (spec_.interval < 100ms) fields_.problem("interval", ": `interval` is at least 100ms");
    if (spec_.timeout < 10ms) fields_.problem("timeout", ": `timeout` is at least 10ms");
    if (timeout && spec_.timeout > spec_.interval) {
      fields_.problem("timeout",
                      ": `timeout` is longer than `interval`; probes would overtake each other");
    }
    auto& recheck = spec_.thresholds.recheck;
    const auto written = fields_.duration("recheck");
    recheck = written.value_or(std::min(recheck, spec_.interval));
    if (!written || recheck == 0ms) return;
    if (recheck < 100ms)
      fields_.problem("recheck", ": `recheck` is at least 100ms, or 0s for none");
    if (recheck > spec_.interval) {
      fields_.problem("recheck",
                      ": `recheck` is longer than `interval`; it is the haste after a "
                      "contradicting result");
    }
  }

  void read_thresholds() {
    auto& thresholds = spec_.thresholds;
    const auto count = [this](std::string_view key, std::uint16_t& value) {
      value = static_cast<std::uint16_t>(fields_.number(key, 1, 1000).value_or(value));
    };
    count("fall", thresholds.fall);
    count("rise", thresholds.rise);
    thresholds.forgive = thresholds.fall;
    count("forgive", thresholds.forgive);
    thresholds.cooldown = fields_.duration("cooldown").value_or(thresholds.cooldown);
    thresholds.failback_delay =
        fields_.duration("failback_delay").value_or(thresholds.failback_delay);
    if (thresholds.cooldown > kLongCooldown) {
      file_.warning(*fields_.find("cooldown"), what_ +
                                                   ": `cooldown` is longer than an hour: who dies "
                                                   "after a change is served until it is over");
    }
  }

  void read_level() {
    if (kind_ == Kind::Canary) return;
    const auto judges = fields_.find("judges");
    if (!judges) return;
    check_.level =
        choose<health::Level>(file_, *judges, fields_.named("judges"),
                              {{"edge", health::Level::Edge}, {"origin", health::Level::Origin}})
            .value_or(health::Level::Edge);
  }

  YamlFile& file_;
  std::string what_;
  Fields fields_;
  Kind kind_;
  bool may_exec_;
  Check check_;
  CheckSpec& spec_ = check_.spec;
};

}  // namespace

std::vector<std::string> read_argv(const Fields& fields, std::string_view key) {
  std::vector<std::string> argv;
  const auto node = fields.find(key);
  if (!node) return argv;
  YamlFile& file = fields.file();
  const std::string what = fields.named(key);
  for (const YAML::Node& entry : file.list(*node, what)) {
    const auto text = file.text(entry, what);
    if (!text) continue;
    if (text->find('\0') != std::string::npos) file.problem(entry, what + " has an octet zero");
    if (argv.empty() && text->front() != '/') {
      file.problem(entry, what + " begins with " + in_backticks(*text) +
                              ", which is no path from the root; no shell looks for it");
    }
    argv.push_back(*text);
  }
  return argv;
}

Checks read_checks(YamlFile& file, const YAML::Node& node, bool may_exec) {
  Checks checks;
  for (const Entry& entry : entries(file, node, "`checks`")) {
    require_plain_name(file, entry, "check");
    checks.emplace(entry.key, std::make_shared<const Check>(
                                  CheckReader(file, entry, Kind::Check, may_exec).read()));
  }
  return checks;
}

health::Target read_canary(YamlFile& file, const Entry& entry) {
  require_plain_name(file, entry, "canary");
  CheckReader reader(file, entry, Kind::Canary, false);
  Check check = reader.read();
  return {reader.read_address(), std::move(check.spec)};
}

}  // namespace config
