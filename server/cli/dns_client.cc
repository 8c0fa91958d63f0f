#include "server/cli/dns_client.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <random>

#include "dnswire/message_writer.h"
#include "dnswire/response.h"
#include "server/posix/sockets.h"

namespace cli {
namespace {

using dnswire::Bytes;
using dnswire::Family;
using dnswire::IpAddress;
using dnswire::RrType;
using namespace std::chrono_literals;

constexpr std::uint16_t kUdpSize = 1232;
constexpr auto kPatience = 500ms;  // for one attempt

std::string error_text(const char* what, const std::string& server) {
  return std::string(what) + " " + server + ": " + std::strerror(errno);
}

Bytes write_query(std::uint16_t id, const dnswire::Name& name, RrType type,
                  const std::optional<dnswire::Prefix>& client, dnswire::MutableBytes room) {
  dnswire::MessageWriter writer(room, room.size());
  dnswire::Edns edns;
  edns.udp_size = kUdpSize;
  if (client) {
    edns.client_subnet = dnswire::ClientSubnet{false, client->address, client->length, 0};
  }
  const bool written = writer.write_question({name.view(), type, dnswire::RrClass::IN}) &&
                       writer.write_edns(edns, dnswire::Rcode::NoError);
  dnswire::Header header;
  header.id = id;
  return written ? writer.finish(header) : Bytes{};
}

std::optional<IpAddress> address_of(const dnswire::Record& record) {
  if (record.type == RrType::A && record.rdata.size() == 4) {
    return IpAddress::from_octets(Family::V4, record.rdata);
  }
  if (record.type == RrType::AAAA && record.rdata.size() == 16) {
    return IpAddress::from_octets(Family::V6, record.rdata);
  }
  return std::nullopt;
}

// Absent: no reply to this question.
std::optional<DnsClient::Answer> read_reply(Bytes message, std::uint16_t id, RrType type) {
  const auto response = dnswire::Response::parse(message);
  if (!response || !response->header.qr || response->header.id != id) return std::nullopt;
  DnsClient::Answer answer;
  answer.rcode = static_cast<std::uint8_t>(response->header.rcode);
  for (const dnswire::Record& record : response->answer) {
    const auto address = record.type == type ? address_of(record) : std::nullopt;
    if (!address) continue;
    const std::uint32_t ttl = record.ttl.count();
    answer.ttl = answer.addresses.empty() ? ttl : std::min(answer.ttl, ttl);
    answer.addresses.push_back(*address);
  }
  return answer;
}

}  // namespace

tl::expected<DnsClient, std::string> DnsClient::open(const config::ListenAddress& server,
                                                     std::optional<dnswire::Prefix> client) {
  const posix::SocketAddress name = posix::to_socket_address(server);
  posix::FileDescriptor socket(::socket(name.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket || ::connect(socket.get(), &name.any, size_of(name)) != 0) {
    return tl::unexpected(error_text("cannot ask", server.to_text()));
  }
  return DnsClient(std::move(socket), server.to_text(), client);
}

tl::expected<DnsClient::Answer, std::string> DnsClient::ask(const dnswire::Name& name, RrType type,
                                                            std::chrono::milliseconds timeout) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + timeout;
  const auto id = static_cast<std::uint16_t>(std::random_device{}());
  std::array<std::uint8_t, 512> room{};
  const Bytes query = write_query(id, name, type, client_, room);
  if (query.empty()) return tl::unexpected<std::string>("the name is too long to ask for");
  while (Clock::now() < end) {
    if (::send(socket_.get(), query.data(), query.size(), 0) < 0 && errno != ECONNREFUSED) {
      return tl::unexpected(error_text("cannot ask", server_));
    }
    const auto attempt_end = std::min(end, Clock::now() + kPatience);
    for (auto now = Clock::now(); now < attempt_end; now = Clock::now()) {
      pollfd poll{socket_.get(), POLLIN, 0};
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(attempt_end - now).count();
      if (::poll(&poll, 1, static_cast<int>(left)) <= 0) break;
      std::array<std::uint8_t, 4096> reply;
      const ssize_t size = ::recv(socket_.get(), reply.data(), reply.size(), 0);
      if (size < 0) return tl::unexpected(error_text("cannot ask", server_));
      const Bytes message = Bytes(reply).first(static_cast<std::size_t>(size));
      if (auto answer = read_reply(message, id, type)) return *answer;
    }
  }
  return tl::unexpected("no answer from " + server_ + " in time");
}

}  // namespace cli
