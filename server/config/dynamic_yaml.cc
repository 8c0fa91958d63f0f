#include <algorithm>

#include "geo/countries.h"
#include "server/config/all_down_yaml.h"
#include "server/config/steering_yaml.h"

namespace config {
namespace {

using steering::DynamicRecord;
using steering::Rule;

std::vector<std::string_view> continent_words() {
  return {"AF", "AN", "AS", "EU", "NA", "OC", "SA"};
}

class DynamicReader {
 public:
  DynamicReader(YamlFile& file, const YAML::Node& node, const SteeringNames& names,
                const SteeringTable& table)
      : file_(file), node_(node), names_(names), table_(table) {}

  DynamicRecord read() {
    if (node_.IsScalar()) {  // `dynamic: POOL`
      add_catch_all(node_);
      return std::move(record_);
    }
    const Fields fields(file_, node_, "`dynamic`",
                        {"pool", "rules", "ttl", "ttl_min", "all_down", "until_checked"});
    read_pools(fields);
    read_ttls(fields);
    if (const auto all_down = fields.find("all_down")) {
      read_all_down(file_, *all_down, names_, record_);
      if (sound_pools_) warn_of_missing_families(file_, *all_down, table_, record_);
    }
    if (const auto until = fields.find("until_checked")) {
      record_.until_checked = read_fixed(file_, *until, fields.named("until_checked"), names_);
    }
    return std::move(record_);
  }

 private:
  void add_catch_all(const YAML::Node& pool) {
    Rule rule;
    rule.text = "everyone";
    rule.pool = pool_of(pool, "`dynamic`");
    record_.rules.push_back(std::move(rule));
  }

  steering::PoolId pool_of(const YAML::Node& node, std::string_view what) {
    const auto pool = resolve(file_, node, "pool", what, names_.pools);
    sound_pools_ = sound_pools_ && pool;
    return pool.value_or(steering::PoolId{0});
  }

  void read_pools(const Fields& fields) {
    const auto pool = fields.find("pool");
    const auto rules = fields.find("rules");
    if (pool && rules) {
      file_.problem(*rules, "`dynamic` has both `pool` and `rules`; put the pool into a last rule");
    } else if (pool) {
      add_catch_all(*pool);
    } else if (rules) {
      for (const YAML::Node& rule : file_.list(*rules, "`rules`")) read_rule(rule);
      check_last_rule(*rules);
    } else if (node_.IsMap()) {
      file_.problem(node_, "`dynamic` needs a `pool`, or `rules` that lead to pools");
    }
  }

  void read_rule(const YAML::Node& node) {
    const Fields fields(file_, node, "a rule", {"continent", "country", "net", "pool"});
    if (!node.IsMap()) return;
    Rule rule;
    const auto pool = fields.require("pool");
    sound_pools_ = sound_pools_ && pool;
    if (pool) rule.pool = pool_of(*pool, "`pool` of a rule");
    int conditions = 0;
    for (const char* key : {"continent", "country", "net"}) {
      const auto value = fields.find(key);
      if (!value) continue;
      if (++conditions == 1) read_condition(key, *value, rule);
    }
    if (conditions > 1) {
      file_.problem(node, "a rule has one condition: `continent`, `country` or `net`");
    }
    if (conditions == 0) rule.text = "everyone";
    if (caught_all_) {
      file_.problem(node, "this rule is never reached: a rule before it catches everyone");
    }
    caught_all_ = caught_all_ || conditions == 0;
    record_.rules.push_back(std::move(rule));
  }

  void read_condition(std::string_view key, const YAML::Node& value, Rule& rule) {
    rule.text = key;
    const char* separator = " ";
    for (const YAML::Node& entry : file_.list(value, in_backticks(key))) {
      if (key == "continent") read_continent(entry, rule);
      if (key == "country") read_country(entry, rule);
      if (key == "net") read_net(entry, rule);
      if (entry.IsScalar()) rule.text += separator + entry.Scalar();
      separator = ", ";
    }
  }

