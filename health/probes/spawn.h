// The system calls that start a program.
#pragma once

#include <sys/types.h>

#include "health/probes/process.h"

namespace probes {

struct Spawned {
  int error = 0;    // errno; then the rest means nothing
  pid_t pid = -1;   // also the number of its process group
  int exit = -1;    // a pidfd: readable once the program has ended
  int output = -1;  // where its standard output and standard error can be read
};

// Signals are as they are for a program started from a shell, and no descriptor is open beyond the
// first three. The caller owns what is returned: kills, reaps, closes.
[[nodiscard]] Spawned spawn(const ProcessSpec& spec);

}  // namespace probes
