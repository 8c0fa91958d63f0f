// The file of queries: what is asked for, a line each.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "dnswire/address.h"
#include "dnswire/name.h"
#include "dnswire/rr_type.h"

namespace load {

struct Question {
  dnswire::Name name;
  dnswire::RrType type{};
  std::optional<dnswire::Prefix> client_subnet;
};

// Lines of "NAME TYPE" or "NAME TYPE SUBNET/LENGTH", parted by blanks; empty lines and what follows
// a '#' are skipped. Names are absolute, with or without a final dot. The error is a sentence with
// the number of the line; no line at all is one too.
[[nodiscard]] tl::expected<std::vector<Question>, std::string> read_query_file(std::istream& lines);

}  // namespace load
