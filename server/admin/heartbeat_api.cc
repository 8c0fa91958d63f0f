#include "server/admin/heartbeat_api.h"

#include <optional>
#include <string>
#include <utility>

#include "server/http/guard.h"

namespace admin {
namespace {

constexpr std::string_view kPrefix = "/heartbeat/";

http::Reply refusal(unsigned status, std::string_view text) {
  http::Reply reply;
  reply.status = status;
  reply.body = std::string(text) + "\n";
  return reply;
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// "zone/endpoint" from the path; absent: another path.
std::optional<std::string> address_of(std::string_view path) {
  if (!path.starts_with(kPrefix)) return std::nullopt;
  path.remove_prefix(kPrefix.size());
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  std::string_view zone = path.substr(0, slash);
  const std::string_view endpoint = path.substr(slash + 1);
  if (zone.size() > 1 && zone.ends_with('.')) zone.remove_suffix(1);
  if (zone.empty() || endpoint.empty() || endpoint.find('/') != std::string_view::npos) {
    return std::nullopt;
  }
  std::string address = std::string(zone) + "/" + std::string(endpoint);
  for (char& c : address) c = lower(c);
  return address;
}

http::Reply answer(const OnBeat& on_beat, const http::Request& request) {
  const auto address = address_of(request.path);
  if (!address) return refusal(404, "not found");
  if (request.method != "PUT" && request.method != "POST") {
    http::Reply reply = refusal(405, "use PUT or POST");
    reply.headers.emplace_back("Allow", "PUT, POST");  // RFC 9110 15.5.6
    return reply;
  }
  const auto token = http::bearer_token(request.authorization);
  if (!token) {
    http::Reply reply = refusal(401, "show the endpoint's token: Authorization: Bearer TOKEN");
    reply.headers.emplace_back("WWW-Authenticate", "Bearer");  // RFC 9110 15.5.2
    return reply;
  }
  if (on_beat(*address, *token) != probes::Engine::Beat::Renewed) {
    return refusal(403, "no such endpoint, or not its token");
  }
  return {204, {}, {}};
}

}  // namespace

http::Server::Handler make_heartbeat_api(OnBeat on_beat) {
  return [on_beat = std::move(on_beat)](const http::Request& request,
                                        const http::Server::Respond& respond) {
    respond(answer(on_beat, request));
  };
}

}  // namespace admin
