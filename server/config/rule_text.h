// The condition of a rule in few words. Private to this folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/config/network_list.h"

namespace config {

enum class Kind : std::uint8_t;

// "continent AS, OC"; "country US and asn 7018"; of long lists the beginning and how many there
// are: "net 192.0.2.0/24, ... (12 networks of nets/office.txt)".
class RuleText {
 public:
  // Values as written.
  void add(Kind kind, const std::vector<std::string>& values);
  void add(const NetworkList& list);
  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  void begin(Kind kind);

  std::string text_;
};

}  // namespace config
