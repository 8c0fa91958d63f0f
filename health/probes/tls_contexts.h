// TLS settings that probes share; made once, because reading the trust store is slow.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <map>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <tuple>

#include "health/check.h"

namespace probes {

// One context for each trust store, least version and client certificate, made at first use and
// kept. A file that could not be read is tried again the next time.
//
// Threads: one.
class TlsContexts {
 public:
  using Context = std::shared_ptr<boost::asio::ssl::context>;

  // The context, or for people why there is none.
  [[nodiscard]] tl::expected<Context, std::string> get(const health::TlsSpec& spec);

 private:
  // verify, CA file, least version, certificate, key
  using Key = std::tuple<bool, std::string, health::TlsVersion, std::string, std::string>;
  std::map<Key, Context, std::less<>> made_;
};

}  // namespace probes
