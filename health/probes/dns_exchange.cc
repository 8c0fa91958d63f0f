#include "health/probes/dns_exchange.h"

#include <algorithm>
#include <span>
#include <utility>

#include "dnswire/rdata.h"
#include "dnswire/request.h"

namespace probes {
namespace {

using dnswire::Bytes;
using dnswire::Field;
using dnswire::Response;
using dnswire::RrType;
using health::Reason;

// RDATA as text, in which two that mean the same are equal: names know no case (RFC 4343).
std::string comparable(RrType type, Bytes rdata) {
  std::string text = dnswire::rdata_to_text(type, rdata);
  const std::span<const Field> fields = dnswire::rdata_fields(type);
  const bool has_names = std::any_of(fields.begin(), fields.end(), [](Field field) {
    return field == Field::Name || field == Field::CompressedName;
  });
  if (!has_names) return text;
  for (char& each : text)
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
  return text;
}

std::string fault(const std::string& text, const std::string& what) {
  return "\"" + printable(text) + "\" is no " + what;
}

}  // namespace

tl::expected<DnsExchange, std::string> DnsExchange::make(const health::DnsSpec& spec,
                                                         std::uint16_t id) {
  DnsExchange made;
  made.id_ = id;
  made.rcode_ = spec.rcode;
  auto name = dnswire::Name::from_text(spec.name);
  if (!name) return tl::unexpected(fault(spec.name, "domain name"));
  made.name_ = *std::move(name);
  const auto type = dnswire::rr_type_from_text(spec.type);
  if (!type) return tl::unexpected(fault(spec.type, "RR type"));
  made.type_ = *type;
  for (const std::string& answer : spec.answers) {
    const auto rdata = dnswire::rdata_from_text(*type, answer, {});
    if (!rdata) return tl::unexpected(fault(answer, "RDATA of type " + dnswire::to_text(*type)));
    made.wanted_.push_back(comparable(*type, *rdata));
  }
  made.query_ = made.request().to_bytes();
  return made;
}

dnswire::Request DnsExchange::request() const noexcept {
  return {id_, false, {name_, type_, dnswire::RrClass::IN}};
}

std::optional<Outcome> DnsExchange::judge(Bytes message) const {
  if (message.size() < 2 || dnswire::load16(message.data()) != id_) return std::nullopt;
  const auto response = Response::parse(message);
  if (!response)
    return Outcome{Reason::Protocol,
                   "malformed DNS answer: " + std::string(dnswire::describe(response.error()))};
  if (!request().is_answered_by(*response)) return std::nullopt;
  Outcome outcome = judge_rcode(*response);
  if (outcome.passed()) outcome = judge_answers(*response);
  return outcome;
}

Outcome DnsExchange::judge_rcode(const Response& response) const {
  const dnswire::Rcode rcode = response.header.rcode;
  if (static_cast<std::uint8_t>(rcode) == rcode_) return {};
  return {Reason::Status, dnswire::to_text(rcode) + ", wanted " +
                              dnswire::to_text(static_cast<dnswire::Rcode>(rcode_))};
}

Outcome DnsExchange::judge_answers(const Response& response) const {
  std::vector<std::string> answers;
  for (const dnswire::Record& record : response.answer)
    if (record.type == type_) answers.push_back(comparable(type_, record.rdata));
  for (const std::string& wanted : wanted_) {
    if (std::find(answers.begin(), answers.end(), wanted) != answers.end()) continue;
    return {Reason::Body, dnswire::to_text(type_) + " " + printable(wanted) +
                              " is not in the answer" +
                              (response.header.tc ? ", which is truncated" : "")};
  }
  return {};
}

}  // namespace probes
