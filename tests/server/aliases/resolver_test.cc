#include "server/aliases/resolver.h"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <fstream>
#include <optional>

#include "name_server.h"
#include "reply.h"

namespace aliases {
namespace {

using boost::asio::ip::udp;
using dnswire::Family;
using dnswire::Rcode;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Asked = NameServer::Asked;
using Replies = std::vector<Octets>;

const char* const kSoa = "example. 600 SOA ns.example. h.example. 1 3600 900 1209600 40";

// One IPv4 address, and no IPv6.
Octets good_reply(const Octets& query, const std::string& address = "192.0.2.1", int ttl = 300) {
  if (family_of(query) == Family::V6) return reply_to(query, {{}, {kSoa}});
  return reply_to(query, {{"www.example. " + std::to_string(ttl) + " A " + address}});
}
Octets error_reply(const Octets& query, Rcode rcode = Rcode::ServFail) {
  return reply_to(query, {{}, {}, rcode});
}

struct ResolverTest : testing::Test {
  boost::asio::io_context io;
  Resolver::Options options;
  std::optional<Resolver> resolver;
  int changes = 0;
  std::vector<Event> events;

  ResolverTest() {
    options.timing.one_try = seconds(20);  // no test waits for it
    options.timing.retry_first = milliseconds(5);
    options.timing.retry_last = milliseconds(20);
    options.timing.confirm = milliseconds(5);
  }

