#include "health/probes/outcome.h"

#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>
#include <cerrno>
#include <string>

#include "print.h"

namespace probes {
namespace {

using health::Reason;

Outcome failure(int number) {
  return failure_of(boost::system::error_code(number, boost::system::system_category()));
}

TEST(FailureOf, TellsWhatTheNetworkSays) {
  EXPECT_EQ(failure(ECONNREFUSED), (Outcome{Reason::Refused, "connection refused"}));
  EXPECT_EQ(failure(ETIMEDOUT), (Outcome{Reason::Timeout, "connection timed out"}));
  EXPECT_EQ(failure(EHOSTUNREACH), (Outcome{Reason::Unreachable, "no route to host"}));
  EXPECT_EQ(failure(ENETUNREACH).reason, Reason::Unreachable);
  EXPECT_EQ(failure(ECONNRESET), (Outcome{Reason::Reset, "connection reset by peer"}));
  EXPECT_EQ(failure(EPIPE), (Outcome{Reason::Reset, "broken pipe"}));
}

TEST(FailureOf, TellsWhatIsOurOwnShortage) {
  for (const int number : {EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL, EPERM})
    EXPECT_EQ(failure(number).reason, Reason::Resource) << number;
  EXPECT_EQ(failure(EMFILE).detail, "too many open files");
}

TEST(FailureOf, TakesErrorsOfOtherOriginAsProtocol) {
  EXPECT_EQ(failure_of(boost::asio::error::eof), (Outcome{Reason::Protocol, "End of file"}));
}

TEST(Printable, LeavesPrintableAsciiAlone) {
  EXPECT_EQ(printable("www.example.org is ~fine~!"), "www.example.org is ~fine~!");
}

TEST(Printable, EscapesAllElse) {
  EXPECT_EQ(printable("a\nb\x1b[31m\x7f\xc3\xa9\\"), "a\\x0ab\\x1b[31m\\x7f\\xc3\\xa9\\\\");
  EXPECT_EQ(printable(std::string_view("\0x", 2)), "\\x00x");
}

TEST(Printable, CutsWhatIsTooLong) {
  EXPECT_EQ(printable(std::string(10, 'x'), 10), "xxxxxxxxxx");
  EXPECT_EQ(printable(std::string(11, 'x'), 10), "xxxxxxxxxx...");
}

}  // namespace
}  // namespace probes
