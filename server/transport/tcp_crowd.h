// Who is connected, in the order of their latest progress. For tcp_loop.cc.
#pragma once

#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <map>

#include "server/transport/tcp_connection.h"

namespace transport {

template <boost::intrusive::list_member_hook<> TcpConnection::*Hook>
using TcpConnections = boost::intrusive::list<
    TcpConnection,
    boost::intrusive::member_hook<TcpConnection, boost::intrusive::list_member_hook<>, Hook>>;

struct TcpGroup {
  TcpConnections<&TcpConnection::among_group> connections;
};

// The connections of a listener, all together and by the address that they count against, each time
// in the order of their latest progress (TcpConnection says what that is). Nothing here takes
// longer with more connections, but for a logarithm of the number of addresses when one comes or
// goes.
//
// Borrows: the connections, from add() to remove().
class TcpCrowd {
 public:
  void add(TcpConnection& connection);  // it has just made progress
  void advance(TcpConnection& connection) noexcept;
  void remove(TcpConnection& connection) noexcept;  // nothing happens if it is not there

  [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
  [[nodiscard]] std::size_t size_of(const dnswire::IpAddress& group) const noexcept;

  // The one whose latest progress lies furthest back; null if there is none.
  [[nodiscard]] TcpConnection* stalest() noexcept;
  [[nodiscard]] TcpConnection* stalest_of(const dnswire::IpAddress& group) noexcept;

  // `visit` may remove the connection that it is shown, and nothing else.
  template <class Visit>
  void for_each(Visit visit) {
    for (auto next = all_.begin(); next != all_.end();) visit(*next++);
  }

 private:
  using All = TcpConnections<&TcpConnection::among_all>;
  using Group = decltype(TcpGroup::connections);

  All all_;
  std::map<dnswire::IpAddress, TcpGroup> groups_;  // none is empty
};

}  // namespace transport
