// What endpoints say to the heartbeat listener: that they live.
#pragma once

#include <functional>
#include <string_view>

#include "health/probes/engine.h"
#include "server/http/server.h"

namespace admin {

// `address` is "zone/endpoint", in small letters and without the zone's final dot. To be quick, and
// equally so for an address that nobody has and for a token that is wrong.
using OnBeat =
    std::function<probes::Engine::Beat(std::string_view address, std::string_view token)>;

// `PUT` or `POST /heartbeat/ZONE/ENDPOINT` with `Authorization: Bearer TOKEN`: 204. Everything else
// is refused; that an endpoint is unknown is not told apart from a wrong token.
//
// The listener is for other hosts, by any name: http::Options::any_host.
[[nodiscard]] http::Server::Handler make_heartbeat_api(OnBeat on_beat);

}  // namespace admin
