// The parts of one probe, by type. For probe.cc, which gives them a frame to live in.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <optional>

#include "health/check.h"
#include "health/probes/deadline.h"
#include "health/probes/outcome.h"
#include "health/probes/tools.h"

namespace probes {

// One probe under way. Whoever waits for something lets the deadline cut it off.
struct Attempt {
  const health::Target& target;
  Tools& tools;
  Deadline& deadline;
  boost::asio::ip::address address;  // dialled; exec: none
  std::optional<std::int64_t> certificate_ends;
};

// The attempt outlives the operation. What they return after the deadline means nothing.
boost::asio::awaitable<Outcome> probe_connection(Attempt& attempt);  // tcp, http, https, tls
boost::asio::awaitable<Outcome> probe_dns(Attempt& attempt);
boost::asio::awaitable<Outcome> probe_icmp(Attempt& attempt);
boost::asio::awaitable<Outcome> probe_by_program(Attempt& attempt);  // exec

}  // namespace probes
