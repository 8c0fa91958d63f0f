#pragma once

#include <cstdint>
#include <vector>

#include "dnswire/bytes.h"
#include "dnswire/name_view.h"
#include "zones/rrset.h"

namespace zones {

// An RRset as it is sent behind a question, compressed as far as the name that it was made for
// allows. It serves other questions that end in that name as well: what points at or behind the
// question's name then moves by what they are longer.
//
// Borrows: a Zone.
struct Sheet {
  dnswire::Bytes records;      // empty: there is none
  dnswire::Bytes pointers;     // where such pointers stand, 16 bits each in this machine's order
  std::uint16_t count = 0;     // records
  std::uint8_t name_size = 0;  // octets of the name that it was made for

  // Copies the records behind a question for a name of `asked_size` octets. Requires: room.
  void write(std::uint8_t* to, std::size_t asked_size) const noexcept;
};

// What a Sheet is made of. No records: the RRset has to be written anew for each question.
struct SheetData {
  std::vector<std::uint8_t> records;
  std::vector<std::uint16_t> pointers;
};

// For questions for `owner`; where that is a wildcard, for the names that it covers.
[[nodiscard]] SheetData make_sheet(dnswire::NameView owner, const RrSet& rrset);

// For questions for any name within `owner`: in a denial, `rrset` is the SOA (RFC 2308 3).
[[nodiscard]] SheetData make_denial_sheet(dnswire::NameView owner, const RrSet& rrset);

}  // namespace zones
