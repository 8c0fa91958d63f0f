#include "server/transport/tcp_listener.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>
#include <utility>

#include "server/transport/tcp_loop.h"

namespace transport {
namespace {

constexpr int kBehindUdp = 5;  // on the scale of nice(2)

// Where a crowd on TCP and UDP clients want the same core, UDP goes first: on Linux a thread has a
// weight of its own.
void step_behind_udp() noexcept {
  const auto self = static_cast<id_t>(::gettid());
  ::setpriority(PRIO_PROCESS, self, ::getpriority(PRIO_PROCESS, self) + kBehindUdp);
}

}  // namespace

struct TcpListener::State {
  State(std::vector<posix::FileDescriptor> sockets, Publisher& publisher, std::uint64_t seed,
        const config::TcpOptions& options)
      : loop(std::move(sockets), publisher, seed, options) {}

  TcpLoop loop;
  std::thread thread;
};

TcpListener::TcpListener(std::vector<posix::FileDescriptor> sockets, Publisher& publisher,
                         std::uint64_t seed, const config::TcpOptions& options)
    : state_(std::make_unique<State>(std::move(sockets), publisher, seed, options)) {
  state_->thread = std::thread([loop = &state_->loop] {
    ::pthread_setname_np(::pthread_self(), "tcp");
    step_behind_udp();
    loop->run();
  });
}

TcpListener::~TcpListener() { stop(); }

void TcpListener::set_options(const config::TcpOptions& options) {
  state_->loop.set_options(options);
}

void TcpListener::stop() {
  if (!state_->thread.joinable()) return;
  state_->loop.stop();
  state_->thread.join();
}

const metrics::Counters& TcpListener::counters() const noexcept { return state_->loop.counters(); }

}  // namespace transport
