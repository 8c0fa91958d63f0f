#include "server/state/database.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

namespace state {
namespace {

constexpr std::int64_t kApplicationId = 0x464c5354;  // "FLST"; says whose file it is

// The schema grows by steps, each from one `user_version` to the next; a step that has been
// released is never changed.
//
// Enumerations are kept by their numbers. verdict.results is 13 octets a result, oldest first:
// started (8) and took (4), the least significant octet first, and reason (1).
constexpr std::array kSteps{
    "CREATE TABLE verdict ("
    "  key TEXT PRIMARY KEY, state INTEGER NOT NULL, failures INTEGER NOT NULL,"
    "  successes INTEGER NOT NULL, changed INTEGER NOT NULL, recovering INTEGER NOT NULL,"
    "  detail TEXT NOT NULL, results BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE override ("
    "  target TEXT PRIMARY KEY, force INTEGER NOT NULL, reason TEXT NOT NULL,"
    "  author TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,"
    "  ttl INTEGER) STRICT, WITHOUT ROWID;"
    "CREATE TABLE process ("
    "  id INTEGER PRIMARY KEY CHECK (id = 0), alive INTEGER NOT NULL) STRICT;",
    // Overrides of the kind Weight; those of the kind Force stay in the table `override`.
    "CREATE TABLE weight ("
    "  target TEXT PRIMARY KEY, weight INTEGER NOT NULL, reason TEXT NOT NULL,"
    "  author TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,"
    "  ttl INTEGER) STRICT, WITHOUT ROWID;",
    // Addresses as text, with spaces between.
    "CREATE TABLE alias ("
    "  name TEXT NOT NULL, family INTEGER NOT NULL, addresses TEXT NOT NULL,"
    "  ttl INTEGER NOT NULL, told INTEGER NOT NULL,"
    "  PRIMARY KEY (name, family)) STRICT, WITHOUT ROWID;",
};
static_assert(static_cast<int>(health::State::Recovering) == 4 &&
                  static_cast<int>(health::Force::Down) == 3 &&
                  static_cast<int>(health::Reason::Resource) == 15 && health::kReasonCount == 16,
              "other numbers need another step of the schema, which translates");

constexpr std::size_t kResultSize = 13;

template <typename Number>
void put(std::string& octets, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i) {
    octets += static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i));
  }
}

template <typename Number>
Number take(std::string_view& octets) noexcept {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    number |= std::uint64_t{static_cast<unsigned char>(octets[i])} << (8 * i);
  }
  octets.remove_prefix(sizeof(Number));
  return static_cast<Number>(number);
}

std::string pack(const std::vector<SavedVerdict::Result>& results) {
  std::string octets;
  octets.reserve(kResultSize * results.size());
  for (const SavedVerdict::Result& result : results) {
    put(octets, result.started);
    put(octets, result.took);
    put(octets, static_cast<std::uint8_t>(result.reason));
  }
  return octets;
}

std::optional<std::vector<SavedVerdict::Result>> unpack(std::string_view octets) {
  if (octets.size() % kResultSize != 0) return std::nullopt;
  std::vector<SavedVerdict::Result> results;
  results.reserve(octets.size() / kResultSize);
  while (!octets.empty()) {
    SavedVerdict::Result result;
    result.started = take<std::int64_t>(octets);
    result.took = take<std::uint32_t>(octets);
    const auto reason = take<std::uint8_t>(octets);
    if (reason >= health::kReasonCount) return std::nullopt;
    result.reason = static_cast<health::Reason>(reason);
    results.push_back(result);
  }
  return results;
}

template <typename Number>
bool fits(std::int64_t value) noexcept {
  return std::in_range<Number>(value);
}

