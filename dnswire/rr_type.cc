#include "dnswire/rr_type.h"

#include <algorithm>
#include <array>

#include "dnswire/presentation.h"

namespace dnswire {
namespace {

template <class T>
struct Mnemonic {
  T value;
  std::string_view text;
};

constexpr std::array kTypes{
    Mnemonic<RrType>{RrType::A, "A"},         Mnemonic<RrType>{RrType::NS, "NS"},
    Mnemonic<RrType>{RrType::CNAME, "CNAME"}, Mnemonic<RrType>{RrType::SOA, "SOA"},
    Mnemonic<RrType>{RrType::PTR, "PTR"},     Mnemonic<RrType>{RrType::MX, "MX"},
    Mnemonic<RrType>{RrType::TXT, "TXT"},     Mnemonic<RrType>{RrType::AAAA, "AAAA"},
    Mnemonic<RrType>{RrType::SRV, "SRV"},     Mnemonic<RrType>{RrType::DNAME, "DNAME"},
    Mnemonic<RrType>{RrType::OPT, "OPT"},     Mnemonic<RrType>{RrType::DS, "DS"},
    Mnemonic<RrType>{RrType::CAA, "CAA"},     Mnemonic<RrType>{RrType::TKEY, "TKEY"},
    Mnemonic<RrType>{RrType::TSIG, "TSIG"},   Mnemonic<RrType>{RrType::IXFR, "IXFR"},
    Mnemonic<RrType>{RrType::AXFR, "AXFR"},   Mnemonic<RrType>{RrType::MAILB, "MAILB"},
    Mnemonic<RrType>{RrType::MAILA, "MAILA"}, Mnemonic<RrType>{RrType::ANY, "ANY"},
};

constexpr std::array kClasses{
    Mnemonic<RrClass>{RrClass::IN, "IN"},   Mnemonic<RrClass>{RrClass::CH, "CH"},
    Mnemonic<RrClass>{RrClass::HS, "HS"},   Mnemonic<RrClass>{RrClass::NONE, "NONE"},
    Mnemonic<RrClass>{RrClass::ANY, "ANY"},
};

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_lower(x) == to_lower(y); });
}

template <class T, std::size_t N>
std::string write(const std::array<Mnemonic<T>, N>& table, std::string_view generic, T value) {
  for (const auto& row : table) {
    if (row.value == value) return std::string(row.text);
  }
  return std::string(generic) + std::to_string(static_cast<unsigned>(value));
}

// `generic` is "TYPE" or "CLASS", `unknown` the error for what is neither mnemonic nor generic.
template <class T, std::size_t N>
Result<T> read(const std::array<Mnemonic<T>, N>& table, std::string_view generic, Error unknown,
               std::string_view text) noexcept {
  for (const auto& row : table) {
    if (equal_ignoring_case(row.text, text)) return row.value;
  }
  if (!equal_ignoring_case(text.substr(0, generic.size()), generic)) {
    return tl::unexpected(unknown);
  }
  const auto number = read_number(text.substr(generic.size()), 0xffff);
  if (!number) {
    return tl::unexpected(number.error() == Error::BadNumber ? unknown : number.error());
  }
  return static_cast<T>(*number);
}

}  // namespace

std::string to_text(RrType type) { return write(kTypes, "TYPE", type); }

std::string to_text(RrClass klass) { return write(kClasses, "CLASS", klass); }

Result<RrType> rr_type_from_text(std::string_view text) noexcept {
  return read(kTypes, "TYPE", Error::UnknownType, text);
}

Result<RrClass> rr_class_from_text(std::string_view text) noexcept {
  return read(kClasses, "CLASS", Error::UnknownClass, text);
}

}  // namespace dnswire
