#include "server/answer/reply_edns.h"

namespace answer {

using dnswire::Bytes;
using dnswire::Edns;

std::optional<Edns> reply_edns(const std::optional<Edns>& asked, const Response& response,
                               const Admitted& admitted, const Client& client,
                               const Settings& settings) noexcept {
  if (!asked) return std::nullopt;
  std::optional<Edns> reply(std::in_place);
  reply->udp_size = dnswire::kOurUdpSize;
  reply->dnssec_ok = asked->dnssec_ok;
  if (asked->client_subnet) {
    reply->client_subnet = asked->client_subnet;
    reply->client_subnet->scope_prefix = response.scope;
  }
  if (admitted.has_cookie) reply->cookie = admitted.cookie;
  if (asked->nsid && !settings.name.empty()) {
    reply->nsid =
        Bytes{reinterpret_cast<const std::uint8_t*>(settings.name.data()), settings.name.size()};
  }
  if (asked->keepalive && client.transport == Transport::Tcp) {
    reply->keepalive = settings.tcp_keepalive;
  }
  reply->error = response.error;
  return reply;
}

}  // namespace answer