std::optional<SavedVerdict> verdict_of(const Statement& row) {
  auto results = unpack(row.octets(7));
  const std::int64_t state = row.integer(1);
  if (!results || state < 0 || state > static_cast<int>(health::State::Recovering) ||
      !fits<std::uint16_t>(row.integer(2)) || !fits<std::uint16_t>(row.integer(3))) {
    return std::nullopt;
  }
  SavedVerdict verdict;
  verdict.key = row.octets(0);
  verdict.state = static_cast<health::State>(state);
  verdict.failures = static_cast<std::uint16_t>(row.integer(2));
  verdict.successes = static_cast<std::uint16_t>(row.integer(3));
  verdict.changed = row.integer(4);
  verdict.recovering = row.integer(5);
  verdict.detail = row.octets(6);
  verdict.results = std::move(*results);
  return verdict;
}

// Columns: target, force or NULL, weight or NULL, and what both kinds have.
std::optional<health::Override> override_of(const Statement& row) {
  const std::optional<std::int64_t> force = row.integer_or_null(1);
  const std::optional<std::int64_t> weight = row.integer_or_null(2);
  const std::optional<std::int64_t> ttl = row.integer_or_null(7);
  if ((force && (*force <= static_cast<int>(health::Force::None) ||
                 *force > static_cast<int>(health::Force::Down))) ||
      (weight && (*weight < 0 || *weight > health::kMaxWeight)) ||
      (ttl && !fits<std::uint32_t>(*ttl))) {
    return std::nullopt;
  }
  health::Override result;
  result.target = row.octets(0);
  result.force = force ? static_cast<health::Force>(*force) : health::Force::None;
  if (weight) result.weight = static_cast<std::uint32_t>(*weight);
  result.reason = row.octets(3);
  result.author = row.octets(4);
  result.created = row.integer(5);
  result.expires = row.integer(6);
  if (ttl) result.ttl = static_cast<std::uint32_t>(*ttl);
  return result;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// Columns: name, family, addresses, ttl, told.
std::optional<SavedAlias> alias_of(const Statement& row) {
  const std::int64_t family = row.integer(1);
  if ((family != 4 && family != 6) || !fits<std::uint32_t>(row.integer(3))) return std::nullopt;
  SavedAlias alias;
  alias.name = row.octets(0);
  alias.family = static_cast<std::uint8_t>(family);
  alias.addresses = words_of(row.octets(2));
  alias.ttl = static_cast<std::uint32_t>(row.integer(3));
  alias.told = row.integer(4);
  return alias;
}

template <typename Enum>
std::int64_t number(Enum value) noexcept {
  return static_cast<std::int64_t>(value);
}

}  // namespace

