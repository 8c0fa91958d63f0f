// The file that the store keeps: its schema, reading all of it, writing a batch.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <unordered_set>
#include <vector>

#include "health/override.h"
#include "server/state/sql.h"
#include "server/state/store.h"

namespace state {

struct OverrideChange {
  std::string target;
  health::OverrideKind kind = health::OverrideKind::Force;
  std::optional<health::Override> put;  // none: erase
};

// What one transaction writes, in this order.
struct Batch {
  std::vector<OverrideChange> overrides;
  std::optional<std::unordered_set<std::string>> kept;  // keys; verdicts of others go
  std::map<std::string, SavedVerdict> verdicts;         // by key
  std::optional<std::int64_t> alive;
  std::optional<std::vector<SavedAlias>> aliases;  // in the place of those there were

  [[nodiscard]] bool empty() const noexcept {
    return overrides.empty() && !kept && verdicts.empty() && !alive && !aliases;
  }
};

class Database {
 public:
  struct Opened;
  struct Failure {
    std::string clause;    // "cannot be opened: Permission denied"
    bool damaged = false;  // by what it holds: to be put aside
  };

  // Opens or begins the file; checks all of it.
  [[nodiscard]] static tl::expected<Opened, Failure> open(const std::string& path);

  // All or nothing, on disk when it returns. Empty, or a clause that says why not.
  [[nodiscard]] std::string write(const Batch& batch);

 private:
  explicit Database(DatabaseHandle handle) : handle_(std::move(handle)) {}

  [[nodiscard]] std::optional<Failure> check();
  [[nodiscard]] std::optional<Failure> prepare();
  [[nodiscard]] tl::expected<std::size_t, Failure> load(Saved& saved);
  [[nodiscard]] int read_verdicts(Saved& saved, std::size_t& unreadable);
  [[nodiscard]] int read_overrides(Saved& saved, std::size_t& unreadable);
  [[nodiscard]] int read_aliases(Saved& saved, std::size_t& unreadable);
  [[nodiscard]] bool write_aliases(const std::vector<SavedAlias>& aliases);
  [[nodiscard]] bool write_overrides(const std::vector<OverrideChange>& changes);
  [[nodiscard]] bool forget_others(const std::unordered_set<std::string>& kept);
  [[nodiscard]] bool write_verdicts(const std::map<std::string, SavedVerdict>& verdicts);
  [[nodiscard]] bool run(const char* sql);
  [[nodiscard]] std::optional<std::int64_t> ask(const char* sql);
  [[nodiscard]] std::optional<std::string> ask_text(const char* sql);
  [[nodiscard]] Failure failure(const std::string& verb) const;

  DatabaseHandle handle_;
};

struct Database::Opened {
  Database database;
  Saved saved;
  std::size_t unreadable = 0;  // rows with values that mean nothing
};

}  // namespace state