  void read_continent(const YAML::Node& node, Rule& rule) {
    const auto text = file_.text(node, "`continent`");
    if (!text) return;
    const auto continent = geo::continent_from_text(*text);
    if (!continent) {
      file_.problem(node, "`continent` is " + in_backticks(*text) + ", which is none of " +
                              joined(continent_words()) +
                              (geo::find_country(*text) ? "; for a country write `country`" : ""));
      return;
    }
    if (is_in(continents_, *continent)) {
      file_.problem(node, "continent " + *text + " is taken by an earlier rule");
    }
    continents_.push_back(*continent);
    rule.continents.push_back(*continent);
  }

  void read_country(const YAML::Node& node, Rule& rule) {
    const auto text = file_.text(node, "`country`");
    if (!text) return;
    const geo::Country* country = geo::find_country(*text);
    if (country == nullptr) {
      file_.problem(node, "`country` is " + in_backticks(*text) +
                              ", which is no ISO 3166 code in capitals, such as `JP`");
      return;
    }
    const auto code = *geo::CountryCode::from_text(*text);
    if (is_in(countries_, code)) {
      file_.problem(node, "country " + *text + " is taken by an earlier rule");
    } else if (is_in(continents_, country->continent)) {
      file_.problem(node, "country " + *text + " is hidden by an earlier rule for continent " +
                              std::string(to_text(country->continent)) +
                              "; put the narrower rule first");
    }
    countries_.push_back(code);
    rule.countries.push_back(code);
  }

  void read_net(const YAML::Node& node, Rule& rule) {
    const auto net = file_.network(node, "`net`");
    if (!net) return;
    for (const dnswire::Prefix& wider : nets_) {
      if (wider.length <= net->length && wider.contains(net->address)) {
        file_.problem(node, "net " + net->to_text() + " is hidden by " + wider.to_text() +
                                " before it; put the narrower one first");
        break;
      }
    }
    nets_.push_back(*net);
    rule.nets.insert(*net);
  }

  template <class T>
  static bool is_in(const std::vector<T>& values, const T& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
  }

  void check_last_rule(const YAML::Node& rules) {
    if (caught_all_ || record_.rules.empty()) return;
    file_.problem(rules, "the last rule must catch everyone: end with `{pool: NAME}`");
  }

  void read_ttls(const Fields& fields) {
    const auto read = [&](const char* key, dnswire::Ttl& ttl) {
      if (const auto value = fields.whole_seconds(key)) {
        ttl = dnswire::Ttl(static_cast<std::uint32_t>(value->count()));
      }
    };
    read("ttl", record_.ttl);
    record_.ttl_min = std::min(record_.ttl_min, record_.ttl);
    const auto usual = record_.ttl_min;
    read("ttl_min", record_.ttl_min);
    if (record_.ttl_min > record_.ttl) {
      file_.problem(*fields.find("ttl_min"), "`ttl_min` is longer than `ttl`");
      record_.ttl_min = usual;
    }
  }

  YamlFile& file_;
  const YAML::Node& node_;
  const SteeringNames& names_;
  const SteeringTable& table_;
  DynamicRecord record_;
  bool sound_pools_ = true;  // every pool that is named is there
  bool caught_all_ = false;
  // What the rules so far have taken.
  std::vector<geo::Continent> continents_;
  std::vector<geo::CountryCode> countries_;
  std::vector<dnswire::Prefix> nets_;
};

}  // namespace

zones::DynamicId read_dynamic(YamlFile& file, const YAML::Node& node, const SteeringNames& names,
                              SteeringTable& table) {
  const zones::DynamicId id{static_cast<std::uint32_t>(table.plan.records.size())};
  table.plan.records.push_back(DynamicReader(file, node, names, table).read());
  return id;
}

}  // namespace config
