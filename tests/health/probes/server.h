// A server on loopback that plays a script to each client, on a thread of its own.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace probes {

enum class Ending {
  Close,  // orderly
  Reset,  // RST
  Hold,   // says nothing more until the client goes
};

struct Script {
  std::vector<std::string> parts;  // written one by one
  Ending ending = Ending::Close;
  bool reads_request = true;  // and waits for it before anything else
};

// Answers 200 with `body`.
[[nodiscard]] Script answer_ok(const std::string& body = "fine");
// Answers with this status line and an empty body.
[[nodiscard]] Script answer_status(const std::string& status);
// Writes each octet of `text` by itself.
[[nodiscard]] Script octet_by_octet(const std::string& text);
// Accepts and never says a word.
[[nodiscard]] Script say_nothing();

class Server {
 public:
  // Plain when `tls` is null. Port 0 of `address`; listening from the start.
  explicit Server(Script script, std::shared_ptr<boost::asio::ssl::context> tls = nullptr,
                  const std::string& address = "127.0.0.1");
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  // From now on, for new clients.
  void play(Script script);
  // Off: new clients are refused. The port stays ours.
  void turn_off();
  void turn_on();

  [[nodiscard]] int accepted() const noexcept { return accepted_; }
  [[nodiscard]] std::string last_request() const;
  [[nodiscard]] std::string last_server_name() const;  // SNI, empty: none

 private:
  void listen();
  // Run on the thread of the server.
  static boost::asio::awaitable<void> accept_clients(Server* server);
  static boost::asio::awaitable<void> serve(Server* server, boost::asio::ip::tcp::socket socket);
  static boost::asio::awaitable<void> serve_tls(Server* server,
                                                boost::asio::ip::tcp::socket socket);
  template <typename Stream>
  static boost::asio::awaitable<void> perform(Server* server, Stream& stream);
  [[nodiscard]] Script script() const;

  boost::asio::io_context io_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
  boost::asio::ip::tcp::socket holder_;  // bound and never listening: keeps the port when off
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::atomic<int> accepted_ = 0;
  mutable std::mutex mutex_;
  Script script_;
  std::string last_request_;
  std::string last_server_name_;
  std::jthread thread_;
};

}  // namespace probes
