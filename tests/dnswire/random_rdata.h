// Random well-formed RDATA, made from the fields of the type.
#pragma once

#include <array>

#include "dnswire/rdata.h"
#include "oracle.h"
#include "random.h"

namespace dnswire::testing {

inline constexpr std::array kKnownTypes{RrType::A,   RrType::AAAA, RrType::NS,  RrType::SOA,
                                        RrType::MX,  RrType::TXT,  RrType::SRV, RrType::CNAME,
                                        RrType::CAA, RrType::PTR};

inline Octets random_field(Field field, Random& random, bool plain_only) {
  const auto string = [&](std::size_t low, std::size_t high, bool plain) {
    Octets octets = random.octets(random.between(low, high), plain);
    octets.insert(octets.begin(), static_cast<std::uint8_t>(octets.size()));
    return octets;
  };
  switch (field) {
    case Field::Address4:
    case Field::Number32:
    case Field::Period:
      return random.octets(4);
    case Field::Address6:
      return random.octets(16);
    case Field::Number8:
      return random.octets(1);
    case Field::Number16:
      return random.octets(2);
    case Field::Name:
    case Field::CompressedName: {
      const Name name = random.name(plain_only);
      return {name.view().wire().begin(), name.view().wire().end()};
    }
    case Field::String:
      return string(0, 255, plain_only);
    case Field::Strings: {
      Octets all;
      for (std::size_t n = random.between(1, 3); n > 0; --n) {
        const Octets one = string(0, random.chance(4) ? 255 : 9, plain_only);
        all.insert(all.end(), one.begin(), one.end());
      }
      return all;
    }
    case Field::Tag: {
      Octets tag = string(1, 10, true);
      for (std::size_t i = 1; i < tag.size(); ++i) tag[i] = tag[i] == '-' ? 'q' : tag[i];
      return tag;
    }
    case Field::Text:
      return random.octets(random.between(1, 40), plain_only);  // ldns drops an empty one
  }
  return {};
}

// `plain_only`: names and strings that need no escapes.
inline Octets random_rdata(RrType type, Random& random, bool plain_only) {
  Octets rdata;
  for (const Field field : rdata_fields(type)) {
    const Octets part = random_field(field, random, plain_only);
    rdata.insert(rdata.end(), part.begin(), part.end());
  }
  return rdata;
}

}  // namespace dnswire::testing
