#include "server/aliases/resolver.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <set>
#include <utility>

#include "server/aliases/ask.h"

namespace aliases {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

std::int64_t unix_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::floor<std::chrono::seconds>(now).count();
}

}  // namespace

struct Resolver::State : std::enable_shared_from_this<State> {
  State(asio::io_context& context, std::uint64_t seed, Options wanted)
      : io(context),
        options(std::move(wanted)),
        ledger(seed, options.timing),
        agenda(context),
        settling(context) {}

  void work();
  void ask_for(Question question);
  void take_in(const Question& question, Finding told);
  void tell_settled();
  void close();

  asio::io_context& io;
  const Options options;
  Ledger ledger;
  std::vector<Server> servers;
  std::size_t preferred = 0;  // the server that told last
  std::function<void()> on_change;
  std::function<void(const Event&)> on_event;
  std::function<void()> done;
  asio::steady_timer agenda;
  asio::steady_timer settling;
  std::set<std::shared_ptr<Line>> lines;  // in flight
  bool closed = false;
};

// Asks for what is due, as far as there is room, and sees to it that this happens again.
void Resolver::State::work() {
  while (!closed && lines.size() < options.max_in_flight) {
    auto question = ledger.next(Clock::now());
    if (!question) break;
    ask_for(*std::move(question));
  }
  const auto due = ledger.due();
  // Who is over the limit waits for an answer to come in, not for the clock.
  if (closed || !due || lines.size() >= options.max_in_flight) return;
  agenda.expires_at(*due);
  agenda.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) self->work();
  });
}

void Resolver::State::ask_for(Question question) {
  const auto line = std::make_shared<Line>(io.get_executor());
  lines.insert(line);
  const std::size_t first = question.doubted ? *question.doubted + 1 : preferred;
  const auto end = [self = shared_from_this(), line, question](const std::exception_ptr& bug,
                                                               Finding told) {
    if (bug) std::rethrow_exception(bug);
    self->lines.erase(line);
    if (self->closed) return;
    self->take_in(question, std::move(told));
    self->work();
  };
  asio::co_spawn(io, ask(line, std::move(question), servers, first, options.timing.one_try), end);
}

void Resolver::State::take_in(const Question& question, Finding told) {
  if (told.kind != Finding::Kind::Failure) preferred = told.by;
  const auto changes = ledger.changes();
  const auto events = ledger.record(question, std::move(told), Clock::now());
  for (const Event& event : events) {
    if (on_event) on_event(event);
  }
  if (ledger.changes() != changes && on_change) on_change();
  if (ledger.is_settled()) tell_settled();
}

void Resolver::State::tell_settled() {
  settling.cancel();
  const auto told = std::exchange(done, nullptr);
  if (told) told();
}

void Resolver::State::close() {
  closed = true;
  on_change = nullptr;
  on_event = nullptr;
  done = nullptr;
  agenda.cancel();
  settling.cancel();
  for (const auto& line : lines) line->cut();
}

Resolver::Resolver(asio::io_context& io, std::uint64_t seed, std::function<void()> on_change,
                   std::function<void(const Event&)> on_event)
    : Resolver(io, seed, std::move(on_change), std::move(on_event), Options{}) {}

Resolver::Resolver(asio::io_context& io, std::uint64_t seed, std::function<void()> on_change,
                   std::function<void(const Event&)> on_event, Options options)
    : state_(std::make_shared<State>(io, seed, std::move(options))) {
  state_->on_change = std::move(on_change);
  state_->on_event = std::move(on_event);
}

Resolver::~Resolver() { state_->close(); }

void Resolver::adopt(const std::vector<dnswire::Name>& targets, std::vector<Server> servers,
                     const std::vector<SavedAddresses>& saved) {
  if (servers.empty()) servers = read_resolv_conf(state_->options.resolv_conf);
  const auto now = Clock::now();
  state_->ledger.adopt(targets, now);
  state_->ledger.restore(saved, now, unix_now());
  if (servers != state_->servers) {
    state_->servers = std::move(servers);
    state_->preferred = 0;
    state_->ledger.hasten(now);
  }
  state_->work();
}

std::shared_ptr<const answer::AliasTable> Resolver::table() const { return state_->ledger.table(); }

void Resolver::when_settled(Duration limit, std::function<void()> done) {
  state_->done = std::move(done);
  state_->settling.expires_after(state_->ledger.is_settled() ? Duration(0) : limit);
  state_->settling.async_wait([state = state_](const boost::system::error_code& error) {
    if (!error) state->tell_settled();
  });
}

std::vector<SavedAddresses> Resolver::save() const {
  return state_->ledger.save(Clock::now(), unix_now());
}

const std::vector<Server>& Resolver::servers() const noexcept { return state_->servers; }

}  // namespace aliases
