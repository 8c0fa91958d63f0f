#include "health/probes/tls.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <string>
#include <utility>

#include "certificates.h"
#include "run_probe.h"
#include "server.h"

namespace probes {
namespace {

using health::Observation;
using health::ProbeType;
using health::Reason;
using health::Target;

Identity identity_of(const std::string& name) {
  Identity identity;
  identity.names = {name};
  return identity;
}

// An authority that probes trust, and targets served with its certificates.
class TlsProbe : public testing::Test {
 protected:
  [[nodiscard]] Target target_at(const Server& server, const std::string& host) const {
    Target target = target_on(server.port(), ProbeType::Https);
    target.check.host = host;
    target.check.ca_file = ca_file_.path();
    return target;
  }
  // Probes as `host` a server that shows a certificate of `identity`.
  [[nodiscard]] Observation probe_shown(const Identity& identity, const std::string& host) const {
    const Server server(answer_ok(), authority_.server(identity));
    return run_probe(target_at(server, host));
  }

  const Authority authority_;
  const TemporaryFile ca_file_{authority_.pem()};
};

void expect_failure(const Observation& seen, Reason reason, const std::string& detail) {
  EXPECT_FALSE(seen.passed);
  EXPECT_EQ(to_text(seen.reason), to_text(reason));
  EXPECT_EQ(seen.detail, detail);
}

TEST_F(TlsProbe, PassesWithAValidCertificate) {
  const Observation seen = probe_shown(identity_of("www.example"), "www.example");
  EXPECT_TRUE(seen.passed) << seen.detail;
}

TEST_F(TlsProbe, ReadsTheAnswerInsideTls) {
  Server server(answer_ok("all is well"), authority_.server(identity_of("www.example")));
  Target target = target_at(server, "www.example");
  target.check.body = "is well";
  EXPECT_TRUE(run_probe(target).passed);
  server.play(answer_status("503 Busy"));
  expect_failure(run_probe(target), Reason::Status, "HTTP 503, wanted 200-299");
}

TEST_F(TlsProbe, TakesAnEndWithoutCloseNotifyAsAnEnd) {
  const Server server(Script{{"HTTP/1.0 200 OK\r\n\r\nall fine"}},
                      authority_.server(identity_of("www.example")));
  Target target = target_at(server, "www.example");
  target.check.body = "well";
  expect_failure(run_probe(target), Reason::Body,
                 "\"well\" not found before the connection was closed");
}

TEST_F(TlsProbe, SendsTheHostAsServerName) {
  const Server server(answer_ok(), authority_.server(identity_of("www.example")));
  EXPECT_TRUE(run_probe(target_at(server, "www.example")).passed);
  EXPECT_EQ(server.last_server_name(), "www.example");
}

TEST_F(TlsProbe, TakesAnAbsoluteName) {
  const Server server(answer_ok(), authority_.server(identity_of("www.example")));
  EXPECT_TRUE(run_probe(target_at(server, "www.example.")).passed);
  EXPECT_EQ(server.last_server_name(), "www.example");
}

TEST_F(TlsProbe, SendsNoServerNameForAnAddress) {
  Identity identity;
  identity.addresses = {std::string("\x7f\0\0\1", 4)};
  const Server server(answer_ok(), authority_.server(identity));
  const Observation seen = run_probe(target_at(server, ""));
  EXPECT_TRUE(seen.passed) << seen.detail;
  EXPECT_EQ(server.last_server_name(), "");
}

TEST_F(TlsProbe, AcceptsAWildcard) {
  EXPECT_TRUE(probe_shown(identity_of("*.example.org"), "www.example.org").passed);
  EXPECT_EQ(probe_shown(identity_of("*.example.org"), "a.b.example.org").reason, Reason::TlsName);
}

TEST_F(TlsProbe, TellsWhomTheCertificateIsFor) {
  expect_failure(probe_shown(identity_of("old.example"), "www.example"), Reason::TlsName,
                 "certificate is for old.example, not www.example");
}

TEST_F(TlsProbe, TellsAFewOfManyNames) {
  Identity identity;
  identity.names = {"a.example", "b.example", "c.example", "d.example", "e.example"};
  expect_failure(probe_shown(identity, "www.example"), Reason::TlsName,
                 "certificate is for a.example, b.example, c.example and 2 more, not www.example");
}

TEST_F(TlsProbe, TellsAddressesOfACertificate) {
  Identity identity;
  identity.addresses = {std::string("\xc0\x00\x02\x01", 4),
                        std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + "\x01"};
  expect_failure(probe_shown(identity, ""), Reason::TlsName,
                 "certificate is for 192.0.2.1, 2001:db8::1, not 127.0.0.1");
}

TEST_F(TlsProbe, TellsTheCommonNameWhereThereIsNoOther) {
  Identity identity;
  identity.common_name = "appliance";
  expect_failure(probe_shown(identity, "www.example"), Reason::TlsName,
                 "certificate is for appliance, not www.example");
}

TEST_F(TlsProbe, EscapesWhatTheCertificateSays) {
  expect_failure(probe_shown(identity_of(std::string("a\n\x1b[31m\0b", 9)), "www.example"),
                 Reason::TlsName, "certificate is for a\\x0a\\x1b[31m\\x00b, not www.example");
}

TEST_F(TlsProbe, TellsAnExpiredCertificate) {
  Identity identity = identity_of("www.example");
  identity.valid_from = -7200;
  identity.valid_until = -3600;
  expect_failure(probe_shown(identity, "www.example"), Reason::TlsExpired,
                 "certificate: certificate has expired");
}

TEST_F(TlsProbe, TellsACertificateOfTheFuture) {
  Identity identity = identity_of("www.example");
  identity.valid_from = 3600;
  identity.valid_until = 7200;
  expect_failure(probe_shown(identity, "www.example"), Reason::TlsExpired,
                 "certificate: certificate is not yet valid");
}

TEST_F(TlsProbe, TrustsNoSelfSignedCertificate) {
  const Server server(answer_ok(), self_signed_server(identity_of("www.example")));
  const Observation seen = run_probe(target_at(server, "www.example"));
  EXPECT_EQ(to_text(seen.reason), "tls_untrusted") << seen.detail;
}

TEST_F(TlsProbe, TrustsNoOtherAuthority) {
  const Server server(answer_ok(), Authority().server(identity_of("www.example")));
  const Observation seen = run_probe(target_at(server, "www.example"));
  EXPECT_EQ(to_text(seen.reason), "tls_untrusted") << seen.detail;
}

TEST_F(TlsProbe, TrustsTheSystemsStoreByDefault) {
  const Server server(answer_ok(), authority_.server(identity_of("www.example")));
  Target target = target_at(server, "www.example");
  target.check.ca_file.clear();
  EXPECT_EQ(to_text(run_probe(target).reason), "tls_untrusted");
}

TEST_F(TlsProbe, VerifiesNothingWhenToldSo) {
  Identity identity = identity_of("old.example");
  identity.valid_from = -7200;
  identity.valid_until = -3600;
  const Server server(answer_ok(), self_signed_server(identity));
  Target target = target_at(server, "www.example");
  target.check.verify = false;
  EXPECT_TRUE(run_probe(target).passed);
  EXPECT_EQ(server.last_server_name(), "www.example");
}

TEST_F(TlsProbe, FailsOnAServerThatSpeaksNoTls) {
  Script script{{"HTTP/1.1 400 Bad Request\r\n\r\n"}, Ending::Hold, false};
  const Server server(script);
  const Observation seen = run_probe(target_at(server, "www.example"));
  EXPECT_EQ(to_text(seen.reason), "tls_handshake");
  EXPECT_EQ(seen.detail, "TLS: wrong version number (SSL routines)");
}

TEST_F(TlsProbe, FailsWhenTheHandshakeIsCutOff) {
  const Server server(Script{{}, Ending::Close, false});
  const Observation seen = run_probe(target_at(server, "www.example"));
  // A server that leaves with our first flight unread may reset instead.
  EXPECT_TRUE(seen.reason == Reason::TlsHandshake || seen.reason == Reason::Reset) << seen.detail;
}

TEST_F(TlsProbe, SpeaksNoTlsBefore12) {
  const auto old = authority_.server(identity_of("www.example"));
  SSL_CTX_set_min_proto_version(old->native_handle(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old->native_handle(), TLS1_1_VERSION);
  const Server server(answer_ok(), old);
  const Observation seen = run_probe(target_at(server, "www.example"));
  EXPECT_EQ(to_text(seen.reason), "tls_handshake") << seen.detail;
}

TEST_F(TlsProbe, SpeaksTls12) {
  const auto settings = authority_.server(identity_of("www.example"));
  SSL_CTX_set_max_proto_version(settings->native_handle(), TLS1_2_VERSION);
  const Server server(answer_ok(), settings);
  EXPECT_TRUE(run_probe(target_at(server, "www.example")).passed);
}

TEST_F(TlsProbe, FailsWhenTheServerWantsACertificate) {
  const auto settings = authority_.server(identity_of("www.example"));
  settings->set_verify_mode(boost::asio::ssl::verify_peer |
                            boost::asio::ssl::verify_fail_if_no_peer_cert);
  const Server server(answer_ok(), settings);
  const Observation seen = run_probe(target_at(server, "www.example"));
  EXPECT_TRUE(seen.reason == Reason::TlsHandshake || seen.reason == Reason::Reset) << seen.detail;
}

TEST_F(TlsProbe, RefusesAHostTooLongForTls) {
  const Server server(answer_ok(), authority_.server(identity_of("www.example")));
  const Observation seen = run_probe(target_at(server, std::string(300, 'a')));
  EXPECT_EQ(to_text(seen.reason), "tls_handshake");
}

TEST_F(TlsProbe, BlamesItselfForAnUnreadableTrustStore) {
  const Server server(answer_ok(), authority_.server(identity_of("www.example")));
  Target target = target_at(server, "www.example");
  target.check.ca_file = "/nonexistent/ca.pem";
  const Observation seen = run_probe(target);
  EXPECT_EQ(to_text(seen.reason), "resource");
  EXPECT_NE(seen.detail.find("/nonexistent/ca.pem"), std::string::npos) << seen.detail;
}

TEST(TlsContexts, AreMadeOnceForEachTrustStore) {
  const TemporaryFile first(Authority().pem());
  const TemporaryFile second(Authority().pem());
  TlsContexts contexts;
  const auto made = contexts.get(true, first.path());
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made, contexts.get(true, first.path()));
  EXPECT_NE(made, contexts.get(true, second.path()));
  EXPECT_NE(made, contexts.get(false, first.path()));
}

TEST(TlsContexts, NeedNoTrustStoreToVerifyNothing) {
  TlsContexts contexts;
  EXPECT_TRUE(contexts.get(false, "/nonexistent/ca.pem").has_value());
}

TEST(TlsContexts, TryAnUnreadableFileAgain) {
  const TemporaryFile file("not yet");
  TlsContexts contexts;
  EXPECT_FALSE(contexts.get(true, file.path()).has_value());
  EXPECT_FALSE(contexts.get(true, file.path()).has_value());
}

}  // namespace
}  // namespace probes
