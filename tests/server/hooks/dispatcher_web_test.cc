// Hooks that are web services.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "server/hooks/dispatcher.h"
#include "tests/health/probes/certificates.h"
#include "tests/server/hooks/web_service.h"

namespace hooks {
namespace {

using boost::asio::io_context;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr Dispatcher::Pace kQuick{milliseconds{1}, milliseconds{4}, 10, 3, 5};

Event event(int number, Kind kind = Kind::Transition) {
  return {kind, "id-" + std::to_string(number), "{\"number\":" + std::to_string(number) + "}"};
}

config::HookOptions hook(const std::string& url) {
  config::HookOptions options;
  options.url = url;
  options.timeout = milliseconds{10'000};
  return options;
}

std::vector<std::string> ids_of(const WebService& service) {
  std::vector<std::string> ids;
  for (const Message& request : service.requests) ids.emplace_back(request["X-Fairlead-Id"]);
  return ids;
}

class DispatcherWeb : public testing::Test {
 protected:
  bool eventually(const std::function<bool()>& condition) { return run_until(io, condition); }
  bool delivers(const Dispatcher& dispatcher, std::uint64_t count) {
    return eventually([&] { return dispatcher.counters().delivered == count; });
  }

  io_context io;
};

TEST_F(DispatcherWeb, PostsASignedEvent) {
  WebService service(io);
  Dispatcher dispatcher(io, kQuick);
  config::HookOptions options = hook(service.url());
  options.secret = "shared";
  dispatcher.set_hooks({options});
  dispatcher.post(event(1, Kind::Alarm));
  ASSERT_TRUE(delivers(dispatcher, 1));
  ASSERT_EQ(service.requests.size(), 1U);
  const Message& request = service.requests[0];
  EXPECT_EQ(request.method_string(), "POST");
  EXPECT_EQ(request.target(), "/events");
  EXPECT_EQ(request.body(), R"({"number":1})");
  EXPECT_EQ(request["X-Fairlead-Event"], "alarm");
  const std::int64_t timestamp = std::stoll(std::string(request["X-Fairlead-Timestamp"]));
  EXPECT_NEAR(static_cast<double>(timestamp), static_cast<double>(::time(nullptr)), 60);
  EXPECT_EQ(request["X-Fairlead-Signature"], signature_of("shared", timestamp, request.body()));
  EXPECT_EQ(dispatcher.counters().waiting, 0U);
  EXPECT_EQ(dispatcher.problem(), "");
}

TEST_F(DispatcherWeb, KeepsTheOrderWithOneRequestAtATime) {
  WebService service(io);
  Dispatcher dispatcher(io, kQuick);
  dispatcher.set_hooks({hook(service.url())});
  for (int i = 1; i <= 4; ++i) dispatcher.post(event(i));
  ASSERT_TRUE(delivers(dispatcher, 4));
  EXPECT_THAT(ids_of(service), ElementsAre("id-1", "id-2", "id-3", "id-4"));
  EXPECT_EQ(service.most_open, 1);
}

TEST_F(DispatcherWeb, TellsOnlyWhatIsWanted) {
  WebService transitions(io);
  WebService alarms(io);
  Dispatcher dispatcher(io, kQuick);
  config::HookOptions first = hook(transitions.url());
  first.alarms = false;
  config::HookOptions second = hook(alarms.url());
  second.transitions = false;
  dispatcher.set_hooks({first, second});
  dispatcher.post(event(1));
  dispatcher.post(event(2, Kind::Alarm));
  ASSERT_TRUE(delivers(dispatcher, 2));
  EXPECT_THAT(ids_of(transitions), ElementsAre("id-1"));
  EXPECT_THAT(ids_of(alarms), ElementsAre("id-2"));
}

TEST_F(DispatcherWeb, TriesAgainAfterAnErrorAndARedirect) {
  WebService service(io);
  service.answers = {500, 302, 404, 200};
  Dispatcher dispatcher(io, kQuick);
  dispatcher.set_hooks({hook(service.url())});
  dispatcher.post(event(1));
  std::vector<std::string> problems;
  ASSERT_TRUE(eventually([&] {
    const std::string problem = dispatcher.problem();
    if (problems.empty() || problems.back() != problem) problems.push_back(problem);
    return dispatcher.counters().delivered == 1;
  }));
  EXPECT_THAT(problems,
              testing::IsSupersetOf({HasSubstr(": HTTP 500"),
                                     HasSubstr(": HTTP 302, and redirects are not followed"),
                                     HasSubstr(": HTTP 404")}));
  EXPECT_THAT(ids_of(service), ElementsAre("id-1", "id-1", "id-1", "id-1"));
  EXPECT_EQ(dispatcher.counters().failed, 3U);
  EXPECT_EQ(dispatcher.counters().dropped, 0U);
  EXPECT_EQ(dispatcher.problem(), "");
}

TEST_F(DispatcherWeb, TriesAgainAfterASilence) {
  WebService service(io);
  service.answers = {WebService::kHang};
  Dispatcher dispatcher(io, {milliseconds{50}, milliseconds{50}, 10, 3, 5});
  config::HookOptions options = hook(service.url());
  options.timeout = milliseconds{100};
  dispatcher.set_hooks({options});
  dispatcher.post(event(1));
  ASSERT_TRUE(eventually([&] { return dispatcher.counters().failed == 1; }));
  EXPECT_THAT(dispatcher.problem(), HasSubstr(": no answer within 100ms"));
  ASSERT_TRUE(eventually([&] { return dispatcher.counters().delivered == 1; }));
}

TEST_F(DispatcherWeb, GivesAnEventUpAfterTenAttempts) {
  WebService service(io);
  service.turn_off();
  Dispatcher dispatcher(io, kQuick);
  dispatcher.set_hooks({hook(service.url() + "/secret")});
  dispatcher.post(event(1));
  ASSERT_TRUE(eventually([&] { return dispatcher.counters().dropped == 1; }));
  EXPECT_EQ(dispatcher.counters().failed, 10U);
  EXPECT_EQ(dispatcher.counters().waiting, 0U);
  EXPECT_THAT(dispatcher.problem(), HasSubstr("Connection refused"));
  EXPECT_THAT(dispatcher.problem(), Not(HasSubstr("secret"))) << "a path may be one";
}

TEST_F(DispatcherWeb, WaitsLongerAfterEachFailure) {
  WebService service(io);
  service.answers = {500, 500, 500, 500};
  Dispatcher dispatcher(io, {milliseconds{20}, milliseconds{80}, 10, 3, 5});
  dispatcher.set_hooks({hook(service.url())});
  const auto start = std::chrono::steady_clock::now();
  dispatcher.post(event(1));
  ASSERT_TRUE(delivers(dispatcher, 1));
  // 20, 40, 80 and 80 ms, each a fifth less at the most.
  EXPECT_GE(std::chrono::steady_clock::now() - start, milliseconds{176});
}

TEST_F(DispatcherWeb, DropsTheOldestOfAFullQueue) {
  WebService service(io);
  service.answers = {WebService::kHang};
  Dispatcher dispatcher(io, kQuick);  // of five
  config::HookOptions options = hook(service.url());
  options.timeout = milliseconds{300};
  dispatcher.set_hooks({options});
  dispatcher.post(event(1));
  ASSERT_TRUE(eventually([&] { return service.requests.size() == 1; }));
  for (int i = 2; i <= 8; ++i) dispatcher.post(event(i));
  EXPECT_EQ(dispatcher.counters().waiting, 5U);
  EXPECT_EQ(dispatcher.counters().dropped, 3U);
  ASSERT_TRUE(delivers(dispatcher, 5));
  EXPECT_THAT(ids_of(service), ElementsAre("id-1", "id-1", "id-5", "id-6", "id-7", "id-8"));
}

TEST_F(DispatcherWeb, AHookInTroubleDelaysNoOther) {
  WebService silent(io);
  silent.answers = {WebService::kHang};
  WebService sound(io);
  Dispatcher dispatcher(io, kQuick);
  dispatcher.set_hooks({hook(silent.url()), hook(sound.url())});
  for (int i = 1; i <= 3; ++i) dispatcher.post(event(i));
  ASSERT_TRUE(delivers(dispatcher, 3));
  EXPECT_EQ(sound.requests.size(), 3U);
  EXPECT_EQ(dispatcher.counters().waiting, 3U);
}

TEST_F(DispatcherWeb, AnUnchangedHookKeepsItsQueueAndAGoneOneIsCutOff) {
  WebService kept(io);
  kept.answers = {WebService::kHang};
  WebService gone(io);
  gone.answers = {WebService::kHang};
  Dispatcher dispatcher(io, kQuick);
  config::HookOptions stays = hook(kept.url());
  stays.timeout = milliseconds{500};
  dispatcher.set_hooks({hook(gone.url()), stays});
  dispatcher.post(event(1));
  dispatcher.post(event(2));
  ASSERT_TRUE(eventually([&] { return kept.open == 1 && gone.open == 1; }));
  dispatcher.set_hooks({stays});
  EXPECT_EQ(dispatcher.counters().waiting, 2U);
  EXPECT_EQ(dispatcher.counters().dropped, 2U);
  ASSERT_TRUE(eventually([&] { return gone.open == 0; }));
  ASSERT_TRUE(delivers(dispatcher, 2));
  EXPECT_THAT(ids_of(kept), ElementsAre("id-1", "id-1", "id-2"));
  EXPECT_THAT(ids_of(gone), ElementsAre("id-1"));
}

TEST_F(DispatcherWeb, EndsAtOnceWithRequestsUnderWay) {
  WebService service(io);
  service.answers = {WebService::kHang, 500};
  {
    Dispatcher dispatcher(io, {milliseconds{60'000}, milliseconds{60'000}, 10, 3, 5});
    config::HookOptions other = hook(service.url());
    other.secret = "another";
    dispatcher.set_hooks({hook(service.url()), other, hook("http://name.invalid/")});
    dispatcher.post(event(1));
    ASSERT_TRUE(eventually([&] { return dispatcher.counters().failed >= 1; }));
    dispatcher.post(event(2));
  }
  ASSERT_TRUE(eventually([&] { return service.open == 0; })) << "cut off, not timed out";
  run_for(io, milliseconds{50});
  EXPECT_EQ(service.requests.size(), 2U);
}

TEST_F(DispatcherWeb, SaysThatANameDoesNotResolve) {
  Dispatcher dispatcher(io, {milliseconds{60'000}, milliseconds{60'000}, 10, 3, 5});
  dispatcher.set_hooks({hook("http://name.invalid/")});
  dispatcher.post(event(1));
  ASSERT_TRUE(eventually([&] { return dispatcher.counters().failed == 1; }));
  EXPECT_EQ(dispatcher.problem(), "hook http://name.invalid: its host does not resolve");
}

TEST_F(DispatcherWeb, SaysThatItsAddressIsNone) {
  Dispatcher dispatcher(io, kQuick);
  dispatcher.set_hooks({hook("gopher://x")});
  dispatcher.post(event(1));
  ASSERT_TRUE(eventually([&] { return dispatcher.counters().dropped == 1; }));
  EXPECT_THAT(dispatcher.problem(), HasSubstr("its `url` cannot be read"));
}

class DispatcherTls : public DispatcherWeb {
 protected:
  // What one attempt at a server with this certificate comes to; "" when it was delivered.
  std::string problem_with(std::shared_ptr<boost::asio::ssl::context> certificate,
                           const std::string& ca_file, bool verify = true) {
    WebService service(io, std::move(certificate));
    Dispatcher dispatcher(io, {milliseconds{60'000}, milliseconds{60'000}, 10, 3, 5});
    config::HookOptions options = hook(service.url("localhost"));
    options.ca_file = ca_file;
    options.verify = verify;
    dispatcher.set_hooks({options});
    dispatcher.post(event(1));
    EXPECT_TRUE(eventually(
        [&] { return dispatcher.counters().failed + dispatcher.counters().delivered == 1; }));
    const std::string problem = dispatcher.problem();
    service.turn_off();
    EXPECT_TRUE(eventually([&] { return service.open == 0; }));
    return problem;
  }
  static probes::Identity named(const std::string& name) {
    probes::Identity identity;
    identity.names = {name};
    return identity;
  }

  const probes::Authority authority;
  const probes::TemporaryFile ca{authority.pem()};
};

TEST_F(DispatcherTls, DeliversToTheRightCertificate) {
  EXPECT_EQ(problem_with(authority.server(named("localhost")), ca.path()), "");
}

TEST_F(DispatcherTls, SaysWhatIsWrongWithACertificate) {
  EXPECT_THAT(problem_with(authority.server(named("other.example")), ca.path()),
              HasSubstr("its certificate: hostname mismatch"));
  EXPECT_THAT(problem_with(probes::self_signed_server(named("localhost")), ca.path()),
              HasSubstr("its certificate: self-signed certificate"));
  EXPECT_THAT(problem_with(probes::Authority().server(named("localhost")), ca.path()),
              HasSubstr("its certificate: "));
  probes::Identity old = named("localhost");
  old.valid_until = -60;
  EXPECT_THAT(problem_with(authority.server(old), ca.path()),
              HasSubstr("its certificate: certificate has expired"));
}

TEST_F(DispatcherTls, TakesAnyCertificateWhereToldTo) {
  EXPECT_EQ(problem_with(probes::self_signed_server(named("other.example")), "", false), "");
}

TEST_F(DispatcherTls, SaysThatAFileOfCertificatesIsMissing) {
  EXPECT_THAT(problem_with(authority.server(named("localhost")), "/nosuch.pem"),
              HasSubstr("cannot read /nosuch.pem: No such file"));
}

}  // namespace
}  // namespace hooks
