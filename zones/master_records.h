// Where the records of a master file go, and what was wrong with them. Private to this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "dnswire/name.h"
#include "zones/master_lexer.h"
#include "zones/problem.h"
#include "zones/zone_builder.h"

namespace zones {

// The first hundred problems: beyond that it is some other kind of file.
class ProblemList {
 public:
  void add(const std::string& file, Position position, std::string text);
  [[nodiscard]] bool full() const noexcept { return problems_.size() == kMost; }
  [[nodiscard]] std::size_t size() const noexcept { return problems_.size(); }
  [[nodiscard]] Problems take() && { return std::move(problems_); }

 private:
  static constexpr std::size_t kMost = 100;
  Problems problems_;
};

// Takes the records in the order of the file. The first SOA says what the zone's origin is, and
// what the TTL of records is that have none; what comes before it waits for it.
class MasterRecords {
 public:
  MasterRecords(Limits limits, ProblemList& problems) : limits_(limits), problems_(problems) {}

  // Makes room for that many records, of which some may never come.
  void expect(std::size_t records);

  struct Place {
    const std::string* file;  // outlives this object
    Position position;
  };
  // Requires: `rdata` is well-formed for `type`.
  void add(Place place, dnswire::NameView owner, dnswire::RrType type,
           std::optional<dnswire::Ttl> ttl, dnswire::Bytes rdata);

  // `file`: that of problems which are the zone's as a whole.
  [[nodiscard]] std::optional<Zone> finish(const std::string& file) &&;

 private:
  struct Waiting {
    Place place;
    dnswire::Name owner;
    dnswire::RrType type;
    std::optional<dnswire::Ttl> ttl;
    std::vector<std::uint8_t> rdata;
  };

  void begin_zone(dnswire::NameView origin, dnswire::Bytes soa);
  void add_to_zone(Place place, dnswire::NameView owner, dnswire::RrType type,
                   std::optional<dnswire::Ttl> ttl, dnswire::Bytes rdata);

  Limits limits_;
  ProblemList& problems_;
  std::optional<ZoneBuilder> builder_;
  dnswire::Ttl minimum_{0};  // of the SOA
  std::vector<Waiting> waiting_;
  std::size_t expected_ = 0;  // records
};

}  // namespace zones
