#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "server/answer/snapshot.h"

namespace transport {

// Hands the latest Snapshot to the threads that answer from it.
//
// A Snapshot that is no longer the latest is kept until the last reader has let go of it, and freed
// by publish() or collect(): never on a query thread.
//
// Threads: everything may be called from anywhere; a Reader belongs to one thread.
class Publisher {
 public:
  class Reader;

  // Requires: no null pointer, here or in publish(). Outlives its readers.
  explicit Publisher(std::shared_ptr<const answer::Snapshot> first);

  // Replaces the latest Snapshot, wakes the readers and frees what nobody holds any more.
  void publish(std::shared_ptr<const answer::Snapshot> next);

  // Frees the former Snapshots that nobody holds any more. Returns how many are still held.
  std::size_t collect();

  // For a thread that is not in a hurry. Whoever keeps it keeps it alive.
  [[nodiscard]] std::shared_ptr<const answer::Snapshot> latest() const;

 private:
  using Pointers = std::vector<std::shared_ptr<const answer::Snapshot>>;

  std::size_t take_unheld(Pointers& unheld);  // Requires: mutex_ is held

  std::atomic<std::uint64_t> generation_{1};  // of latest_; counts calls, not Snapshot::generation
  mutable std::mutex mutex_;                  // guards what follows
  std::shared_ptr<const answer::Snapshot> latest_;
  Pointers retired_;
  std::vector<Reader*> readers_;
};

// One thread's hold on the latest Snapshot.
class Publisher::Reader {
 public:
  // `wake` is called on the publishing thread after each change, so that an idle reader's thread
  // calls refresh() and lets go. It must be short and must not call the publisher.
  explicit Reader(Publisher& publisher, std::function<void()> wake = {});
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Lives until the next call of current() or refresh(). One atomic load; a lock on change only.
  [[nodiscard]] const answer::Snapshot& current() {
    refresh();
    return *held_;
  }

  void refresh() {
    if (publisher_.generation_.load(std::memory_order_acquire) != generation_) replace();
  }

 private:
  friend class Publisher;
  void replace();

  Publisher& publisher_;
  std::function<void()> wake_;
  std::uint64_t generation_ = 0;
  std::shared_ptr<const answer::Snapshot> held_;
};

}  // namespace transport
