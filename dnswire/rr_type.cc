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

// The registry of IANA, so that type bitmaps of any zone are read and messages name every type.
constexpr std::array kTypes{
    Mnemonic<RrType>{RrType::A, "A"},
    Mnemonic<RrType>{RrType::NS, "NS"},
    Mnemonic<RrType>{RrType{3}, "MD"},
    Mnemonic<RrType>{RrType{4}, "MF"},
    Mnemonic<RrType>{RrType::CNAME, "CNAME"},
    Mnemonic<RrType>{RrType::SOA, "SOA"},
    Mnemonic<RrType>{RrType::MB, "MB"},
    Mnemonic<RrType>{RrType::MG, "MG"},
    Mnemonic<RrType>{RrType::MR, "MR"},
    Mnemonic<RrType>{RrType{10}, "NULL"},
    Mnemonic<RrType>{RrType{11}, "WKS"},
    Mnemonic<RrType>{RrType::PTR, "PTR"},
    Mnemonic<RrType>{RrType::HINFO, "HINFO"},
    Mnemonic<RrType>{RrType::MINFO, "MINFO"},
    Mnemonic<RrType>{RrType::MX, "MX"},
    Mnemonic<RrType>{RrType::TXT, "TXT"},
    Mnemonic<RrType>{RrType::RP, "RP"},
    Mnemonic<RrType>{RrType::AFSDB, "AFSDB"},
    Mnemonic<RrType>{RrType{19}, "X25"},
    Mnemonic<RrType>{RrType{20}, "ISDN"},
    Mnemonic<RrType>{RrType::RT, "RT"},
    Mnemonic<RrType>{RrType{22}, "NSAP"},
    Mnemonic<RrType>{RrType{23}, "NSAP-PTR"},
    Mnemonic<RrType>{RrType{24}, "SIG"},
    Mnemonic<RrType>{RrType{25}, "KEY"},
    Mnemonic<RrType>{RrType::PX, "PX"},
    Mnemonic<RrType>{RrType{27}, "GPOS"},
    Mnemonic<RrType>{RrType::AAAA, "AAAA"},
    Mnemonic<RrType>{RrType::LOC, "LOC"},
    Mnemonic<RrType>{RrType{30}, "NXT"},
    Mnemonic<RrType>{RrType{31}, "EID"},
    Mnemonic<RrType>{RrType{32}, "NIMLOC"},
    Mnemonic<RrType>{RrType::SRV, "SRV"},
    Mnemonic<RrType>{RrType{34}, "ATMA"},
    Mnemonic<RrType>{RrType::NAPTR, "NAPTR"},
    Mnemonic<RrType>{RrType::KX, "KX"},
    Mnemonic<RrType>{RrType::CERT, "CERT"},
    Mnemonic<RrType>{RrType{38}, "A6"},
    Mnemonic<RrType>{RrType::DNAME, "DNAME"},
    Mnemonic<RrType>{RrType{40}, "SINK"},
    Mnemonic<RrType>{RrType::OPT, "OPT"},
    Mnemonic<RrType>{RrType::APL, "APL"},
    Mnemonic<RrType>{RrType::DS, "DS"},
    Mnemonic<RrType>{RrType::SSHFP, "SSHFP"},
    Mnemonic<RrType>{RrType{45}, "IPSECKEY"},
    Mnemonic<RrType>{RrType::RRSIG, "RRSIG"},
    Mnemonic<RrType>{RrType::NSEC, "NSEC"},
    Mnemonic<RrType>{RrType::DNSKEY, "DNSKEY"},
    Mnemonic<RrType>{RrType::DHCID, "DHCID"},
    Mnemonic<RrType>{RrType::NSEC3, "NSEC3"},
    Mnemonic<RrType>{RrType::NSEC3PARAM, "NSEC3PARAM"},
    Mnemonic<RrType>{RrType::TLSA, "TLSA"},
    Mnemonic<RrType>{RrType::SMIMEA, "SMIMEA"},
    Mnemonic<RrType>{RrType{55}, "HIP"},
    Mnemonic<RrType>{RrType{56}, "NINFO"},
    Mnemonic<RrType>{RrType{57}, "RKEY"},
    Mnemonic<RrType>{RrType{58}, "TALINK"},
    Mnemonic<RrType>{RrType::CDS, "CDS"},
    Mnemonic<RrType>{RrType::CDNSKEY, "CDNSKEY"},
    Mnemonic<RrType>{RrType::OPENPGPKEY, "OPENPGPKEY"},
    Mnemonic<RrType>{RrType::CSYNC, "CSYNC"},
    Mnemonic<RrType>{RrType::ZONEMD, "ZONEMD"},
    Mnemonic<RrType>{RrType::SVCB, "SVCB"},
    Mnemonic<RrType>{RrType::HTTPS, "HTTPS"},
    Mnemonic<RrType>{RrType{66}, "DSYNC"},
    Mnemonic<RrType>{RrType{67}, "HHIT"},
    Mnemonic<RrType>{RrType{68}, "BRID"},
    Mnemonic<RrType>{RrType::SPF, "SPF"},
    Mnemonic<RrType>{RrType{100}, "UINFO"},
    Mnemonic<RrType>{RrType{101}, "UID"},
    Mnemonic<RrType>{RrType{102}, "GID"},
    Mnemonic<RrType>{RrType{103}, "UNSPEC"},
    Mnemonic<RrType>{RrType::NID, "NID"},
    Mnemonic<RrType>{RrType::L32, "L32"},
    Mnemonic<RrType>{RrType::L64, "L64"},
    Mnemonic<RrType>{RrType::LP, "LP"},
    Mnemonic<RrType>{RrType::EUI48, "EUI48"},
    Mnemonic<RrType>{RrType::EUI64, "EUI64"},
    Mnemonic<RrType>{RrType::NXNAME, "NXNAME"},
    Mnemonic<RrType>{RrType::TKEY, "TKEY"},
    Mnemonic<RrType>{RrType::TSIG, "TSIG"},
    Mnemonic<RrType>{RrType::IXFR, "IXFR"},
    Mnemonic<RrType>{RrType::AXFR, "AXFR"},
    Mnemonic<RrType>{RrType::MAILB, "MAILB"},
    Mnemonic<RrType>{RrType::MAILA, "MAILA"},
    Mnemonic<RrType>{RrType::ANY, "ANY"},
    Mnemonic<RrType>{RrType::URI, "URI"},
    Mnemonic<RrType>{RrType::CAA, "CAA"},
    Mnemonic<RrType>{RrType{258}, "AVC"},
    Mnemonic<RrType>{RrType{259}, "DOA"},
    Mnemonic<RrType>{RrType{260}, "AMTRELAY"},
    Mnemonic<RrType>{RrType::RESINFO, "RESINFO"},
    Mnemonic<RrType>{RrType::WALLET, "WALLET"},
    Mnemonic<RrType>{RrType{263}, "CLA"},
    Mnemonic<RrType>{RrType{264}, "IPN"},
    Mnemonic<RrType>{RrType{32768}, "TA"},
    Mnemonic<RrType>{RrType{32769}, "DLV"},
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
