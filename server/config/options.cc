#include "server/config/options.h"

#include <filesystem>

#include "server/config/geo_options_yaml.h"
#include "server/config/health_options_yaml.h"
#include "server/config/protocol_options_yaml.h"
#include "server/config/worker_options_yaml.h"
#include "server/config/yaml_reader.h"

namespace config {
namespace {

namespace fs = std::filesystem;

const char* const kDefaultAdmin = "127.0.0.1:8053";

class OptionsReader {
 public:
  explicit OptionsReader(YamlFile& file)
      : file_(file), folder_(fs::path(file.path()).parent_path()) {}

  Options read(const YAML::Node& document) {
    const Fields fields(
        file_, document, "fairlead.yaml",
        {"listen", "workers", "admin", "zones", "geo", "state", "log", "identity", "cookies", "udp",
         "tcp", "limits", "probes", "isolation", "hooks", "heartbeat", "resolver"});
    if (const auto listen = fields.find("listen")) read_listen(*listen);
    if (options_.listen.empty()) options_.listen = {any(4), any(6)};
    if (const auto workers = fields.find("workers")) {
      options_.workers = read_workers(file_, *workers);
    }
    read_admin(fields.find("admin"));
    if (fields.require("zones")) options_.zones = path_of(fields.text("zones"));
    if (const auto geo = fields.find("geo")) read_geo(file_, *geo, options_);
    if (const auto resolver = fields.find("resolver")) {
      options_.resolvers = read_resolvers(file_, *resolver);
    }
    options_.state = fields.find("state") ? path_of(fields.text("state")) : "/var/lib/fairlead";
    if (const auto log = fields.find("log")) read_log(*log);
    read_protocol(fields);
    read_health(fields);
    return std::move(options_);
  }

 private:
  static ListenAddress any(int version) {
    return *ListenAddress::from_text(version == 4 ? "0.0.0.0:53" : "[::]:53");
  }

  std::optional<ListenAddress> read_address(const YAML::Node& node, const std::string& what) {
    const auto text = file_.text(node, what);
    if (!text) return std::nullopt;
    const auto address = ListenAddress::from_text(*text);
    if (address) return *address;
    file_.problem(node, what + ": " + address.error());
    return std::nullopt;
  }

  void read_listen(const YAML::Node& node) {
    for (const YAML::Node& entry : file_.list(node, "`listen`")) {
      const auto address = read_address(entry, "`listen`");
      if (!address) continue;
      bool twice = false;
      for (const ListenAddress& other : options_.listen) {
        twice = twice || (other == *address && address->port != 0);
      }
      if (twice) file_.problem(entry, "`listen` names " + address->to_text() + " twice");
      options_.listen.push_back(*address);
    }
  }

  void read_admin(const std::optional<YAML::Node>& node) {
    options_.admin = *ListenAddress::from_text(kDefaultAdmin);
    if (!node) return;
    const Fields fields(file_, *node, "`admin`", {"listen"});
    if (const auto listen = fields.find("listen")) {
      if (const auto address = read_address(*listen, "`listen` of `admin`")) {
        options_.admin = *address;
      }
    }
  }

  void read_log(const YAML::Node& node) {
    const Fields fields(file_, node, "`log`", {"level", "format"});
    if (const auto level = fields.find("level")) {
      options_.log_level = choose<LogLevel>(file_, *level, "`level` of `log`",
                                            {{"debug", LogLevel::Debug},
                                             {"info", LogLevel::Info},
                                             {"warning", LogLevel::Warning},
                                             {"error", LogLevel::Error}})
                               .value_or(LogLevel::Info);
    }
    if (const auto format = fields.find("format")) {
      options_.log_format =
          choose<LogFormat>(file_, *format, "`format` of `log`",
                            {{"text", LogFormat::Text}, {"json", LogFormat::Json}})
              .value_or(LogFormat::Text);
    }
  }

  void read_protocol(const Fields& fields) {
    if (const auto identity = fields.find("identity")) {
      options_.identity = read_identity(file_, *identity);
    }
    if (const auto cookies = fields.find("cookies")) {
      options_.cookies = read_cookies(file_, *cookies);
    }
    options_.cookies.secrets = options_.cookies.names_secrets
                                   ? path_of(options_.cookies.secrets)
                                   : (fs::path(options_.state) / "cookie-secrets").string();
    if (const auto udp = fields.find("udp")) options_.udp = read_udp(file_, *udp);
    if (const auto tcp = fields.find("tcp")) options_.tcp = read_tcp(file_, *tcp);
    if (const auto limits = fields.find("limits")) options_.limits = read_limits(file_, *limits);
  }

  void read_health(const Fields& fields) {
    if (const auto probes = fields.find("probes")) options_.probes = read_probes(file_, *probes);
    if (const auto isolation = fields.find("isolation")) {
      options_.isolation = read_isolation(file_, *isolation);
    }
    if (const auto hooks = fields.find("hooks")) options_.hooks = read_hooks(file_, *hooks);
    if (const auto heartbeat = fields.find("heartbeat")) read_heartbeat(*heartbeat);
  }

  void read_heartbeat(const YAML::Node& node) {
    const Fields fields(file_, node, "`heartbeat`", {"listen"});
    const auto listen = fields.require("listen");
    if (listen) options_.heartbeat = read_address(*listen, fields.named("listen"));
  }

  std::string path_of(const std::optional<std::string>& text) const {
    if (!text) return {};
    const fs::path path(*text);
    return path.is_absolute() ? path.string() : (folder_ / path).lexically_normal().string();
  }

  YamlFile& file_;
  fs::path folder_;
  Options options_;
};

}  // namespace

Options read_options(const std::string& file, zones::Problems& problems,
                     zones::Problems* warnings) {
  YamlFile yaml(file, problems);
  const auto document = yaml.load();
  if (!document) return {};
  Options options = OptionsReader(yaml).read(*document);
  if (warnings != nullptr) {
    warnings->insert(warnings->end(), yaml.warnings().begin(), yaml.warnings().end());
  }
  return options;
}

std::optional<Options> load_options(const std::string& file, zones::Problems& problems,
                                    zones::Problems* warnings) {
  const std::size_t before = problems.size();
  Options options = read_options(file, problems, warnings);
  if (problems.size() > before) return std::nullopt;
  return options;
}

}  // namespace config
