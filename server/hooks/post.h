// One attempt to post a message.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "health/probes/resolver.h"
#include "server/config/health_options.h"
#include "server/hooks/web_hook.h"

namespace hooks {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

// Or a clause that says why not, with the file.
[[nodiscard]] tl::expected<TlsContext, std::string> make_tls_context(
    const config::HookOptions& hook);

struct Posting {
  WebPlace place;
  Message message;
  TlsContext tls;      // null: plain
  bool verify = true;  // the certificate
  std::chrono::milliseconds timeout{5'000};
};

// What an attempt goes by, and can be cut off at.
struct Line {
  explicit Line(boost::asio::io_context& io) : socket(io) {}
  void cut();

  boost::asio::ip::tcp::socket socket;
  bool is_cut = false;
};

// Empty: a 2xx came back; else a clause that says what came instead.
boost::asio::awaitable<std::string> post_message(std::shared_ptr<Line> line,
                                                 std::shared_ptr<probes::Resolver> resolver,
                                                 Posting posting);

}  // namespace hooks
