// What fairlead.yaml says of the threads that answer over UDP.
#pragma once

#include <cstdint>
#include <vector>

namespace config {

struct WorkerOptions {
  std::uint32_t count = 0;           // threads; 0: one per core
  std::vector<std::uint32_t> cores;  // one for each worker, in turn; none: they run anywhere
  bool all_cores = false;            // `cores` are all that the process may use
  bool steer = false;                // datagrams go to the worker of the core that received them

  friend bool operator==(const WorkerOptions&, const WorkerOptions&) = default;
};

}  // namespace config
