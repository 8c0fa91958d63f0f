#include "server/config/health_options_yaml.h"

#include <algorithm>
#include <charconv>

#include "server/config/check_yaml.h"

namespace config {
namespace {

using dnswire::Family;

constexpr std::uint8_t kLeastShare = 50;  // percent: a minority says nothing of our own uplink

// "80%".
std::optional<std::uint8_t> parse_share(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  std::uint8_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = result.ec == std::errc{} && result.ptr == text.data() + text.size();
  if (!whole || value < kLeastShare || value > 100) return std::nullopt;
  return value;
}

void read_share(const Fields& fields, IsolationOptions& isolation) {
  const auto text = fields.text("share");
  if (!text) return;
  const auto share = *text == "off" ? std::uint8_t{0} : parse_share(*text);
  if (share) {
    isolation.share = *share;
    return;
  }
  fields.file().problem(*fields.find("share"), fields.named("share") + " is " +
                                                   in_backticks(*text) +
                                                   ", which is neither `off` nor from `50%` to "
                                                   "`100%`");
}

// Each family is an uplink of its own, with canaries of its own.
void warn_of_lone_canaries(YamlFile& file, const std::vector<Entry>& written,
                           const IsolationOptions& isolation) {
  for (const Family family : {Family::V4, Family::V6}) {
    const Entry* one = nullptr;
    int count = 0;
    for (std::size_t i = 0; i < written.size(); ++i) {
      const auto address = dnswire::IpAddress::from_text(isolation.canaries[i].address);
      if (!address || address->family() != family) continue;
      one = &written[i];
      ++count;
    }
    if (count != 1) continue;
    file.warning(one->key_node, std::string("one canary for ") +
                                    (family == Family::V4 ? "IPv4" : "IPv6") +
                                    ": name two or more of different owners, so that the death of "
                                    "one says nothing");
  }
}

}  // namespace

ProbeOptions read_probes(YamlFile& file, const YAML::Node& node) {
  const Fields fields(file, node, "`probes`", {"in_flight", "per_address", "exec"});
  ProbeOptions probes;
  const auto in_flight = fields.find("in_flight");
  if (in_flight && !(in_flight->IsScalar() && in_flight->Scalar() == "auto")) {
    probes.in_flight =
        file.number(*in_flight, fields.named("in_flight") + " (`auto`, or how many)", 16, 65536)
            .value_or(0);
  }
  probes.per_address = fields.number("per_address", 0, 1000).value_or(probes.per_address);
  probes.exec = fields.boolean("exec").value_or(probes.exec);
  return probes;
}

IsolationOptions read_isolation(YamlFile& file, const YAML::Node& node) {
  const Fields fields(file, node, "`isolation`", {"share", "at_least", "canaries"});
  IsolationOptions isolation;
  read_share(fields, isolation);
  isolation.at_least =
      static_cast<std::uint16_t>(fields.number("at_least", 2, 1000).value_or(isolation.at_least));
  const auto canaries = fields.find("canaries");
  if (!canaries) return isolation;
  const std::vector<Entry> written = entries(file, *canaries, fields.named("canaries"));
  for (const Entry& entry : written) {
    health::Target canary = read_canary(file, entry);
    if (std::ranges::find(isolation.canaries, canary) != isolation.canaries.end()) {
      file.problem(entry.key_node,
                   "canary " + in_backticks(entry.key) + " is probed as one before it");
    }
    isolation.canaries.push_back(std::move(canary));
  }
  warn_of_lone_canaries(file, written, isolation);
  return isolation;
}

}  // namespace config
