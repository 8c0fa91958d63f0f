#include "bench/load/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "bench/load/pacing.h"

namespace load {
namespace {

using dnswire::IpAddress;
using dnswire::Prefix;

constexpr const char* kAbout =
    R"(Asks one DNS server as fast as it answers (closed loop), or so many times a second (--rate,
open loop), and says how fast, how late and how completely it answered.

FILE has a query a line: NAME TYPE [SUBNET/LENGTH]; the subnet goes into an EDNS option (RFC 7871).
They are asked in turn, from the top again at the end.

Only loopback and private addresses are asked. A run ends after --warm-up and --seconds, or after
--number queries, and when what was asked is answered or has timed out.

sent      queries that were due while it was measured; "never": due, but the generator was behind
answered  of them, replied to within --timeout
lost      of them, not
late      replies that nobody waited for any more, or that nobody had asked for
wrong     datagrams that are no reply, or (--verify) do not repeat the question octet by octet
latency   from when a query was due (open loop) or sent (closed loop); over TCP with one query a
          connection, from before the connection was made)";

void fail_if(bool condition, const char* message) {
  if (condition) throw CLI::ValidationError(message);
}

void add_load(CLI::App& app, Options& options) {
  app.add_option("--seconds", options.seconds, "How long it is measured")
      ->capture_default_str()
      ->check(CLI::Range(0.01, 500.0));
  app.add_option("--warm-up", options.warm_up, "Seconds before that, which are not counted")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 60.0));
  app.add_option("--number", options.number, "At most so many queries; 0: no matter how many")
      ->capture_default_str();
  app.add_option("--window", options.window, "Queries that wait at once, on all sockets together")
      ->capture_default_str()
      ->check(CLI::Range(1, 65536));
  app.add_option("--rate", options.rate,
                 "Queries per second, sent when they are due whether or not others are answered")
      ->check(CLI::Range(std::uint64_t{1}, kMaxRate));
  app.add_option("--sockets", options.sockets, "UDP sockets (and so source ports)")
      ->capture_default_str()
      ->check(CLI::Range(1, 1024));
  app.add_option("--batch", options.batch, "Datagrams in one system call")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  app.add_option("--sources", options.sources,
                 "Source addresses, from 127.0.1.1 up; for servers on 127.0.0.0/8")
      ->capture_default_str()
      ->check(CLI::Range(1, 250));
}

void add_tcp(CLI::App& app, Options& options) {
  app.add_flag("--tcp", options.tcp, "Over TCP; always a closed loop");
  app.add_option("--connections", options.connections, "TCP connections at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  app.add_option("--pipelined", options.pipelined, "Queries that wait at once on a connection")
      ->capture_default_str()
      ->check(CLI::Range(1, 128));
  app.add_option("--per-connection", options.per_connection,
                 "Queries after which a connection is closed and another made; 0: it stays")
      ->capture_default_str();
}

void add_queries(CLI::App& app, Options& options, std::string& subnets) {
  app.add_flag("--edns", options.queries.edns, "With an OPT record (RFC 6891)");
  app.add_flag("--dnssec-ok", options.queries.dnssec_ok, "With EDNS and its flag DO");
  app.add_option("--udp-size", options.queries.udp_size, "The payload size that EDNS offers")
      ->capture_default_str();
  app.add_option("--subnets", subnets,
                 "A random client subnet in each query that has none: ipv4 (/24), ipv6 (/56), both")
      ->check(CLI::IsMember({"none", "ipv4", "ipv6", "both"}));
  app.add_option("--seed", options.queries.seed, "Of what is random")->capture_default_str();
}

void add_rest(CLI::App& app, Options& options) {
  app.add_option_function<unsigned>(
         "--timeout",
         [&options](unsigned value) { options.timeout = std::chrono::milliseconds(value); },
         "Milliseconds after which a query is lost; 1000 unless said")
      ->check(CLI::Range(1, 60'000));
  app.add_flag("--verify", options.verify, "Compare the question in each reply");
  app.add_option("--server-pid", options.server_processes,
                 "Processes whose processor time is measured")
      ->delimiter(',');
  app.add_option_function<unsigned>(
      "--core", [&options](unsigned core) { options.core = core; }, "Run on this core alone");
  app.add_flag("--json", options.json, "One JSON object instead of text");
}

void check(const Options& options) {
  fail_if(!may_be_loaded(options.server), "refused: SERVER is neither loopback nor private");
  fail_if(options.tcp && options.rate != 0, "--rate is for UDP");
  fail_if(options.sources > 1 &&
              (options.server.family() != dnswire::Family::V4 || options.server.octets()[0] != 127),
          "--sources need a SERVER on 127.0.0.0/8");
}

}  // namespace

bool may_be_loaded(const IpAddress& server) noexcept {
  constexpr std::array<std::string_view, 9> kOurs{
      "127.0.0.0/8",   "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
      "198.18.0.0/15", "::1/128",    "fc00::/7",      "fe80::/10"};
  return std::any_of(kOurs.begin(), kOurs.end(), [&server](std::string_view text) {
    const auto prefix = Prefix::from_text(text);
    return prefix && prefix->contains(server);
  });
}

std::optional<Options> read_options(int argc, char** argv, int& status) {
  Options options;
  std::string server;
  std::string subnets = "none";
  CLI::App app(kAbout, "load");
  app.add_option("SERVER", server, "Its address")->required();
  app.add_option("PORT", options.port, "Its port")->required();
  app.add_option("FILE", options.file, "The queries")->required()->check(CLI::ExistingFile);
  add_load(app, options);
  add_tcp(app, options);
  add_queries(app, options, subnets);
  add_rest(app, options);
  const std::map<std::string, Subnets> kinds{{"none", Subnets::None},
                                             {"ipv4", Subnets::V4},
                                             {"ipv6", Subnets::V6},
                                             {"both", Subnets::Both}};
  try {
    app.parse(argc, argv);
    const auto address = IpAddress::from_text(server);
    fail_if(!address, "SERVER is not an IP address");
    options.server = *address;
    options.queries.subnets = kinds.at(subnets);
    check(options);
  } catch (const CLI::ParseError& error) {
    status = app.exit(error);
    return std::nullopt;
  }
  return options;
}

}  // namespace load
