// One question, put to resolvers one after the other.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cstddef>
#include <memory>
#include <vector>

#include "server/aliases/ledger.h"
#include "server/aliases/resolv_conf.h"

namespace aliases {

// What a question goes out by, and can be cut off at.
struct Line {
  explicit Line(const boost::asio::any_io_executor& executor) : udp(executor), tcp(executor) {}
  void close();  // what waits ends with an error
  void cut();    // for good

  boost::asio::ip::udp::socket udp;  // another one for each try: the port is a random one
  boost::asio::ip::tcp::socket tcp;
  bool is_cut = false;
};

// Asks the servers in turn, from `first` on, until one of them tells: each once over UDP for at
// most `one_try`, and if the answer is truncated over TCP for as long again. Answers from other
// addresses or ports never come in, by other ids or to other questions they are ignored.
// Finding::by is the index of the server.
boost::asio::awaitable<Finding> ask(std::shared_ptr<Line> line, Question question,
                                    std::vector<Server> servers, std::size_t first,
                                    Duration one_try);

}  // namespace aliases