bool Database::run(const char* sql) {
  return sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

std::optional<std::int64_t> Database::ask(const char* sql) {
  Statement question(handle_.get(), sql);
  if (question.run() != SQLITE_ROW) return std::nullopt;
  return question.integer(0);
}

std::optional<std::string> Database::ask_text(const char* sql) {
  Statement question(handle_.get(), sql);
  if (question.run() != SQLITE_ROW) return std::nullopt;
  return question.octets(0);
}

Database::Failure Database::failure(const std::string& verb) const {
  const int code = sqlite3_errcode(handle_.get()) & 0xff;
  const bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
  Failure result{"cannot be " + verb + ": " + sqlite3_errmsg(handle_.get()), damaged};
  const int error = sqlite3_system_errno(handle_.get());
  const bool of_system = code == SQLITE_IOERR || code == SQLITE_CANTOPEN;
  if (of_system && error != 0) {
    result.clause += " (" + std::generic_category().message(error) + ")";
  }
  return result;
}

// Whose file it is, and whether it is whole.
std::optional<Database::Failure> Database::check() {
  const auto application = ask("PRAGMA application_id");
  const auto version = ask("PRAGMA user_version");
  const auto tables = ask("SELECT count(*) FROM sqlite_schema");
  if (!application || !version || !tables) return failure("read");
  if (*application == 0 && *version == 0 && *tables == 0) return std::nullopt;  // to be begun
  if (*application != kApplicationId) return Failure{"is another program's database", true};
  if (*version > std::ssize(kSteps)) {
    return Failure{"is of version " + std::to_string(*version) + ", which is later than ours",
                   true};
  }
  const auto finding = ask_text("PRAGMA quick_check(1)");
  if (!finding) return failure("read");
  if (*finding != "ok") return Failure{"is damaged: " + *finding, true};
  return std::nullopt;
}

std::optional<Database::Failure> Database::prepare() {
  const auto journal = ask_text("PRAGMA journal_mode = WAL");
  if (!journal) return failure("opened");
  if (*journal != "wal") return Failure{"cannot be opened: it takes no journal", false};
  // The journal of a large batch is cut to this size afterwards.
  if (!run("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304")) {
    return failure("opened");
  }
  const auto version = ask("PRAGMA user_version");
  if (!version) return failure("read");
  if (*version == std::ssize(kSteps)) return std::nullopt;
  bool done = run("BEGIN IMMEDIATE");
  for (auto step = static_cast<std::size_t>(*version); done && step < kSteps.size(); ++step) {
    done = run(kSteps[step]);
  }
  const std::string label = "PRAGMA application_id = " + std::to_string(kApplicationId) +
                            "; PRAGMA user_version = " + std::to_string(kSteps.size());
  if (!done || !run(label.c_str()) || !run("COMMIT")) return failure("written");
  return std::nullopt;
}

int Database::read_verdicts(Saved& saved, std::size_t& unreadable) {
  Statement rows(handle_.get(),
                 "SELECT key, state, failures, successes, changed, recovering, detail, results "
                 "FROM verdict");
  int result = rows.run();
  for (; result == SQLITE_ROW; result = rows.step()) {
    auto verdict = verdict_of(rows);
    verdict ? saved.verdicts.push_back(std::move(*verdict)) : void(++unreadable);
  }
  return result;
}

int Database::read_overrides(Saved& saved, std::size_t& unreadable) {
  Statement rows(handle_.get(),
                 "SELECT target, force, NULL AS weight, reason, author, created, expires, ttl "
                 "FROM override "
                 "UNION ALL "
                 "SELECT target, NULL, weight, reason, author, created, expires, ttl FROM weight "
                 "ORDER BY target, weight");
  int result = rows.run();
  for (; result == SQLITE_ROW; result = rows.step()) {
    auto found = override_of(rows);
    found ? saved.overrides.push_back(std::move(*found)) : void(++unreadable);
  }
  return result;
}

int Database::read_aliases(Saved& saved, std::size_t& unreadable) {
  Statement rows(handle_.get(), "SELECT name, family, addresses, ttl, told FROM alias");
  int result = rows.run();
  for (; result == SQLITE_ROW; result = rows.step()) {
    auto found = alias_of(rows);
    found ? saved.aliases.push_back(std::move(*found)) : void(++unreadable);
  }
  return result;
}

tl::expected<std::size_t, Database::Failure> Database::load(Saved& saved) {
  std::size_t unreadable = 0;
  Statement process(handle_.get(), "SELECT alive FROM process");
  const int alive = process.run();
  if (alive == SQLITE_ROW) saved.alive = process.integer(0);
  const bool read = (alive == SQLITE_ROW || alive == SQLITE_DONE) &&
                    read_verdicts(saved, unreadable) == SQLITE_DONE &&
                    read_overrides(saved, unreadable) == SQLITE_DONE &&
                    read_aliases(saved, unreadable) == SQLITE_DONE;
  if (read) return unreadable;
  Failure why = failure("read");
  // The version is ours and the tables are not: no such table, no such column.
  if ((sqlite3_errcode(handle_.get()) & 0xff) == SQLITE_ERROR) why.damaged = true;
  return tl::unexpected(std::move(why));
}

tl::expected<Database::Opened, Database::Failure> Database::open(const std::string& path) {
  sqlite3* made = nullptr;
  const int result =
      sqlite3_open_v2(path.c_str(), &made, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database{DatabaseHandle(made)};
  if (result != SQLITE_OK) {
    if (made == nullptr) return tl::unexpected(Failure{"cannot be opened: out of memory", false});
    return tl::unexpected(database.failure("opened"));
  }
  // Before anything is read: the journal's index is then kept in memory instead of in a mapped
  // file, which a full disk would turn into SIGBUS.
  if (!database.run("PRAGMA locking_mode = EXCLUSIVE")) {
    return tl::unexpected(database.failure("opened"));
  }
  if (auto fault = database.check()) return tl::unexpected(std::move(*fault));
  if (auto fault = database.prepare()) return tl::unexpected(std::move(*fault));
  Saved saved;
  const auto unreadable = database.load(saved);
  if (!unreadable) return tl::unexpected(unreadable.error());
  return Opened{std::move(database), std::move(saved), *unreadable};
}

bool Database::write_overrides(const std::vector<OverrideChange>& changes) {
  if (changes.empty()) return true;
  // By kind.
  std::array put{Statement(handle_.get(), "INSERT OR REPLACE INTO override VALUES (?,?,?,?,?,?,?)"),
                 Statement(handle_.get(), "INSERT OR REPLACE INTO weight VALUES (?,?,?,?,?,?,?)")};
  std::array erase{Statement(handle_.get(), "DELETE FROM override WHERE target = ?"),
                   Statement(handle_.get(), "DELETE FROM weight WHERE target = ?")};
  for (const OverrideChange& change : changes) {
    const auto kind = static_cast<std::size_t>(change.kind);
    if (!change.put) {
      if (erase.at(kind).run(change.target) != SQLITE_DONE) return false;
      continue;
    }
    const health::Override& o = *change.put;
    const std::int64_t says = o.weight ? std::int64_t{*o.weight} : number(o.force);
    const std::optional<std::int64_t> ttl = o.ttl;
    if (put.at(kind).run(change.target, says, o.reason, o.author, o.created, o.expires, ttl) !=
        SQLITE_DONE) {
      return false;
    }
  }
  return true;
}

bool Database::forget_others(const std::unordered_set<std::string>& kept) {
  std::vector<std::string> others;
  Statement keys(handle_.get(), "SELECT key FROM verdict");
  int result = keys.run();
  for (; result == SQLITE_ROW; result = keys.step()) {
    std::string key = keys.octets(0);
    if (!kept.contains(key)) others.push_back(std::move(key));
  }
  if (result != SQLITE_DONE) return false;
  Statement erase(handle_.get(), "DELETE FROM verdict WHERE key = ?");
  for (const std::string& key : others) {
    if (erase.run(key) != SQLITE_DONE) return false;
  }
  return true;
}

bool Database::write_verdicts(const std::map<std::string, SavedVerdict>& verdicts) {
  if (verdicts.empty()) return true;
  Statement put(handle_.get(), "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  for (const auto& [key, v] : verdicts) {
    const std::string results = pack(v.results);
    if (put.run(key, number(v.state), number(v.failures), number(v.successes), v.changed,
                v.recovering, v.detail, BlobView{results}) != SQLITE_DONE) {
      return false;
    }
  }
  return true;
}

bool Database::write_aliases(const std::vector<SavedAlias>& aliases) {
  if (!run("DELETE FROM alias")) return false;
  Statement put(handle_.get(), "INSERT INTO alias VALUES (?, ?, ?, ?, ?)");
  for (const SavedAlias& alias : aliases) {
    if (put.run(alias.name, number(alias.family), joined(alias.addresses), std::int64_t{alias.ttl},
                alias.told) != SQLITE_DONE) {
      return false;
    }
  }
  return true;
}

std::string Database::write(const Batch& batch) {
  if (!run("BEGIN IMMEDIATE")) return failure("written").clause;
  bool done = write_overrides(batch.overrides) && (!batch.kept || forget_others(*batch.kept)) &&
              write_verdicts(batch.verdicts) && (!batch.aliases || write_aliases(*batch.aliases));
  if (done && batch.alive) {
    Statement touch(handle_.get(), "INSERT OR REPLACE INTO process VALUES (0, ?)");
    done = touch.run(*batch.alive) == SQLITE_DONE;
  }
  if (done && run("COMMIT")) return {};
  std::string why = failure("written").clause;
  // Some errors have rolled back already.
  if (sqlite3_get_autocommit(handle_.get()) == 0) static_cast<void>(run("ROLLBACK"));
  return why;
}

}  // namespace state
