#include "server/config/hidden_rules.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "geo/countries.h"

namespace config {
namespace {

using dnswire::Prefix;
using geo::Continent;
using geo::CountryCode;
using steering::Circle;
using steering::Rule;

constexpr std::size_t kMostNetworks = 20;  // that are told of one rule

template <class T>
bool contains(const std::vector<T>& values, const T& value) {
  return std::ranges::find(values, value) != values.end();
}

// Whether some values are given, and `accepts` all of them.
template <class T, class Accepts>
bool all_of(const std::vector<T>& values, Accepts accepts) {
  return !values.empty() && std::ranges::all_of(values, accepts);
}

CountryCode country_of(const std::string& subdivision) {
  return *CountryCode::from_text(std::string_view(subdivision).substr(0, 2));
}

bool implies_continents(const Rule& rule, const Rule& earlier) {
  const auto taken = [&](Continent continent) { return contains(earlier.continents, continent); };
  const auto in_taken = [&](CountryCode country) {
    return taken(geo::find_country(country.text())->continent);
  };
  return all_of(rule.continents, taken) || all_of(rule.countries, in_taken) ||
         all_of(rule.subdivisions,
                [&](const std::string& code) { return in_taken(country_of(code)); });
}

bool implies_countries(const Rule& rule, const Rule& earlier) {
  const auto taken = [&](CountryCode country) { return contains(earlier.countries, country); };
  return all_of(rule.countries, taken) || all_of(rule.subdivisions, [&](const std::string& code) {
           return taken(country_of(code));
         });
}

bool implies_near(const Rule& rule, const Rule& earlier) {
  return all_of(rule.near, [&](const Circle& circle) {
    return std::ranges::any_of(earlier.near, [&](const Circle& wider) {
      return geo::distance_km(circle.center, wider.center) + circle.km <= wider.km;
    });
  });
}

// Whether all clients that meet the conditions of `rule` meet those of `earlier`, but for networks.
bool implies_places(const Rule& rule, const Rule& earlier) {
  if (!earlier.continents.empty() && !implies_continents(rule, earlier)) return false;
  if (!earlier.countries.empty() && !implies_countries(rule, earlier)) return false;
  if (!earlier.subdivisions.empty() && !all_of(rule.subdivisions, [&](const std::string& code) {
        return contains(earlier.subdivisions, code);
      })) {
    return false;
  }
  if (!earlier.near.empty() && !implies_near(rule, earlier)) return false;
  return earlier.asns.empty() ||
         all_of(rule.asns, [&](std::uint32_t asn) { return contains(earlier.asns, asn); });
}

// A network of a rule inside one of an earlier rule.
struct Enclosed {
  std::size_t rule;
  std::size_t value;
  std::size_t earlier;
  const Prefix* by;

  [[nodiscard]] auto key() const noexcept { return std::tuple(rule, value, earlier); }
};

// Sorted, one of a rule, value and earlier rule. In the order of addresses, and wider ones first,
// those that enclose a network are on a stack.
std::vector<Enclosed> enclosed_networks(const std::vector<WrittenRule>& rules) {
  struct Entry {
    const Prefix* net;
    std::size_t rule;
    std::size_t value;
  };
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!rules[i].is_sound || !rules[i].rule.nets) continue;
    const std::vector<Prefix>& nets = *rules[i].rule.nets;
    for (std::size_t value = 0; value < nets.size(); ++value) {
      entries.push_back({&nets[value], i, value});
    }
  }
  std::ranges::stable_sort(entries, {}, [](const Entry& entry) { return *entry.net; });
  std::vector<Enclosed> result;
  std::vector<const Entry*> stack;
  for (const Entry& entry : entries) {
    while (!stack.empty() && !stack.back()->net->contains(entry.net->address)) stack.pop_back();
    for (const Entry* wider : stack) {
      if (wider->rule < entry.rule) {
        result.push_back({entry.rule, entry.value, wider->rule, wider->net});
      }
    }
    stack.push_back(&entry);
  }
  std::ranges::sort(result, {}, &Enclosed::key);
  const auto is_same = [](const Enclosed& a, const Enclosed& b) { return a.key() == b.key(); };
  result.erase(std::unique(result.begin(), result.end(), is_same), result.end());
  return result;
}

// The rule with one of its values in place of all of that kind. Requires: not networks.
Rule with_one(const Rule& rule, Kind kind, std::size_t index) {
  Rule one;
  one.continents = rule.continents;
  one.countries = rule.countries;
  one.subdivisions = rule.subdivisions;
  one.near = rule.near;
  one.asns = rule.asns;
  const auto keep = [index](auto& values) { values = {values[index]}; };
  if (kind == Kind::Continent) keep(one.continents);
  if (kind == Kind::Country) keep(one.countries);
  if (kind == Kind::Subdivision) keep(one.subdivisions);
  if (kind == Kind::Near) keep(one.near);
  if (kind == Kind::Asn) keep(one.asns);
  return one;
}

std::string value_text(const Rule& rule, Kind kind, std::size_t index) {
  switch (kind) {
    case Kind::Continent:
      return "continent " + std::string(geo::to_text(rule.continents[index]));
    case Kind::Country:
      return "country " + std::string(rule.countries[index].text());
    case Kind::Subdivision:
      return "subdivision " + rule.subdivisions[index];
    case Kind::Near:
      return "this circle";
    case Kind::Asn:
      return "asn " + std::to_string(rule.asns[index]);
    case Kind::Net:
      return "net " + (*rule.nets)[index].to_text();
  }
  return "";
}

