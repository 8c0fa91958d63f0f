#include "dnswire/code_point.h"

#include <algorithm>
#include <array>
#include <span>

#include "dnswire/presentation.h"

namespace dnswire {
namespace {

struct CodePoint {
  std::uint8_t number;
  std::string_view mnemonic;
};

constexpr std::array kAlgorithms{
    CodePoint{0, "DELETE"},
    CodePoint{1, "RSAMD5"},
    CodePoint{2, "DH"},
    CodePoint{3, "DSA"},
    CodePoint{5, "RSASHA1"},
    CodePoint{6, "DSA-NSEC3-SHA1"},
    CodePoint{6, "NSEC3DSA"},
    CodePoint{7, "RSASHA1-NSEC3-SHA1"},
    CodePoint{7, "NSEC3RSASHA1"},
    CodePoint{8, "RSASHA256"},
    CodePoint{10, "RSASHA512"},
    CodePoint{12, "ECC-GOST"},
    CodePoint{13, "ECDSAP256SHA256"},
    CodePoint{14, "ECDSAP384SHA384"},
    CodePoint{15, "ED25519"},
    CodePoint{16, "ED448"},
    CodePoint{17, "SM2SM3"},
    CodePoint{23, "ECC-GOST12"},
    CodePoint{252, "INDIRECT"},
    CodePoint{253, "PRIVATEDNS"},
    CodePoint{254, "PRIVATEOID"},
};

constexpr std::array kCertificateTypes{
    CodePoint{1, "PKIX"},  CodePoint{2, "SPKI"},  CodePoint{3, "PGP"},    CodePoint{4, "IPKIX"},
    CodePoint{5, "ISPKI"}, CodePoint{6, "IPGP"},  CodePoint{7, "ACPKIX"}, CodePoint{8, "IACPKIX"},
    CodePoint{253, "URI"}, CodePoint{254, "OID"},
};

Result<std::uint32_t> read(std::span<const CodePoint> table, std::string_view text,
                           std::uint32_t largest) noexcept {
  const auto number = read_number(text, largest);
  if (number || number.error() != Error::BadNumber) return number;
  const auto found = std::find_if(table.begin(), table.end(), [text](const CodePoint& one) {
    return std::equal(text.begin(), text.end(), one.mnemonic.begin(), one.mnemonic.end(),
                      [](char a, char b) { return to_lower(a) == to_lower(b); });
  });
  if (found == table.end()) return tl::unexpected(Error::BadMnemonic);
  return found->number;
}

}  // namespace

Result<std::uint8_t> algorithm_from_text(std::string_view text) noexcept {
  return read(kAlgorithms, text, 0xff).map([](std::uint32_t number) {
    return static_cast<std::uint8_t>(number);
  });
}

Result<std::uint16_t> certificate_type_from_text(std::string_view text) noexcept {
  return read(kCertificateTypes, text, 0xffff).map([](std::uint32_t number) {
    return static_cast<std::uint16_t>(number);
  });
}

}  // namespace dnswire
