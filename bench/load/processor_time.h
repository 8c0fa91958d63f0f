// What processes have used of processors.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace load {

// Of all threads of these processes, to the nanosecond (/proc/PID/task/*/schedstat). Threads that
// end meanwhile are not in it.
[[nodiscard]] std::chrono::nanoseconds processor_time(const std::vector<pid_t>& processes);

// Of this process.
[[nodiscard]] std::chrono::nanoseconds own_processor_time();

// Throws std::system_error.
void pin_to_core(unsigned core);

}  // namespace load
