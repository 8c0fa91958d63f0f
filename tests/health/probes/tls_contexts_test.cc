#include "health/probes/tls_contexts.h"

#include <gtest/gtest.h>

#include <string>

#include "certificates.h"

namespace probes {
namespace {

using health::TlsSpec;

TlsSpec trusting(const std::string& ca_file) {
  TlsSpec spec;
  spec.ca_file = ca_file;
  return spec;
}

TEST(TlsContexts, AreMadeOnceForEachSetting) {
  const TemporaryFile first(Authority().pem());
  const TemporaryFile second(Authority().pem());
  const Issued issued = Authority().issue({});
  const TemporaryFile own(issued.certificate_pem() + issued.key_pem());
  TlsContexts contexts;
  const auto made = contexts.get(trusting(first.path()));
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made, contexts.get(trusting(first.path())));
  EXPECT_NE(made, contexts.get(trusting(second.path())));
  TlsSpec other = trusting(first.path());
  other.verify = false;
  EXPECT_NE(made, contexts.get(other));
  other = trusting(first.path());
  other.min_version = health::TlsVersion::Tls13;
  EXPECT_NE(made, contexts.get(other));
  other = trusting(first.path());
  other.certificate_file = own.path();
  EXPECT_NE(made, contexts.get(other));
  EXPECT_EQ(contexts.get(other), contexts.get(other));
}

TEST(TlsContexts, AreTheSameForWhatConcernsOneProbeAlone) {
  const TemporaryFile file(Authority().pem());
  TlsContexts contexts;
  TlsSpec spec = trusting(file.path());
  const auto made = contexts.get(spec);
  spec.name = "www.example";
  spec.fail_before = std::chrono::hours{24};
  EXPECT_EQ(made, contexts.get(spec));
}

TEST(TlsContexts, NeedNoTrustStoreToVerifyNothing) {
  TlsContexts contexts;
  TlsSpec spec = trusting("/nonexistent/ca.pem");
  spec.verify = false;
  EXPECT_TRUE(contexts.get(spec).has_value());
}

TEST(TlsContexts, TryAnUnreadableFileAgain) {
  const TemporaryFile file("not yet");
  TlsContexts contexts;
  EXPECT_FALSE(contexts.get(trusting(file.path())).has_value());
  EXPECT_FALSE(contexts.get(trusting(file.path())).has_value());
}

}  // namespace
}  // namespace probes
