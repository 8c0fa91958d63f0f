#include "server/config/check_parts_yaml.h"
#include "server/config/duration.h"
#include "server/config/health_options_yaml.h"
#include "server/config/named_file.h"
#include "server/config/url.h"

namespace config {
namespace {

using namespace std::chrono_literals;

class HookReader {
 public:
  HookReader(YamlFile& file, const YAML::Node& node)
      : file_(file),
        fields_(file, node, "a hook",
                {"url", "secret_file", "ca", "verify", "exec", "on", "timeout"}) {}

  HookOptions read() {
    if (!fields_.node().IsMap()) return std::move(hook_);
    const bool url = fields_.find("url").has_value();
    const bool exec = fields_.find("exec").has_value();
    if (url == exec) fields_.problem("exec", " has one of `url` and `exec`");
    if (url) read_url();
    if (exec) hook_.argv = read_argv(fields_, "exec");
    if (exec && !url) refuse_keys_of_url();
    if (const auto on = fields_.find("on")) read_kinds(*on);
    read_timeout();
    return std::move(hook_);
  }

 private:
  void read_url() {
    const auto url = fields_.text("url");
    if (!url) return;
    hook_.url = *url;
    if (const auto fault = fault_of_url(*url); !fault.empty()) {
      fields_.problem("url", ": `url` " + std::string(fault));
    }
    if (const auto secret = read_file_name(fields_, "secret_file")) {
      if (secret->is_plain()) {
        hook_.secret = read_secret(file_, *secret, {}).value_or("");
      } else {
        fields_.problem("secret_file", ": `secret_file` is of no endpoint, and has no braces");
      }
    }
    hook_.ca_file = read_pem_name(fields_, "ca", Pem::Certificates);
    hook_.verify = fields_.boolean("verify").value_or(hook_.verify);
    if (!url->starts_with("http://")) return;
    for (const char* key : {"ca", "verify"}) {
      if (fields_.find(key)) fields_.problem(key, ": " + in_backticks(key) + " is for https only");
    }
  }

  void refuse_keys_of_url() {
    for (const char* key : {"secret_file", "ca", "verify"}) {
      if (!fields_.find(key)) continue;
      fields_.problem(key, ": " + in_backticks(key) + " is for hooks with a `url` only");
    }
  }

  void read_kinds(const YAML::Node& node) {
    enum class Kind { Transitions, Alarms };
    hook_.transitions = hook_.alarms = false;
    const std::string what = fields_.named("on");
    for (const YAML::Node& entry : file_.list(node, what)) {
      const auto kind = choose<Kind>(
          file_, entry, what, {{"transitions", Kind::Transitions}, {"alarms", Kind::Alarms}});
      if (!kind) continue;
      bool& wanted = *kind == Kind::Transitions ? hook_.transitions : hook_.alarms;
      if (wanted)
        file_.problem(entry, what + ": " + in_backticks(entry.Scalar()) + " stands twice");
      wanted = true;
    }
  }

  void read_timeout() {
    hook_.timeout = fields_.duration("timeout").value_or(hook_.timeout);
    if (hook_.timeout < 100ms || hook_.timeout > 1min) {
      fields_.problem("timeout", ": `timeout` is from 100ms to 1m");
    }
  }

  YamlFile& file_;
  Fields fields_;
  HookOptions hook_;
};

}  // namespace

std::vector<HookOptions> read_hooks(YamlFile& file, const YAML::Node& node) {
  std::vector<HookOptions> hooks;
  if (node.IsMap()) {
    file.problem(node, "`hooks` is a list: begin with `- `");
    return hooks;
  }
  if (node.IsSequence() && node.size() == 0) return hooks;  // none, on purpose
  for (const YAML::Node& entry : file.list(node, "`hooks`")) {
    HookOptions hook = HookReader(file, entry).read();
    for (const HookOptions& other : hooks) {
      if (other == hook) file.problem(entry, "this hook stands twice");
    }
    hooks.push_back(std::move(hook));
  }
  return hooks;
}

}  // namespace config
