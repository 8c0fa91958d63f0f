#include "server/config/geo_options_yaml.h"

#include <algorithm>
#include <limits>

#include "geo/map.h"
#include "geo/special_networks.h"
#include "server/config/place_yaml.h"

namespace config {
namespace {

using dnswire::Family;
using dnswire::Prefix;
using geo::Location;

constexpr std::uint16_t kDnsPort = 53;

// Shorter than the networks whose places are known.
std::optional<std::string> why_useless(const Prefix& net) {
  const bool is_v4 = net.address.family() == Family::V4;
  const std::uint8_t longest = is_v4 ? geo::kMaxDepth4 : geo::kMaxDepth6;
  if (net.length > longest) {
    const Prefix whole{net.address.masked(longest), longest};
    return "is longer than /" + std::to_string(longest) + ", the smallest network of " +
           (is_v4 ? "IPv4" : "IPv6") + " that has a place of its own; write " +
           in_backticks(whole.to_text());
  }
  const auto special = geo::special_networks().match(net.address);
  if (special.contained && special.depth <= net.length) {
    return "is private or reserved, and such networks have no place; a rule can ask for it by "
           "`net`";
  }
  return std::nullopt;
}

class CorrectionReader {
 public:
  CorrectionReader(YamlFile& file, const YAML::Node& node)
      : file_(file), fields_(file, node, "a correction", {"net", "at", "country", "asn"}) {}

  // Into `corrections`, one for each network.
  void read(std::vector<geo::Correction>& corrections) {
    if (!fields_.node().IsMap()) return;
    if (const auto at = fields_.find("at")) read_at(*at);
    if (const auto country = fields_.find("country")) read_country(*country);
    location_.asn = fields_.number("asn", 1, std::numeric_limits<std::uint32_t>::max()).value_or(0);
    if (!fields_.find("at") && !fields_.find("country") && !fields_.find("asn")) {
      file_.problem(fields_.node(),
                    "a correction says where networks are: `at: JP`, or whose: "
                    "`asn: 64500`");
    }
    const auto nets = fields_.require("net");
    if (!nets) return;
    for (const YAML::Node& entry : file_.list(*nets, fields_.named("net"))) {
      const auto net = file_.network(entry, fields_.named("net"));
      if (net) add(entry, *net, corrections);
    }
  }

 private:
  void read_at(const YAML::Node& node) {
    const auto place = read_place(file_, node, fields_.named("at"));
    if (!place) return;
    location_.coordinates = place->coordinates;
    location_.coordinates_are_centroid = node.IsScalar();
    location_.subdivision = place->subdivision;
    if (place->country != nullptr) set_country(*place->country);
  }

  // Beside coordinates, which do not tell it.
  void read_country(const YAML::Node& node) {
    const auto text = file_.text(node, fields_.named("country"));
    if (!text) return;
    const geo::Country* country = geo::find_country(*text);
    const auto at = fields_.find("at");
    if (country == nullptr) {
      file_.problem(node, fields_.named("country") + " is " + in_backticks(*text) +
                              ", which is no ISO 3166-1 code in capitals, such as `JP`" +
                              suggest_place(*text));
    } else if (!at) {
      file_.problem(node, fields_.named("country") +
                              " goes with `at: [latitude, longitude]`; alone it is written " +
                              in_backticks("at: " + *text));
    } else if (!at->IsSequence()) {
      file_.problem(node, fields_.named("country") + ": `at` tells it already; remove it");
    } else {
      set_country(*country);
    }
  }

  void set_country(const geo::Country& country) {
    location_.country = geo::CountryCode::from_text(country.code);
    location_.continent = country.continent;
  }

  void add(const YAML::Node& node, const Prefix& net, std::vector<geo::Correction>& corrections) {
    if (const auto why = why_useless(net)) {
      file_.problem(node, fields_.named("net") + ": " + net.to_text() + " " + *why);
    } else if (std::ranges::find(corrections, net, &geo::Correction::net) != corrections.end()) {
      file_.problem(node, fields_.named("net") + ": " + net.to_text() + " is corrected already");
    } else {
      corrections.push_back({net, location_});
    }
  }

  YamlFile& file_;
  Fields fields_;
  Location location_;
};

std::optional<ListenAddress> read_resolver(YamlFile& file, const YAML::Node& node) {
  const auto text = file.text(node, "`resolver`");
  if (!text) return std::nullopt;
  const auto bare = dnswire::IpAddress::from_text(*text);
  const auto written = bare ? ListenAddress{*bare, kDnsPort} : ListenAddress::from_text(*text);
  if (!written || written->port == 0 || written->is_wildcard()) {
    file.problem(node, "`resolver` is " + in_backticks(*text) +
                           ", which is not the address of a resolver, such as `192.0.2.53` or "
                           "`[2001:db8::53]:5353`");
    return std::nullopt;
  }
  return *written;
}

}  // namespace

void read_geo(YamlFile& file, const YAML::Node& node, Options& options) {
  const Fields fields(file, node, "`geo`", {"databases", "corrections"});
  if (const auto corrections = fields.find("corrections")) {
    for (const YAML::Node& entry : file.list(*corrections, fields.named("corrections"))) {
      CorrectionReader(file, entry).read(options.corrections);
    }
  }
  const auto databases = fields.find("databases");
  if (!databases) return;
  options.databases.emplace();
  if (databases->IsSequence() && databases->size() == 0) return;  // none, on purpose
  for (const YAML::Node& entry : file.list(*databases, fields.named("databases"))) {
    if (const auto text = file.text(entry, fields.named("databases"))) {
      options.databases->push_back(file.beside(*text));
    }
  }
}

std::vector<ListenAddress> read_resolvers(YamlFile& file, const YAML::Node& node) {
  std::vector<ListenAddress> resolvers;
  for (const YAML::Node& entry : file.list(node, "`resolver`")) {
    const auto resolver = read_resolver(file, entry);
    if (!resolver) continue;
    if (std::ranges::find(resolvers, *resolver) != resolvers.end()) {
      file.problem(entry, "`resolver` names " + resolver->to_text() + " twice");
    } else {
      resolvers.push_back(*resolver);
    }
  }
  return resolvers;
}

}  // namespace config
