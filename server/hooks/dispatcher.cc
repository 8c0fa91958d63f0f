#include "server/hooks/dispatcher.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <exception>
#include <functional>
#include <optional>
#include <random>
#include <utility>

#include "health/probes/outcome.h"
#include "health/probes/process.h"
#include "health/probes/resolver.h"
#include "server/hooks/post.h"
#include "server/hooks/web_hook.h"

namespace hooks {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

std::int64_t unix_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

// One hook's events. The first of the queue is the one that is told, or about to be told again.
struct Hook {
  Hook(asio::io_context& io, config::HookOptions what)
      : options(std::move(what)), place(parse_place(options.url)), pause(io) {}

  [[nodiscard]] bool is_program() const noexcept { return options.url.empty(); }
  [[nodiscard]] bool wants(Kind kind) const noexcept {
    return kind == Kind::Transition ? options.transitions : options.alarms;
  }
  [[nodiscard]] std::string name() const {
    if (place) return place->name();
    return is_program() && !options.argv.empty() ? options.argv.front() : "without a sound address";
  }
  void abandon() {
    gone = true;
    pause.cancel();
    if (stop) std::exchange(stop, nullptr)();
  }

  const config::HookOptions options;
  const std::optional<WebPlace> place;
  std::deque<std::shared_ptr<const Event>> queue;
  unsigned attempts = 0;       // at the first of the queue
  std::function<void()> stop;  // ends the attempt under way; empty: none is
  asio::steady_timer pause;
  TlsContext tls;
  std::string problem;        // of the newest attempt; empty: it went well
  std::uint64_t failure = 0;  // its number among the failures of all hooks
  bool gone = false;
};

using HookPointer = std::shared_ptr<Hook>;

}  // namespace

struct Dispatcher::Impl : std::enable_shared_from_this<Dispatcher::Impl> {
  Impl(asio::io_context& context, const Pace& times)
      : io(context),
        pace(times),
        random(std::random_device{}()),
        resolver(std::make_shared<probes::Resolver>(context.get_executor())) {}

  void enqueue(const HookPointer& hook, const std::shared_ptr<const Event>& event);
  void begin(const HookPointer& hook);
  void begin_program(const HookPointer& hook);
  void begin_post(const HookPointer& hook);
  void finish(const HookPointer& hook, const std::string& fault);
  void wait(const HookPointer& hook);
  [[nodiscard]] milliseconds pause_after(unsigned attempts);
  [[nodiscard]] std::function<void(std::string)> finisher(const HookPointer& hook);

  asio::io_context& io;
  const Pace pace;
  std::minstd_rand random;
  std::shared_ptr<probes::Resolver> resolver;
  std::vector<HookPointer> hooks;
  Counters counters;  // but for `waiting`
};

void Dispatcher::Impl::enqueue(const HookPointer& hook, const std::shared_ptr<const Event>& event) {
  const bool idle = hook->queue.empty();
  if (hook->queue.size() >= pace.max_waiting) {
    // The oldest goes; one that is being told just now is past that.
    if (!hook->stop) hook->attempts = 0;
    hook->queue.erase(hook->queue.begin() + (hook->stop ? 1 : 0));
    ++counters.dropped;
  }
  hook->queue.push_back(event);
  if (idle) begin(hook);
}

// What hears of the end of an attempt, if somebody is still interested in it.
std::function<void(std::string)> Dispatcher::Impl::finisher(const HookPointer& hook) {
  return [weak = weak_from_this(), hook](const std::string& fault) {
    const auto self = weak.lock();
    if (self == nullptr || hook->gone) return;
    hook->stop = nullptr;
    self->finish(hook, fault);
  };
}

void Dispatcher::Impl::begin(const HookPointer& hook) {
  hook->is_program() ? begin_program(hook) : begin_post(hook);
}

void Dispatcher::Impl::begin_program(const HookPointer& hook) {
  const Event& event = *hook->queue.front();
  probes::ProcessSpec spec;
  spec.argv = hook->options.argv;
  spec.environment = {{"FAIRLEAD_EVENT", std::string(to_text(event.kind))},
                      {"FAIRLEAD_ID", event.id}};
  spec.input = event.json;
  spec.timeout = hook->options.timeout;
  hook->stop = probes::run_process(io, spec,
                                   [spec, finished = finisher(hook)](probes::ProcessResult result) {
                                     finished(probes::describe(spec, result));
                                   });
}

