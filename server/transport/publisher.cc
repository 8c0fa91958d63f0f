#include "server/transport/publisher.h"

#include <cassert>
#include <utility>

namespace transport {

Publisher::Publisher(std::shared_ptr<const answer::Snapshot> first) : latest_(std::move(first)) {
  assert(latest_);
}

void Publisher::publish(std::shared_ptr<const answer::Snapshot> next) {
  assert(next);
  Pointers unheld;  // freed after the mutex: that may take long
  const std::lock_guard lock(mutex_);
  retired_.push_back(std::exchange(latest_, std::move(next)));
  generation_.fetch_add(1, std::memory_order_release);
  for (const Reader* reader : readers_) {
    if (reader->wake_) reader->wake_();
  }
  take_unheld(unheld);
}

std::size_t Publisher::collect() {
  Pointers unheld;
  const std::lock_guard lock(mutex_);
  return take_unheld(unheld);
}

std::shared_ptr<const answer::Snapshot> Publisher::latest() const {
  const std::lock_guard lock(mutex_);
  return latest_;
}

// Only a holder can copy a retired pointer, so a count of one stays one: nobody can come back. The
// readers' decrements happen before ours, which frees.
std::size_t Publisher::take_unheld(Pointers& unheld) {
  std::erase_if(retired_, [&unheld](auto& pointer) {
    if (pointer.use_count() != 1) return false;
    unheld.push_back(std::move(pointer));
    return true;
  });
  return retired_.size();
}

Publisher::Reader::Reader(Publisher& publisher, std::function<void()> wake)
    : publisher_(publisher), wake_(std::move(wake)) {
  const std::lock_guard lock(publisher_.mutex_);
  publisher_.readers_.push_back(this);
  held_ = publisher_.latest_;
  generation_ = publisher_.generation_.load(std::memory_order_relaxed);
}

Publisher::Reader::~Reader() {
  const std::lock_guard lock(publisher_.mutex_);
  std::erase(publisher_.readers_, this);
  held_.reset();  // the publisher has it too, as its latest or as a retired one
}

void Publisher::Reader::replace() {
  const std::lock_guard lock(publisher_.mutex_);
  held_ = publisher_.latest_;
  generation_ = publisher_.generation_.load(std::memory_order_relaxed);
}

}  // namespace transport
