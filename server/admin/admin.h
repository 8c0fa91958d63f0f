#pragma once

#include <functional>
#include <string>
#include <vector>

#include "server/control/control.h"
#include "server/http/server.h"
#include "server/metrics/metrics.h"

namespace admin {

// Reloads; tells the outcome, with a text for people, on the control thread.
using Reload = std::function<void(std::function<void(bool ok, std::string text)>)>;

// What the admin listener is made of.
// Borrows: all it is given, as long as the handler lives.
struct AdminParts {
  control::Control& control;
  const transport::Publisher& publisher;
  const metrics::Metrics& metrics;
  Reload reload;
  std::string token;  // that requests which change something show; empty: they are all refused
  std::function<std::vector<std::string>()> listening;  // "127.0.0.1:53"
  // Runs what takes long on another thread; empty: at once.
  std::function<void(std::function<void()>)> aside = {};
};

// What the admin listener answers: GET /metrics, /explain?name=&type=&client=&assume=&format=,
// /map?name=&type=&assume=&format=, /health, /status?endpoint=, /overrides; and, with
// `Authorization: Bearer TOKEN`, POST /reload, PUT /overrides, DELETE /overrides?target=.
[[nodiscard]] http::Server::Handler make_admin(AdminParts parts);

}  // namespace admin
