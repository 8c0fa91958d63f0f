#include "server/admin/explanation_text.h"

#include <algorithm>
#include <utility>

#include "server/admin/health_words.h"
#include "server/admin/location_text.h"
#include "server/admin/pool_table.h"
#include "server/answer/response.h"

namespace admin {
namespace {

using Kind = ExplainedStep::Kind;
using Status = ExplainedAnswer::Status;

constexpr std::size_t kLabelWidth = 10;
constexpr std::size_t kMostRules = 5;  // of those that did not match

std::string line(std::string_view label, const std::string& text) {
  std::string result(label);
  result.resize(std::max(kLabelWidth, result.size() + 1), ' ');
  return result + text + "\n";
}

std::string seconds_text(dnswire::Ttl ttl) { return std::to_string(ttl.count()) + "s"; }

std::string answer_head(const ExplainedAnswer& answer) {
  switch (answer.status) {
    case Status::NoData:
      return "NODATA: " + answer.why;
    case Status::NoSuchName:
      return "NXDOMAIN: " + answer.why;
    case Status::Refused:
      return "REFUSED: " + answer.why;
    case Status::Failure:
      return "SERVFAIL: " + answer.why;
    case Status::Records:
    case Status::Referral:
      break;
  }
  return {};
}

std::string alias_text(const ExplainedStep& step) {
  const std::string ttl = step.ttl ? ", " + seconds_text(*step.ttl) : "";
  const std::string target = step.target->to_text();
  if (step.kind == Kind::Dname) return "what is below it goes to " + target + " (DNAME" + ttl + ")";
  if (step.kind == Kind::Cname) return "an alias of " + target + " (CNAME" + ttl + ")";
  return "answers with the addresses of " + target + " (ALIAS" + ttl + ")";
}

class Writer {
 public:
  explicit Writer(const Explanation& explanation) : explanation_(explanation) {}

  std::string text() {
    for (const ExplainedClient& client : explanation_.clients) {
      const bool is_first = &client == &explanation_.clients.front();
      text_ += (is_first ? "" : "\n") + explanation_.name.to_text() + " " +
               to_text(explanation_.type) + " for client " + client.address.to_text() + "\n\n";
      if (is_first) write_assumed();
      if (!is_first && fares_alike(explanation_.clients.front(), client)) {
        write_client(client);
        text_ += line("", "led like " + explanation_.clients.front().address.to_text() +
                              ": the same pool, endpoints, addresses and TTL");
        write_scope(client.answer);
      } else {
        write(client);
      }
    }
    return std::move(text_);
  }

 private:
  void write_assumed() {
    for (const std::string& assumed : explanation_.assumed) {
      text_ += line(&assumed == &explanation_.assumed.front() ? "assumed" : "", assumed);
    }
  }

  static bool fares_alike(const ExplainedClient& a, const ExplainedClient& b) {
    const auto records_of = [](const ExplainedClient& client) {
      std::vector<std::string> records;
      for (const ExplainedRecord& record : client.answer.records) records.push_back(record.data);
      return records;
    };
    const auto rules_of = [](const ExplainedClient& client) {
      std::vector<std::size_t> rules;
      for (const ExplainedStep& step : client.steps) {
        if (step.decision) rules.push_back(step.decision->rule);
      }
      return rules;
    };
    return a.steps.size() == b.steps.size() && rules_of(a) == rules_of(b) && !rules_of(a).empty() &&
           records_of(a) == records_of(b) && a.answer.status == b.answer.status &&
           a.answer.ttl == b.answer.ttl;
  }

  void write(const ExplainedClient& client) {
    const dnswire::Name* zone = nullptr;
    bool placed = false;
    for (const ExplainedStep& step : client.steps) {
      if (step.serial && (zone == nullptr || *zone != step.zone)) {
        zone = &step.zone;
        text_ += line("zone", step.zone.to_text() + " serial " + std::to_string(*step.serial));
      }
      write_name(step);
      if (!step.decision) continue;
      if (!std::exchange(placed, true)) write_client(client);
      write(*step.decision);
      if (step.target) text_ += line("", "which leads to " + step.target->to_text());
    }
    write(client.answer);
    for (const ExplainedStep& step : client.steps) {
      if (step.decision && step.decision->failover) write(*step.decision->failover);
    }
  }

