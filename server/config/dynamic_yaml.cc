#include "server/config/dynamic_yaml.h"

#include <algorithm>

#include "server/config/all_down_yaml.h"
#include "server/config/hidden_rules.h"
#include "server/config/rule_yaml.h"

namespace config {
namespace {

using steering::DynamicRecord;
using steering::PoolId;
using steering::Rule;

class DynamicReader {
 public:
  DynamicReader(const DynamicContext& context, const YAML::Node& node)
      : context_(context), file_(context.file), node_(node) {}

  DynamicRecord read() {
    if (node_.IsScalar()) {  // `dynamic: POOL`
      add_catch_all(node_);
      return std::move(record_);
    }
    const Fields fields(file_, node_, "`dynamic`",
                        {"pool", "rules", "ttl", "ttl_min", "all_down", "until_checked"});
    read_pools(fields);
    read_ttls(fields, record_);
    if (const auto all_down = fields.find("all_down")) {
      read_all_down(context_, *all_down, record_);
      if (sound_pools_) warn_of_missing_families(context_, *all_down, record_);
    }
    if (const auto until = fields.find("until_checked")) {
      record_.until_checked = read_fixed(context_, *until, fields.named("until_checked"));
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

  PoolId pool_of(const YAML::Node& node, std::string_view what) {
    const auto pool = resolve_pool(file_, node, what, context_.names);
    sound_pools_ = sound_pools_ && pool;
    return pool.value_or(PoolId{0});
  }

  void read_pools(const Fields& fields) {
    const auto pool = fields.find("pool");
    const auto rules = fields.find("rules");
    if (pool && rules) {
      file_.problem(*rules, "`dynamic` has both `pool` and `rules`; put the pool into a last rule");
    } else if (pool) {
      add_catch_all(*pool);
    } else if (rules) {
      read_rules(*rules);
    } else if (node_.IsMap()) {
      file_.problem(node_, "`dynamic` needs a `pool`, or `rules` that lead to pools");
    }
  }

  void read_rules(const YAML::Node& node) {
    std::vector<WrittenRule> rules;
    for (const YAML::Node& entry : file_.list(node, "`rules`")) {
      const Fields fields(file_, entry, "a rule",
                          {"continent", "country", "subdivision", "near", "asn", "net", "pool"});
      if (!entry.IsMap()) continue;
      const auto pool = fields.require("pool");
      sound_pools_ = sound_pools_ && pool;
      rules.push_back(read_rule(fields));
      if (pool) rules.back().rule.pool = pool_of(*pool, "`pool` of a rule");
    }
    refuse_hidden_rules(file_, rules);
    if (std::ranges::none_of(rules, &WrittenRule::catches_all) && !rules.empty()) {
      file_.problem(rules.back().at, "the last rule must catch everyone: end with `{pool: NAME}`");
    }
    for (WrittenRule& written : rules) record_.rules.push_back(std::move(written.rule));
    if (sound_pools_) warn_of_uneven_families(context_, node, record_);
  }

  const DynamicContext& context_;
  YamlFile& file_;
  const YAML::Node& node_;
  DynamicRecord record_;
  bool sound_pools_ = true;  // every pool that is named is there
};

}  // namespace

DynamicRecord read_dynamic(const DynamicContext& context, const YAML::Node& node) {
  return DynamicReader(context, node).read();
}

std::optional<DynamicRecord> read_alias(const DynamicContext& context, const YAML::Node& node) {
  const std::string what = "`ALIAS`";
  DynamicRecord record;
  std::optional<YAML::Node> target = node;
  if (!node.IsScalar()) {
    const Fields fields(context.file, node, what, {"target", "ttl"});
    target = fields.require("target");
    read_ttls(fields, record);
  }
  if (!target) return std::nullopt;
  record.alias = context.targets.read(context.file, *target, what, context.owner,
                                      steering::Target::As::Addresses, true);
  if (!record.alias) return std::nullopt;
  return record;
}

void read_ttls(const Fields& fields, DynamicRecord& record) {
  const auto read = [&](const char* key, dnswire::Ttl& ttl) {
    if (const auto value = fields.whole_seconds(key)) {
      ttl = dnswire::Ttl(static_cast<std::uint32_t>(value->count()));
    }
  };
  read("ttl", record.ttl);
  record.ttl_min = std::min(record.ttl_min, record.ttl);
  const auto usual = record.ttl_min;
  read("ttl_min", record.ttl_min);
  if (record.ttl_min > record.ttl) {
    fields.file().problem(*fields.find("ttl_min"), "`ttl_min` is longer than `ttl`");
    record.ttl_min = usual;
  }
}

}  // namespace config
