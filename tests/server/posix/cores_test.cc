#include "server/posix/cores.h"

#include <gtest/gtest.h>

#include <thread>

#include "server/posix/sockets.h"
#include "tests/server/transport/loopback.h"

namespace posix {
namespace {

using Cores = std::vector<std::uint32_t>;

config::WorkerOptions workers(std::uint32_t count, Cores cores = {}) {
  config::WorkerOptions options;
  options.count = count;
  options.cores = std::move(cores);
  return options;
}

TEST(PlaceWorkers, MakesOnePerCoreThatRunsAnywhere) {
  const auto places = place_workers(workers(0), {0, 1, 4});
  ASSERT_TRUE(places);
  EXPECT_EQ(places->count, 3u);
  EXPECT_TRUE(places->cores.empty());
  EXPECT_EQ(place_workers(workers(0), {})->count, 1u) << "the kernel did not say";
  EXPECT_EQ(place_workers(workers(7), {0})->count, 7u);
}

TEST(PlaceWorkers, GivesEachACore) {
  const auto all = place_workers(workers(0, {4, 1}), {0, 1, 4});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->count, 2u);
  EXPECT_EQ(all->cores, Cores({4, 1}));
  const auto some = place_workers(workers(1, {4, 1}), {0, 1, 4});
  ASSERT_TRUE(some);
  EXPECT_EQ(some->cores, Cores({4}));
  config::WorkerOptions every = workers(0);
  every.all_cores = true;
  EXPECT_EQ(place_workers(every, {0, 1, 4})->cores, Cores({0, 1, 4}));
}

TEST(PlaceWorkers, SaysWhichCoreThereIsNot) {
  EXPECT_EQ(place_workers(workers(0, {1, 5}), {0, 1, 2, 4}).error(),
            "this process may not use core 5; it has 0-2, 4; change `workers.cores` in "
            "fairlead.yaml");
  config::WorkerOptions every = workers(4);
  every.all_cores = true;
  EXPECT_EQ(place_workers(every, {0, 1}).error(),
            "`workers.count` is 4, and this process may use 2 cores; change it in fairlead.yaml");
  every.count = 1;
  every.steer = true;
  EXPECT_EQ(place_workers(every, {0, 1}).error(),
            "`workers.steer` needs one worker for each core; leave out `workers.count` in "
            "fairlead.yaml");
}

TEST(Cores, AThreadStaysWhereItIsPinned) {
  const Cores before = usable_cores();
  ASSERT_FALSE(before.empty());
  const std::uint32_t last = before.back();
  std::thread([&] {
    EXPECT_TRUE(pin_to_core(last));
    EXPECT_EQ(usable_cores(), Cores({last}));
    EXPECT_FALSE(pin_to_core(1'000'000));
  }).join();
  EXPECT_EQ(usable_cores(), before) << "the others go where they like";
}

// What a core sends over loopback that core receives.
TEST(Cores, SteerQueriesToTheSocketOfTheCore) {
  const auto opened = open_listeners(loopback::address("127.0.0.1:0"), 3);
  ASSERT_TRUE(opened) << opened.error();
  const std::uint32_t here = usable_cores().back();
  constexpr std::uint32_t kElsewhere = 1022;
  ASSERT_TRUE(steer_by_core(opened->udp[0], {kElsewhere, kElsewhere + 1, here}));
  std::thread([&] {
    ASSERT_TRUE(pin_to_core(here));
    for (int i = 0; i < 8; ++i) {
      const loopback::Client client(opened->address, SOCK_DGRAM);
      ASSERT_TRUE(client.send("x"));
    }
  }).join();
  std::array<char, 8> octets{};
  const auto waiting = [&](const FileDescriptor& socket) {
    int count = 0;
    while (::recv(socket.get(), octets.data(), octets.size(), MSG_DONTWAIT) > 0) ++count;
    return count;
  };
  EXPECT_EQ(waiting(opened->udp[2]), 8);
  EXPECT_EQ(waiting(opened->udp[0]), 0);
  ASSERT_TRUE(steer_by_core(opened->udp[0], {kElsewhere, kElsewhere + 1}));
  ASSERT_TRUE(loopback::Client(opened->address, SOCK_DGRAM).send("x"));
  EXPECT_EQ(waiting(opened->udp[0]), 1) << "whatever others receive goes to the first";
}

}  // namespace
}  // namespace posix