  void write_name(const ExplainedStep& step) {
    std::string name = step.owner.to_text();
    if (step.wildcard) name += " (the wildcard that covers it)";
    switch (step.kind) {
      case Kind::Static:
        text_ += line("name", name + ", static: health and place play no part");
        return;
      case Kind::Dynamic:
        text_ += line("name", name + ", dynamic");
        return;
      case Kind::Cname:
      case Kind::Dname:
      case Kind::Alias:
        text_ += line("name", name + ", " + alias_text(step));
        return;
      case Kind::Referral:
        text_ += line("name", name + ", delegated to other name servers");
        return;
      case Kind::NoData:
        text_ += line("name", name + ", exists");
        return;
      case Kind::NoSuchName:
        return;
      case Kind::Outside:
        text_ += line("name", step.name.to_text() + ", in no zone of this server" +
                                  (step.note.empty() ? "" : ": " + step.note) +
                                  (step.ttl ? " (" + seconds_text(*step.ttl) + ")" : ""));
        return;
      case Kind::Loop:
        text_ += line(
            "name", step.name.to_text() + " again: the aliases form a loop, the answer ends here");
        return;
      case Kind::TooMany:
        text_ += line("name", step.name.to_text() + ": over " +
                                  std::to_string(answer::kMaxAliases) + " aliases, too many");
        return;
    }
  }

  void write_client(const ExplainedClient& client) {
    const std::string address = client.address.to_text();
    if (client.is_special) {
      text_ += line("client", address + " is private or reserved, place unknown");
      text_ += line("", "sent as a client subnet it would say nothing: the resolver's own address");
      text_ += line("", "would decide, rules for networks included (RFC 7871 11.1)");
      return;
    }
    const geo::Location& location = client.location;
    const bool is_known = location.country || location.coordinates || location.continent;
    if (!is_known) {
      const char* const why =
          client.has_databases ? " (no geo database knows " : " (no geo database is loaded)";
      text_ += line("client", address + " place unknown" + why +
                                  (client.has_databases ? client.network.to_text() + ")" : ""));
      return;
    }
    text_ += line("client", address + " in " + location_text(location) +
                                (client.source.empty() ? "" : ", by " + client.source) + " for " +
                                client.network.to_text());
  }

  void write(const ExplainedDecision& decision) {
    const std::size_t rule = decision.rule;
    const auto text = [&](std::size_t i) {
      return decision.rules[i].condition + " → pool " + decision.rules[i].pool;
    };
    text_ += line("rule", std::to_string(rule + 1) + " of " +
                              std::to_string(decision.rules.size()) + ": " + text(rule));
    for (std::size_t i = 0; i < std::min(rule, kMostRules); ++i) {
      text_ += line("", "not " + std::to_string(i + 1) + ": " + text(i));
    }
    if (rule > kMostRules) {
      text_ += line("", "nor the next " + std::to_string(rule - kMostRules));
    }
    bool said = decision.instead.empty();
    for (const ExplainedPool& pool : decision.pools) {
      if (!said && pool.stands_in) text_ += line("instead", decision.instead);
      said = said || pool.stands_in;
      text_ += line("pool", pool_head(pool, "", decision.instead.empty()));
      for (const std::string& row : pool_table(pool)) text_ += line("", row);
    }
    if (!said) text_ += line("instead", decision.instead);
  }

  void write(const ExplainedAnswer& answer) {
    if (const std::string head = answer_head(answer); !head.empty()) {
      text_ += line("answer", head);
    }
    for (const ExplainedRecord& record : answer.records) {
      const bool is_first = &record == &answer.records.front();
      const char* const label = answer.status == Status::Referral ? "referral" : "answer";
      const bool is_asked =
          record.type == explanation_.type &&
          (record.type == dnswire::RrType::A || record.type == dnswire::RrType::AAAA);
      text_ += line(
          is_first ? label : "",
          (is_asked ? "" : to_text(record.type) + " ") + record.data +
              (answer.why.empty() || !answer_head(answer).empty() ? "" : " alone: " + answer.why));
    }
    if (!answer.ttl_because.empty()) {
      text_ += line("ttl",
                    (answer.ttl ? seconds_text(*answer.ttl) : "none") + ": " + answer.ttl_because);
    }
    write_scope(answer);
  }

  void write_scope(const ExplainedAnswer& answer) {
    if (!answer.scope) return;
    text_ += line("scope", "/" + std::to_string(*answer.scope) + ": " + answer.scope_because);
  }

  void write(const ExplainedFailover& failover) {
    if (!failover.none.empty()) {
      text_ += line("failover", "none: " + failover.none);
      return;
    }
    std::string text = "an endpoint that dies leaves the answers within " +
                       bound_text(*failover.bound) + " (" + failover.slowest + "), caches within " +
                       seconds_text(failover.caches) + " more";
    for (const std::string& who : failover.stays) text += "; " + who;
    text_ += line("failover", text);
    if (failover.then.empty()) return;
    text_ += line("", "nobody else is healthy: " + failover.then + " would speak then");
  }

  const Explanation& explanation_;
  std::string text_;
};

}  // namespace

std::string explanation_text(const Explanation& explanation) { return Writer(explanation).text(); }

}  // namespace admin
