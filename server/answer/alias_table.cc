#include "server/answer/alias_table.h"

#include <utility>

namespace answer {

void AliasTable::put(dnswire::NameView name, dnswire::Family family,
                     std::vector<dnswire::IpAddress> addresses, dnswire::Ttl ttl) {
  Entries& entries = by_name_[dnswire::Name(name)];
  entries[static_cast<std::size_t>(family)] = Entry{std::move(addresses), ttl};
}

std::optional<AliasTable::Addresses> AliasTable::find(dnswire::NameView name,
                                                      dnswire::Family family) const noexcept {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  const std::optional<Entry>& entry = found->second[static_cast<std::size_t>(family)];
  if (!entry) return std::nullopt;
  return Addresses{entry->addresses, entry->ttl};
}

}  // namespace answer
