#include "health/probes/tls.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <boost/asio/buffer.hpp>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>

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
    target.check.http.host = host;
    target.check.tls.ca_file = ca_file_.path();
    return target;
  }
  // Probes as `host` a server that shows a certificate of `identity`.
  [[nodiscard]] Observation probe_shown(const Identity& identity, const std::string& host) const {
    const Server server(answer_ok(), authority_.server(identity));
    return run_probe(target_at(server, host));
  }

  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> only_version(int first, int last) const {
    auto settings = authority_.server(identity_of("www.example"));
    SSL_CTX_set_security_level(settings->native_handle(), 0);
    SSL_CTX_set_min_proto_version(settings->native_handle(), first);
    SSL_CTX_set_max_proto_version(settings->native_handle(), last);
    return settings;
  }

  const Authority authority_;
  const TemporaryFile ca_file_{authority_.pem()};
};

TEST_F(TlsProbe, PassesWithAValidCertificate) {
  const Observation seen = probe_shown(identity_of("www.example"), "www.example");
  EXPECT_TRUE(seen.passed) << seen.detail;
}

TEST_F(TlsProbe, ReadsTheAnswerInsideTls) {
  Server server(answer_ok("all is well"), authority_.server(identity_of("www.example")));
  Target target = target_at(server, "www.example");
  target.check.http.body = "is well";
  EXPECT_TRUE(run_probe(target).passed);
  server.play(answer_status("503 Busy"));
  expect_failure(run_probe(target), Reason::Status, "HTTP 503, wanted 200-299");
}

TEST_F(TlsProbe, TakesAnEndWithoutCloseNotifyAsAnEnd) {
  const Server server(Script{{"HTTP/1.0 200 OK\r\n\r\nall fine"}},
                      authority_.server(identity_of("www.example")));
  Target target = target_at(server, "www.example");
  target.check.http.body = "well";
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
  target.check.tls.ca_file.clear();
  EXPECT_EQ(to_text(run_probe(target).reason), "tls_untrusted");
}

TEST_F(TlsProbe, VerifiesNothingWhenToldSo) {
  Identity identity = identity_of("old.example");
  identity.valid_from = -7200;
  identity.valid_until = -3600;
  const Server server(answer_ok(), self_signed_server(identity));
  Target target = target_at(server, "www.example");
  target.check.tls.verify = false;
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
  const Server server(answer_ok(), only_version(TLS1_VERSION, TLS1_1_VERSION));
  expect_failure(run_probe(target_at(server, "www.example")), Reason::TlsHandshake,
                 "the server does not speak TLS 1.2 or later");
}

TEST_F(TlsProbe, SpeaksTls10WhenToldSo) {
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    const Server server(answer_ok(), only_version(version, version));
    Target target = target_at(server, "www.example");
    target.check.tls.min_version = health::TlsVersion::Tls10;
    expect_pass(run_probe(target));
  }
}

TEST_F(TlsProbe, InsistsOnTls13WhenToldSo) {
  const Server old(answer_ok(), only_version(TLS1_2_VERSION, TLS1_2_VERSION));
  Target target = target_at(old, "www.example");
  target.check.tls.min_version = health::TlsVersion::Tls13;
  expect_failure(run_probe(target), Reason::TlsHandshake, "the server does not speak TLS 1.3");
  const Server recent(answer_ok(), only_version(TLS1_2_VERSION, TLS1_3_VERSION));
  target.check.port = recent.port();
  expect_pass(run_probe(target));
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
  target.check.tls.ca_file = "/nonexistent/ca.pem";
  const Observation seen = run_probe(target);
  EXPECT_EQ(to_text(seen.reason), "resource");
  EXPECT_NE(seen.detail.find("/nonexistent/ca.pem"), std::string::npos) << seen.detail;
}

TEST_F(TlsProbe, VerifiesANameApartFromTheHost) {
  const Server server(answer_ok(), authority_.server(identity_of("edge-17.example")));
  Target target = target_at(server, "www.example");
  target.check.tls.name = "edge-17.example";
  expect_pass(run_probe(target));
  EXPECT_EQ(server.last_server_name(), "edge-17.example");
  EXPECT_NE(server.last_request().find("\r\nHost: www.example:"), std::string::npos);
}

TEST_F(TlsProbe, TakesTheNameFromAHostThatNamesItsPort) {
  const Server server(answer_ok(), authority_.server(identity_of("www.example")));
  expect_pass(run_probe(target_at(server, "www.example:8443")));
  EXPECT_EQ(server.last_server_name(), "www.example");
}

TEST_F(TlsProbe, IsContentWithTheHandshakeAlone) {
  const Server server(say_nothing(), authority_.server(identity_of("www.example")));
  Target target = target_at(server, "");
  target.check.type = ProbeType::Tls;
  target.check.tls.name = "www.example";
  const Observation seen = run_probe(target);
  expect_pass(seen);
  EXPECT_TRUE(seen.certificate_ends);
  target.check.tls.name = "other.example";
  expect_failure(run_probe(target), Reason::TlsName,
                 "certificate is for www.example, not other.example");
}

TEST_F(TlsProbe, TellsWhenTheCertificateEnds) {
  Identity identity = identity_of("www.example");
  identity.valid_until = 90 * 86400;
  const std::int64_t expected = std::time(nullptr) + identity.valid_until;
  Server server(answer_ok(), authority_.server(identity));
  const auto ends = [&](const std::string& host) {
    return run_probe(target_at(server, host)).certificate_ends.value_or(0);
  };
  EXPECT_NEAR(static_cast<double>(ends("www.example")), static_cast<double>(expected), 5);
  EXPECT_EQ(ends("other.example"), ends("www.example"));  // TlsName
  server.play(answer_status("503 Busy"));
  EXPECT_NE(ends("www.example"), 0);
}

