// How often the program has asked for memory: for tests of what must not.
#pragma once

#include <cstddef>

namespace dnswire::testing {

[[nodiscard]] std::size_t allocation_count() noexcept;

}  // namespace dnswire::testing
