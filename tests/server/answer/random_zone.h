// Zones as no one would write them, for tests that compare.
#pragma once

#include <string>
#include <vector>

#include "dnswire/query.h"
#include "tests/dnswire/random.h"
#include "zones/zone_builder.h"

namespace answer::testing {

// Records of all kinds at names of all lengths, and questions that meet them: wildcards whose
// RDATA names themselves and what they cover, empty non-terminals, cuts with glue, DNAME, RRsets
// as large as replies may be. Names are text in any case, with their final dot.
class RandomZone {
 public:
  // SOA, NS and the address of a name server are there.
  RandomZone(dnswire::testing::Random& random, const std::string& origin);

  void add_something();
  // An RRset whose answer takes about so many octets.
  void add_large(std::size_t octets);
  [[nodiscard]] zones::Zone build() const;

  // One that is there, or above, below or beside it, in any case.
  [[nodiscard]] dnswire::Name any_name();
  // A name that gets what the node of that name has: it, or for a wildcard one that it covers.
  [[nodiscard]] dnswire::Name name_for(dnswire::NameView node);
  [[nodiscard]] dnswire::RrType any_type();

 private:
  [[nodiscard]] std::string random_label();
  [[nodiscard]] std::string near_name();
  [[nodiscard]] std::string in_any_case(std::string text);
  [[nodiscard]] std::string random_target();
  [[nodiscard]] std::string random_data(const std::string& type);
  bool add(const std::string& owner, const std::string& type, const std::string& data);
  void add_cut(const std::string& above);

  dnswire::testing::Random& random_;
  std::string origin_;
  zones::ZoneBuilder builder_;
  std::vector<std::string> owners_;
};

}  // namespace answer::testing
