#include "server/logging/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <atomic>
#include <memory>

namespace logging {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

// Length of the UTF-8 sequence at the front (RFC 3629 3), or 0 for anything else: stray octets,
// overlong forms, surrogates, and the C1 controls U+0080 to U+009F, which terminals obey.
std::size_t utf8_length(std::string_view text) noexcept {
  const auto octet = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = octet(0);
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(i) & 0xc0) != 0x80) return 0;
  }
  const unsigned char second = octet(1);
  if (lead == 0xc2 && second < 0xa0) return 0;
  if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f)) return 0;
  if ((lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) return 0;
  return length;
}

std::string_view name_of(Level level) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"debug", "info", "warning", "error"};
  return kNames[static_cast<std::size_t>(level)];
}

// `text` in double quotes, with the quotes and backslashes inside it escaped (RFC 8259 7).
std::string quote(std::string_view text) {
  std::string result = "\"";
  for (const char character : escape(text)) {
    if (character == '"' || character == '\\') result += '\\';
    result += character;
  }
  return result += '"';
}

std::string plain_value(std::string_view value) {
  const bool bare = !value.empty() && value.find_first_of(" \"=") == std::string_view::npos;
  return bare ? escape(value) : quote(value);
}

spdlog::level::level_enum to_spdlog(Level level) noexcept {
  switch (level) {
    case Level::Debug:
      return spdlog::level::debug;
    case Level::Info:
      return spdlog::level::info;
    case Level::Warning:
      return spdlog::level::warn;
    case Level::Error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

struct Output {
  Output() : logger("fairlead", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger.set_pattern("%v");  // the line is ours, spdlog writes it whole
    logger.set_level(spdlog::level::info);
    logger.flush_on(spdlog::level::debug);
  }
  spdlog::logger logger;
  std::atomic<Format> format{Format::Text};
};

Output& output() {
  static Output instance;
  return instance;
}

void write(Level level, std::string_view message, Fields fields) {
  Output& out = output();
  const auto severity = to_spdlog(level);
  if (!out.logger.should_log(severity)) return;
  const std::string line = render(out.format.load(std::memory_order_relaxed), level,
                                  std::chrono::system_clock::now(), message, fields);
  out.logger.log(severity, spdlog::string_view_t{line.data(), line.size()});
}

}  // namespace

// Worked out here: gmtime and strftime know locales, this must not.
std::string rfc3339(std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{seconds - day};
  const auto two = [](long number) {
    return std::string{static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
  };
  const auto part = [&two](unsigned number) { return two(static_cast<long>(number)); };
  return std::to_string(static_cast<int>(date.year())) + "-" +
         part(static_cast<unsigned>(date.month())) + "-" + part(static_cast<unsigned>(date.day())) +
         "T" + two(clock.hours().count()) + ":" + two(clock.minutes().count()) + ":" +
         two(clock.seconds().count()) + "Z";
}

void open(const Options& options) {
  output().logger.set_level(to_spdlog(options.level));
  output().format.store(options.format, std::memory_order_relaxed);
}

void debug(std::string_view message, Fields fields) { write(Level::Debug, message, fields); }
void info(std::string_view message, Fields fields) { write(Level::Info, message, fields); }
void warning(std::string_view message, Fields fields) { write(Level::Warning, message, fields); }
void error(std::string_view message, Fields fields) { write(Level::Error, message, fields); }

std::string render(Format format, Level level, std::chrono::system_clock::time_point time,
                   std::string_view message, Fields fields) {
  const std::string level_name{name_of(level)};
  if (format == Format::Json) {
    std::string line = R"({"time":")" + rfc3339(time) + R"(","level":")" + level_name +
                       R"(","message":)" + quote(message);
    for (const Field& field : fields) line += "," + quote(field.key) + ":" + quote(field.value);
    return line + "}";
  }
  std::string line = rfc3339(time) + " " + level_name;
  line.append(level_name.size() < 5 ? 5 - level_name.size() : 0, ' ');
  line += " " + escape(message);
  for (const Field& field : fields)
    line += " " + escape(field.key) + "=" + plain_value(field.value);
  return line;
}

std::string escape(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto octet = static_cast<unsigned char>(text[i]);
    std::size_t length = octet >= 0x20 && octet < 0x7f ? 1 : 0;
    if (octet >= 0x80) length = utf8_length(text.substr(i));
    if (length == 0) {
      result += {'\\', 'x', kHex[octet >> 4], kHex[octet & 15]};
      length = 1;
    } else {
      result += text.substr(i, length);
    }
    i += length;
  }
  return result;
}

}  // namespace logging
