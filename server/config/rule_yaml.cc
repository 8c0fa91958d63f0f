#include "server/config/rule_yaml.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "geo/countries.h"
#include "geo/map.h"
#include "server/config/network_list.h"
#include "server/config/place_yaml.h"
#include "server/config/rule_text.h"
#include "server/config/text_rules.h"

namespace config {
namespace {

using geo::Continent;
using geo::CountryCode;

constexpr double kFarthestKm = 20016;  // half the way around the Earth

std::vector<std::string_view> continent_codes() {
  return {"AF", "AN", "AS", "EU", "NA", "OC", "SA"};
}

std::string continent_hint(std::string_view text) {
  if (geo::find_country(text) != nullptr) return "; for a country write `country`";
  for (const std::string_view code : continent_codes()) {
    const auto name = continent_name(*geo::continent_from_text(code));
    const std::string wanted = to_lower(text);
    if (wanted == to_lower(code) || wanted == to_lower(name)) {
      return ", did you mean " + in_backticks(code) + "?";
    }
  }
  return {};
}

std::string country_hint(std::string_view text) {
  if (geo::continent_from_text(text)) return "; for a continent write `continent`";
  if (subdivision_code(text)) return "; for a subdivision write `subdivision`";
  return suggest_place(text);
}

std::string subdivision_hint(std::string_view text) {
  if (geo::find_country(text) != nullptr) return "; for a country write `country`";
  return suggest_place(text);
}

std::optional<double> parse_km(std::string_view text) {
  double km = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), km);
  const bool whole = result.ec == std::errc{} && result.ptr == text.data() + text.size();
  if (!whole || !std::isfinite(km) || km <= 0 || km > kFarthestKm) return std::nullopt;
  return km;
}

// "7018" or "AS7018".
std::optional<std::uint32_t> parse_asn(std::string_view text) {
  if (text.starts_with("AS") || text.starts_with("as")) text.remove_prefix(2);
  std::uint32_t asn = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), asn);
  const bool whole = result.ec == std::errc{} && result.ptr == text.data() + text.size();
  if (!whole || asn == 0) return std::nullopt;
  return asn;
}

class RuleReader {
 public:
  explicit RuleReader(const Fields& fields) : file_(fields.file()), fields_(fields) {
    written_.at = fields.node();
  }

  WrittenRule read() {
    for (const Kind kind : kKinds) read_kind(kind);
    if (written_.is_sound) refuse_contradictions();
    rule_.text = written_.catches_all ? "everyone" : std::move(text_).take();
    return std::move(written_);
  }

 private:
  void read_kind(Kind kind) {
    const auto value = fields_.find(to_text(kind));
    if (!value) return;
    written_.catches_all = false;
    if (kind == Kind::Net) return read_nets(*value);
    const std::string what = in_backticks(to_text(kind));
    std::vector<std::string> words;
    for (const YAML::Node& entry : file_.list(*value, what)) {
      std::string word = read_value(kind, entry, what);
      written_.is_sound = written_.is_sound && !word.empty();
      if (word.empty()) continue;
      words.push_back(std::move(word));
      spots_of(kind).push_back(file_.spot(entry));
    }
    written_.is_sound = written_.is_sound && !words.empty();
    text_.add(kind, words);
  }

  // As it is to be shown; empty if it is wrong.
  std::string read_value(Kind kind, const YAML::Node& node, const std::string& what) {
    if (kind == Kind::Near) return read_circle(node, what);
    const auto text = file_.text(node, what);
    if (!text) return {};
    switch (kind) {
      case Kind::Continent:
        return read_continent(node, *text);
      case Kind::Country:
        return read_country(node, *text);
      case Kind::Subdivision:
        return read_subdivision(node, *text);
      default:
        return read_asn(node, *text);
    }
  }

  std::string read_continent(const YAML::Node& node, const std::string& text) {
    const auto continent = geo::continent_from_text(text);
    if (!continent) {
      file_.problem(node, "`continent` is " + in_backticks(text) + ", which is none of " +
                              joined(continent_codes()) + continent_hint(text));
      return {};
    }
    return add(node, Kind::Continent, rule_.continents, *continent, text);
  }

  std::string read_country(const YAML::Node& node, const std::string& text) {
    const geo::Country* country = geo::find_country(text);
    if (country == nullptr) {
      file_.problem(node, "`country` is " + in_backticks(text) +
                              ", which is no ISO 3166-1 code in capitals, such as `JP`" +
                              country_hint(text));
      return {};
    }
    return add(node, Kind::Country, rule_.countries, *CountryCode::from_text(text), text);
  }

  std::string read_subdivision(const YAML::Node& node, const std::string& text) {
    const auto code = subdivision_code(text);
    if (!code) {
      file_.problem(node, "`subdivision` is " + in_backticks(text) +
                              ", which is no ISO 3166-2 code in capitals, such as `US-VA`" +
                              subdivision_hint(text));
      return {};
    }
    if (const std::string why = deny_subdivision(*code); !why.empty()) {
      file_.problem(node, "`subdivision` is " + in_backticks(text) + ", which is " + why);
      return {};
    }
    return add(node, Kind::Subdivision, rule_.subdivisions, *code, *code);
  }

