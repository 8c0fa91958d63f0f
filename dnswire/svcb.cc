#include "dnswire/svcb.h"

#include <map>
#include <optional>

#include "dnswire/name_view.h"
#include "dnswire/svc_param.h"

namespace dnswire {
namespace {

struct SvcParam {
  std::uint16_t key;
  Bytes value;
};

// The first of `params`, which is cut off. RFC 9460 2.2.
Result<SvcParam> take_param(Bytes& params) noexcept {
  if (params.size() < 4) return tl::unexpected(Error::Truncated);
  const std::size_t size = load16(&params[2]);
  if (params.size() - 4 < size) return tl::unexpected(Error::Truncated);
  const SvcParam param{load16(params.data()), params.subspan(4, size)};
  params = params.subspan(4 + size);
  return param;
}

// Requires: checked one by one.
std::optional<Bytes> find_param(Bytes params, SvcParamKey key) noexcept {
  while (!params.empty()) {
    const auto param = take_param(params);
    if (param && param->key == static_cast<std::uint16_t>(key)) return param->value;
  }
  return std::nullopt;
}

// Both lists ascend: one walk is enough.
bool has_all(Bytes params, Bytes keys) noexcept {
  while (!keys.empty() && !params.empty()) {
    const auto param = take_param(params);
    if (param && param->key == load16(keys.data())) keys = keys.subspan(2);
  }
  return keys.empty();
}

// RFC 9460 2.4.3: does the record keep what it says of itself?
bool is_consistent(Bytes params) noexcept {
  const auto mandatory = find_param(params, SvcParamKey::Mandatory);
  if (mandatory && !has_all(params, *mandatory)) return false;
  return !find_param(params, SvcParamKey::NoDefaultAlpn) || find_param(params, SvcParamKey::Alpn);
}

// By key, as the wire has them.
using ParamMap = std::map<std::uint16_t, std::vector<std::uint8_t>>;

Result<ParamMap> read_params(Words& words) {
  ParamMap params;
  std::size_t size = 0;
  while (!words.at_end()) {
    const auto parameter = words.take_parameter();
    if (!parameter) return tl::unexpected(parameter.error());
    const auto key = svc_param_key_from_text(parameter->key);
    if (!key) return tl::unexpected(key.error());
    if (params.contains(key->number)) return tl::unexpected(Error::RepeatedSvcParam);
    const auto text = parameter->value ? parameter->value->text : std::string_view();
    auto value = svc_param_from_text(*key, text);
    if (!value) return tl::unexpected(value.error());
    size += 4 + value->size();
    if (size > kMaxRdataSize) return tl::unexpected(Error::RdataTooLong);
    params.emplace(key->number, std::move(*value));
  }
  return params;
}

void append16(std::vector<std::uint8_t>& rdata, std::size_t value) {
  rdata.push_back(static_cast<std::uint8_t>(value >> 8));
  rdata.push_back(static_cast<std::uint8_t>(value));
}

}  // namespace

Result<void> check_svc_params(Bytes params) noexcept {
  int last_key = -1;
  for (Bytes rest = params; !rest.empty();) {
    const auto param = take_param(rest);
    if (!param) return tl::unexpected(param.error());
    if (param->key <= last_key || !fits_svc_param(param->key, param->value)) {
      return tl::unexpected(Error::BadRdata);
    }
    last_key = param->key;
  }
  if (!is_consistent(params)) return tl::unexpected(Error::BadRdata);
  return {};
}

void append_svc_params(std::string& text, Bytes params) {
  for (bool first = true; !params.empty(); first = false) {
    const auto param = take_param(params);
    if (!param) return;
    if (!first) text += ' ';
    append_svc_param(text, param->key, param->value);
  }
}

Result<void> read_svc_params(Words& words, std::vector<std::uint8_t>& rdata) {
  if (words.at_end()) return {};
  if (load16(rdata.data()) == 0) return tl::unexpected(Error::AliasWithSvcParams);
  const auto params = read_params(words);
  if (!params) return tl::unexpected(params.error());
  const std::size_t start = rdata.size();
  for (const auto& [key, value] : *params) {
    append16(rdata, key);
    append16(rdata, value.size());
    rdata.insert(rdata.end(), value.begin(), value.end());
  }
  if (!is_consistent(Bytes(rdata).subspan(start))) return tl::unexpected(Error::MissingSvcParam);
  return {};
}

bool has_idle_svc_params(Bytes rdata) noexcept {
  if (load16(rdata.data()) != 0) return false;
  const auto target = NameView::parse(rdata.subspan(2));
  return target && rdata.size() > 2 + target->size();
}

}  // namespace dnswire
