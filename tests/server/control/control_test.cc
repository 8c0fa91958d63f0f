#include "server/control/control.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "tests/server/control/configured.h"
#include "tests/server/control/started_control.h"

namespace control {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

class ControlThread : public StartedControl {
 protected:
  // As published.
  health::Standing standing(const std::string& name) const {
    const auto snapshot = publisher_.latest();
    for (const steering::Endpoint& endpoint : snapshot->plan->endpoints) {
      if (endpoint.name == name) {
        return (*snapshot->board)[endpoint.faces_of(dnswire::Family::V4).front().subject];
      }
    }
    throw std::runtime_error("no endpoint " + name);
  }
};

TEST_F(ControlThread, PublishesWhatWasLoadedOnceSettled) {
  settle(load());
  const auto snapshot = publisher_.latest();
  EXPECT_EQ(snapshot->generation, 1U);
  EXPECT_EQ(snapshot->zones->all().size(), 1U);
  EXPECT_EQ(snapshot->plan->endpoints.size(), 2U);
}

TEST_F(ControlThread, TakesOverAReloadAtOnce) {
  settle(load());
  write("zones/other.test.yaml", std::string(kZone).replace(7, 12, "other.test"));
  control_.adopt(load(), true);
  EXPECT_EQ(publisher_.latest()->generation, 2U);
  EXPECT_EQ(publisher_.latest()->zones->all().size(), 2U);
}

TEST_F(ControlThread, TheFirstRoundIsInTheFirstSnapshot) {
  tcp::acceptor up(io_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
  tcp::acceptor gone(io_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
  const auto down_port = gone.local_endpoint().port();
  gone.close();
  write("zones/example.test.yaml",
        "zone: example.test\nchecks:\n"
        "  up: {type: tcp, port: " +
            std::to_string(up.local_endpoint().port()) +
            "}\n"
            "  down: {type: tcp, port: " +
            std::to_string(down_port) +
            "}\n"
            "endpoints:\n  a: {A: 127.0.0.1, check: up}\n  b: {A: 127.0.0.1, check: down}\n"
            "records:\n  \"@\": {NS: ns1}\n  ns1: {A: 192.0.2.53}\n");
  settle(load());
  const auto board = publisher_.latest()->board;
  ASSERT_EQ(board->size(), 2U);
  EXPECT_EQ(standing("a").state, health::State::Up);
  EXPECT_EQ(standing("b").state, health::State::Down);
}

TEST_F(ControlThread, AChangeOfHealthIsPublished) {
  tcp::acceptor acceptor(io_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
  write("zones/example.test.yaml",
        "zone: example.test\nchecks:\n  web: {type: tcp, interval: 100ms, fall: 1, port: " +
            std::to_string(acceptor.local_endpoint().port()) +
            "}\nendpoints:\n  a: {A: 127.0.0.1, check: web}\n"
            "records:\n  \"@\": {NS: ns1}\n  ns1: {A: 192.0.2.53}\n");
  settle(load());
  ASSERT_EQ(standing("a").state, health::State::Up);
  acceptor.close();
  run_until([&] { return standing("a").state == health::State::Down; });
}

TEST_F(ControlThread, AnOperatorsWordIsPublishedAtOnce) {
  settle(load());
  const auto generation = publisher_.latest()->generation;
  health::Override override;
  override.target = "tokyo";
  override.created = Clocks::now().wall / 1000;
  control_.supervisor().put(override, [](const Supervisor::Taken&) {});
  run_until([&] { return publisher_.latest()->generation > generation; });
  EXPECT_EQ(standing("tokyo").force, health::Force::Drained);
}

}  // namespace
}  // namespace control
