// The program's memory, watched: for tests of what must not ask for any, or must live without.
#pragma once

#include <cstddef>

namespace answer::testing {

[[nodiscard]] std::size_t allocation_count() noexcept;

// While it lives, there is no memory: operator new throws.
class OutOfMemory {
 public:
  OutOfMemory() noexcept;
  OutOfMemory(const OutOfMemory&) = delete;
  OutOfMemory& operator=(const OutOfMemory&) = delete;
  ~OutOfMemory();
};

}  // namespace answer::testing