void Dispatcher::Impl::begin_post(const HookPointer& hook) {
  if (!hook->place) return finish(hook, "its `url` cannot be read");
  Posting posting;
  posting.place = *hook->place;
  if (hook->place->tls) {
    if (hook->tls == nullptr) {
      auto made = make_tls_context(hook->options);
      if (!made) return finish(hook, made.error());
      hook->tls = std::move(*made);
    }
    posting.tls = hook->tls;
  }
  posting.message =
      message_of(*hook->place, *hook->queue.front(), hook->options.secret, unix_now());
  posting.verify = hook->options.verify;
  posting.timeout = hook->options.timeout;
  const auto line = std::make_shared<Line>(io);
  hook->stop = [line] { line->cut(); };
  asio::co_spawn(io, post_message(line, resolver, std::move(posting)),
                 [finished = finisher(hook)](const std::exception_ptr& thrown, std::string fault) {
                   finished(thrown ? "out of memory" : std::move(fault));
                 });
}

void Dispatcher::Impl::finish(const HookPointer& hook, const std::string& fault) {
  if (fault.empty()) {
    ++counters.delivered;
    hook->problem.clear();
  } else {
    ++counters.failed;
    ++hook->attempts;
    hook->problem = "hook " + probes::printable(hook->name(), 200) + ": " + fault;
    hook->failure = counters.failed;
    hook->tls.reset();  // its files may be others by now
    const unsigned most = hook->is_program() ? pace.program_attempts : pace.web_attempts;
    if (hook->attempts < most) return wait(hook);
    ++counters.dropped;
  }
  hook->queue.pop_front();
  hook->attempts = 0;
  if (hook->queue.empty()) return;
  // After a failure the next event waits as well: it would fare no better at once.
  fault.empty() ? begin(hook) : wait(hook);
}

void Dispatcher::Impl::wait(const HookPointer& hook) {
  hook->pause.expires_after(pause_after(std::max(hook->attempts, 1U)));
  hook->pause.async_wait([weak = weak_from_this(), hook](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self != nullptr && !hook->gone) self->begin(hook);
  });
}

milliseconds Dispatcher::Impl::pause_after(unsigned attempts) {
  constexpr unsigned kMostDoublings = 20;
  const std::int64_t doubled = pace.first.count() << std::min(attempts - 1, kMostDoublings);
  const auto pause = std::min<std::int64_t>(doubled, pace.longest.count());
  std::uniform_int_distribution<std::int64_t> jitter(-pause / 5, pause / 5);
  return milliseconds(pause + jitter(random));
}

Dispatcher::Dispatcher(asio::io_context& io) : Dispatcher(io, Pace{}) {}

Dispatcher::Dispatcher(asio::io_context& io, const Pace& pace)
    : impl_(std::make_shared<Impl>(io, pace)) {}

Dispatcher::~Dispatcher() {
  for (const HookPointer& hook : impl_->hooks) hook->abandon();
  impl_->resolver->close();
}

void Dispatcher::set_hooks(std::vector<config::HookOptions> hooks) {
  std::vector<HookPointer> before = std::exchange(impl_->hooks, {});
  for (config::HookOptions& wanted : hooks) {
    const auto same = std::ranges::find_if(before, [&wanted](const HookPointer& hook) {
      return hook != nullptr && hook->options == wanted;
    });
    impl_->hooks.push_back(same != before.end()
                               ? std::exchange(*same, nullptr)
                               : std::make_shared<Hook>(impl_->io, std::move(wanted)));
  }
  for (const HookPointer& gone : before) {
    if (gone == nullptr) continue;
    impl_->counters.dropped += gone->queue.size();
    gone->abandon();
  }
}

void Dispatcher::post(const Event& event) {
  const auto shared = std::make_shared<const Event>(event);
  for (const HookPointer& hook : impl_->hooks) {
    if (hook->wants(event.kind)) impl_->enqueue(hook, shared);
  }
}

Dispatcher::Counters Dispatcher::counters() const noexcept {
  Counters result = impl_->counters;
  for (const HookPointer& hook : impl_->hooks) result.waiting += hook->queue.size();
  return result;
}

std::string Dispatcher::problem() const {
  const Hook* newest = nullptr;
  for (const HookPointer& hook : impl_->hooks) {
    if (hook->problem.empty()) continue;
    if (newest == nullptr || hook->failure > newest->failure) newest = hook.get();
  }
  return newest == nullptr ? std::string() : newest->problem;
}

}  // namespace hooks
