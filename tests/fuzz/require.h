// What a fuzz target claims of every input; checked in every build type.
#pragma once

#include <cstdio>
#include <cstdlib>

// The built-ins stand for std::source_location, which clang 14 does not have.
inline void require(bool claim, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (claim) return;
  std::fprintf(stderr, "%s:%d: the claim does not hold\n", file, line);
  std::abort();
}
