#include "server/transport/udp_worker.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include "server/posix/cores.h"
#include "server/posix/unix_time.h"
#include "server/transport/udp_batch.h"

namespace transport {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kEvents = 64;
// With several sockets, how often those that were quiet are asked after while others are busy.
constexpr unsigned kRoundsBetweenLooks = 4;
// After fewer datagrams than these it is likelier that there is no other yet: then one call that
// waits is cheaper than one that finds nothing.
constexpr std::size_t kWorthAnotherLook = 4;
constexpr int kForever = -1;  // for epoll_wait

posix::FileDescriptor checked(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  return posix::FileDescriptor{fd};
}

void clear(int event) noexcept {
  std::uint64_t count = 0;
  // Fails only when there is nothing to clear.
  [[maybe_unused]] const auto size = ::read(event, &count, sizeof count);
}

struct Lane {
  UdpSocket socket;
  bool ready = false;  // there may be something to receive
};

}  // namespace

// What the worker's thread has for itself, in memory near its core: made on the thread.
class UdpWorker::Loop {
 public:
  Loop(UdpWorker& worker, std::uint64_t seed)
      : worker_(worker), scratch_(std::make_unique<answer::Scratch>(seed)) {
    for (const posix::FileDescriptor& socket : worker.sockets_) {
      lanes_.push_back({UdpSocket(socket)});
    }
  }

  void run() {
    while (!worker_.stopping_.load(std::memory_order_acquire)) {
      if (serve_ready()) {
        if (lanes_.size() > 1 && ++rounds_ % kRoundsBetweenLooks == 0) look(0);
      } else if (!keep_looking()) {
        look(kForever);
      }
    }
  }

 private:
  // A batch of each socket that may have one. Whether there may be more.
  bool serve_ready() {
    bool busy = false;
    for (Lane& lane : lanes_) {
      if (!lane.ready) continue;
      const std::size_t count = batch_.serve(lane.socket, worker_.reader_.current(),
                                             posix::unix_now(), *scratch_, worker_.counters_);
      lane.ready = count >= kWorthAnotherLook;
      busy = busy || lane.ready;
      was_asked_ = was_asked_ || count != 0;
    }
    return busy;
  }

  // Whether it is too early to sleep.
  bool keep_looking() {
    if (worker_.options_.busy_poll.count() == 0) return false;
    const Clock::time_point now = Clock::now();
    if (std::exchange(was_asked_, false)) quiet_since_ = now;
    if (now - quiet_since_ >= worker_.options_.busy_poll) return false;
    for (Lane& lane : lanes_) lane.ready = true;
    return true;
  }

  void look(int timeout) {
    const int count = ::epoll_wait(worker_.epoll_.get(), events_.data(), kEvents, timeout);
    for (int i = 0; i < count; ++i) {
      const std::size_t index = events_[static_cast<std::size_t>(i)].data.u64;
      if (index < lanes_.size()) {
        lanes_[index].ready = true;
        continue;
      }
      clear(worker_.event_.get());  // first: a wake-up after it is a new event
      worker_.reader_.refresh();    // with nothing to answer, too: let go of the old Snapshot
    }
  }

  UdpWorker& worker_;
  std::unique_ptr<answer::Scratch> scratch_;
  UdpBatch batch_;
  std::vector<Lane> lanes_;
  std::array<epoll_event, kEvents> events_{};
  unsigned rounds_ = 0;
  bool was_asked_ = false;
  Clock::time_point quiet_since_;
};

UdpWorker::UdpWorker(std::vector<posix::FileDescriptor> sockets, Publisher& publisher,
                     std::uint64_t seed, const UdpWorkerOptions& options)
    : sockets_(std::move(sockets)),
      options_(options),
      epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      event_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")),
      reader_(publisher, [this] { wake(); }) {
  for (std::size_t i = 0; i < sockets_.size(); ++i) watch(sockets_[i].get(), i);
  watch(event_.get(), sockets_.size());
  thread_ = std::thread(&UdpWorker::run, this, seed);
}

UdpWorker::~UdpWorker() { stop(); }

void UdpWorker::stop() {
  stopping_.store(true, std::memory_order_release);
  wake();
  if (thread_.joinable()) thread_.join();
}

// `index` is that of the socket; the first behind them is the event.
void UdpWorker::watch(int fd, std::size_t index) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = index;
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
  if (options_.core) posix::pin_to_core(*options_.core);
  Loop(*this, seed).run();
}

}  // namespace transport
