#include "server/aliases/resolv_conf.h"

#include <net/if.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

namespace aliases {
namespace {

using dnswire::IpAddress;

constexpr std::size_t kMaxServers = 3;  // MAXNS of resolv.conf(5)

// "192.0.2.1", "2001:db8::1", "fe80::1%eth0".
std::optional<Server> server_from_text(const std::string& text) {
  const auto percent = text.find('%');
  const auto address = IpAddress::from_text(text.substr(0, percent));
  if (!address) return std::nullopt;
  Server server;
  server.address = *address;
  if (percent == std::string::npos) return server;
  server.interface = if_nametoindex(text.substr(percent + 1).c_str());
  if (server.interface == 0) return std::nullopt;
  return server;
}

}  // namespace

std::string Server::to_text() const {
  const std::string host = address.to_text();
  const std::string bracketed = address.family() == dnswire::Family::V6 ? "[" + host + "]" : host;
  return bracketed + ":" + std::to_string(port);
}

std::vector<Server> parse_resolv_conf(std::string_view text) {
  std::vector<Server> servers;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line) && servers.size() < kMaxServers;) {
    std::istringstream words(line);
    std::string key, value;
    if (!(words >> key >> value) || key != "nameserver") continue;
    if (const auto server = server_from_text(value)) servers.push_back(*server);
  }
  if (servers.empty()) servers.push_back({*IpAddress::from_text("127.0.0.1"), 53, 0});
  return servers;
}

std::vector<Server> read_resolv_conf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return parse_resolv_conf(text);
}

}  // namespace aliases
