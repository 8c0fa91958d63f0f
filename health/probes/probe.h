// One attempt at one target, as an Asio coroutine.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "health/check.h"
#include "health/judge.h"

namespace probes {

// The TLS settings that probes share; made once, because reading the trust store is slow.
class TlsContexts;

// Connects, speaks, judges the answer against the check, closes; never throws, takes no longer than
// the check's timeout, reads at most kMaxBody octets. A redirect is a result, never followed.
boost::asio::awaitable<health::Observation> probe(health::Target target,
                                                  std::shared_ptr<TlsContexts> tls);

}  // namespace probes
