#include "health/probes/probe.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <deque>
#include <string>

#include "run_probe.h"
#include "server.h"

namespace probes {
namespace {

using boost::asio::ip::tcp;
using health::Duration;
using health::Observation;
using health::ProbeType;
using health::Reason;
using health::Target;
using std::chrono::steady_clock;

constexpr Duration kShort{150};

Observation probe_http(const Server& server) {
  return run_probe(target_on(server.port(), ProbeType::Http));
}

Observation probe_body(const Server& server, const std::string& body) {
  Target target = target_on(server.port(), ProbeType::Http);
  target.check.body = body;
  return run_probe(target);
}

void expect_failure(const Observation& seen, Reason reason, const std::string& detail) {
  EXPECT_FALSE(seen.passed);
  EXPECT_EQ(to_text(seen.reason), to_text(reason));
  EXPECT_EQ(seen.detail, detail);
}

void expect_pass(const Observation& seen) {
  EXPECT_TRUE(seen.passed);
  EXPECT_EQ(seen.reason, Reason::None);
  EXPECT_EQ(seen.detail, "");
}

bool has_ipv6_loopback() {
  boost::asio::io_context io;
  tcp::socket socket(io);
  boost::system::error_code error;
  socket.open(tcp::v6(), error);
  if (!error) socket.bind({boost::asio::ip::address_v6::loopback(), 0}, error);
  return !error;
}

TEST(Probe, PassesOnceTcpIsConnected) {
  const Server server(say_nothing());
  expect_pass(run_probe(target_on(server.port(), ProbeType::Tcp)));
}

TEST(Probe, IsRefusedByAClosedPort) {
  Server server(say_nothing());
  server.turn_off();
  for (const ProbeType type : {ProbeType::Tcp, ProbeType::Http, ProbeType::Https})
    expect_failure(run_probe(target_on(server.port(), type)), Reason::Refused,
                   "connection refused");
}

TEST(Probe, TellsWhenItBeganAndHowLongItTook) {
  const Server server(say_nothing());
  Target target = target_on(server.port(), ProbeType::Http);
  target.check.timeout = kShort;
  const auto before = steady_clock::now();
  const Observation seen = run_probe(target);
  const auto after = steady_clock::now();
  EXPECT_GE(seen.started, before);
  EXPECT_GE(seen.took, kShort);
  EXPECT_LE(seen.started + seen.took, after);
}

TEST(Probe, KeepsItsDeadlineWhenNobodyAnswers) {
  const Server server(say_nothing());
  for (const ProbeType type : {ProbeType::Http, ProbeType::Https}) {
    Target target = target_on(server.port(), type);
    target.check.timeout = kShort;
    expect_failure(run_probe(target), Reason::Timeout, "no answer within 150ms");
  }
}

TEST(Probe, KeepsItsDeadlineWhenTheBodyNeverEnds) {
  const Server server(
      Script{{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"}, Ending::Hold});
  Target target = target_on(server.port(), ProbeType::Http);
  target.check.timeout = kShort;
  target.check.body = "world";
  expect_failure(run_probe(target), Reason::Timeout, "no answer within 150ms");
}

TEST(Probe, KeepsItsDeadlineWhenTheConnectionIsNeverMade) {
  // A queue of pending connections that is full: Linux drops further SYNs.
  boost::asio::io_context io;
  tcp::acceptor acceptor(io);
  acceptor.open(tcp::v4());
  acceptor.bind({boost::asio::ip::address_v4::loopback(), 0});
  acceptor.listen(0);
  const tcp::endpoint endpoint = acceptor.local_endpoint();
  std::deque<tcp::socket> fillers;
  for (int i = 0; i < 4; ++i) {
    tcp::socket& filler = fillers.emplace_back(io, tcp::v4());
    filler.native_non_blocking(true);
    static_cast<void>(
        connect(filler.native_handle(), endpoint.data(), static_cast<socklen_t>(endpoint.size())));
  }
  Target target = target_on(endpoint.port(), ProbeType::Tcp);
  target.check.timeout = kShort;
  expect_failure(run_probe(target), Reason::Timeout, "no answer within 150ms");
}

TEST(Probe, AsksForThePathOfTheHost) {
  const Server server(answer_ok());
  Target target = target_on(server.port(), ProbeType::Http);
  target.check.host = "www.example.org";
  target.check.path = "/healthz";
  expect_pass(run_probe(target));
  EXPECT_EQ(server.last_request(),
            "GET /healthz HTTP/1.1\r\nHost: www.example.org:" + std::to_string(server.port()) +
                "\r\nUser-Agent: fairlead\r\nAccept: */*\r\n"
                "Connection: close\r\n\r\n");
}

TEST(Probe, SendsNoRequestThatHoldsAnother) {
  const Server server(answer_ok());
  Target target = target_on(server.port(), ProbeType::Http);
  target.check.path = "/ HTTP/1.1\r\n\r\n";
  expect_failure(run_probe(target), Reason::Protocol,
                 "path or host holds a space or a control character");
}

TEST(Probe, JudgesTheStatus) {
  expect_pass(probe_http(Server(answer_status("204 No Content"))));
  expect_failure(probe_http(Server(answer_status("503 Busy"))), Reason::Status,
                 "HTTP 503, wanted 200-299");
}

TEST(Probe, DoesNotFollowARedirect) {
  const Server elsewhere(answer_ok());
  const Server server(Script{{"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" +
                              std::to_string(elsewhere.port()) + "/\r\n\r\n"}});
  expect_failure(probe_http(server), Reason::Status, "HTTP 302, wanted 200-299");
  EXPECT_EQ(elsewhere.accepted(), 0);
  EXPECT_EQ(server.accepted(), 1);
}

TEST(Probe, TakesAnEndBeforeAnyAnswerAsAFailure) {
  expect_failure(probe_http(Server(Script{})), Reason::Protocol,
                 "connection closed without an answer");
}

TEST(Probe, TakesAnEndWithinTheHeaderAsAFailure) {
  expect_failure(probe_http(Server(Script{{"HTTP/1.1 200 OK\r\nContent-Le"}})), Reason::Protocol,
                 "connection closed within the HTTP header");
}

TEST(Probe, TellsAResetFromAnEnd) {
  expect_failure(probe_http(Server(Script{{}, Ending::Reset})), Reason::Reset,
                 "connection reset by peer");
}

TEST(Probe, PassesWithoutWaitingForTheBody) {
  const Server server(Script{{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"}, Ending::Hold});
  expect_pass(probe_http(server));
}

TEST(Probe, FindsTextInTheBody) {
  const Server server(answer_ok("all is well"));
  expect_pass(probe_body(server, "is well"));
  expect_failure(probe_body(server, "is ill"), Reason::Body, "\"is ill\" not found in the body");
}

TEST(Probe, FindsTextAcrossChunks) {
  const Server server(Script{{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                              "7\r\nall is \r\n", "4\r\nwell\r\n", "0\r\n\r\n"}});
  expect_pass(probe_body(server, "is well"));
}

TEST(Probe, ReadsNoFurtherThanTheLimit) {
  const std::string fill(health::kMaxBody, '.');
  const Server server(Script{{"HTTP/1.1 200 OK\r\n\r\n" + fill + "fine"}, Ending::Hold});
  expect_failure(probe_body(server, "fine"), Reason::Body,
                 "\"fine\" not found in the first 16 KiB");
}

TEST(Probe, ReadsAnAnswerThatComesOctetByOctet) {
  const Server server(octet_by_octet(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nall f\r\n3\r\nine\r\n0\r\n\r\n"));
  expect_pass(probe_http(server));
  expect_pass(probe_body(server, "all fine"));
}

TEST(Probe, GivesUpOnEndlessHeaders) {
  Script script{{"HTTP/1.1 200 OK\r\n"}, Ending::Hold};
  for (int i = 0; i < 20; ++i)
    script.parts.push_back("X-Filler: " + std::string(1000, 'x') + "\r\n");
  expect_failure(probe_http(Server(script)), Reason::Protocol, "HTTP header longer than 16 KiB");
}

TEST(Probe, RefusesWhatIsNotHttp) {
  const Observation seen = probe_http(Server(Script{{"SSH-2.0-OpenSSH_9.2\r\n"}, Ending::Hold}));
  EXPECT_EQ(seen.reason, Reason::Protocol);
}

TEST(Probe, ReachesIpv6) {
  if (!has_ipv6_loopback()) GTEST_SKIP() << "this machine has no ::1";
  const Server server(answer_ok(), nullptr, "::1");
  expect_pass(run_probe(target_on(server.port(), ProbeType::Tcp, "::1")));
  expect_pass(run_probe(target_on(server.port(), ProbeType::Http, "::1")));
  EXPECT_NE(server.last_request().find("\r\nHost: [::1]:" + std::to_string(server.port()) + "\r\n"),
            std::string::npos);
}

TEST(Probe, BlamesItselfForATargetWithoutAnAddress) {
  expect_failure(run_probe(target_on(80, ProbeType::Tcp, "www.example.org")), Reason::Resource,
                 "\"www.example.org\" is no address");
}

TEST(Probe, BlamesItselfWhenOutOfDescriptors) {
#ifdef __SANITIZE_ADDRESS__
  // UndefinedBehaviorSanitizer opens a pipe to look at a vptr and calls it invalid without one.
  GTEST_SKIP() << "this sanitizer needs the descriptors that the test takes; others run it";
#endif
  const Server server(answer_ok());
  rlimit former{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &former), 0);
  rlimit tight = former;
  tight.rlim_cur = 64;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &tight), 0);
  Observation seen;
  {
    boost::asio::io_context io;
    std::deque<tcp::socket> hoard;
    boost::system::error_code error;
    while (!error) hoard.emplace_back(io).open(tcp::v4(), error);
    // The last one failed. Three more give way to the event loop of the probe (epoll, eventfd,
    // timerfd), so that its socket is the one too many.
    for (int i = 0; i < 4 && !hoard.empty(); ++i) hoard.pop_back();
    seen = run_probe(target_on(server.port(), ProbeType::Http));
  }
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &former), 0);
  expect_failure(seen, Reason::Resource, "too many open files");
}

}  // namespace
}  // namespace probes
