// What probes share.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <utility>

#include "health/probes/regexes.h"
#include "health/probes/resolver.h"
#include "health/probes/tls_contexts.h"

namespace probes {

class Tools {
 public:
  explicit Tools(boost::asio::any_io_executor executor) : resolver(std::move(executor)) {}
  Tools(boost::asio::any_io_executor executor, Resolver::LookUp look_up)
      : resolver(std::move(executor), std::move(look_up)) {}

  TlsContexts tls;
  Regexes regexes;
  Resolver resolver;
};

}  // namespace probes
