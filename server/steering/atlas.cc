#include "server/steering/atlas.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "server/steering/chart_builder.h"

namespace steering {
namespace {

using dnswire::Family;
using zones::DynamicId;

constexpr std::array kFamilies = {Family::V4, Family::V6};

void append(std::string& key, std::string_view text) { key.append(text).push_back('\n'); }
void append(std::string& key, double number) {
  key.append(reinterpret_cast<const char*>(&number), sizeof number);
}
void append(std::string& key, std::uint32_t number) {
  key.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void append(std::string& key, const Fixed& fixed) {
  append(key, fixed.pool ? static_cast<std::uint32_t>(*fixed.pool) + 1 : 0);
}

// All that a chart is made of, but for what belongs to the pools.
std::string key_of(const DynamicRecord& record) {
  std::string key;
  for (const Rule& rule : record.rules) {
    append(key, static_cast<std::uint32_t>(rule.pool));
    for (const auto continent : rule.continents) append(key, to_text(continent));
    append(key, "countries");
    for (const auto& country : rule.countries) append(key, country.text());
    append(key, "subdivisions");
    for (const auto& subdivision : rule.subdivisions) append(key, subdivision);
    append(key, static_cast<std::uint32_t>(rule.near.size()));
    for (const Circle& circle : rule.near) {
      for (const double number : {circle.center.latitude, circle.center.longitude, circle.km}) {
        append(key, number);
      }
    }
    append(key, static_cast<std::uint32_t>(rule.asns.size()));
    for (const std::uint32_t asn : rule.asns) append(key, asn);
    append(key, rule.nets ? "networks" : "");
    if (rule.nets) {
      for (const dnswire::Prefix& net : *rule.nets) append(key, net.to_text());
    }
    append(key, "end");
  }
  append(key, record.fallback);
  append(key, record.until_checked);
  return key;
}

// "country and subdivision" of the kinds that no database tells.
std::string unknown_kinds(const Rule& rule, const geo::Knows& knows) {
  if (!rule.asns.empty() && !knows.asns) return "AS numbers";
  if (!rule.subdivisions.empty() && !knows.subdivisions) return "subdivisions";
  if (!rule.countries.empty() && !knows.countries) return "countries";
  if (!rule.continents.empty() && !knows.continents) return "continents";
  // A country's centroid will do.
  if (!rule.near.empty() && !knows.coordinates && !knows.countries) return "where places are";
  return {};
}

DeadRule dead_rule(const Plan& plan, DynamicId record, std::size_t index, const geo::Map& map) {
  const Rule& rule = plan[record].rules[index];
  if (const std::string kinds = unknown_kinds(rule, map.knows()); !kinds.empty()) {
    return {record, index, true, "no geo database knows " + kinds};
  }
  if (rule.nets && rule.nets->empty())
    return {record, index, false, "its list of networks is empty"};
  return {record, index, false, "no network of the geo databases is left for it"};
}

}  // namespace

Atlas Atlas::compile(const Plan& plan, const geo::Map& map) {
  Atlas atlas;
  std::unordered_map<std::string, std::size_t> known;  // first record of the key
  PartitionsByPlace partitions;
  for (std::size_t i = 0; i < plan.records.size(); ++i) {
    const auto [same, is_new] = known.emplace(key_of(plan.records[i]), i);
    for (const Family family : kFamilies) {
      const auto offset = static_cast<std::size_t>(family);
      if (is_new) {
        atlas.charts_.push_back(std::make_shared<const Chart>(
            ChartBuilder(plan, plan.records[i], family).build(map, partitions)));
      } else {
        atlas.charts_.push_back(atlas.charts_[2 * same->second + offset]);
      }
    }
  }
  return atlas;
}

Atlas::Size Atlas::size() const {
  std::set<const Chart*> charts;
  std::set<const geo::Partition*> partitions;
  Size size;
  for (const auto& chart : charts_) {
    charts.insert(chart.get());
    if (!partitions.insert(&chart->partition()).second) continue;
    size.networks += chart->partition().networks();
    size.octets += chart->partition().memory();
  }
  size.charts = charts.size();
  size.partitions = partitions.size();
  return size;
}

std::vector<DeadRule> find_dead_rules(const Plan& plan, const geo::Map& map, const Atlas& atlas) {
  std::vector<DeadRule> dead;
  for (std::uint32_t i = 0; i < plan.records.size(); ++i) {
    const DynamicId record{i};
    const std::vector<bool>& met = atlas.chart(record, Family::V4).met_rules();
    for (std::size_t rule = 0; rule < met.size(); ++rule) {
      const bool catches_all = plan[record].rules[rule].catches_all();
      if (!met[rule] && !catches_all) dead.push_back(dead_rule(plan, record, rule, map));
    }
  }
  return dead;
}

}  // namespace steering
