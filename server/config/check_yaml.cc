#include "server/config/check_yaml.h"

#include <charconv>
#include <filesystem>
#include <fstream>

namespace config {
namespace {

using health::CheckSpec;
using health::ProbeType;
using health::StatusRange;

const std::vector<std::string_view> kKeys{"type", "port",   "path",   "host",     "status",
                                          "body", "verify", "ca",     "interval", "timeout",
                                          "fall", "rise",   "forgive"};

std::optional<std::uint16_t> parse_status(std::string_view text) {
  std::uint16_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = result.ec == std::errc{} && result.ptr == text.data() + text.size();
  if (!whole || value < 100 || value > 599) return std::nullopt;
  return value;
}

std::optional<StatusRange> parse_status_range(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = parse_status(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_status(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return StatusRange{*first, *last};
}

bool holds_certificates(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("-----BEGIN ")) return true;
  }
  return false;
}

class CheckReader {
 public:
  CheckReader(YamlFile& file, const Entry& entry)
      : file_(file),
        what_("check " + in_backticks(entry.key)),
        fields_(file, entry.value, what_, kKeys) {}

  CheckSpec read() {
    read_type();
    read_http();
    read_timing();
    return std::move(spec_);
  }

 private:
  void problem_at(std::string_view key, std::string text) {
    const auto node = fields_.find(key);
    file_.problem(node ? *node : fields_.node(), what_ + std::move(text));
  }

  void read_type() {
    const auto type = fields_.require("type");
    if (!type) return;
    const auto chosen = choose<ProbeType>(
        file_, *type, "`type` of " + what_,
        {{"tcp", ProbeType::Tcp}, {"http", ProbeType::Http}, {"https", ProbeType::Https}});
    if (!chosen) return;
    spec_.type = *chosen;
    known_type_ = true;
    if (spec_.type == ProbeType::Http) spec_.port = 80;
    if (spec_.type == ProbeType::Https) spec_.port = 443;
    if (const auto port = fields_.number("port", 1, 65535)) {
      spec_.port = static_cast<std::uint16_t>(*port);
    } else if (spec_.type == ProbeType::Tcp) {
      if (!fields_.find("port")) problem_at("type", " needs a `port`");
    }
  }

  void read_http() {
    if (!known_type_) return;
    refuse_keys_of_other_types();
    if (const auto path = fields_.text("path")) {
      spec_.path = *path;
      const bool sound =
          path->front() == '/' && path->find_first_of(" \t\r\n") == std::string::npos;
      if (!sound) problem_at("path", ": `path` begins with `/` and has no spaces");
    }
    if (const auto host = fields_.text("host")) {
      spec_.host = *host;
      const bool sound = host->find_first_of(" \t\r\n/:") == std::string::npos;
      if (!sound) problem_at("host", ": `host` is a name without scheme, port or path");
    }
    if (const auto body = fields_.text("body")) spec_.body = *body;
    if (const auto status = fields_.find("status")) read_status(*status);
    if (const auto verify = fields_.boolean("verify")) spec_.verify = *verify;
    if (const auto ca = fields_.text("ca")) {
      const std::filesystem::path path(*ca);
      const auto folder = std::filesystem::path(file_.path()).parent_path();
      spec_.ca_file = path.is_absolute() ? path.string() : (folder / path).string();
      if (!holds_certificates(spec_.ca_file)) {
        problem_at("ca", ": `ca` names " + in_backticks(spec_.ca_file) +
                             ", which is no file with PEM certificates");
      }
    }
    if (spec_.type == ProbeType::Https && spec_.verify && spec_.host.empty()) {
      problem_at("type", " needs a `host`, the name on the certificate (or `verify: false`)");
    }
  }

  void refuse_keys_of_other_types() {
    const auto refuse = [this](std::initializer_list<std::string_view> keys, const char* type) {
      for (const std::string_view key : keys) {
        if (fields_.find(key)) {
          problem_at(key, ": " + in_backticks(key) + " is for " + type + " checks only");
        }
      }
    };
    if (spec_.type == ProbeType::Tcp) refuse({"path", "host", "status", "body"}, "http and https");
    if (spec_.type != ProbeType::Https) refuse({"verify", "ca"}, "https");
  }

  void read_status(const YAML::Node& node) {
    spec_.status.clear();
    for (const YAML::Node& entry : file_.list(node, "`status` of " + what_)) {
      const auto text = file_.text(entry, "`status` of " + what_);
      if (!text) continue;
      if (const auto range = parse_status_range(*text)) {
        spec_.status.push_back(*range);
      } else {
        file_.problem(entry, "`status` of " + what_ + " is " + in_backticks(*text) +
                                 ", which is no HTTP status such as `200` or `200-299`");
      }
    }
  }

  void read_timing() {
    spec_.interval = fields_.duration("interval").value_or(spec_.interval);
    const bool timeout_written = fields_.find("timeout").has_value();
    const auto usual = std::min(spec_.timeout, spec_.interval);
    spec_.timeout = fields_.duration("timeout").value_or(usual);
    using namespace std::chrono_literals;
    if (spec_.interval < 100ms) problem_at("interval", ": `interval` is at least 100ms");
    if (spec_.timeout < 10ms) problem_at("timeout", ": `timeout` is at least 10ms");
    if (timeout_written && spec_.timeout > spec_.interval) {
      problem_at("timeout",
                 ": `timeout` is longer than `interval`; probes would overtake each other");
    }
    auto& thresholds = spec_.thresholds;
    const auto count = [this](std::string_view key, std::uint16_t& value) {
      value = static_cast<std::uint16_t>(fields_.number(key, 1, 1000).value_or(value));
    };
    count("fall", thresholds.fall);
    count("rise", thresholds.rise);
    count("forgive", thresholds.forgive);
  }

  YamlFile& file_;
  std::string what_;
  Fields fields_;
  CheckSpec spec_;
  bool known_type_ = false;
};

}  // namespace

Checks read_checks(YamlFile& file, const YAML::Node& node) {
  Checks checks;
  for (const Entry& entry : entries(file, node, "`checks`")) {
    require_plain_name(file, entry, "check");
    checks.emplace(entry.key, CheckReader(file, entry).read());
  }
  return checks;
}

}  // namespace config
