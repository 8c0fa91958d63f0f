#pragma once

#include <functional>
#include <string>

#include "server/control.h"
#include "server/http_server.h"
#include "server/metrics.h"

namespace server {

// Reloads; tells the outcome, with a text for people, on the control thread.
using Reload = std::function<void(std::function<void(bool ok, std::string text)>)>;

// What the admin listener answers: GET /metrics, /explain?name=&type=&client=, /health, and
// POST /reload.
// Borrows: all it is given, as long as the handler lives.
[[nodiscard]] HttpServer::Handler make_admin(Control& control, const Publisher& publisher,
                                             const Metrics& metrics, Reload reload);

}  // namespace server
