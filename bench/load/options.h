// The command line.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/load/query_set.h"
#include "dnswire/address.h"

namespace load {

struct Options {
  dnswire::IpAddress server;
  std::uint16_t port = 53;
  std::string file;
  QueryOptions queries;

  double seconds = 10;
  double warm_up = 1;        // seconds
  std::uint64_t number = 0;  // of queries; 0: bounded by time alone
  std::chrono::milliseconds timeout{1000};

  unsigned sockets = 8;
  unsigned window = 256;   // closed loop: queries that wait at once, on all sockets together
  std::uint64_t rate = 0;  // open loop: queries per second
  unsigned batch = 32;     // datagrams in one system call

  bool tcp = false;
  unsigned connections = 16;
  unsigned pipelined = 4;
  std::uint64_t per_connection = 0;  // queries before it is closed; 0: it stays

  unsigned sources = 1;  // local addresses 127.0.1.1 and up
  bool verify = false;
  std::vector<pid_t> server_processes;
  std::optional<unsigned> core;
  bool json = false;
};

// 127.0.0.0/8, ::1, RFC 1918, RFC 4193, link-local, and 198.18.0.0/15, which RFC 2544 set aside for
// measuring. Load is for one's own machines.
[[nodiscard]] bool may_be_loaded(const dnswire::IpAddress& server) noexcept;

// The options, or the status to exit with: --help and mistakes are printed.
[[nodiscard]] std::optional<Options> read_options(int argc, char** argv, int& status);

}  // namespace load
