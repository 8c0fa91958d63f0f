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
      : options(std::move(what)), place(parse_place(options.url)), pause(io), silence(io) {}

  [[nodiscard]] bool is_program() const noexcept { return options.url.empty(); }
  [[nodiscard]] bool wants(Kind kind) const noexcept {
    return kind == Kind::Transition ? options.transitions : options.alarms;
  }
  [[nodiscard]] std::string name() const {
    if (place) return place->name();
    return is_program() && !options.argv.empty() ? options.argv.front() : "without a sound address";
  }
  // How each sentence on it begins.
  [[nodiscard]] std::string title() const { return "hook " + probes::printable(name(), 200); }
  void abandon() {
    gone = true;
    pause.cancel();
    silence.cancel();
    if (stop) std::exchange(stop, nullptr)();
  }

  const config::HookOptions options;
  const std::optional<WebPlace> place;
  std::deque<std::shared_ptr<const Event>> queue;
  unsigned attempts = 0;       // at the first of the queue
  std::function<void()> stop;  // ends the attempt under way; empty: none is
  asio::steady_timer pause;
  TlsContext tls;
  std::string problem;         // of the newest attempt; empty: it went well
  std::size_t lost = 0;        // events given up that nobody was told of
  asio::steady_timer silence;  // after a sentence on lost events
  bool silent = false;         // it runs
  bool gone = false;
};

using HookPointer = std::shared_ptr<Hook>;

std::string count_of(std::size_t events) {
  return std::to_string(events) + (events == 1 ? " event" : " events");
}

}  // namespace

struct Dispatcher::Impl : std::enable_shared_from_this<Dispatcher::Impl> {
  Impl(asio::io_context& context, const Pace& times, Tell listener)
      : io(context),
        pace(times),
        tell(listener ? std::move(listener) : [](const std::string&, bool) {}),
        random(std::random_device{}()),
        resolver(std::make_shared<probes::Resolver>(context.get_executor())) {}

  void enqueue(const HookPointer& hook, const std::shared_ptr<const Event>& event);
  void begin(const HookPointer& hook);
  void begin_program(const HookPointer& hook);
  void begin_post(const HookPointer& hook);
  void finish(const HookPointer& hook, const std::string& fault);
  void judge(Hook& hook, const std::string& fault);
  void lose(const HookPointer& hook);
  void tell_losses(const HookPointer& hook);
  void wait(const HookPointer& hook);
  [[nodiscard]] milliseconds pause_after(unsigned attempts);
  [[nodiscard]] std::function<void(std::string)> finisher(const HookPointer& hook);

  asio::io_context& io;
  const Pace pace;
  const Tell tell;
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
    lose(hook);
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

// Remembers how the newest attempt went, and tells of a change.
void Dispatcher::Impl::judge(Hook& hook, const std::string& fault) {
  const bool was_good = hook.problem.empty();
  hook.problem = fault.empty() ? std::string() : hook.title() + ": " + fault;
  if (was_good && !fault.empty()) tell(hook.problem, true);
  if (!was_good && fault.empty()) tell(hook.title() + " takes events again", false);
}

// An event of the hook is given up for good.
void Dispatcher::Impl::lose(const HookPointer& hook) {
  ++counters.dropped;
  ++hook->lost;
  if (!hook->silent) tell_losses(hook);
}

void Dispatcher::Impl::tell_losses(const HookPointer& hook) {
  hook->silent = hook->lost > 0;
  if (!hook->silent) return;
  tell(hook->title() + ": " + count_of(std::exchange(hook->lost, 0)) + " given up for good", true);
  hook->silence.expires_after(pace.between_losses);
  hook->silence.async_wait([weak = weak_from_this(), hook](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self != nullptr && !hook->gone) self->tell_losses(hook);
  });
}

void Dispatcher::Impl::finish(const HookPointer& hook, const std::string& fault) {
  judge(*hook, fault);
  if (fault.empty()) {
    ++counters.delivered;
  } else {
    ++counters.failed;
    ++hook->attempts;
    hook->tls.reset();  // its files may be others by now
    const unsigned most = hook->is_program() ? pace.program_attempts : pace.web_attempts;
    if (hook->attempts < most) return wait(hook);
    lose(hook);
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

Dispatcher::Dispatcher(asio::io_context& io, Tell tell) : Dispatcher(io, Pace{}, std::move(tell)) {}

Dispatcher::Dispatcher(asio::io_context& io, const Pace& pace, Tell tell)
    : impl_(std::make_shared<Impl>(io, pace, std::move(tell))) {}

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
    if (const std::size_t lost = gone->lost + gone->queue.size(); lost > 0) {
      impl_->tell(gone->title() + " is gone: " + count_of(lost) + " given up for good", true);
    }
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
  std::string all;
  for (const HookPointer& hook : impl_->hooks) {
    if (hook->problem.empty()) continue;
    if (!all.empty()) all += "; ";
    all += hook->problem;
  }
  return all;
}

}  // namespace hooks
