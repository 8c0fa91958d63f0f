#pragma once

#include <functional>
#include <string>
#include <vector>

#include "server/control.h"
#include "server/http_server.h"
#include "server/metrics.h"

namespace server {

// Reloads; tells the outcome, with a text for people, on the control thread.
using Reload = std::function<void(std::function<void(bool ok, std::string text)>)>;

// What the admin listener is made of.
// Borrows: all it is given, as long as the handler lives.
struct AdminParts {
  Control& control;
  const Publisher& publisher;
  const Metrics& metrics;
  Reload reload;
  std::string token;  // that requests which change something show; empty: they are all refused
  std::function<std::vector<std::string>()> listening;  // "127.0.0.1:53"
};

// What the admin listener answers: GET /metrics, /explain?name=&type=&client=, /health,
// /status?endpoint=, /overrides; and, with `Authorization: Bearer TOKEN`, POST /reload, PUT
// /overrides, DELETE /overrides?target=.
[[nodiscard]] HttpServer::Handler make_admin(AdminParts parts);

}  // namespace server
