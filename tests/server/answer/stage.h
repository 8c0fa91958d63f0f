// Zones and a plan put together by hand, for answers that no configuration is needed for.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "server/answer/response.h"
#include "server/answer/snapshot.h"
#include "server/steering/decide.h"
#include "zones/zone_builder.h"

namespace answer::testing {

class Stage {
 public:
  // Zones by origin; each gets a SOA with a negative TTL of 30 s.
  explicit Stage(std::initializer_list<const char*> origins);

  // "www.example.org.", "A", "192.0.2.1": a static record.
  void add(std::string_view owner, std::string_view type, std::uint32_t ttl, std::string_view data);
  zones::DynamicId add(std::string_view owner, steering::DynamicRecord record);
  // A name that stands for another.
  void add_alias(std::string_view owner, std::string_view target, std::uint32_t ttl = 60);
  // A pool of one endpoint; addresses by family, "" for none.
  steering::PoolId add_pool(std::string_view four, std::string_view six);
  void know(std::string_view name, std::vector<std::string> addresses, std::uint32_t ttl,
            dnswire::Family family = dnswire::Family::V4);

  // Everybody's state from now on; up at first. What can change can change in 10 s.
  void set(health::State state);

  // All of it, as it is now. Borrows nothing.
  [[nodiscard]] Snapshot snapshot();

  // What `compose` makes of a question for a client in a network: "status NOERROR", one line for
  // each record, "scope 8" and "error text".
  [[nodiscard]] std::string ask(std::string_view name, std::string_view type,
                                std::string_view subnet = "203.0.113.0/24");
  [[nodiscard]] const Response& response() const noexcept { return response_; }

 private:
  zones::ZoneBuilder& builder_of(const dnswire::Name& owner);

  std::map<std::string, zones::ZoneBuilder> builders_;
  steering::Plan plan_;
  AliasTable aliases_;
  health::Standing standing_;
  std::size_t subjects_ = 0;
  Snapshot snapshot_;  // of the latest question
  bool is_changed_ = true;
  steering::Workspace workspace_{1};
  Response response_;
};

// A record that leads everybody to a pool, but clients of some network to another.
[[nodiscard]] steering::DynamicRecord lead_to(steering::PoolId pool);
[[nodiscard]] steering::DynamicRecord lead_to(std::string_view network, steering::PoolId there,
                                              steering::PoolId elsewhere);
[[nodiscard]] steering::Target target(std::string_view name, steering::Target::As as);

}  // namespace answer::testing
