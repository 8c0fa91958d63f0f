// One attempt at one target, as an Asio coroutine.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "health/check.h"
#include "health/observation.h"

namespace probes {

// What probes share: TLS settings, compiled regular expressions, resolved names.
//
// Threads: that of the executor.
class Tools;
[[nodiscard]] std::shared_ptr<Tools> make_tools(boost::asio::any_io_executor executor);
// Trust stores, certificates and keys are read anew from now on, as an operator who reloads
// expects; expressions that nobody uses any more are let go.
void forget_files(Tools& tools);
// To be called before the executor's context ends: nothing is posted to it any more, names do not
// resolve any more.
void close(Tools& tools);

// Connects, speaks, judges the answer against the check, closes; never throws, takes no longer than
// the check's timeout, reads at most kMaxBody octets. A redirect is a result, never followed. May
// be cancelled (terminal); what it returns then means nothing.
//
// Requires: no heartbeat.
boost::asio::awaitable<health::Observation> probe(std::shared_ptr<const health::Target> target,
                                                  std::shared_ptr<Tools> tools);

}  // namespace probes
