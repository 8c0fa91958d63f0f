// The server's log: one line per event, to standard error.
//
// Threads: open() first, then everything from anywhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace logging {

enum class Level : std::uint8_t { Debug, Info, Warning, Error };
enum class Format : std::uint8_t { Text, Json };

struct Options {
  Level level = Level::Info;  // what is less grave is left out
  Format format = Format::Text;
};

struct Field {
  std::string_view key;
  std::string_view value;
};
using Fields = std::initializer_list<Field>;

// Before the first call, and without one, the defaults above hold.
void open(const Options& options);

void debug(std::string_view message, Fields fields = {});
void info(std::string_view message, Fields fields = {});
void warning(std::string_view message, Fields fields = {});
void error(std::string_view message, Fields fields = {});

// One event as a line, without its end:
//   2026-11-22T12:00:00Z info  zone example.org: loaded names=12
//   {"time":"2026-11-22T12:00:00Z","level":"info","message":"zone example.org:
//   loaded","names":"12"}
[[nodiscard]] std::string render(Format format, Level level,
                                 std::chrono::system_clock::time_point time,
                                 std::string_view message, Fields fields = {});

// "2026-11-22T12:00:00Z", RFC 3339 5.6 in UTC.
[[nodiscard]] std::string rfc3339(std::chrono::system_clock::time_point time);

// Text from the network made harmless: control characters and octets that are not UTF-8 become
// \xNN. Done by render() to all it is given.
[[nodiscard]] std::string escape(std::string_view text);

}  // namespace logging
