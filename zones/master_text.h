// What a master file's text must be before a parser reads its records. Private to this folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zones {

struct TextProblem {
  int line;  // from 1
  std::string text;
};

// Quotes that do not end on their line and parentheses that do not close (RFC 1035 5.1): a parser
// that only sees words takes what follows for a part of the record.
[[nodiscard]] std::vector<TextProblem> scan_master_text(std::string_view text);

}  // namespace zones
