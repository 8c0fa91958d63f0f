#include "health/probes/outcome.h"

#include <boost/system/errc.hpp>
#include <cctype>

namespace probes {
namespace {

using health::Reason;

Reason reason_of(const boost::system::error_code& error) {
  namespace errc = boost::system::errc;
  switch (error.default_error_condition().value()) {
    case errc::connection_refused:
      return Reason::Refused;
    case errc::timed_out:
      return Reason::Timeout;
    case errc::host_unreachable:
    case errc::network_unreachable:
    case errc::network_down:
    case errc::address_family_not_supported:
      return Reason::Unreachable;
    case errc::connection_reset:
    case errc::connection_aborted:
    case errc::broken_pipe:
      return Reason::Reset;
    default:
      return Reason::Resource;  // EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL, EPERM, ...
  }
}

}  // namespace

Outcome failure_of(const boost::system::error_code& error) {
  std::string detail = printable(error.message());
  const bool from_system =
      error.default_error_condition().category() == boost::system::generic_category();
  if (from_system && !detail.empty())  // "Connection refused"
    detail[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(detail[0])));
  return {from_system ? reason_of(error) : Reason::Protocol, detail};
}

std::string printable(std::string_view text, std::size_t limit) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char each : text.substr(0, limit)) {
    const auto octet = static_cast<unsigned char>(each);
    if (each == '\\') {
      out += "\\\\";
    } else if (octet >= 0x20 && octet < 0x7f) {
      out += each;
    } else {
      out += "\\x";
      out += kDigits[octet >> 4];
      out += kDigits[octet & 0xf];
    }
  }
  if (text.size() > limit) out += "...";
  return out;
}

std::string to_text(health::Duration duration) {
  const auto count = duration.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + "s" : std::to_string(count) + "ms";
}

}  // namespace probes
