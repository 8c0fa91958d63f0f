#include "server/posix/cores.h"

#include <linux/filter.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>

#include <algorithm>

namespace posix {
namespace {

sock_filter statement(unsigned code, std::uint32_t value) noexcept {
  return {static_cast<std::uint16_t>(code), 0, 0, value};
}

// Where the accumulator is not `value`, the next instruction is skipped.
sock_filter unless_equal_skip(std::uint32_t value) noexcept {
  return {static_cast<std::uint16_t>(BPF_JMP | BPF_JEQ | BPF_K), 0, 1, value};
}

// "0-3, 6".
std::string describe(const std::vector<std::uint32_t>& cores) {
  std::string text;
  for (std::size_t first = 0; first < cores.size();) {
    std::size_t last = first;
    while (last + 1 < cores.size() && cores[last + 1] == cores[last] + 1) ++last;
    text += (text.empty() ? "" : ", ") + std::to_string(cores[first]);
    if (last != first) text += "-" + std::to_string(cores[last]);
    first = last + 1;
  }
  return text;
}

}  // namespace

std::vector<std::uint32_t> usable_cores() {
  std::vector<std::uint32_t> cores;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return cores;
  for (std::uint32_t core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  }
  return cores;
}

tl::expected<WorkerPlaces, std::string> place_workers(const config::WorkerOptions& options,
                                                      const std::vector<std::uint32_t>& usable) {
  WorkerPlaces places{options.count, options.all_cores ? usable : options.cores};
  for (const std::uint32_t core : places.cores) {
    if (std::find(usable.begin(), usable.end(), core) != usable.end()) continue;
    return tl::unexpected("this process may not use core " + std::to_string(core) + "; it has " +
                          describe(usable) + "; change `workers.cores` in fairlead.yaml");
  }
  if (places.count == 0) places.count = places.cores.empty() ? usable.size() : places.cores.size();
  if (places.count == 0) places.count = 1;
  if (places.cores.empty()) return places;
  if (places.count > places.cores.size()) {
    return tl::unexpected("`workers.count` is " + std::to_string(places.count) +
                          ", and this process may use " + std::to_string(places.cores.size()) +
                          " cores; change it in fairlead.yaml");
  }
  if (options.steer && places.count != places.cores.size()) {
    return tl::unexpected(
        std::string("`workers.steer` needs one worker for each core; leave out "
                    "`workers.count` in fairlead.yaml"));
  }
  places.cores.resize(places.count);
  return places;
}

bool pin_to_core(std::uint32_t core) noexcept {
  if (core >= CPU_SETSIZE) return false;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  return ::pthread_setaffinity_np(::pthread_self(), sizeof set, &set) == 0;
}

bool steer_by_core(const FileDescriptor& socket, const std::vector<std::uint32_t>& cores) {
  constexpr auto kThisCore = static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_CPU);
  std::vector<sock_filter> filter{statement(BPF_LD | BPF_W | BPF_ABS, kThisCore)};
  for (std::uint32_t i = 0; i < cores.size(); ++i) {
    filter.push_back(unless_equal_skip(cores[i]));
    filter.push_back(statement(BPF_RET | BPF_K, i));
  }
  filter.push_back(statement(BPF_RET | BPF_K, 0));
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  return ::setsockopt(socket.get(), SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program,
                      sizeof program) == 0;
}

}  // namespace posix
