#include "bench/load/report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace load {
namespace {

// RFC 1035 4.1.1, RFC 2136 2.2.
constexpr std::array<std::string_view, 11> kRcodes{"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
                                                   "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
                                                   "NXRRSET", "NOTAUTH", "NOTZONE"};
constexpr std::array<std::pair<const char*, double>, 4> kQuantiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99_9", 0.999}}};

std::string rcode_name(std::size_t rcode) {
  return rcode < kRcodes.size() ? std::string(kRcodes[rcode]) : "RCODE" + std::to_string(rcode);
}

double microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

double rate(const Outcome& outcome) {
  return ratio(static_cast<double>(outcome.tally.arrived), seconds(outcome.measured));
}

double loss(const Tally& tally) {
  return ratio(static_cast<double>(tally.lost), static_cast<double>(tally.sent));
}

double per_answer(std::chrono::nanoseconds time, const Tally& tally) {
  return ratio(static_cast<double>(time.count()), static_cast<double>(tally.arrived));
}

template <class... Values>
std::string line(const char* format, Values... values) {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), format, values...);  // the arrays below fit
  return text.data();
}

unsigned long long count(std::uint64_t value) { return value; }

std::string rcodes_text(const Tally& tally) {
  std::string text;
  for (std::size_t i = 0; i < tally.rcodes.size(); ++i) {
    if (tally.rcodes[i] == 0) continue;
    text += (text.empty() ? "" : ", ") + rcode_name(i) + " " + std::to_string(tally.rcodes[i]);
  }
  return text.empty() ? "none" : text;
}

}  // namespace

std::string to_text(const Options& options, const Outcome& outcome) {
  const Tally& tally = outcome.tally;
  std::string text =
      line("answers    %.0f per second, for %.2f s\n", rate(outcome), seconds(outcome.measured));
  text += line("queries    sent %llu, answered %llu, lost %llu (%.4f %%), late %llu, wrong %llu\n",
               count(tally.sent), count(tally.answered), count(tally.lost), 100 * loss(tally),
               count(tally.late), count(tally.wrong));
  text += "replies    " + rcodes_text(tally);
  text += line("; truncated %llu, %.0f octets each\n", count(tally.truncated),
               ratio(static_cast<double>(tally.octets), static_cast<double>(tally.answered)));
  text += "latency   ";
  for (const auto& [name, part] : kQuantiles) {
    text += line(" %s %.1f us,", name, microseconds(tally.latency.quantile(part)));
  }
  text += line(" max %.1f us\n", microseconds(tally.latency.max()));
  text +=
      line("processor  generator %.0f ns per answer", per_answer(outcome.generator_time, tally));
  if (!options.server_processes.empty()) {
    text +=
        line(", server %.0f ns per answer (%.2f of a core)", per_answer(outcome.server_time, tally),
             ratio(seconds(outcome.server_time), seconds(outcome.measured)));
  }
  text += "\n";
  if (options.rate != 0) {
    text += line("punctual   queries left at most %.1f us after they were due, %llu never\n",
                 microseconds(outcome.behind), count(tally.unsent));
  }
  if (options.tcp) {
    text += line("TCP        %llu connections, %llu failed\n", count(tally.connections),
                 count(tally.failed_connections));
  }
  return text;
}

std::string to_json(const Options& options, const Outcome& outcome) {
  const Tally& tally = outcome.tally;
  nlohmann::ordered_json json{{"seconds", seconds(outcome.measured)},
                              {"queries_per_second", rate(outcome)},
                              {"sent", tally.sent},
                              {"answered", tally.answered},
                              {"lost", tally.lost},
                              {"loss", loss(tally)},
                              {"late", tally.late},
                              {"wrong", tally.wrong},
                              {"truncated", tally.truncated},
                              {"octets", tally.octets}};
  for (std::size_t i = 0; i < tally.rcodes.size(); ++i) {
    if (tally.rcodes[i] != 0) json["rcodes"][rcode_name(i)] = tally.rcodes[i];
  }
  for (const auto& [name, part] : kQuantiles) {
    json["latency_us"][name] = microseconds(tally.latency.quantile(part));
  }
  json["latency_us"]["max"] = microseconds(tally.latency.max());
  json["generator_ns_per_answer"] = per_answer(outcome.generator_time, tally);
  if (!options.server_processes.empty()) {
    json["server_ns_per_answer"] = per_answer(outcome.server_time, tally);
    json["server_cores"] = ratio(seconds(outcome.server_time), seconds(outcome.measured));
  }
  if (options.rate != 0) {
    json["unsent"] = tally.unsent;
    json["behind_us"] = microseconds(outcome.behind);
  }
  if (options.tcp) {
    json["connections"] = tally.connections;
    json["failed_connections"] = tally.failed_connections;
  }
  return json.dump() + "\n";
}

}  // namespace load
