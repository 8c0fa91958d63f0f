#pragma once

#include <functional>
#include <string>
#include <vector>

#include "server/config/listen_address.h"
#include "server/control/supervisor.h"
#include "server/http/server.h"
#include "zones/zone_set.h"

namespace admin {

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

  OverrideApi(control::Supervisor& supervisor, Surroundings surroundings)
      : supervisor_(supervisor), surroundings_(std::move(surroundings)) {}

  // PUT /overrides, a JSON object: target, force (drained, up, down) or weight (a number), and
  // perhaps for (a duration), ttl (a duration), reason, author, dry_run (true: only say what it
  // would hold for).
  void put(const http::Request& request, const http::Server::Respond& respond);
  // DELETE /overrides?target=&kind=; `kind` is force, which it is unless said, or weight.
  void erase(const http::Request& request, const http::Server::Respond& respond);
  // GET /overrides
  [[nodiscard]] http::Reply list() const;

 private:
  [[nodiscard]] http::Reply taken(const control::Supervisor::Taken& taken,
                                  health::OverrideKind kind) const;
  [[nodiscard]] bool is_weighed_somewhere(const std::vector<steering::EndpointId>& ids) const;
  [[nodiscard]] std::string others(health::OverrideKind kind) const;
  [[nodiscard]] std::string suggestion(const std::string& target) const;

  control::Supervisor& supervisor_;
  Surroundings surroundings_;
};

}  // namespace admin
