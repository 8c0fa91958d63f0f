#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "server/state/store.h"

namespace state {
namespace {

// Writes values so that no two lists of them are the same octets: a number is 8 octets, most
// significant first; a text, or a list, is its length as a number and then what it holds. Structs
// are taken apart by structured bindings, so that a field more than is named here does not compile.
class Canonical {
 public:
  [[nodiscard]] const std::string& octets() const noexcept { return octets_; }

  template <typename... Values>
  void add_all(const Values&... values) {
    (add(values), ...);
  }

 private:
  void add(std::uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) octets_ += static_cast<char>(number >> shift);
  }
  template <typename Number,
            std::enable_if_t<std::is_integral_v<Number> || std::is_enum_v<Number>, bool> = true>
  void add(Number number) {
    add(static_cast<std::uint64_t>(number));
  }
  template <typename Count, typename Period>
  void add(std::chrono::duration<Count, Period> time) {
    add(static_cast<std::uint64_t>(std::chrono::duration_cast<health::Duration>(time).count()));
  }
  void add(std::string_view text) {
    add(std::uint64_t{text.size()});
    octets_ += text;
  }
  void add(const std::string& text) { add(std::string_view(text)); }
  template <typename First, typename Second>
  void add(const std::pair<First, Second>& both) {
    add_all(both.first, both.second);
  }
  template <typename Value>
  void add(const std::vector<Value>& values) {
    add(std::uint64_t{values.size()});
    for (const Value& value : values) add(value);
  }

  void add(const health::StatusRange& range) {
    const auto& [first, last] = range;
    add_all(first, last);
  }
  void add(const health::HttpSpec& http) {
    const auto& [method, path, host, user_agent, headers, status, body, body_regex] = http;
    add_all(method, path, host, user_agent, headers, status, body, body_regex);
  }
  void add(const health::TlsSpec& tls) {
    const auto& [name, verify, ca_file, min_version, certificate_file, key_file, warn_before,
                 fail_before] = tls;
    add_all(name, verify, ca_file, min_version, certificate_file, key_file, warn_before,
            fail_before);
  }
  void add(const health::DnsSpec& dns) {
    const auto& [name, type, rcode, answers] = dns;
    add_all(name, type, rcode, answers);
  }
  void add(const health::Identity& identity) {
    const auto& [spki, header, token, body] = identity;
    add_all(spki, header, token, body);
  }
  void add(const health::Thresholds& thresholds) {
    const auto& [fall, rise, forgive, recheck, cooldown, failback_delay] = thresholds;
    add_all(fall, rise, forgive, recheck, cooldown, failback_delay);
  }
  void add(const health::CheckSpec& check) {
    const auto& [type, port, http, tls, dns, argv, token, identity, interval, timeout, thresholds] =
        check;
    add_all(type, port, http, tls, dns, argv, token, identity, interval, timeout, thresholds);
  }

  std::string octets_;
};

std::string sha256_hex(std::string_view octets) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(octets.data(), octets.size(), digest.data(), &size, EVP_sha256(), nullptr);
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (std::size_t i = 0; i < size; ++i) {
    hex += {kDigits[digest[i] >> 4], kDigits[digest[i] & 15]};
  }
  return hex;
}

}  // namespace

std::string key_of(const health::Target& target) {
  const auto& [address, check] = target;
  Canonical canonical;
  canonical.add_all(std::string_view("fairlead target 1"), address, check);
  return sha256_hex(canonical.octets());
}

}  // namespace state
