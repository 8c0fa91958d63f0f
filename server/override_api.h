#pragma once

#include <functional>
#include <string>
#include <vector>

#include "server/config/listen_address.h"
#include "server/http_server.h"
#include "server/supervisor.h"
#include "zones/zone_set.h"

namespace server {

// The part of the admin listener that takes an operator's word on endpoints. Whoever calls has been
// authorized.
//
// Borrows: the supervisor.
class OverrideApi {
 public:
  // What a drill has to ask: the zones served now, and where.
  struct Surroundings {
    std::function<const zones::ZoneSet&()> zones;
    std::function<std::vector<std::string>()> listening;  // "127.0.0.1:53"
  };

  OverrideApi(Supervisor& supervisor, Surroundings surroundings)
      : supervisor_(supervisor), surroundings_(std::move(surroundings)) {}

  // PUT /overrides, a JSON object: target, force (drained, up, down), and perhaps for (a duration),
  // ttl (a duration), reason, author, dry_run (true: only say what it would hold for).
  void put(const HttpRequest& request, const HttpServer::Respond& respond);
  // DELETE /overrides?target=
  void erase(const HttpRequest& request, const HttpServer::Respond& respond);
  // GET /overrides
  [[nodiscard]] HttpReply list() const;

 private:
  [[nodiscard]] HttpReply taken(const Supervisor::Taken& taken) const;
  [[nodiscard]] std::string suggestion(const std::string& target) const;

  Supervisor& supervisor_;
  Surroundings surroundings_;
};

}  // namespace server