  std::string read_asn(const YAML::Node& node, const std::string& text) {
    const auto asn = parse_asn(text);
    if (!asn) {
      file_.problem(node, "`asn` is " + in_backticks(text) +
                              ", which is no AS number from 1 to 4294967295, such as `64500`");
      return {};
    }
    return add(node, Kind::Asn, rule_.asns, *asn, std::to_string(*asn));
  }

  std::string read_circle(const YAML::Node& node, const std::string& what) {
    const Fields fields(file_, node, what, {"point", "km"});
    if (!node.IsMap()) return {};
    const auto point = fields.require("point");
    const auto place = point ? read_place(file_, *point, fields.named("point")) : std::nullopt;
    const auto radius = fields.require("km");
    const auto text = radius ? file_.text(*radius, fields.named("km")) : std::nullopt;
    const auto km = text ? parse_km(*text) : std::nullopt;
    if (text && !km) {
      file_.problem(*radius, fields.named("km") + " is " + in_backticks(*text) +
                                 ", which is no number of kilometers above 0 and up to 20016, such "
                                 "as `500`");
    }
    if (!place || !km) return {};
    return add(node, Kind::Near, rule_.near, steering::Circle{place->coordinates, *km},
               place->text + " (" + *text + " km)");
  }

  template <class T>
  std::string add(const YAML::Node& node, Kind kind, std::vector<T>& values, const T& value,
                  std::string word) {
    const auto same = std::ranges::find(values, value);
    if (same == values.end()) {
      values.push_back(value);
      return word;
    }
    file_.problem(node, std::string(to_text(kind)) + " " + word + " stands twice in this rule");
    return {};
  }

  void read_nets(const YAML::Node& node) {
    NetworkList list = read_network_list(file_, node, "`net`");
    text_.add(list);
    written_.is_sound =
        written_.is_sound && (!list.nets.empty() || (!list.files.empty() && list.in_files == 0));
    warn_of_long_networks(node, list);
    spots_of(Kind::Net) = std::move(list.spots);
    rule_.nets = std::move(list.nets);
  }

  void warn_of_long_networks(const YAML::Node& node, const NetworkList& list) {
    const auto is_long = [](const dnswire::Prefix& net) {
      const bool is_v4 = net.address.family() == dnswire::Family::V4;
      return net.length > (is_v4 ? geo::kMaxDepth4 : geo::kMaxDepth6);
    };
    const auto found = std::ranges::find_if(list.nets, is_long);
    if (found == list.nets.end()) return;
    file_.warning(node,
                  "`net` " + found->to_text() +
                      " is longer than a client subnet is looked at (/24, IPv6 /56): it tells "
                      "hosts that ask for themselves apart; behind resolvers that send "
                      "subnets, all of the /24 or /56 counts as its first address");
  }

  // Of several kinds all must hold.
  void refuse_contradictions() {
    for (std::size_t i = 0; i < rule_.countries.size(); ++i) {
      const std::string code(rule_.countries[i].text());
      refuse_other_continent(Kind::Country, i, code, code);
    }
    for (std::size_t i = 0; i < rule_.subdivisions.size(); ++i) {
      const std::string& code = rule_.subdivisions[i];
      const auto country = CountryCode::from_text(std::string_view(code).substr(0, 2));
      if (!rule_.countries.empty() &&
          std::ranges::find(rule_.countries, *country) == rule_.countries.end()) {
        contradict(Kind::Subdivision, i, code, Kind::Country, country->text());
      } else {
        refuse_other_continent(Kind::Subdivision, i, code, code.substr(0, 2));
      }
    }
  }

  void refuse_other_continent(Kind kind, std::size_t index, const std::string& value,
                              const std::string& country) {
    const Continent continent = geo::find_country(country)->continent;
    if (rule_.continents.empty() ||
        std::ranges::find(rule_.continents, continent) != rule_.continents.end()) {
      return;
    }
    contradict(kind, index, value, Kind::Continent, to_text(continent));
  }

  void contradict(Kind kind, std::size_t index, const std::string& value, Kind wider,
                  std::string_view whose) {
    written_.is_sound = false;
    file_.problem(
        spots_of(kind)[index],
        std::string(to_text(kind)) + " " + value + " is in " + std::string(to_text(wider)) + " " +
            std::string(whose) +
            ", which this rule leaves out, and all its conditions must hold; add it to `" +
            std::string(to_text(wider)) + "`, or make two rules");
  }

  std::vector<Spot>& spots_of(Kind kind) { return written_.spots[static_cast<std::size_t>(kind)]; }

  YamlFile& file_;
  const Fields& fields_;
  WrittenRule written_;
  steering::Rule& rule_ = written_.rule;
  RuleText text_;
};

}  // namespace

std::string_view to_text(Kind kind) noexcept {
  switch (kind) {
    case Kind::Continent:
      return "continent";
    case Kind::Country:
      return "country";
    case Kind::Subdivision:
      return "subdivision";
    case Kind::Near:
      return "near";
    case Kind::Asn:
      return "asn";
    case Kind::Net:
      return "net";
  }
  return "";
}

WrittenRule read_rule(const Fields& fields) { return RuleReader(fields).read(); }

}  // namespace config
