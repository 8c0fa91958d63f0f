#include "server/transport/publisher.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

namespace transport {
namespace {

// Says who freed it, and spoils itself so that a late reader would see.
struct Fate {
  std::atomic<int> freed{0};
  std::atomic<int> freed_elsewhere{0};
  std::thread::id writer = std::this_thread::get_id();
};

// Board and generation belong together: the board has as many targets as the generation says.
constexpr std::uint64_t kSizes = 50;

std::shared_ptr<const answer::Snapshot> make(std::uint64_t generation, Fate& fate) {
  auto* snapshot = new answer::Snapshot;
  snapshot->generation = generation;
  snapshot->board =
      std::make_shared<const health::Board>(std::vector<health::Standing>(generation % kSizes));
  return {snapshot, [&fate](answer::Snapshot* dead) {
            ++fate.freed;
            if (std::this_thread::get_id() != fate.writer) ++fate.freed_elsewhere;
            dead->generation = kSizes + 1;
            delete dead;
          }};
}

bool is_whole(const answer::Snapshot& snapshot) {
  return snapshot.board->size() == snapshot.generation % kSizes;
}

TEST(Publisher, ShowsTheLatestSnapshot) {
  Fate fate;
  Publisher publisher(make(1, fate));
  Publisher::Reader reader(publisher);
  EXPECT_EQ(reader.current().generation, 1u);
  publisher.publish(make(2, fate));
  EXPECT_EQ(reader.current().generation, 2u);
  EXPECT_EQ(publisher.latest()->generation, 2u);
}

TEST(Publisher, KeepsWhatAReaderHoldsUntilItLetsGo) {
  Fate fate;
  Publisher publisher(make(1, fate));
  Publisher::Reader reader(publisher);
  const answer::Snapshot& held = reader.current();
  publisher.publish(make(2, fate));
  EXPECT_EQ(publisher.collect(), 1u);
  EXPECT_EQ(fate.freed, 0);
  EXPECT_EQ(held.generation, 1u);
  reader.refresh();
  EXPECT_EQ(fate.freed, 0) << "the reader's thread must not free";
  EXPECT_EQ(publisher.collect(), 0u);
  EXPECT_EQ(fate.freed, 1);
}

TEST(Publisher, FreesAtOnceWhatNobodyHolds) {
  Fate fate;
  Publisher publisher(make(1, fate));
  publisher.publish(make(2, fate));
  publisher.publish(make(3, fate));
  EXPECT_EQ(fate.freed, 2);
}

TEST(Publisher, ReaderThatIsGoneHoldsNothing) {
  Fate fate;
  Publisher publisher(make(1, fate));
  { const Publisher::Reader reader(publisher); }
  publisher.publish(make(2, fate));
  EXPECT_EQ(fate.freed, 1);
}

TEST(Publisher, WakesEveryReaderOnPublish) {
  Fate fate;
  Publisher publisher(make(1, fate));
  int wakes = 0;
  {
    const Publisher::Reader first(publisher, [&wakes] { ++wakes; });
    const Publisher::Reader second(publisher, [&wakes] { ++wakes; });
    publisher.publish(make(2, fate));
    EXPECT_EQ(wakes, 2);
  }
  publisher.publish(make(3, fate));
  EXPECT_EQ(wakes, 2);
}

TEST(Publisher, SurvivesStormOfPublishesAndReaders) {
  constexpr std::uint64_t kPublishes = 20'000;
  Fate fate;
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> reads{0};
  std::atomic<std::uint64_t> wrong{0};
  {
    Publisher publisher(make(1, fate));
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        Publisher::Reader reader(publisher);
        std::uint64_t last = 0;
        while (!done) {
          const answer::Snapshot& snapshot = reader.current();
          if (!is_whole(snapshot) || snapshot.generation < last) ++wrong;
          last = snapshot.generation;
          ++reads;
        }
      });
    }
    threads.emplace_back([&] {  // readers that come and go, and one that is not in a hurry
      while (!done) {
        Publisher::Reader reader(publisher);
        if (!is_whole(reader.current())) ++wrong;
      }
    });
    for (std::uint64_t i = 2; i <= kPublishes; ++i) publisher.publish(make(i, fate));
    done = true;
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(publisher.collect(), 0u);
    EXPECT_EQ(fate.freed, static_cast<int>(kPublishes) - 1);
  }
  EXPECT_GT(reads, 0u);
  EXPECT_EQ(wrong, 0u);
  EXPECT_EQ(fate.freed_elsewhere, 0);
  EXPECT_EQ(fate.freed, static_cast<int>(kPublishes));
}

}  // namespace
}  // namespace transport
