// What is wrong with an operator's file, and where.
#pragma once

#include <string>
#include <vector>

namespace zones {

struct Problem {
  std::string file;
  int line = 0;    // from 1; 0: the file as a whole
  int column = 0;  // from 1; 0: the line as a whole
  std::string text;

  // "zones/example.org.yaml:12:5: unknown key `pol`, did you mean `pool`?"
  [[nodiscard]] std::string to_text() const;
};

using Problems = std::vector<Problem>;

}  // namespace zones
