#include "server/transport/tcp_connection.h"

#include <utility>

#include "server/posix/client_group.h"

namespace transport {

TcpConnection::TcpConnection(posix::FileDescriptor connected, const config::ListenAddress& from)
    : TcpSocket{std::move(connected)},
      peer(from.address),
      group(posix::client_group(from.address)) {}

}  // namespace transport
