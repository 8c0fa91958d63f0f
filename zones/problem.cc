#include "zones/problem.h"

namespace zones {

std::string Problem::to_text() const {
  std::string where = file;
  if (line > 0) where += ':' + std::to_string(line);
  if (line > 0 && column > 0) where += ':' + std::to_string(column);
  return where + ": " + text;
}

}  // namespace zones