  void start(std::vector<Server> servers, const std::vector<SavedAddresses>& saved = {}) {
    resolver.emplace(
        io, 1, [this] { ++changes; }, [this](const Event& event) { events.push_back(event); },
        options);
    resolver->adopt({name("www.example.")}, std::move(servers), saved);
  }
  template <class Condition>
  bool run_until(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + seconds(30);
    while (!condition() && std::chrono::steady_clock::now() < end) {
      io.restart();
      io.run_one_for(milliseconds(100));
    }
    return condition();
  }
  bool run_until_settled() {
    bool settled = false;
    resolver->when_settled(seconds(25), [&] { settled = true; });
    return run_until([&] { return settled; });
  }
  std::optional<std::vector<dnswire::IpAddress>> known(Family family = Family::V4) const {
    const auto table = resolver->table();
    const auto entry = table->find(name("www.example."), family);
    if (!entry) return std::nullopt;
    return std::vector(entry->addresses.begin(), entry->addresses.end());
  }
  bool saw(Event::Kind kind) const {
    return std::any_of(events.begin(), events.end(),
                       [kind](const Event& event) { return event.kind == kind; });
  }
};

TEST_F(ResolverTest, ResolvesBothFamilies) {
  const NameServer server([](const Asked& asked) { return Replies{good_reply(asked.query)}; });
  start({server.address()});
  EXPECT_FALSE(known());
  ASSERT_TRUE(run_until_settled());
  EXPECT_EQ(known(), addresses({"192.0.2.1"}));
  EXPECT_EQ(known(Family::V6), addresses({}));
  EXPECT_EQ(changes, 2);
  EXPECT_EQ(server.asked(), 2);
  EXPECT_TRUE(events.empty());
}

TEST_F(ResolverTest, FollowsTheChainInsideAnAnswer) {
  const NameServer server([](const Asked& asked) {
    return Replies{reply_to(
        asked.query, {{"www.example. 300 CNAME cdn.example.net.", "cdn.example.net. 20 A 192.0.2.7",
                       "cdn.example.net. 20 AAAA 2001:db8::7"}})};
  });
  start({server.address()});
  ASSERT_TRUE(run_until_settled());
  EXPECT_EQ(known(), addresses({"192.0.2.7"}));
  EXPECT_EQ(known(Family::V6), addresses({"2001:db8::7"}));
}

TEST_F(ResolverTest, AsksAnotherTimeByAnotherIdAndPort) {
  std::vector<std::pair<int, int>> seen;  // the server's thread alone
  {
    const NameServer server([&](const Asked& asked) {
      seen.emplace_back(asked.query[0] << 8 | asked.query[1], asked.from.port());
      return Replies{error_reply(asked.query)};
    });
    start({server.address()});
    ASSERT_TRUE(run_until([&] { return server.asked() >= 8; }));
    resolver.reset();
  }
  std::set<int> ids, ports;
  for (const auto& [id, port] : seen) {
    ids.insert(id);
    ports.insert(port);
  }
  EXPECT_GT(ids.size(), 4U);
  EXPECT_GT(ports.size(), 4U);
}

TEST_F(ResolverTest, TakesATruncatedAnswerOverTcp) {
  std::atomic<int> over_tcp = 0;
  const NameServer server([&](const Asked& asked) {
    if (asked.tcp) {
      ++over_tcp;
      return Replies{good_reply(asked.query)};
    }
    Reply reply{{"www.example. 300 A 192.0.2.66"}};
    reply.truncated = true;
    return Replies{reply_to(asked.query, reply)};
  });
  start({server.address()});
  ASSERT_TRUE(run_until_settled());
  EXPECT_EQ(known(), addresses({"192.0.2.1"}));
  EXPECT_EQ(over_tcp, 2);
}

TEST_F(ResolverTest, GoesToTheNextServerWhenTcpComesToNothing) {
  const auto truncated = [](const Asked& asked) {
    Reply reply;
    reply.truncated = true;
    return Replies{reply_to(asked.query, reply)};
  };
  const NameServer hangs_up(
      [&](const Asked& asked) { return asked.tcp ? Replies{} : truncated(asked); });
  const NameServer talks_rubbish([&](const Asked& asked) {
    return asked.tcp ? Replies{{1, 2, 3}} : truncated(asked);
  });
  const NameServer never_ends([&](const Asked& asked) { return truncated(asked); });
  const NameServer good([](const Asked& asked) { return Replies{good_reply(asked.query)}; });
  start({hangs_up.address(), talks_rubbish.address(), never_ends.address(), good.address()});
  ASSERT_TRUE(run_until_settled());
  EXPECT_EQ(known(), addresses({"192.0.2.1"}));
}

TEST_F(ResolverTest, IgnoresLies) {
  boost::asio::io_context other;
  udp::socket stranger(other, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  const NameServer server([&](const Asked& asked) {
    const Octets lie = good_reply(asked.query, "192.0.2.66");
    stranger.send_to(boost::asio::buffer(lie), asked.from);
    Octets other_id = lie;
    other_id[0] ^= 0xff;
    Octets other_name = lie;
    other_name[13] ^= 1;
    Octets cut = lie;
    cut.pop_back();
    return Replies{other_id, other_name, cut, {}, {0}, asked.query, good_reply(asked.query)};
  });
  start({server.address()});
  ASSERT_TRUE(run_until_settled());
  EXPECT_EQ(known(), addresses({"192.0.2.1"}));
  EXPECT_EQ(server.asked(), 2);
}

TEST_F(ResolverTest, AsksTheNextServerWhereOneDoesNotTell) {
  const NameServer failing([](const Asked& asked) { return Replies{error_reply(asked.query)}; });
  const NameServer refusing(
      [](const Asked& asked) { return Replies{error_reply(asked.query, Rcode::Refused)}; });
  const NameServer referring([](const Asked& asked) {
    return Replies{reply_to(asked.query, {{}, {"example. 600 NS ns.example."}})};
  });
  const NameServer good([](const Asked& asked) { return Replies{good_reply(asked.query)}; });
  Server closed = good.address();
  {
    boost::asio::io_context other;
    udp::socket holder(other, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    closed.port = holder.local_endpoint().port();
  }
  start({failing.address(), refusing.address(), referring.address(), closed, good.address()});
  ASSERT_TRUE(run_until_settled());
  EXPECT_EQ(known(), addresses({"192.0.2.1"}));
  EXPECT_TRUE(events.empty());
}

TEST_F(ResolverTest, PrefersTheServerThatToldLast) {
  const NameServer failing([](const Asked& asked) { return Replies{error_reply(asked.query)}; });
  const NameServer good([](const Asked& asked) { return Replies{good_reply(asked.query)}; });
  start({failing.address(), good.address()});
  ASSERT_TRUE(run_until_settled());
  const int before = failing.asked();
  resolver->adopt({name("www.example."), name("b.example.")}, {failing.address(), good.address()});
  ASSERT_TRUE(run_until_settled());
  EXPECT_EQ(failing.asked(), before);
  EXPECT_EQ(good.asked(), 4);
}

TEST_F(ResolverTest, WaitsForASilentServerNoLongerThanItMay) {
  options.timing.one_try = milliseconds(100);
  const NameServer silent([](const Asked&) { return Replies{}; });
  const NameServer good([](const Asked& asked) { return Replies{good_reply(asked.query)}; });
  start({silent.address(), good.address()});
  EXPECT_TRUE(run_until([&] { return known() == addresses({"192.0.2.1"}); }));
  EXPECT_GE(silent.asked(), 1);
}

TEST_F(ResolverTest, GoesOnAskingUntilSomebodyTells) {
  const NameServer server([](const Asked& asked) {
    return Replies{asked.n < 6 ? error_reply(asked.query) : good_reply(asked.query)};
  });
  start({server.address()});
  ASSERT_TRUE(run_until_settled()) << "in vain, but asked";
  ASSERT_TRUE(saw(Event::Kind::Failing));
  EXPECT_EQ(events[0].text, "SERVFAIL from " + server.address().to_text());
  EXPECT_TRUE(run_until([&] { return known() && known(Family::V6); }));
  EXPECT_EQ(known(), addresses({"192.0.2.1"}));
  EXPECT_EQ(events.size(), 4U) << "each family: failing, then resolved";
}

TEST_F(ResolverTest, KeepsWhatIsKnownWhileServersFail) {
  options.timing.ttl_min = milliseconds(5);
  const NameServer server([](const Asked& asked) {
    return Replies{asked.n < 2 ? good_reply(asked.query, "192.0.2.1", 0)
                               : error_reply(asked.query)};
  });
  start({server.address()});
  ASSERT_TRUE(run_until_settled());
  ASSERT_TRUE(run_until([&] { return server.asked() > 20; }));
  EXPECT_EQ(known(), addresses({"192.0.2.1"}));
  EXPECT_TRUE(run_until([&] { return saw(Event::Kind::Failing); }));
}

TEST_F(ResolverTest, TakesANewAddressOver) {
  options.timing.ttl_min = milliseconds(5);
  const NameServer server([](const Asked& asked) {
    return Replies{good_reply(asked.query, asked.n < 6 ? "192.0.2.1" : "192.0.2.2", 0)};
  });
  start({server.address()});
  EXPECT_TRUE(run_until([&] { return known() == addresses({"192.0.2.2"}); }));
}

TEST_F(ResolverTest, AsksAnotherServerWhetherANameIsGone) {
  options.timing.ttl_min = milliseconds(5);
  const NameServer first([](const Asked& asked) {
    return Replies{asked.n < 2 ? good_reply(asked.query, "192.0.2.1", 0)
                               : reply_to(asked.query, {{}, {kSoa}, Rcode::NxDomain})};
  });
  std::atomic<bool> is_gone = false;
  const NameServer second([&](const Asked& asked) {
    return Replies{is_gone ? reply_to(asked.query, {{}, {kSoa}, Rcode::NxDomain})
                           : good_reply(asked.query, "192.0.2.1", 0)};
  });
  start({first.address(), second.address()});
  ASSERT_TRUE(run_until([&] { return second.asked() > 10; }));
  EXPECT_EQ(known(), addresses({"192.0.2.1"})) << "one server alone does not make it so";
  is_gone = true;
  EXPECT_TRUE(run_until([&] { return known() == addresses({}); }));
  EXPECT_TRUE(saw(Event::Kind::Gone));
}

TEST_F(ResolverTest, ServesWhatWasSavedAtOnce) {
  const NameServer silent([](const Asked&) { return Replies{}; });
  start({silent.address()},
        {{name("www.example."), Family::V4, addresses({"192.0.2.5"}), dnswire::Ttl{300}, 1},
         {name("www.example."), Family::V6, {}, dnswire::Ttl{300}, 1}});
  EXPECT_EQ(known(), addresses({"192.0.2.5"}));
  EXPECT_TRUE(run_until_settled());
  const auto saved = resolver->save();
  ASSERT_EQ(saved.size(), 2U);
  EXPECT_EQ(saved[0].addresses, addresses({"192.0.2.5"}));
  EXPECT_NEAR(static_cast<double>(saved[0].when), 1, 2);
}

TEST_F(ResolverTest, IsSettledAtTheLatestAfterTheLimit) {
  const NameServer silent([](const Asked&) { return Replies{}; });
  start({silent.address()});
  int times = 0;
  resolver->when_settled(milliseconds(20), [&] { ++times; });
  EXPECT_EQ(times, 0);
  EXPECT_TRUE(run_until([&] { return times > 0; }));
  EXPECT_FALSE(known());
  EXPECT_EQ(times, 1);
}

TEST_F(ResolverTest, WithoutTargetsIsSettled) {
  resolver.emplace(io, 1, nullptr, nullptr, options);
  resolver->adopt({}, {});
  EXPECT_TRUE(run_until_settled());
  EXPECT_EQ(resolver->table()->size(), 0U);
}

TEST_F(ResolverTest, HasNoMoreInFlightThanItMay) {
  options.max_in_flight = 3;
  const NameServer silent([](const Asked&) { return Replies{}; });
  start({silent.address()});
  std::vector<dnswire::Name> targets;
  for (int i = 0; i < 20; ++i) targets.push_back(name("n" + std::to_string(i) + ".example."));
  resolver->adopt(targets, {silent.address()});
  ASSERT_TRUE(run_until([&] { return silent.asked() >= 3; }));
  bool over = false;
  resolver->when_settled(milliseconds(50), [&] { over = true; });
  ASSERT_TRUE(run_until([&] { return over; }));
  EXPECT_EQ(silent.asked(), 3);
}

TEST_F(ResolverTest, ResolvesMoreTargetsThanMayBeInFlight) {
  options.max_in_flight = 3;
  const NameServer server([](const Asked& asked) {
    return Replies{reply_to(asked.query, {{}, {kSoa}})};
  });
  start({server.address()});
  std::vector<dnswire::Name> targets;
  for (int i = 0; i < 40; ++i) targets.push_back(name("n" + std::to_string(i) + ".example."));
  resolver->adopt(targets, {server.address()});
  ASSERT_TRUE(run_until_settled());
  EXPECT_EQ(resolver->table()->size(), 40U);
}

TEST_F(ResolverTest, AsksTheServersOfTheSystemIfItIsGivenNone) {
  options.resolv_conf = testing::TempDir() + "aliases_system_resolv.conf";
  std::ofstream(options.resolv_conf) << "nameserver 127.0.0.9\n";
  resolver.emplace(io, 1, nullptr, nullptr, options);
  resolver->adopt({}, {});
  ASSERT_EQ(resolver->servers().size(), 1U);
  EXPECT_EQ(resolver->servers()[0].to_text(), "127.0.0.9:53");
  std::ofstream(options.resolv_conf) << "nameserver 127.0.0.8\n";
  resolver->adopt({}, {});
  EXPECT_EQ(resolver->servers()[0].to_text(), "127.0.0.8:53") << "read again at a reload";
}

TEST_F(ResolverTest, TriesNewServersAtOnce) {
  options.timing.retry_first = seconds(3600);
  options.timing.retry_last = seconds(3600);
  const NameServer failing([](const Asked& asked) { return Replies{error_reply(asked.query)}; });
  const NameServer good([](const Asked& asked) { return Replies{good_reply(asked.query)}; });
  start({failing.address()});
  ASSERT_TRUE(run_until_settled());
  resolver->adopt({name("www.example.")}, {good.address()});
  EXPECT_TRUE(run_until([&] { return known() == addresses({"192.0.2.1"}); }));
}

TEST_F(ResolverTest, CallsNobodyOnceItIsGone) {
  const NameServer silent([](const Asked&) { return Replies{}; });
  start({silent.address()});
  bool settled = false;
  resolver->when_settled(milliseconds(1), [&] { settled = true; });
  ASSERT_TRUE(run_until([&] { return silent.asked() == 2; }) || settled);
  settled = false;
  resolver.reset();
  io.restart();
  io.run();  // comes to an end: nothing is left under way
  EXPECT_FALSE(settled);
  EXPECT_EQ(changes, 0);
}

}  // namespace
}  // namespace aliases
