#include "health/probes/places.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <string>

namespace probes {
namespace {

namespace asio = boost::asio;

// Writes its name to `log` when it gets a place, in lower case when it does not.
asio::awaitable<void> take(Places& places, char name, std::string& log) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const bool got = co_await places.take();
  log += got ? name : static_cast<char>(name - 'A' + 'a');
}

struct PlacesTest : testing::Test {
  void queue(char name) { asio::co_spawn(io, take(places, name, log), asio::detached); }
  void settle() {
    io.restart();
    io.poll();
  }

  asio::io_context io;
  Places places{2};
  std::string log;
};

TEST_F(PlacesTest, GivesWhatIsFree) {
  queue('A');
  queue('B');
  queue('C');
  settle();
  EXPECT_EQ(log, "AB");
  EXPECT_EQ(places.waiting(), 1U);
}

TEST_F(PlacesTest, ServesFirstComeFirst) {
  for (const char name : {'A', 'B', 'C', 'D', 'E'}) queue(name);
  settle();
  places.give_back();
  settle();
  EXPECT_EQ(log, "ABC");
  places.give_back();
  places.give_back();
  settle();
  EXPECT_EQ(log, "ABCDE");
}

TEST_F(PlacesTest, KeepsWhatNobodyWaitsFor) {
  queue('A');
  queue('B');
  settle();
  places.give_back();
  queue('C');
  queue('D');
  settle();
  EXPECT_EQ(log, "ABC");
}

TEST_F(PlacesTest, ForgetsACancelledWait) {
  asio::cancellation_signal stop;
  queue('A');
  queue('B');
  asio::co_spawn(io, take(places, 'C', log),
                 asio::bind_cancellation_slot(stop.slot(), asio::detached));
  queue('D');
  settle();
  stop.emit(asio::cancellation_type::terminal);
  settle();
  EXPECT_EQ(log, "ABc");
  EXPECT_EQ(places.waiting(), 1U);
  places.give_back();
  settle();
  EXPECT_EQ(log, "ABcD");
}

TEST_F(PlacesTest, LeavesAPlaceWithTheOneWhoGotItBeforeTheCancelling) {
  asio::cancellation_signal stop;
  queue('A');
  queue('B');
  asio::co_spawn(io, take(places, 'C', log),
                 asio::bind_cancellation_slot(stop.slot(), asio::detached));
  settle();
  places.give_back();
  stop.emit(asio::cancellation_type::terminal);
  settle();
  EXPECT_EQ(log, "ABC");
}

}  // namespace
}  // namespace probes
