// A Supervisor on an io_context that the test runs, and what it told.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/control/supervisor.h"
#include "tests/server/control/configured.h"

namespace control {

class Supervised : public Configured {
 protected:
  using tcp = boost::asio::ip::tcp;

  static tcp::endpoint on_loopback(const std::string& address) {
    return {boost::asio::ip::make_address(address), 0};
  }

  // Listens on a free port of 127.0.0.1 and one of 127.0.0.2: `port_` is open on the first alone.
  Supervised() { write("zones/example.test.yaml", zone()); }

  [[nodiscard]] std::string zone() const {
    const std::string port = std::to_string(listener_.local_endpoint().port());
    return "zone: example.test\nchecks:\n  alive: {type: tcp, interval: 100ms, recheck: 0s, "
           "port: " +
           port +
           "}\nendpoints:\n  tokyo: {A: 127.0.0.1, check: alive}\n"
           "  frankfurt: {A: 127.0.0.2, check: alive}\n  spare: {A: 127.0.0.3}\n"
           "pools:\n  edges: {members: [tokyo, frankfurt]}\n  last: {members: [spare]}\n"
           "records:\n  \"@\": {NS: ns1}\n  ns1: {A: 192.0.2.53}\n"
           "  www: {dynamic: edges}\n  old: {dynamic: last}\n";
  }

  void adopt() {
    loaded_ = load();
    const config::Configuration& configuration = loaded_->configuration;
    supervisor().adopt(configuration.plan, configuration.roster, configuration.options.probes);
  }
  void settle() {
    bool settled = false;
    supervisor().when_settled([&settled] { settled = true; });
    run_until([&settled] { return settled; });
  }

  void run_until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "waited a minute";
      io_.restart();
      io_.run_one_for(std::chrono::seconds(1));
    }
  }

  void open_state() {
    auto opened = state::Store::open(folder_.string());
    ASSERT_TRUE(opened) << (opened ? "" : opened.error());
    supervisor().remember(std::move(*opened));
  }

  Supervisor& supervisor() {
    if (!supervisor_) {
      supervisor_ = std::make_unique<Supervisor>(
          io_, 1,
          Supervisor::Outlets{
              [this](bool) { ++boards_; }, [this](const Event& event) { events_.push_back(event); },
              [this](const FaceId&, const steering::Endpoint& endpoint, std::string_view from,
                     std::string_view to) {
                moves_.push_back(endpoint.name + " " + std::string(from) + " " + std::string(to));
              }});
    }
    return *supervisor_;
  }

  const health::Standing& standing(const std::string& name) {
    for (const steering::Endpoint& endpoint : supervisor().plan().endpoints) {
      if (endpoint.name == name) {
        return supervisor().monitor().standing(
            endpoint.faces_of(dnswire::Family::V4).front().subject);
      }
    }
    throw std::runtime_error("no endpoint " + name);
  }

  bool has_event(const std::string& part) const {
    return std::any_of(events_.begin(), events_.end(), [&part](const Event& event) {
      return event.text.find(part) != std::string::npos;
    });
  }

  boost::asio::io_context io_;
  tcp::acceptor listener_{io_, on_loopback("127.0.0.1")};
  std::optional<Loaded> loaded_;
  std::vector<Event> events_;
  std::vector<std::string> moves_;
  int boards_ = 0;
  std::unique_ptr<Supervisor> supervisor_;
};

}  // namespace control