bool has_value_of(const Rule& other, const Rule& rule, Kind kind, std::size_t index) {
  switch (kind) {
    case Kind::Continent:
      return contains(other.continents, rule.continents[index]);
    case Kind::Country:
      return contains(other.countries, rule.countries[index]);
    case Kind::Subdivision:
      return contains(other.subdivisions, rule.subdivisions[index]);
    case Kind::Near:
      return contains(other.near, rule.near[index]);
    case Kind::Asn:
      return contains(other.asns, rule.asns[index]);
    case Kind::Net:
      return false;
  }
  return false;
}

class Finder {
 public:
  Finder(YamlFile& file, const std::vector<WrittenRule>& rules)
      : file_(file), rules_(rules), enclosed_(enclosed_networks(rules)) {
    for (const Enclosed& one : enclosed_) ++enclosed_count_[{one.rule, one.earlier}];
  }

  void find() {
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      if (refuse_behind_catch_all(i) || !rules_[i].is_sound || rules_[i].catches_all) continue;
      if (refuse_whole(i)) continue;
      for (const Kind kind : kKinds) {
        if (kind != Kind::Net) refuse_values(i, kind);
      }
      refuse_networks(i);
    }
  }

 private:
  bool refuse_behind_catch_all(std::size_t index) {
    for (std::size_t i = 0; i < index; ++i) {
      if (!rules_[i].catches_all) continue;
      file_.problem(rules_[index].at,
                    "this rule is never reached: the one in line " + line_of(i) +
                        " has no condition and takes everyone; put that one last");
      return true;
    }
    return false;
  }

  bool hides(std::size_t earlier, std::size_t index) const {
    return rules_[earlier].is_sound && implies_places(rules_[index].rule, rules_[earlier].rule) &&
           implies_networks(index, earlier);
  }

  bool implies_networks(std::size_t index, std::size_t earlier) const {
    if (!rules_[earlier].rule.nets) return true;
    const auto& nets = rules_[index].rule.nets;
    const auto count = enclosed_count_.find({index, earlier});
    return nets && count != enclosed_count_.end() && count->second == nets->size();
  }

  bool refuse_whole(std::size_t index) {
    std::size_t earlier = 0;
    while (earlier < index && !hides(earlier, index)) ++earlier;
    if (earlier == index) return false;
    std::size_t values = 0;
    Kind one = Kind::Net;
    for (const Kind kind : kKinds) {
      values += rules_[index].spots_of(kind).size();
      if (!rules_[index].spots_of(kind).empty()) one = kind;
    }
    if (values == 1) {
      refuse_value(index, one, 0, earlier);
    } else {
      file_.problem(rules_[index].at, "this rule is never reached: the one in line " +
                                          line_of(earlier) + " (" + rules_[earlier].rule.text +
                                          ") takes all its clients; put the narrower one first, or "
                                          "remove one of the two");
    }
    return true;
  }

  void refuse_values(std::size_t index, Kind kind) {
    const std::size_t count = rules_[index].spots_of(kind).size();
    if (count < 2) return;
    for (std::size_t value = 0; value < count; ++value) {
      const Rule one = with_one(rules_[index].rule, kind, value);
      for (std::size_t earlier = 0; earlier < index; ++earlier) {
        if (!rules_[earlier].is_sound || !implies_places(one, rules_[earlier].rule) ||
            !implies_networks(index, earlier)) {
          continue;
        }
        refuse_value(index, kind, value, earlier);
        break;
      }
    }
  }

  void refuse_networks(std::size_t index) {
    std::size_t told = 0;
    std::optional<std::size_t> last;
    auto one = std::ranges::lower_bound(enclosed_, index, {}, &Enclosed::rule);
    for (; one != enclosed_.end() && one->rule == index; ++one) {
      if (last == one->value || !implies_places(rules_[index].rule, rules_[one->earlier].rule)) {
        continue;
      }
      last = one->value;
      if (++told <= kMostNetworks) refuse_value(index, Kind::Net, one->value, one->earlier);
    }
    if (told <= kMostNetworks) return;
    file_.problem(rules_[index].at, "and " + std::to_string(told - kMostNetworks) +
                                        " more networks of this rule that earlier ones take");
  }

  void refuse_value(std::size_t index, Kind kind, std::size_t value, std::size_t earlier) {
    const Rule& rule = rules_[index].rule;
    std::string by = rules_[earlier].rule.text;
    bool is_same = has_value_of(rules_[earlier].rule, rule, kind, value);
    if (const Prefix* wider = kind == Kind::Net ? encloser(index, value, earlier) : nullptr) {
      by = wider->to_text();
      is_same = *wider == (*rule.nets)[value];
    }
    file_.problem(rules_[index].spots_of(kind)[value],
                  value_text(rule, kind, value) + " never gets here: the rule in line " +
                      line_of(earlier) + " (" + by + ") takes it first; " +
                      (is_same ? "remove one of the two" : "put the narrower rule first"));
  }

  const Prefix* encloser(std::size_t index, std::size_t value, std::size_t earlier) const {
    const auto one =
        std::ranges::lower_bound(enclosed_, std::tuple(index, value, earlier), {}, &Enclosed::key);
    const bool is_found = one != enclosed_.end() && one->key() == std::tuple(index, value, earlier);
    return is_found ? one->by : nullptr;
  }

  std::string line_of(std::size_t index) const {
    return std::to_string(file_.spot(rules_[index].at).line);
  }

  YamlFile& file_;
  const std::vector<WrittenRule>& rules_;
  std::vector<Enclosed> enclosed_;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> enclosed_count_;  // rule and earlier
};

}  // namespace

void refuse_hidden_rules(YamlFile& file, const std::vector<WrittenRule>& rules) {
  Finder(file, rules).find();
}

}  // namespace config
