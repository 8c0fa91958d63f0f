#pragma once

#include <span>
#include <string>
#include <string_view>

namespace zones {

// ", did you mean `pool`?" when one of `known` is near enough to be a misspelling of `word`, else
// nothing. Near: at most a third of the letters differ, swapped neighbors count as one.
[[nodiscard]] std::string suggest(std::string_view word, std::span<const std::string_view> known);

}  // namespace zones
