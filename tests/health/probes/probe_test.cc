#include "health/probes/probe.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
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
  target.check.http.body = body;
  return run_probe(target);
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
  target.check.http.body = "world";
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
  target.check.http.host = "www.example.org";
  target.check.http.path = "/healthz";
  expect_pass(run_probe(target));
  EXPECT_EQ(server.last_request(),
            "GET /healthz HTTP/1.1\r\nHost: www.example.org:" + std::to_string(server.port()) +
                "\r\nUser-Agent: fairlead\r\nAccept: */*\r\n"
                "Connection: close\r\n\r\n");
}

TEST(Probe, SendsNoRequestThatHoldsAnother) {
  const Server server(answer_ok());
  Target target = target_on(server.port(), ProbeType::Http);
  target.check.http.path = "/ HTTP/1.1\r\n\r\n";
  expect_failure(run_probe(target), Reason::Resource,
                 "method, path, host or a header holds a character that it must not");
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
  expect_failure(
      probe_http(server), Reason::Status,
      "HTTP 302 to http://127.0.0.1:" + std::to_string(elsewhere.port()) + "/, wanted 200-299");
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

TEST(Probe, TellsAResetWithinTheBody) {
  Script script{{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"}, Ending::Reset};
  expect_failure(probe_body(Server(script), "world"), Reason::Reset, "connection reset by peer");
}

TEST(Probe, MatchesAnExpressionInTheBody) {
  const Server server(answer_ok("load: 17%"));
  Target target = target_on(server.port(), ProbeType::Http);
  target.check.http.body_regex = "^load: [0-9]{1,2}%$";
  expect_pass(run_probe(target));
  target.check.http.body_regex = "load: [5-9][0-9]";
  expect_failure(run_probe(target), Reason::Body, "no match of \"load: [5-9][0-9]\" in the body");
}

TEST(Probe, BlamesItselfForAnExpressionThatIsNone) {
  const Server server(answer_ok());
  Target target = target_on(server.port(), ProbeType::Http);
  target.check.http.body_regex = "(unclosed";
  const Observation seen = run_probe(target);
  EXPECT_EQ(to_text(seen.reason), "resource");
  EXPECT_TRUE(seen.detail.starts_with("body_regex: missing )")) << seen.detail;
}

TEST(Probe, TellsAStrangerByTheMissingToken) {
  const Server stranger(answer_status("404 Not Found"));
  const Server other(Script{{"HTTP/1.1 200 OK\r\nX-Edge-Token: guess\r\n\r\n"}});
  const Server endpoint(Script{{"HTTP/1.1 200 OK\r\nX-Edge-Token: secret\r\n\r\n"}});
  const auto probe_at = [](const Server& server) {
    Target target = target_on(server.port(), ProbeType::Http);
    target.check.identity.header = "X-Edge-Token";
    target.check.identity.token = "secret";
    return run_probe(target);
  };
  expect_failure(probe_at(stranger), Reason::Identity, "header X-Edge-Token is missing");
  expect_failure(probe_at(other), Reason::Identity, "header X-Edge-Token does not hold the token");
  expect_pass(probe_at(endpoint));
}

TEST(Probe, KeepsItsDeadlineWhenOctetsDrip) {
  Script script = octet_by_octet("HTTP/1.1 200 OK\r\nX: " + std::string(500, 'x'));
  script.ending = Ending::Hold;
  Target target = target_on(0, ProbeType::Http);
  const Server server(script);
  target.check.port = server.port();
  target.check.timeout = kShort;
  expect_failure(run_probe(target), Reason::Timeout, "no answer within 150ms");
}

TEST(Probe, GoesToTheAddressOfAName) {
  const Server server(answer_ok());
  const auto look_up = [](const std::string& name) {
    EXPECT_EQ(name, "edge.example");
    return std::optional(boost::asio::ip::make_address("127.0.0.1"));
  };
  expect_pass(run_probe(target_on(server.port(), ProbeType::Http, "edge.example"), look_up));
  EXPECT_NE(server.last_request().find("\r\nHost: edge.example:"), std::string::npos);
}

TEST(Probe, CannotReachANameThatDoesNotResolve) {
  const auto look_up = [](const std::string&) { return std::optional<boost::asio::ip::address>(); };
  expect_failure(run_probe(target_on(80, ProbeType::Tcp, "gone.example"), look_up),
                 Reason::Unreachable, "gone.example does not resolve");
}

TEST(Probe, NeverLooksAnAddressUp) {
  const Server server(say_nothing());
  const auto look_up = [](const std::string& name) {
    ADD_FAILURE() << name;
    return std::optional<boost::asio::ip::address>();
  };
  expect_pass(run_probe(target_on(server.port(), ProbeType::Tcp), look_up));
}

TEST(Probe, EndsSoonWhenItIsCancelled) {
  const Server server(say_nothing());
  for (const ProbeType type :
       {ProbeType::Http, ProbeType::Https, ProbeType::Dns, ProbeType::Exec}) {
    Target target = target_on(server.port(), type);
    target.check.argv = {"sleep", "1000"};
    // For a DNS query: a socket that takes it and is never read.
    boost::asio::io_context io;
    boost::asio::ip::udp::socket silent(io, {boost::asio::ip::address_v4::loopback(), 0});
    if (type == ProbeType::Dns) target.check.port = silent.local_endpoint().port();
    const auto tools = make_tools(io.get_executor());
    boost::asio::cancellation_signal cancel;
    boost::asio::co_spawn(
        io, probe(std::make_shared<const Target>(target), tools),
        boost::asio::bind_cancellation_slot(cancel.slot(), boost::asio::detached));
    io.run_for(std::chrono::milliseconds(50));  // it waits for an answer now
    const auto cancelled = steady_clock::now();
    cancel.emit(boost::asio::cancellation_type::terminal);
    io.run();
    EXPECT_LT(steady_clock::now() - cancelled, std::chrono::seconds(20)) << to_text(type);
    close(*tools);
  }
}

TEST(Probe, LeavesNothingInTimeWait) {
  // A closed connection that waits would keep its local port.
  boost::asio::io_context io;
  tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
  expect_pass(run_probe(target_on(acceptor.local_endpoint().port(), ProbeType::Tcp)));
  tcp::socket socket(io);
  acceptor.accept(socket);
  std::array<char, 1> octet;
  boost::system::error_code error;
  socket.read_some(boost::asio::buffer(octet), error);
  EXPECT_EQ(error, boost::asio::error::connection_reset);
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
