// A web service on loopback that answers by a script, on the io_context of the test.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/hooks/web_hook.h"

namespace hooks {

// Runs what is ready until the condition holds; false: it did not within 20 s.
bool run_until(boost::asio::io_context& io, const std::function<bool()>& condition);
void run_for(boost::asio::io_context& io, std::chrono::milliseconds time);

class WebService {
 public:
  static constexpr unsigned kHang = 0;  // read, and never answered

  // Plain when `tls` is null.
  explicit WebService(boost::asio::io_context& io,
                      std::shared_ptr<boost::asio::ssl::context> tls = nullptr);

  [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const;
  // From now on nobody listens.
  void turn_off();

  std::vector<Message> requests;  // in the order of their coming
  std::deque<unsigned> answers;   // statuses, for one request each; then 204
  int open = 0;                   // connections
  int most_open = 0;

 private:
  static boost::asio::awaitable<void> accept(WebService* self);
  static boost::asio::awaitable<void> serve(WebService* self, boost::asio::ip::tcp::socket socket);
  template <typename Stream>
  static boost::asio::awaitable<void> perform(WebService* self, Stream& stream);

  boost::asio::io_context& io_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
};

}  // namespace hooks
