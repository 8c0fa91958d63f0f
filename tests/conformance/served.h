// Zones as operators write them, loaded and asked without a socket.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/answer/answer.h"
#include "server/config/configuration.h"
#include "tests/conformance/message.h"

namespace conformance {

struct File {
  std::string name;  // "example.org.zone" (RFC 1035 5) or "example.org.yaml"
  std::string text;
};

// Where networks are, for a geo::Map: "133.0.0.0/8", then "JP", or latitude and longitude in
// degrees, or both: "JP 35.7 139.7".
struct Place {
  std::string network;
  std::string place;
};
[[nodiscard]] geo::Map make_map(const std::vector<Place>& places);

class Served {
 public:
  // Fails the test on files with problems.
  explicit Served(const std::vector<File>& files, const std::vector<Place>& places = {});

  [[nodiscard]] bool loaded() const noexcept { return loaded_; }
  [[nodiscard]] const config::Configuration& configuration() const noexcept {
    return configuration_;
  }
  [[nodiscard]] const answer::Snapshot& snapshot() const noexcept { return snapshot_; }
  // From now on. Before, nobody has a verdict.
  void publish(health::Board board);
  void set(answer::Settings settings);
  void know(answer::AliasTable aliases);  // of names outside the zones
  void set_time(dnswire::UnixTime now) noexcept { now_ = now; }

  // Over UDP from a host of which nothing is known, unless said otherwise.
  [[nodiscard]] Reply ask(const Ask& ask, const answer::Client& client = {kResolver});
  [[nodiscard]] Reply send(dnswire::Bytes message, const answer::Client& client = {kResolver});
  // "NAME TYPE" → to_sorted_text of the reply.
  [[nodiscard]] std::string text_of(std::string_view name_and_type);

  [[nodiscard]] const answer::Outcome& outcome() const noexcept { return scratch_->outcome; }

 private:
  static const dnswire::IpAddress kResolver;

  bool loaded_ = false;
  config::Configuration configuration_;
  answer::Snapshot snapshot_;
  dnswire::UnixTime now_ = 1'700'000'000;
  std::unique_ptr<answer::Scratch> scratch_ = std::make_unique<answer::Scratch>(1);
};

}  // namespace conformance
