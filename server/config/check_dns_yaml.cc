#include "dnswire/name.h"
#include "dnswire/rdata.h"
#include "server/config/check_parts_yaml.h"

namespace config {
namespace {

using dnswire::RrType;
using health::DnsSpec;

void read_name(const Fields& fields, DnsSpec& dns) {
  const auto node = fields.require("name");
  const auto text = node ? fields.text("name") : std::nullopt;
  if (!text) return;
  const auto name = dnswire::Name::from_text(*text);
  if (name) {
    dns.name = name->to_text();
    return;
  }
  fields.file().problem(*node,
                        fields.named("name") + " is " + in_backticks(*text) +
                            ", which is no domain name: " + std::string(describe(name.error())));
}

RrType read_query(const Fields& fields) {
  const auto text = fields.text("query");
  if (!text) return RrType::A;
  const auto type = dnswire::rr_type_from_text(*text);
  const bool small = text->find_first_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos;
  if (type && !small && !is_meta(*type)) return *type;
  fields.file().problem(*fields.find("query"), fields.named("query") + " is " +
                                                   in_backticks(*text) +
                                                   ", which is no type of records, such as `A`");
  return RrType::A;
}

void read_rcode(const Fields& fields, DnsSpec& dns) {
  const auto node = fields.find("rcode");
  if (!node) return;
  dns.rcode = choose<std::uint8_t>(fields.file(), *node, fields.named("rcode"),
                                   {{"NOERROR", std::uint8_t{0}},  // RFC 6895 2.3
                                    {"FORMERR", std::uint8_t{1}},
                                    {"SERVFAIL", std::uint8_t{2}},
                                    {"NXDOMAIN", std::uint8_t{3}},
                                    {"NOTIMP", std::uint8_t{4}},
                                    {"REFUSED", std::uint8_t{5}}})
                  .value_or(0);
}

void read_answers(const Fields& fields, RrType type, DnsSpec& dns) {
  const auto node = fields.find("answer");
  if (!node) return;
  if (dns.rcode != 0) fields.problem("answer", ": an `answer` comes with `rcode: NOERROR` only");
  YamlFile& file = fields.file();
  const std::string what = fields.named("answer");
  for (const YAML::Node& entry : file.list(*node, what)) {
    const auto text = file.text(entry, what);
    if (!text) continue;
    const auto rdata = rdata_from_text(type, *text, {});
    if (rdata) {
      dns.answers.push_back(rdata_to_text(type, *rdata));
    } else {
      file.problem(entry, what + " is " + in_backticks(*text) + ", which is no " + to_text(type) +
                              " data (" + std::string(describe(rdata.error())) + "); write " +
                              rdata_syntax(type));
    }
  }
}

}  // namespace

DnsSpec read_dns_spec(const Fields& fields) {
  DnsSpec dns;
  read_name(fields, dns);
  const RrType type = read_query(fields);
  dns.type = to_text(type);
  read_rcode(fields, dns);
  read_answers(fields, type, dns);
  return dns;
}

}  // namespace config
