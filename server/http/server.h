#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/posix/file_descriptor.h"

namespace boost::asio {
class io_context;
}

namespace http {

struct Request {
  std::string method;                        // "GET", "PUT", ...; HEAD is handed over as GET
  std::string path;                          // decoded, begins with '/'
  std::map<std::string, std::string> query;  // decoded; of a repeated key, the last
  std::string body;
  std::string authorization;  // headers; empty: not sent
  std::string content_type;
  std::string accept;
};

struct Reply {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;                                               // 204 has none
  std::vector<std::pair<std::string, std::string>> headers = {};  // besides the usual ones
};

struct Options {
  std::size_t max_connections = 32;          // one more makes the stalest give way
  std::size_t max_per_address = 0;           // of an IPv4 address or an IPv6 /64; 0: no limit
  std::size_t max_header = 8 * 1024;         // octets; more: 431
  std::size_t max_body = 56 * 1024;          // octets; more: 413
  std::chrono::milliseconds request{5'000};  // from the first octet of a request to its last
  std::chrono::milliseconds idle{5'000};     // between requests, and to make room for a reply
  std::chrono::milliseconds answer{60'000};  // for the handler to respond; then 504
  bool any_host =
      false;  // for a listener that other hosts reach by name; each request needs a secret
};

// A small HTTP/1.1 server for the people and programs that run this name server.
//
// Nobody is refused for a crowd: over a limit, the connection whose latest progress lies furthest
// back is closed. Progress is the accept, and a reply that is made; a request that comes in drops
// is none. A request that is complete is never cut off before its reply is made; where all wait for
// theirs, one more connection gets 503.
//
// Refused with 403: a Host that is neither an IP literal nor localhost (a page that rebinds its
// name to our address) unless any host may be named, and a request that changes something and
// carries an Origin (a page that posts across sites).
//
// Threads: belongs to the one thread that runs the io_context, which outlives it and every Respond.
class Server {
 public:
  // Answers the request: the first call counts. From any thread, at any time, also when the client
  // has gone. When the last copy is destroyed without a call, the client gets 500.
  using Respond = std::function<void(Reply)>;
  // Called on the io_context's thread. What it throws is answered with 500.
  using Handler = std::function<void(const Request&, Respond)>;

  // Requires: a socket that listens.
  Server(boost::asio::io_context& io, posix::FileDescriptor socket, Handler handler,
         const Options& options = {});
  ~Server();  // closes
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void close();  // at once: no handler is called any more

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace http
