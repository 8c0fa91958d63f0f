#include "health/probes/tools.h"

#include "health/probes/probe.h"

namespace probes {

std::shared_ptr<Tools> make_tools(boost::asio::any_io_executor executor) {
  return std::make_shared<Tools>(std::move(executor));
}

void forget_files(Tools& tools) {
  tools.tls = {};
  tools.regexes = {};
}

void close(Tools& tools) { tools.resolver.close(); }

}  // namespace probes
