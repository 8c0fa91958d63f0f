#include "dnswire/svc_param.h"

#include <algorithm>
#include <array>

#include "dnswire/address.h"
#include "dnswire/base_encoding.h"
#include "dnswire/presentation.h"
#include "dnswire/words.h"

namespace dnswire {
namespace {

using Octets = std::vector<std::uint8_t>;

constexpr std::size_t kMaxAlpnSize = 255;  // RFC 7301 3.1

// By number.
constexpr std::array<std::string_view, 9> kKeys{"mandatory", "alpn",     "no-default-alpn",
                                                "port",      "ipv4hint", "ech",
                                                "ipv6hint",  "dohpath",  "ohttp"};

std::string key_text(std::uint16_t key) {
  return key < kKeys.size() ? std::string(kKeys[key]) : "key" + std::to_string(key);
}

bool is_key_list(Bytes value) noexcept {
  if (value.empty() || value.size() % 2 != 0) return false;
  int last_key = static_cast<int>(SvcParamKey::Mandatory);  // which must not name itself
  for (; !value.empty(); value = value.subspan(2)) {
    if (load16(value.data()) <= last_key) return false;
    last_key = load16(value.data());
  }
  return last_key != static_cast<int>(SvcParamKey::Invalid);
}

bool is_alpn_list(Bytes value) noexcept {
  if (value.empty()) return false;
  while (!value.empty()) {
    const std::size_t size = value[0];
    if (size == 0 || value.size() - 1 < size) return false;
    value = value.subspan(1 + size);
  }
  return true;
}

bool is_list_of(std::size_t size, Bytes value) noexcept {
  return !value.empty() && value.size() % size == 0;
}

// RFC 6570 2.3, 2.4: one variable of an expression, a modifier perhaps behind it.
bool is_dns_variable(std::string_view variable) noexcept {
  return variable.substr(0, variable.find_first_of(":*")) == "dns";
}

// Is `dns` among the variables between two braces, an operator perhaps in front of them?
bool names_dns(std::string_view expression) noexcept {
  constexpr std::string_view kOperators = "+#./;?&";
  if (!expression.empty() && kOperators.find(expression.front()) != kOperators.npos) {
    expression.remove_prefix(1);
  }
  while (true) {
    const std::size_t comma = expression.find(',');
    if (is_dns_variable(expression.substr(0, comma))) return true;
    if (comma == expression.npos) return false;
    expression.remove_prefix(comma + 1);
  }
}

// RFC 9461 5: a template of a path that has the variable `dns`.
bool is_doh_path(Bytes value) noexcept {
  std::string_view rest(reinterpret_cast<const char*>(value.data()), value.size());
  if (!rest.starts_with('/')) return false;
  for (std::size_t open = rest.find('{'); open != rest.npos; open = rest.find('{')) {
    rest.remove_prefix(open + 1);
    const std::size_t close = rest.find('}');
    if (close == rest.npos) return false;
    if (names_dns(rest.substr(0, close))) return true;
    rest.remove_prefix(close + 1);
  }
  return false;
}

// Calls `add` with every item of a comma-separated list; \, and \\ stand for , and \.
// RFC 9460 A.1.
template <class Add>
Result<void> for_each_item(Bytes list, Add add) {
  Octets item;
  for (std::size_t at = 0; at <= list.size(); ++at) {
    if (at == list.size() || list[at] == ',') {
      const Result<void> done = add(Bytes(item));
      if (!done) return done;
      item.clear();
      continue;
    }
    if (list[at] == '\\') {
      ++at;
      if (at == list.size() || (list[at] != ',' && list[at] != '\\')) {
        return tl::unexpected(Error::BadSvcParam);
      }
    }
    item.push_back(list[at]);
  }
  return {};
}

std::string_view as_text(Bytes octets) noexcept {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

void append16(Octets& octets, std::uint16_t value) {
  octets.push_back(static_cast<std::uint8_t>(value >> 8));
  octets.push_back(static_cast<std::uint8_t>(value));
}

// The keys ascend on the wire, in whatever order they are written. RFC 9460 8.
Result<Octets> read_key_list(Bytes list) {
  std::vector<std::uint16_t> keys;
  const auto done = for_each_item(list, [&keys](Bytes item) -> Result<void> {
    const auto key = svc_param_key_from_text(as_text(item));
    if (!key) return tl::unexpected(key.error());
    keys.push_back(key->number);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  std::sort(keys.begin(), keys.end());
  Octets value;
  for (const std::uint16_t key : keys) append16(value, key);
  return value;
}

Result<Octets> read_alpn_list(Bytes list) {
  Octets value;
  const auto done = for_each_item(list, [&value](Bytes item) -> Result<void> {
    if (item.empty() || item.size() > kMaxAlpnSize) return tl::unexpected(Error::BadSvcParam);
    value.push_back(static_cast<std::uint8_t>(item.size()));
    value.insert(value.end(), item.begin(), item.end());
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return value;
}

Result<Octets> read_port(Bytes text) {
  const auto port = read_number(as_text(text), 0xffff);
  if (!port) return tl::unexpected(port.error());
  Octets value;
  append16(value, static_cast<std::uint16_t>(*port));
  return value;
}

Result<Octets> read_hints(Bytes list, Family family) {
  Octets value;
  const auto done = for_each_item(list, [&value, family](Bytes item) -> Result<void> {
    const auto address = IpAddress::from_text(as_text(item));
    if (!address) return tl::unexpected(address.error());
    if (address->family() != family) return tl::unexpected(Error::BadAddress);
    value.insert(value.end(), address->octets().begin(), address->octets().end());
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return value;
}

Result<Octets> read_ech(Bytes text) {
  Octets value;
  const auto done = read_base64(as_text(text), value);
  if (!done) return tl::unexpected(done.error());
  return value;
}

// `text` with its escapes resolved.
Result<Octets> read_value(SvcParamKeyText key, const Octets& text) {
  if (key.generic) return text;
  switch (SvcParamKey{key.number}) {
    case SvcParamKey::Mandatory:
      return read_key_list(text);
    case SvcParamKey::Alpn:
      return read_alpn_list(text);
    case SvcParamKey::Port:
      return read_port(text);
    case SvcParamKey::Ipv4Hint:
      return read_hints(text, Family::V4);
    case SvcParamKey::Ech:
      return read_ech(text);
    case SvcParamKey::Ipv6Hint:
      return read_hints(text, Family::V6);
    default:
      return text;
  }
}

void append_key_list(std::string& text, Bytes value) {
  for (bool first = true; !value.empty(); first = false) {
    if (!first) text += ',';
    text += key_text(load16(value.data()));
    value = value.subspan(2);
  }
}

void append_alpn_list(std::string& text, Bytes value) {
  Octets list;
  while (!value.empty()) {
    if (!list.empty()) list.push_back(',');
    for (const std::uint8_t octet : value.subspan(1, value[0])) {
      if (octet == ',' || octet == '\\') list.push_back('\\');
      list.push_back(octet);
    }
    value = value.subspan(std::size_t{1} + value[0]);
  }
  append_quoted(text, list);
}

void append_hints(std::string& text, Bytes value, Family family) {
  const std::size_t size = family == Family::V4 ? 4 : 16;
  for (bool first = true; !value.empty(); first = false) {
    if (!first) text += ',';
    text += IpAddress::from_octets(family, value.first(size)).to_text();
    value = value.subspan(size);
  }
}

void append_value(std::string& text, std::uint16_t key, Bytes value) {
  switch (SvcParamKey{key}) {
    case SvcParamKey::Mandatory:
      return append_key_list(text, value);
    case SvcParamKey::Alpn:
      return append_alpn_list(text, value);
    case SvcParamKey::Port:
      text += std::to_string(load16(value.data()));
      return;
    case SvcParamKey::Ipv4Hint:
      return append_hints(text, value, Family::V4);
    case SvcParamKey::Ech:
      return append_base64(text, value);
    case SvcParamKey::Ipv6Hint:
      return append_hints(text, value, Family::V6);
    default:
      return append_quoted(text, value);
  }
}

}  // namespace

Result<SvcParamKeyText> svc_param_key_from_text(std::string_view text) noexcept {
  const auto named = std::find(kKeys.begin(), kKeys.end(), text);
  if (named != kKeys.end()) {
    return SvcParamKeyText{static_cast<std::uint16_t>(named - kKeys.begin()), false};
  }
  if (!text.starts_with("key")) return tl::unexpected(Error::UnknownSvcParam);
  const std::string_view digits = text.substr(3);
  const auto number = read_number(digits, static_cast<unsigned>(SvcParamKey::Invalid) - 1);
  // RFC 9460 2.1: no leading zeros.
  if (!number || (digits.size() > 1 && digits.front() == '0')) {
    return tl::unexpected(Error::UnknownSvcParam);
  }
  return SvcParamKeyText{static_cast<std::uint16_t>(*number), true};
}

Result<Octets> svc_param_from_text(SvcParamKeyText key, std::string_view text) {
  Octets resolved;
  const auto done = read_octets(text, 4 * kMaxRdataSize, Error::RdataTooLong, resolved);
  if (!done) return tl::unexpected(done.error());
  auto value = read_value(key, resolved);
  if (!value) return value;
  if (value->size() > kMaxRdataSize) return tl::unexpected(Error::RdataTooLong);
  if (!fits_svc_param(key.number, *value)) return tl::unexpected(Error::BadSvcParam);
  return value;
}

bool fits_svc_param(std::uint16_t key, Bytes value) noexcept {
  switch (SvcParamKey{key}) {
    case SvcParamKey::Mandatory:
      return is_key_list(value);
    case SvcParamKey::Alpn:
      return is_alpn_list(value);
    case SvcParamKey::NoDefaultAlpn:
    case SvcParamKey::Ohttp:
      return value.empty();
    case SvcParamKey::Port:
      return value.size() == 2;
    case SvcParamKey::Ipv4Hint:
      return is_list_of(4, value);
    case SvcParamKey::Ech:
      return !value.empty();
    case SvcParamKey::Ipv6Hint:
      return is_list_of(16, value);
    case SvcParamKey::DohPath:
      return is_doh_path(value);
    case SvcParamKey::Invalid:
      return false;
  }
  return true;
}

void append_svc_param(std::string& text, std::uint16_t key, Bytes value) {
  text += key_text(key);
  if (value.empty()) return;
  text += '=';
  append_value(text, key, value);
}

}  // namespace dnswire
