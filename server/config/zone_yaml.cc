#include "server/config/zone_yaml.h"

#include <algorithm>
#include <map>

#include "dnswire/name.h"
#include "dnswire/rdata.h"
#include "server/config/dynamic_yaml.h"
#include "server/config/steering_yaml.h"
#include "server/config/target_yaml.h"
#include "server/config/yaml_reader.h"
#include "zones/zone_builder.h"

namespace config {
namespace {

using dnswire::Name;
using dnswire::RrType;
using dnswire::Ttl;
using Octets = std::vector<std::uint8_t>;

Ttl ttl_of(std::chrono::seconds seconds) {
  return Ttl(static_cast<std::uint32_t>(seconds.count()));
}

// A value of TXT or SPF in YAML is one text, cut into <character-string>s of 255 octets (RFC
// 1035 3.3.14); one in double quotes is presentation format, strings as written.
dnswire::Result<Octets> text_rdata(const std::string& text) {
  if (text.front() == '"') return rdata_from_text(RrType::TXT, text, {});
  Octets rdata;
  for (std::size_t at = 0; at < text.size(); at += 255) {
    const std::string part = text.substr(at, 255);
    rdata.push_back(static_cast<std::uint8_t>(part.size()));
    rdata.insert(rdata.end(), part.begin(), part.end());
  }
  if (rdata.size() > 65535) return tl::unexpected(dnswire::Error::RdataTooLong);
  return rdata;
}

// What may be written where a record type belongs.
const std::vector<std::string_view>& known_words() {
  static const std::vector<std::string> kTypes = [] {
    std::vector<std::string> types;
    for (unsigned number = 1; number <= 0xffff; ++number) {
      const auto type = static_cast<RrType>(number);
      if (!rdata_fields(type).empty() && type != RrType::SOA) types.push_back(to_text(type));
    }
    return types;
  }();
  static const std::vector<std::string_view> kWords = [] {
    std::vector<std::string_view> words(kTypes.begin(), kTypes.end());
    words.insert(words.end(), {"ttl", "dynamic", "ALIAS"});
    return words;
  }();
  return kWords;
}

std::string other_types(std::string suggestion) {
  return suggestion.empty() ? "; any type may be written by its number, as `TYPE65280`"
                            : suggestion;
}

// International names are written as DNS carries them.
std::string name_hint(const std::string& text) {
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? "" : "; write international names in their `xn--` form";
}

class ZoneReader {
 public:
  ZoneReader(YamlFile& file, SteeringTable& table, std::uint32_t automatic_serial,
             const ZoneOptions& options)
      : file_(file),
        table_(table),
        automatic_serial_(automatic_serial),
        options_(options),
        names_(file, table, options.shared) {}

  std::optional<zones::Zone> read(const YAML::Node& document, zones::Problems& problems) {
    const std::size_t before = problems.size();
    const Fields fields(file_, document, "the zone file",
                        {"zone", "ttl", "soa", "checks", "endpoints", "pools", "records"});
    if (!read_origin(fields)) return std::nullopt;
    if (const auto ttl = fields.whole_seconds("ttl")) ttl_ = ttl_of(*ttl);
    read_steering(fields, options_.may_exec, names_, table_);
    if (const auto node = fields.require("records")) read_records(*node);
    add_soa(fields.find("soa"));
    if (problems.size() > before) return std::nullopt;
    settle_steering(names_, table_);
    auto zone = std::move(*builder_).build();
    if (zone) {
      targets_.check(file_, *zone);
    } else {
      for (std::string& text : zone.error()) file_.problem(std::move(text));
    }
    table_.warnings.insert(table_.warnings.end(), file_.warnings().begin(), file_.warnings().end());
    if (problems.size() > before) return std::nullopt;
    return std::move(*zone);
  }

