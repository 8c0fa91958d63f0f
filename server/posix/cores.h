// Which core runs what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "server/config/worker_options.h"
#include "server/posix/file_descriptor.h"

namespace posix {

// The cores that this process may use, in ascending order, numbered as the kernel does.
[[nodiscard]] std::vector<std::uint32_t> usable_cores();

// How many workers there are, and the core of each; none: they run anywhere.
struct WorkerPlaces {
  std::size_t count = 0;
  std::vector<std::uint32_t> cores;
};

// The error is one sentence for the operator: which core there is not.
[[nodiscard]] tl::expected<WorkerPlaces, std::string> place_workers(
    const config::WorkerOptions& options, const std::vector<std::uint32_t>& usable);

// From now on the calling thread runs on that core alone, and so do those that it starts. False:
// this process may not use it.
bool pin_to_core(std::uint32_t core) noexcept;

// A datagram goes to the socket of the core that received it, without a hash: the n-th socket that
// was bound to the address belongs to the n-th of `cores`, and whatever other cores receive goes to
// the first. For one of the sockets that share the address; the rest follow. False: the kernel
// cannot.
bool steer_by_core(const FileDescriptor& socket, const std::vector<std::uint32_t>& cores);

}  // namespace posix
