#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "server/config/listen_address.h"
#include "server/http/server.h"

namespace http {

using Headers = std::vector<std::pair<std::string, std::string>>;

// One request over a connection of its own; waits for the whole reply, `timeout` at most. An error
// is a sentence for the operator. For the command line: not for the server's own threads.
[[nodiscard]] tl::expected<Reply, std::string> request(
    std::string_view method, const config::ListenAddress& server, std::string_view target,
    std::chrono::milliseconds timeout, std::string body = {}, const Headers& headers = {});

}  // namespace http
