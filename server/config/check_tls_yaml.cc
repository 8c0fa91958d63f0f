#include "server/config/check_parts_yaml.h"
#include "server/config/named_file.h"
#include "server/config/text_rules.h"

namespace config {
namespace {

using health::ProbeType;
using health::TlsSpec;
using health::TlsVersion;

void read_name(const Fields& fields, ProbeType type, const std::string& host, TlsSpec& tls) {
  if (const auto sni = fields.text("sni")) {
    tls.name = *sni;
    if (!is_host_name(*sni)) fields.problem("sni", ": `sni` is the name of a host");
  }
  if (!tls.verify || fields.find("sni") || !host.empty() || fields.find("host")) return;
  fields.problem("type", type == ProbeType::Tls
                             ? " needs an `sni`, the name on the certificate (or `verify: false`)"
                             : " needs a `host`, the name on the certificate (or `verify: false`)");
}

void read_client_certificate(const Fields& fields, TlsSpec& tls) {
  tls.certificate_file = read_pem_name(fields, "certificate", Pem::Certificates);
  tls.key_file = read_pem_name(fields, "key", Pem::Key);
  const bool certificate = fields.find("certificate").has_value();
  if (certificate == fields.find("key").has_value()) return;
  fields.problem(certificate ? "certificate" : "key", certificate
                                                          ? " has a `certificate` and no `key`"
                                                          : " has a `key` and no `certificate`");
}

void read_expiry(const Fields& fields, TlsSpec& tls) {
  tls.fail_before = fields.whole_seconds("fail_before").value_or(tls.fail_before);
  const auto warn_before = fields.whole_seconds("warn_before");
  tls.warn_before = warn_before.value_or(std::max(tls.warn_before, tls.fail_before));
  if (warn_before && tls.fail_before > tls.warn_before) {
    fields.problem("fail_before",
                   ": `fail_before` is longer than `warn_before`; nobody would be "
                   "warned");
  }
}

}  // namespace

TlsSpec read_tls_spec(const Fields& fields, ProbeType type, const std::string& host) {
  TlsSpec tls;
  tls.verify = fields.boolean("verify").value_or(tls.verify);
  tls.ca_file = read_pem_name(fields, "ca", Pem::Certificates);
  if (!tls.verify && fields.find("ca")) {
    fields.problem("ca", " has a `ca` that `verify: false` does not look at");
  }
  if (const auto version = fields.find("tls_min")) {
    tls.min_version =
        choose<TlsVersion>(
            fields.file(), *version, fields.named("tls_min"),
            {{"1.0", TlsVersion::Tls10}, {"1.2", TlsVersion::Tls12}, {"1.3", TlsVersion::Tls13}})
            .value_or(tls.min_version);
  }
  read_name(fields, type, host, tls);
  read_client_certificate(fields, tls);
  read_expiry(fields, tls);
  return tls;
}

}  // namespace config
