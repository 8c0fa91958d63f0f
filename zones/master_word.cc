#include "zones/master_word.h"

#include <cstdint>
#include <vector>

#include "dnswire/period.h"
#include "zones/suggestion.h"

namespace zones {

using dnswire::Ttl;

namespace {

// The mnemonics of all types that a zone can hold.
std::vector<std::string> stored_types() {
  std::vector<std::string> types;
  for (std::uint32_t number = 1; number <= 0xffff; ++number) {
    const auto type = static_cast<dnswire::RrType>(number);
    if (is_meta(type)) continue;
    std::string text = to_text(type);
    if (!text.starts_with("TYPE")) types.push_back(std::move(text));
  }
  return types;
}

}  // namespace

tl::expected<Ttl, std::string> read_ttl(std::string_view word) {
  const auto seconds = dnswire::period_from_text(word);
  if (!seconds && seconds.error() == dnswire::Error::BadNumber) {
    return tl::unexpected(in_backticks(word) + " is no TTL; write seconds, or units as in 1h30m");
  }
  if (!seconds || *seconds > dnswire::kMaxTtl.count()) {
    return tl::unexpected("the TTL " + in_backticks(word) +
                          " is over 2147483647 seconds (RFC 2181 8)");
  }
  return Ttl(*seconds);
}

std::string unquote(std::string_view word) {
  std::string text;
  for (std::size_t at = 0; at < word.size(); ++at) {
    if (word[at] == '"') continue;
    if (word[at] == '\\' && at + 1 < word.size()) ++at;
    text += word[at];
  }
  return text;
}

std::string in_backticks(std::string_view word) {
  constexpr std::size_t kLongest = 60;
  std::string text = "`";
  for (const char c : word.substr(0, kLongest)) {
    const auto octet = static_cast<std::uint8_t>(c);
    if (octet >= ' ' && octet < 0x7f) {
      text += c;
    } else if (c == '\t') {
      text += ' ';
    } else {
      text += {'\\', static_cast<char>('0' + octet / 100), static_cast<char>('0' + octet / 10 % 10),
               static_cast<char>('0' + octet % 10)};
    }
  }
  return text + (word.size() > kLongest ? "...`" : "`");
}

std::string suggest_type(std::string_view word) {
  constexpr std::size_t kShortest = 3;  // of two letters anything is one change away
  if (word.size() < kShortest) return {};
  static const std::vector<std::string> kTypes = stored_types();
  static const std::vector<std::string_view> kWords(kTypes.begin(), kTypes.end());
  return suggest(word, kWords);
}

}  // namespace zones
