#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "dnswire/address.h"
#include "dnswire/name.h"
#include "dnswire/rr_type.h"

namespace answer {

// What is known of the addresses of names outside our zones, which names of ours stand for (ALIAS).
//
// Threads: build first, then share freely.
class AliasTable {
 public:
  // One family of a name.
  struct Addresses {
    // Empty: the name has none, or there is no such name.   Borrows: the table.
    std::span<const dnswire::IpAddress> addresses;
    dnswire::Ttl ttl{0};  // of the addresses, or of their absence
  };

  // What the family had so far is replaced. Requires: the addresses are of that family.
  void put(dnswire::NameView name, dnswire::Family family,
           std::vector<dnswire::IpAddress> addresses, dnswire::Ttl ttl);

  // Absent: nothing is known. Case is ignored; nothing is allocated.
  [[nodiscard]] std::optional<Addresses> find(dnswire::NameView name,
                                              dnswire::Family family) const noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return by_name_.size(); }  // names

  friend bool operator==(const AliasTable& a, const AliasTable& b) {
    return a.by_name_ == b.by_name_;
  }

 private:
  struct Entry {
    std::vector<dnswire::IpAddress> addresses;
    dnswire::Ttl ttl{0};
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  using Entries = std::array<std::optional<Entry>, 2>;  // by dnswire::Family

  std::unordered_map<dnswire::Name, Entries, dnswire::NameHash, dnswire::NameEqual> by_name_;
};

}  // namespace answer
