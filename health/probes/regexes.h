// Compiled regular expressions, shared by the probes that use them.
#pragma once

#include <re2/re2.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace probes {

// Matches in time linear in the text, in bounded memory.
//
// Threads: one.
class Regexes {
 public:
  // Compiled at first use and kept; unsound ones, too (`ok()`, `error()`).
  [[nodiscard]] std::shared_ptr<const re2::RE2> get(const std::string& expression);

 private:
  std::map<std::string, std::shared_ptr<const re2::RE2>> compiled_;
};

}  // namespace probes
