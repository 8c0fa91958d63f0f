#include "server/control/saved_aliases.h"

#include <optional>
#include <utility>

namespace control {
namespace {

using dnswire::Family;

std::optional<aliases::SavedAddresses> read(const state::SavedAlias& saved) {
  auto name = dnswire::Name::from_text(saved.name);
  if (!name) return std::nullopt;
  aliases::SavedAddresses alias;
  alias.name = std::move(*name);
  alias.family = saved.family == 6 ? Family::V6 : Family::V4;
  alias.ttl = dnswire::Ttl(saved.ttl);
  alias.when = saved.told;
  for (const std::string& text : saved.addresses) {
    const auto address = dnswire::IpAddress::from_text(text);
    if (!address || address->family() != alias.family) return std::nullopt;
    alias.addresses.push_back(*address);
  }
  return alias;
}

}  // namespace

std::vector<state::SavedAlias> to_saved(const std::vector<aliases::SavedAddresses>& aliases) {
  std::vector<state::SavedAlias> saved;
  for (const aliases::SavedAddresses& alias : aliases) {
    state::SavedAlias& row = saved.emplace_back();
    row.name = alias.name.to_text();
    row.family = alias.family == Family::V6 ? 6 : 4;
    for (const dnswire::IpAddress& address : alias.addresses) {
      row.addresses.push_back(address.to_text());
    }
    row.ttl = alias.ttl.count();
    row.told = alias.when;
  }
  return saved;
}

std::vector<aliases::SavedAddresses> from_saved(const std::vector<state::SavedAlias>& saved) {
  std::vector<aliases::SavedAddresses> aliases;
  for (const state::SavedAlias& row : saved) {
    if (auto alias = read(row)) aliases.push_back(std::move(*alias));
  }
  return aliases;
}

}  // namespace control
