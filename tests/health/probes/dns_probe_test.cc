#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "datagram_server.h"
#include "run_probe.h"

namespace probes {
namespace {

using boost::asio::ip::udp;
using health::Duration;
using health::ProbeType;
using health::Reason;
using health::Target;
using Endpoint = DatagramServer::Endpoint;
using Octets = DatagramServer::Octets;

constexpr std::size_t kFlagsAt = 2;

// The query itself, said to be its answer.
Octets answer_to(Octets query, std::uint8_t rcode = 0) {
  query[kFlagsAt] |= 0x80;
  query[kFlagsAt + 1] = static_cast<std::uint8_t>(query[kFlagsAt + 1] | rcode);
  return query;
}

Target target_at(const DatagramServer& server) {
  Target target = target_on(server.port(), ProbeType::Dns);
  target.check.dns.name = "www.Example.";
  target.check.dns.type = "A";
  return target;
}

TEST(DnsProbe, PassesWithAnAnswer) {
  const DatagramServer server([](const Octets& query, int, const Endpoint&) {
    return std::vector<Octets>{answer_to(query)};
  });
  expect_pass(run_probe(target_at(server)));
  EXPECT_EQ(server.received(), 1);
}

TEST(DnsProbe, JudgesTheAnswer) {
  const DatagramServer server([](const Octets& query, int, const Endpoint&) {
    return std::vector<Octets>{answer_to(query, 2)};
  });
  expect_failure(run_probe(target_at(server)), Reason::Status, "SERVFAIL, wanted NOERROR");
}

TEST(DnsProbe, AsksEachTimeByAnotherId) {
  std::vector<std::uint16_t> ids;
  const DatagramServer server([&](const Octets& query, int, const Endpoint&) {
    ids.push_back(static_cast<std::uint16_t>(query[0] << 8 | query[1]));
    return std::vector<Octets>{answer_to(query)};
  });
  for (int i = 0; i < 4; ++i) expect_pass(run_probe(target_at(server)));
  EXPECT_FALSE(ids[0] == ids[1] && ids[1] == ids[2] && ids[2] == ids[3]);
}

TEST(DnsProbe, IgnoresAnswersByOtherIds) {
  const DatagramServer server([](const Octets& query, int, const Endpoint&) {
    Octets wrong = answer_to(query, 2);
    wrong[0] ^= 0xff;
    return std::vector<Octets>{wrong, {}, {0}, answer_to(query)};
  });
  expect_pass(run_probe(target_at(server)));
}

TEST(DnsProbe, IgnoresAnswersFromOthers) {
  boost::asio::io_context io;
  udp::socket stranger(io, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  const DatagramServer server([&](const Octets& query, int, const Endpoint& from) {
    stranger.send_to(boost::asio::buffer(answer_to(query, 2)), from);
    return std::vector<Octets>{answer_to(query)};
  });
  expect_pass(run_probe(target_at(server)));
}

TEST(DnsProbe, AsksOnceMoreAtHalfTime) {
  std::vector<Octets> queries;
  const DatagramServer server([&](const Octets& query, int n, const Endpoint&) {
    queries.push_back(query);
    return n == 0 ? std::vector<Octets>{} : std::vector<Octets>{answer_to(query)};
  });
  Target target = target_at(server);
  target.check.timeout = Duration{1000};
  const health::Observation seen = run_probe(target);
  expect_pass(seen);
  EXPECT_GE(seen.took, Duration{500});
  ASSERT_EQ(queries.size(), 2U);
  EXPECT_EQ(queries[0], queries[1]);
}

TEST(DnsProbe, KeepsItsDeadline) {
  const DatagramServer server(
      [](const Octets&, int, const Endpoint&) { return std::vector<Octets>{}; });
  Target target = target_at(server);
  target.check.timeout = Duration{150};
  expect_failure(run_probe(target), Reason::Timeout, "no answer within 150ms");
  EXPECT_LE(server.received(), 2);
}

TEST(DnsProbe, RefusesAMalformedAnswer) {
  const DatagramServer server([](const Octets& query, int, const Endpoint&) {
    Octets reply = answer_to(query);
    reply.pop_back();
    return std::vector<Octets>{reply};
  });
  expect_failure(run_probe(target_at(server)), Reason::Protocol,
                 "malformed DNS answer: something is missing at the end");
}

TEST(DnsProbe, IsRefusedByAClosedPort) {
  boost::asio::io_context io;
  udp::socket holder(io, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  const std::uint16_t port = holder.local_endpoint().port();
  holder.close();
  Target target = target_on(port, ProbeType::Dns);
  expect_failure(run_probe(target), Reason::Refused, "connection refused");
}

TEST(DnsProbe, BlamesItselfForACheckThatIsNone) {
  Target target = target_on(53, ProbeType::Dns);
  target.check.dns.type = "NONSENSE";
  expect_failure(run_probe(target), Reason::Resource, "\"NONSENSE\" is no RR type");
}

}  // namespace
}  // namespace probes