 private:
  bool read_origin(const Fields& fields) {
    const auto node = fields.require("zone");
    const auto text = node ? file_.text(*node, "`zone`") : std::nullopt;
    if (!text) return false;
    auto origin = Name::from_text(*text);
    if (!origin) {
      file_.problem(*node, "`zone` is " + in_backticks(*text) + ", which is no domain name: " +
                               std::string(describe(origin.error())) + name_hint(*text));
      return false;
    }
    names_.zone = origin->to_text();
    if (names_.zone.size() > 1) names_.zone.pop_back();
    builder_.emplace(std::move(*origin), options_.limits);
    return true;
  }

  void read_records(const YAML::Node& node) {
    std::map<Name, std::string> written;
    for (const Entry& entry : entries(file_, node, "`records`")) {
      const auto owner = Name::from_text(entry.key, builder_->origin());
      if (!owner) {
        file_.problem(entry.key_node, in_backticks(entry.key) + " is no domain name: " +
                                          std::string(describe(owner.error())) +
                                          name_hint(entry.key));
        continue;
      }
      const auto [first, is_new] = written.emplace(*owner, entry.key);
      if (is_new) {
        read_owner(*owner, entry);
      } else {
        file_.problem(entry.key_node, in_backticks(entry.key) + " is the same name as " +
                                          in_backticks(first->second) +
                                          "; write its records in one place");
      }
    }
  }

  void read_owner(const Name& owner, const Entry& entry) {
    const std::vector<Entry> sets = entries(file_, entry.value, in_backticks(entry.key));
    Ttl ttl = ttl_;
    for (const Entry& set : sets) {
      if (set.key != "ttl") continue;
      const auto written = file_.whole_seconds(set.value, "`ttl` of " + in_backticks(entry.key));
      if (written) ttl = ttl_of(*written);
    }
    if (entry.value.IsMap() &&
        std::all_of(sets.begin(), sets.end(), [](const Entry& set) { return set.key == "ttl"; })) {
      file_.problem(entry.key_node, in_backticks(entry.key) + " has no records");
    }
    for (const Entry& set : sets) {
      if (set.key == "ttl") continue;
      if (set.key == "dynamic" || set.key == "ALIAS") {
        if (stands_alone(set, sets, entry.key)) read_steered(owner, set, sets);
      } else {
        read_rrset(owner, ttl, set);
      }
    }
  }

  // An alias has the addresses of its target, and no others.
  bool stands_alone(const Entry& set, const std::vector<Entry>& sets, const std::string& owner) {
    if (set.key != "ALIAS") return true;
    for (const char* key : {"A", "AAAA", "CNAME", "dynamic"}) {
      if (std::ranges::find(sets, key, &Entry::key) == sets.end()) continue;
      file_.problem(set.key_node, in_backticks(owner) + " has `ALIAS` and " + in_backticks(key) +
                                      ": an alias has the addresses of its target and no others; "
                                      "remove one of the two");
      return false;
    }
    return true;
  }

  // `dynamic`, or `ALIAS`.
  void read_steered(const Name& name, const Entry& set, const std::vector<Entry>& sets) {
    const bool has_others = std::ranges::any_of(
        sets, [&](const Entry& other) { return other.key != set.key && other.key != "ttl"; });
    const Owner owner{name, Name(builder_->origin()), has_others};
    const DynamicContext context{file_, owner, names_, table_, targets_};
    const auto record = set.key == "ALIAS" ? read_alias(context, set.value)
                                           : std::optional(read_dynamic(context, set.value));
    if (!record) return;
    const zones::DynamicId id{static_cast<std::uint32_t>(table_.plan.records.size())};
    table_.plan.records.push_back(*record);
    if (const auto outcome = builder_->add_dynamic(name, id); !outcome) {
      file_.problem(set.key_node, outcome.error());
    }
  }

