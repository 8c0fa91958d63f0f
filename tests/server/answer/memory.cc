#include "memory.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::size_t> allocations{0};
std::atomic<bool> is_out{false};
}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (!is_out) {
    if (void* const memory = std::malloc(size)) return memory;
  }
  throw std::bad_alloc();
}
// std::stable_sort asks this way.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return is_out ? nullptr : std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace answer::testing {

std::size_t allocation_count() noexcept { return allocations; }

OutOfMemory::OutOfMemory() noexcept { is_out = true; }
OutOfMemory::~OutOfMemory() { is_out = false; }

}  // namespace answer::testing
