// SQLite's handles with owners.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace state {

struct CloseDatabase {
  void operator()(sqlite3* database) const noexcept { sqlite3_close(database); }
};
using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;

struct BlobView {
  std::string_view octets;
};

// One prepared statement, for many rounds of values.
//
// Borrows: the database; the values of a round until its last step.
class Statement {
 public:
  Statement(sqlite3* database, const char* sql) {
    sqlite3_stmt* made = nullptr;
    prepared_ = sqlite3_prepare_v2(database, sql, -1, &made, nullptr);
    statement_.reset(made);
  }

  // Begins a round with these values, from the first parameter on, and takes its first step:
  // SQLITE_ROW, SQLITE_DONE or an error.
  template <typename... Values>
  [[nodiscard]] int run(const Values&... values) {
    if (prepared_ != SQLITE_OK) return prepared_;
    sqlite3_reset(statement_.get());
    int index = 0;
    int error = SQLITE_OK;
    ((error = error == SQLITE_OK ? bind(++index, values) : error), ...);
    return error == SQLITE_OK ? step() : error;
  }
  [[nodiscard]] int step() noexcept { return sqlite3_step(statement_.get()); }

  // Of the present row, by column.
  [[nodiscard]] std::int64_t integer(int column) const noexcept {
    return sqlite3_column_int64(statement_.get(), column);
  }
  [[nodiscard]] std::optional<std::int64_t> integer_or_null(int column) const noexcept {
    if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
    return integer(column);
  }
  [[nodiscard]] std::string octets(int column) const {
    const void* data = sqlite3_column_blob(statement_.get(), column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
    return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
  }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };

  int bind(int index, std::int64_t value) noexcept {
    return sqlite3_bind_int64(statement_.get(), index, value);
  }
  int bind(int index, const std::optional<std::int64_t>& value) noexcept {
    return value ? bind(index, *value) : sqlite3_bind_null(statement_.get(), index);
  }
  // No destructor is SQLITE_STATIC: SQLite takes no copy.
  int bind(int index, const std::string& text) noexcept {
    return sqlite3_bind_text64(statement_.get(), index, text.data(), text.size(), nullptr,
                               SQLITE_UTF8);
  }
  int bind(int index, BlobView blob) noexcept {
    return sqlite3_bind_blob64(statement_.get(), index, blob.octets.data(), blob.octets.size(),
                               nullptr);
  }

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int prepared_ = SQLITE_OK;
};

}  // namespace state