TEST_F(TlsProbe, TellsWhenAnExpiredCertificateEnded) {
  Identity identity = identity_of("www.example");
  identity.valid_from = -7200;
  identity.valid_until = -3600;
  const Observation seen = probe_shown(identity, "www.example");
  EXPECT_EQ(to_text(seen.reason), "tls_expired");
  EXPECT_LT(seen.certificate_ends.value_or(0), std::time(nullptr));
  EXPECT_GT(seen.certificate_ends.value_or(0), std::time(nullptr) - 4000);
}

TEST_F(TlsProbe, TellsNoEndWithoutACertificate) {
  const Server server(Script{{}, Ending::Close, false});
  EXPECT_FALSE(run_probe(target_at(server, "www.example")).certificate_ends);
}

TEST_F(TlsProbe, FailsBeforeACertificateEnds) {
  Identity identity = identity_of("www.example");
  identity.valid_until = 3 * 86400 + 3600;
  const Server server(answer_ok(), authority_.server(identity));
  Target target = target_at(server, "www.example");
  target.check.tls.fail_before = std::chrono::hours{24 * 7};
  expect_failure(run_probe(target), Reason::TlsExpired,
                 "certificate ends in 3 days, wanted at least 7 days");
  target.check.tls.fail_before = std::chrono::hours{24 * 3};
  expect_pass(run_probe(target));
}

TEST_F(TlsProbe, HoldsToPinsVerifiedOrNot) {
  const Issued endpoint = authority_.issue(identity_of("www.example"));
  const Issued stranger = authority_.issue(identity_of("www.example"));
  const Server server(answer_ok(), endpoint.server());
  const Server other(answer_ok(), stranger.server());
  for (const bool verify : {true, false}) {
    Target target = target_at(server, "www.example");
    target.check.tls.verify = verify;
    target.check.identity.spki = {std::string(32, 'x'), endpoint.pin()};
    expect_pass(run_probe(target));
    target.check.port = other.port();
    const Observation seen = run_probe(target);
    EXPECT_EQ(to_text(seen.reason), "identity");
    EXPECT_TRUE(seen.detail.starts_with("key sha256/")) << seen.detail;
    EXPECT_TRUE(seen.detail.ends_with("= is not pinned")) << seen.detail;
  }
}

// Somebody else has got the address: with a name of its own, or as good as the right one.
TEST_F(TlsProbe, IsNotFooledByARecycledAddress) {
  const Server neighbor(answer_ok(), authority_.server(identity_of("neighbor.example")));
  const Server twin(Script{{"HTTP/1.1 200 OK\r\nX-Edge-Token: other\r\n\r\n"}},
                    authority_.server(identity_of("www.example")));
  const auto probe_at = [&](const Server& server) {
    Target target = target_at(server, "www.example");
    target.check.identity.header = "X-Edge-Token";
    target.check.identity.token = "ours";
    return run_probe(target);
  };
  expect_failure(probe_at(neighbor), Reason::TlsName,
                 "certificate is for neighbor.example, not www.example");
  expect_failure(probe_at(twin), Reason::Identity, "header X-Edge-Token does not hold the token");
}

class TlsProbeWithCertificate : public TlsProbe {
 protected:
  TlsProbeWithCertificate() {
    const auto settings = authority_.server(identity_of("www.example"));
    settings->set_verify_mode(boost::asio::ssl::verify_peer |
                              boost::asio::ssl::verify_fail_if_no_peer_cert);
    settings->add_certificate_authority(boost::asio::buffer(authority_.pem()));
    server_ = std::make_unique<Server>(answer_ok(), settings);
  }
  [[nodiscard]] Observation probe_with(const std::string& certificate,
                                       const std::string& key) const {
    Target target = target_at(*server_, "www.example");
    target.check.tls.certificate_file = certificate;
    target.check.tls.key_file = key;
    return run_probe(target);
  }

  const Issued own_ = authority_.issue(identity_of("prober.example"));
  const TemporaryFile certificate_{own_.certificate_pem()};
  const TemporaryFile key_{own_.key_pem()};
  std::unique_ptr<Server> server_;
};

TEST_F(TlsProbeWithCertificate, ShowsItsOwnCertificate) {
  expect_pass(probe_with(certificate_.path(), key_.path()));
  const TemporaryFile both(own_.certificate_pem() + own_.key_pem());
  expect_pass(probe_with(both.path(), ""));
}

TEST_F(TlsProbeWithCertificate, BlamesItselfForFilesThatAreNoneOfIt) {
  const auto expect_resource = [](const Observation& seen, const std::string& begin) {
    EXPECT_EQ(to_text(seen.reason), "resource");
    EXPECT_TRUE(seen.detail.starts_with(begin)) << seen.detail;
  };
  expect_resource(probe_with("/nonexistent/own.pem", key_.path()),
                  "cannot use the certificate in /nonexistent/own.pem: ");
  expect_resource(probe_with(certificate_.path(), "/nonexistent/own.key"),
                  "cannot use the key in /nonexistent/own.key: ");
  const TemporaryFile other(authority_.issue(identity_of("x.example")).key_pem());
  expect_resource(probe_with(certificate_.path(), other.path()),
                  "cannot use the key in " + other.path() + ": key values mismatch");
  const TemporaryFile locked(own_.key_pem("passphrase"));
  expect_resource(probe_with(certificate_.path(), locked.path()),
                  "cannot use the key in " + locked.path() + ": ");
}

}  // namespace
}  // namespace probes
