#include "bench/load/processor_time.h"

#include <sched.h>
#include <time.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace load {

std::chrono::nanoseconds processor_time(const std::vector<pid_t>& processes) {
  std::chrono::nanoseconds sum{0};
  for (const pid_t process : processes) {
    const std::filesystem::path tasks = "/proc/" + std::to_string(process) + "/task";
    std::error_code gone;
    for (const auto& task : std::filesystem::directory_iterator(tasks, gone)) {
      std::int64_t used = 0;
      if (std::ifstream(task.path() / "schedstat") >> used) sum += std::chrono::nanoseconds(used);
    }
  }
  return sum;
}

std::chrono::nanoseconds own_processor_time() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

void pin_to_core(unsigned core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  if (::sched_setaffinity(0, sizeof cores, &cores) != 0) {
    throw std::system_error(errno, std::generic_category(), "core " + std::to_string(core));
  }
}

}  // namespace load