  void read_rrset(const Name& owner, Ttl ttl, const Entry& set) {
    const auto type = dnswire::rr_type_from_text(set.key);
    const bool capitals =
        std::none_of(set.key.begin(), set.key.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (!type || !capitals) {
      file_.problem(set.key_node, "unknown record type " + in_backticks(set.key) +
                                      (type ? std::string(", types are written in capitals")
                                            : other_types(suggest_among(set.key, known_words()))));
      return;
    }
    if (*type == RrType::SOA) {
      file_.problem(set.key_node, "the SOA record is written as `soa:` at the top of the file");
      return;
    }
    for (const YAML::Node& value : file_.list(set.value, in_backticks(set.key))) {
      add_record(owner, *type, ttl, value);
    }
  }

  void add_record(const Name& owner, RrType type, Ttl ttl, const YAML::Node& value) {
    const auto text = file_.text(value, "the " + to_text(type) + " record");
    if (!text) return;
    const bool is_text = type == RrType::TXT || type == RrType::SPF;
    const auto rdata =
        is_text ? text_rdata(*text) : rdata_from_text(type, *text, builder_->origin());
    if (!rdata) {
      file_.problem(value, in_backticks(*text) + " is no " + to_text(type) + " data (" +
                               std::string(describe(rdata.error())) + "); write " +
                               rdata_syntax(type));
      return;
    }
    if (type == RrType::NS && owner.view() == builder_->origin() && first_ns_.empty()) {
      first_ns_ = rdata_to_text(type, *rdata);
    }
    if (const auto outcome = builder_->add(owner, type, ttl, *rdata); !outcome) {
      file_.problem(value, outcome.error());
    }
  }

  // RFC 1035 3.3.13. What is not written is usual, or taken from the zone.
  void add_soa(const std::optional<YAML::Node>& node) {
    const Fields fields(file_, node ? *node : YAML::Node(YAML::NodeType::Map), "`soa`",
                        {"mname", "rname", "serial", "refresh", "retry", "expire", "minimum"});
    const std::string mname = fields.text("mname").value_or(first_ns_.empty() ? "@" : first_ns_);
    std::string rname = fields.text("rname").value_or("hostmaster");
    if (rname.find('@') != std::string::npos && rname.size() > 1) {
      file_.problem(*fields.find("rname"), "`rname` is a domain name: a dot in place of the @");
      return;
    }
    const auto period = [&](const char* key, std::uint32_t usual) {
      const auto value = fields.whole_seconds(key);
      return " " + std::to_string(value ? static_cast<std::uint32_t>(value->count()) : usual);
    };
    const auto serial = fields.number("serial", 0, 0xffffffff).value_or(automatic_serial_);
    const std::string text = mname + " " + rname + " " + std::to_string(serial) +
                             period("refresh", 3600) + period("retry", 900) +
                             period("expire", 1209600) + period("minimum", 30);
    const auto rdata = rdata_from_text(RrType::SOA, text, builder_->origin());
    if (!rdata) {
      file_.problem(fields.node(), "`soa`: " + std::string(describe(rdata.error())));
      return;
    }
    const auto outcome = builder_->add(builder_->origin(), RrType::SOA, ttl_, *rdata);
    if (!outcome) file_.problem(fields.node(), outcome.error());
  }

  YamlFile& file_;
  SteeringTable& table_;
  std::uint32_t automatic_serial_;
  ZoneOptions options_;
  SteeringNames names_;
  Targets targets_;
  std::optional<zones::ZoneBuilder> builder_;
  std::string first_ns_;
  Ttl ttl_{3600};
};

}  // namespace

std::optional<zones::Zone> load_zone_yaml(const std::string& path, std::uint32_t automatic_serial,
                                          const ZoneOptions& options, SteeringTable& table,
                                          zones::Problems& problems) {
  YamlFile file(path, problems);
  const auto document = file.load();
  if (!document) return std::nullopt;
  return ZoneReader(file, table, automatic_serial, options).read(*document, problems);
}

std::optional<zones::Zone> parse_zone_yaml(const std::string& text, const std::string& path,
                                           std::uint32_t automatic_serial,
                                           const ZoneOptions& options, SteeringTable& table,
                                           zones::Problems& problems) {
  YamlFile file(path, problems);
  const auto document = file.parse(text);
  if (!document) return std::nullopt;
  return ZoneReader(file, table, automatic_serial, options).read(*document, problems);
}

}  // namespace config
