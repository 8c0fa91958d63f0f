#include "health/probes/certificate.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <vector>

namespace probes {
namespace {

namespace ip = boost::asio::ip;
using health::Reason;

struct FreeNames {
  void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
};
using GeneralNames = std::unique_ptr<GENERAL_NAMES, FreeNames>;

std::string text_of(const ASN1_STRING* text) {
  const auto* data = ASN1_STRING_get0_data(text);
  return {data, data + ASN1_STRING_length(text)};
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  std::string octets = text_of(address);
  if (octets.size() == 4) {
    ip::address_v4::bytes_type bytes{};
    std::copy(octets.begin(), octets.end(), bytes.begin());
    return ip::make_address_v4(bytes).to_string();
  }
  if (octets.size() == 16) {
    ip::address_v6::bytes_type bytes{};
    std::copy(octets.begin(), octets.end(), bytes.begin());
    return ip::make_address_v6(bytes).to_string();
  }
  return octets;
}

std::string common_name(const X509* leaf) {
  const X509_NAME* subject = X509_get_subject_name(leaf);
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0) return {};
  return text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)));
}

// The names that a client may compare with (RFC 6125 6.4); the common name where there are none.
std::vector<std::string> names_of(const X509* leaf) {
  std::vector<std::string> names;
  const GeneralNames found(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(leaf, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(found.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(found.get(), i);
    if (name->type == GEN_DNS) names.push_back(text_of(name->d.dNSName));
    if (name->type == GEN_IPADD) names.push_back(address_text(name->d.iPAddress));
  }
  if (names.empty()) names.push_back(common_name(leaf));
  return names;
}

std::string base64(const std::string& octets) {
  std::string text(4 * ((octets.size() + 2) / 3) + 1, '\0');  // EVP_EncodeBlock ends with a NUL
  const auto* from = reinterpret_cast<const unsigned char*>(octets.data());
  auto* to = reinterpret_cast<unsigned char*>(text.data());
  const int size = EVP_EncodeBlock(to, from, static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// "3 days"; below two of them, hours.
std::string span_text(std::int64_t seconds) {
  constexpr std::int64_t kHour = 3600;
  constexpr std::int64_t kDay = 24 * kHour;
  const bool in_days = seconds >= 2 * kDay || seconds == kDay;
  const std::int64_t count = in_days ? seconds / kDay : seconds / kHour;
  return std::to_string(count) + (in_days ? " day" : " hour") + (count == 1 ? "" : "s");
}

Outcome judge_key(const health::Identity& identity, const X509* leaf) {
  if (identity.spki.empty()) return {};
  const std::string hash = key_hash(leaf);
  const auto& pins = identity.spki;
  if (std::find(pins.begin(), pins.end(), hash) != pins.end()) return {};
  return {Reason::Identity, "key sha256/" + base64(hash) + " is not pinned"};
}

Outcome judge_end(std::int64_t wanted, const X509* leaf, std::int64_t now) {
  const auto end = end_of(leaf);
  if (wanted == 0 || !end) return {};
  const std::int64_t left = *end - now;
  if (left < 0) return {Reason::TlsExpired, "certificate ended " + span_text(-left) + " ago"};
  if (left >= wanted) return {};
  return {Reason::TlsExpired,
          "certificate ends in " + span_text(left) + ", wanted at least " + span_text(wanted)};
}

}  // namespace

std::optional<std::int64_t> end_of(const X509* certificate) {
  tm when{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &when) != 1) return {};
  return std::int64_t{timegm(&when)};
}

std::string key_hash(const X509* certificate) {
  unsigned char* encoded = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded);
  if (size <= 0) return {};
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(encoded, static_cast<std::size_t>(size), hash.data());
  OPENSSL_free(encoded);
  return {hash.begin(), hash.end()};
}

std::string name_mismatch_text(const X509* leaf, const std::string& host) {
  constexpr std::size_t kShown = 3;
  const std::vector<std::string> names =
      leaf != nullptr ? names_of(leaf) : std::vector<std::string>{};
  std::string text = "certificate is for ";
  for (std::size_t i = 0; i < names.size() && i < kShown; ++i)
    text += (i == 0 ? "" : ", ") + printable(names[i]);
  if (names.size() > kShown) text += " and " + std::to_string(names.size() - kShown) + " more";
  return text + ", not " + printable(host);
}

Outcome judge_certificate(const health::CheckSpec& check, const X509* leaf, std::int64_t now) {
  Outcome outcome = judge_key(check.identity, leaf);
  if (!outcome.passed()) return outcome;
  return judge_end(check.tls.fail_before.count(), leaf, now);
}

}  // namespace probes
