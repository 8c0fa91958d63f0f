// What single words of a master file mean. Private to this folder.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "dnswire/rr_type.h"

namespace zones {

// "300", "1h30m": with units (w d h m s) every number has one, and each is shorter than the one
// before, so that a slip of the finger does not pass. At most 2^31 - 1 seconds (RFC 2181 8); or a
// sentence that says what is wrong.
[[nodiscard]] tl::expected<dnswire::Ttl, std::string> read_ttl(std::string_view word);

// A word that is no name, as a file's path: quotes are dropped, \X is X.
[[nodiscard]] std::string unquote(std::string_view word);

// For messages: the word in backticks, its end left out if it is long; octets that are no printable
// ASCII as they have to be written, \DDD.
[[nodiscard]] std::string in_backticks(std::string_view word);

// ", did you mean `AAAA`?" if a type is near enough.
[[nodiscard]] std::string suggest_type(std::string_view word);

}  // namespace zones
