#include "server/transport/tcp_crowd.h"

namespace transport {

void TcpCrowd::add(TcpConnection& connection) {
  TcpGroup& group = groups_[connection.group];
  connection.peers = &group;
  group.connections.push_back(connection);
  all_.push_back(connection);
}

void TcpCrowd::advance(TcpConnection& connection) noexcept {
  if (!connection.among_all.is_linked()) return;
  all_.splice(all_.end(), all_, All::s_iterator_to(connection));
  Group& group = connection.peers->connections;
  group.splice(group.end(), group, Group::s_iterator_to(connection));
}

void TcpCrowd::remove(TcpConnection& connection) noexcept {
  if (!connection.among_all.is_linked()) return;
  all_.erase(All::s_iterator_to(connection));
  Group& group = connection.peers->connections;
  group.erase(Group::s_iterator_to(connection));
  if (group.empty()) groups_.erase(connection.group);
}

std::size_t TcpCrowd::size_of(const dnswire::IpAddress& group) const noexcept {
  const auto found = groups_.find(group);
  return found == groups_.end() ? 0 : found->second.connections.size();
}

TcpConnection* TcpCrowd::stalest() noexcept { return all_.empty() ? nullptr : &all_.front(); }

TcpConnection* TcpCrowd::stalest_of(const dnswire::IpAddress& group) noexcept {
  const auto found = groups_.find(group);
  return found == groups_.end() ? nullptr : &found->second.connections.front();
}

}  // namespace transport
