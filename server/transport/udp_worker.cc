#include "server/transport/udp_worker.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include "server/posix/unix_time.h"
#include "server/transport/udp_batch.h"

namespace transport {
namespace {

constexpr std::size_t kEvents = 64;

posix::FileDescriptor checked(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  return posix::FileDescriptor{fd};
}

void clear(int event) noexcept {
  std::uint64_t count = 0;
  // Fails only when there is nothing to clear.
  [[maybe_unused]] const auto size = ::read(event, &count, sizeof count);
}

}  // namespace

UdpWorker::UdpWorker(std::vector<posix::FileDescriptor> sockets, Publisher& publisher,
                     std::uint64_t seed)
    : sockets_(std::move(sockets)),
      epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      event_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")),
      reader_(publisher, [this] { wake(); }) {
  watch(event_.get());
  for (const posix::FileDescriptor& socket : sockets_) watch(socket.get());
  thread_ = std::thread(&UdpWorker::run, this, seed);
}

UdpWorker::~UdpWorker() { stop(); }

void UdpWorker::stop() {
  stopping_.store(true, std::memory_order_release);
  wake();
  if (thread_.joinable()) thread_.join();
}

void UdpWorker::watch(int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

void UdpWorker::wake() const noexcept {
  constexpr std::uint64_t kOne = 1;
  // Fails only when the counter is full, and then the worker is about to wake anyway.
  [[maybe_unused]] const auto size = ::write(event_.get(), &kOne, sizeof kOne);
}

void UdpWorker::run(std::uint64_t seed) {
  ::pthread_setname_np(::pthread_self(), "udp");
  const auto scratch = std::make_unique<answer::Scratch>(seed);
  UdpBatch batch;
  std::array<epoll_event, kEvents> events;
  while (!stopping_.load(std::memory_order_acquire)) {
    const int ready = ::epoll_wait(epoll_.get(), events.data(), kEvents, -1);
    for (int i = 0; i < ready; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == event_.get()) {
        clear(fd);          // first: a wake-up after it is a new event
        reader_.refresh();  // with nothing to answer, too: let go of the old Snapshot
        continue;
      }
      batch.serve(fd, reader_.current(), posix::unix_now(), *scratch, counters_);
    }
  }
}

}  // namespace transport
