#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "dnswire/address.h"
#include "dnswire/name.h"
#include "dnswire/rr_type.h"
#include "server/config/listen_address.h"
#include "server/posix/file_descriptor.h"

namespace cli {

// Asks a name server for addresses over UDP, one question at a time. For the command line: not for
// the server's own threads.
class DnsClient {
 public:
  struct Answer {
    std::uint8_t rcode = 0;
    std::vector<dnswire::IpAddress> addresses;
    std::uint32_t ttl = 0;  // seconds, the least of those; 0 without addresses
  };

  // The error is a sentence. `client`: whom to ask for, as a client subnet (RFC 7871).
  [[nodiscard]] static tl::expected<DnsClient, std::string> open(
      const config::ListenAddress& server, std::optional<dnswire::Prefix> client);

  // Asks again where nothing comes back, until `timeout` is over. `type`: A or AAAA.
  [[nodiscard]] tl::expected<Answer, std::string> ask(const dnswire::Name& name,
                                                      dnswire::RrType type,
                                                      std::chrono::milliseconds timeout);

 private:
  DnsClient(posix::FileDescriptor socket, std::string server, std::optional<dnswire::Prefix> client)
      : socket_(std::move(socket)), server_(std::move(server)), client_(client) {}

  posix::FileDescriptor socket_;
  std::string server_;
  std::optional<dnswire::Prefix> client_;
};

}  // namespace cli
