#include "server/state/store.h"

#include <condition_variable>
#include <iterator>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <utility>

#include "server/state/database.h"
#include "server/state/folder.h"

namespace state {
namespace {

constexpr std::size_t kMaxOverridesWaiting = 1000;

using Clock = std::chrono::steady_clock;

std::string fresh_start(const std::string& path, const std::string& why) {
  return path + " " + why +
         "; begun anew: verdicts are found out again, and what operators said of endpoints holds "
         "no more";
}

// Gives way to what has come meanwhile. Overrides are not kept: whoever asked was told.
void merge_older(Batch& newer, Batch older) {
  if (newer.kept) {
    std::erase_if(older.verdicts,
                  [&newer](const auto& entry) { return !newer.kept->contains(entry.first); });
  } else {
    newer.kept = std::move(older.kept);
  }
  newer.verdicts.merge(older.verdicts);
  if (!newer.alive) newer.alive = older.alive;
  if (!newer.aliases) newer.aliases = std::move(older.aliases);
}

struct Loaded {
  Database::Opened opened;
  std::vector<std::string> alarms;
};

// Opens what is there; once more, and anew, when that is damaged.
tl::expected<Loaded, std::string> load(const std::string& path) {
  std::vector<std::string> alarms;
  for (const bool first : {true, false}) {
    const auto found = provide_file(path);
    if (!found) return tl::unexpected(found.error());
    Database::Failure why{"is no file", true};
    if (*found == Found::Empty && has_journal(path)) {
      why.clause = "is empty, and its journal is not";
    } else if (*found != Found::Foreign) {
      auto opened = Database::open(path);
      if (opened) {
        if (*found == Found::Empty) alarms.push_back(fresh_start(path, "was empty"));
        if (opened->unreadable != 0) {
          alarms.push_back(path + " holds " + std::to_string(opened->unreadable) +
                           " entries that mean nothing; they are passed over");
        }
        return Loaded{std::move(*opened), std::move(alarms)};
      }
      why = std::move(opened.error());
    }
    if (!why.damaged || !first) return tl::unexpected(path + " " + why.clause);
    const auto aside = put_aside(path);
    if (!aside) return tl::unexpected(aside.error());
    alarms.push_back(fresh_start(path, why.clause + "; it was put aside as " + *aside));
  }
  return tl::unexpected(path + " cannot be opened");
}

}  // namespace

struct Store::Impl {
  Impl(FolderLock held, Database opened, std::string file, const Pace& times)
      : lock(std::move(held)),
        database(std::move(opened)),
        path(std::move(file)),
        mark(path),
        pace(times) {
    thread = std::thread([this] { run(); });
  }
  ~Impl() {
    {
      const std::lock_guard guard(mutex);
      ending = true;
    }
    bell.notify_one();
    thread.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // The thread.
  void run();
  bool wait_for_work(std::unique_lock<std::mutex>& guard);
  void write(Batch batch, std::vector<Done> dones);
  std::string try_to_write(const Batch& batch);

  void change(OverrideChange what, Done done);

  const FolderLock lock;
  Database database;  // the thread's
  const std::string path;
  const FileMark mark;
  const Pace pace;

  mutable std::mutex mutex;  // guards what follows
  std::condition_variable bell;
  Batch waiting;
  std::vector<Done> waiting_dones;  // of waiting.overrides, in their order
  std::string problem;
  Clock::time_point next{};  // the earliest write that no operator waits for
  bool ending = false;

  std::thread thread;  // last: it uses all of the above
};

// False: there is nothing left to write, and the end has come.
bool Store::Impl::wait_for_work(std::unique_lock<std::mutex>& guard) {
  for (;;) {
    if (ending || !waiting.overrides.empty()) return !waiting.empty();
    if (waiting.empty()) {
      bell.wait(guard);
    } else if (Clock::now() >= next) {
      return true;
    } else {
      bell.wait_until(guard, next);
    }
  }
}

void Store::Impl::run() {
  std::unique_lock guard(mutex);
  while (wait_for_work(guard)) {
    Batch batch = std::exchange(waiting, {});
    std::vector<Done> dones = std::exchange(waiting_dones, {});
    const bool last = ending;
    guard.unlock();
    write(std::move(batch), std::move(dones));
    guard.lock();
    if (!last) continue;
    // What fails at the end is given up.
    waiting.verdicts.clear();
    waiting.kept.reset();
    waiting.alive.reset();
    waiting.aliases.reset();
  }
}

std::string Store::Impl::try_to_write(const Batch& batch) {
  if (!mark.holds()) {
    return path + " was removed or replaced while it was in use; restart fairlead";
  }
  const std::string clause = database.write(batch);
  return clause.empty() ? std::string() : path + " " + clause;
}

void Store::Impl::write(Batch batch, std::vector<Done> dones) {
  const Clock::time_point start = Clock::now();
  const std::string result = try_to_write(batch);
  std::string of_overrides = result;
  // An override is small: it may find room where the verdicts do not.
  if (!result.empty() && !batch.overrides.empty()) {
    Batch overrides_alone;
    overrides_alone.overrides = std::exchange(batch.overrides, {});
    if (!batch.empty()) of_overrides = try_to_write(overrides_alone);
  }
  {
    const std::lock_guard guard(mutex);
    problem = result;
    next = result.empty() ? start + pace.apart : Clock::now() + pace.retry;
    if (!result.empty()) merge_older(waiting, std::move(batch));
  }
  for (const Done& done : dones) {
    if (done) done(of_overrides);
  }
}

void Store::Impl::change(OverrideChange what, Done done) {
  {
    const std::lock_guard guard(mutex);
    if (waiting.overrides.size() < kMaxOverridesWaiting) {
      waiting.overrides.push_back(std::move(what));
      waiting_dones.push_back(std::move(done));
      done = nullptr;
    }
  }
  bell.notify_one();
  if (done) done(path + ": too many changes wait for the disk");
}

Store::Pace Store::default_pace() noexcept { return {}; }

tl::expected<Store::Opened, std::string> Store::open(const std::string& folder, const Pace& pace) {
  auto lock = FolderLock::take(folder);
  if (!lock) return tl::unexpected(lock.error());
  const std::string path = folder + "/state.db";
  auto loaded = load(path);
  if (!loaded) return tl::unexpected(loaded.error());
  auto impl =
      std::make_unique<Impl>(std::move(*lock), std::move(loaded->opened.database), path, pace);
  return Opened{std::unique_ptr<Store>(new Store(std::move(impl))), std::move(loaded->opened.saved),
                std::move(loaded->alarms)};
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

void Store::save(std::vector<SavedVerdict> verdicts) {
  {
    const std::lock_guard guard(impl_->mutex);
    for (SavedVerdict& verdict : verdicts) {
      std::string key = verdict.key;
      impl_->waiting.verdicts.insert_or_assign(std::move(key), std::move(verdict));
    }
  }
  impl_->bell.notify_one();
}

void Store::save_aliases(std::vector<SavedAlias> aliases) {
  {
    const std::lock_guard guard(impl_->mutex);
    impl_->waiting.aliases = std::move(aliases);
  }
  impl_->bell.notify_one();
}

void Store::touch(std::int64_t now) {
  {
    const std::lock_guard guard(impl_->mutex);
    impl_->waiting.alive = now;
  }
  impl_->bell.notify_one();
}

void Store::keep_only(std::vector<std::string> keys) {
  std::unordered_set<std::string> kept(std::make_move_iterator(keys.begin()),
                                       std::make_move_iterator(keys.end()));
  {
    const std::lock_guard guard(impl_->mutex);
    Batch& waiting = impl_->waiting;
    std::erase_if(waiting.verdicts,
                  [&kept](const auto& entry) { return !kept.contains(entry.first); });
    waiting.kept = std::move(kept);
  }
  impl_->bell.notify_one();
}

void Store::put(health::Override override, Done done) {
  std::string target = override.target;
  const health::OverrideKind kind = override.kind();
  impl_->change({std::move(target), kind, std::move(override)}, std::move(done));
}

void Store::erase(std::string target, health::OverrideKind kind, Done done) {
  impl_->change({std::move(target), kind, std::nullopt}, std::move(done));
}

std::string Store::problem() const {
  const std::lock_guard guard(impl_->mutex);
  return impl_->problem;
}

}  // namespace state
