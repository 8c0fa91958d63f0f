#include "server/config/identity_yaml.h"

#include <algorithm>
#include <vector>

#include "dnswire/base_encoding.h"
#include "server/config/text_rules.h"

namespace config {
namespace {

using health::ProbeType;

constexpr std::size_t kDigestSize = 32;  // octets of SHA-256
constexpr std::size_t kMostBody = 1024;  // octets

// "sha256/" and Base64 or hexadecimal digits.
std::optional<std::string> parse_spki(std::string_view text) {
  constexpr std::string_view kPrefix = "sha256/";
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  std::vector<std::uint8_t> digest;
  const bool hex = text.size() == 2 * kDigestSize;
  const auto read = hex ? dnswire::read_hex(text, digest) : dnswire::read_base64(text, digest);
  if (!read || digest.size() != kDigestSize) return std::nullopt;
  return std::string(digest.begin(), digest.end());
}

void read_spki(YamlFile& file, const YAML::Node& node, const std::string& what,
               health::Identity& identity) {
  for (const YAML::Node& entry : file.list(node, what)) {
    const auto text = file.text(entry, what);
    if (!text) continue;
    const auto digest = parse_spki(*text);
    if (!digest) {
      file.problem(entry, what + " is " + in_backticks(*text) +
                              ", which is not `sha256/` with the Base64 or the 64 hexadecimal "
                              "digits of a SHA-256");
    } else if (std::ranges::find(identity.spki, *digest) != identity.spki.end()) {
      file.problem(entry, what + " names a key twice");
    } else {
      identity.spki.push_back(*digest);
    }
  }
}

void read_header(const Fields& fields, WrittenIdentity& written) {
  const auto header = fields.text("header");
  written.token_file = read_file_name(fields, "token_file");
  if (header) {
    written.fixed.header = *header;
    if (!is_http_token(*header)) fields.problem("header", ": `header` is the name of a header");
    if (!fields.find("token_file")) {
      fields.problem("header", " has a `header` and no `token_file` with what it must hold");
    }
  } else if (fields.find("token_file") && !fields.find("header")) {
    fields.problem("token_file", " has a `token_file` and no `header` that must hold its token");
  }
}

void read_body(const Fields& fields, WrittenIdentity& written) {
  if (const auto body = fields.text("body")) {
    written.fixed.body = *body;
    if (body->size() > kMostBody) fields.problem("body", ": `body` is over 1024 octets long");
  }
  written.body_file = read_file_name(fields, "body_file");
  if (fields.find("body") && fields.find("body_file")) {
    fields.problem("body_file", " has both `body` and `body_file`; keep one");
  }
}

}  // namespace

bool WrittenIdentity::is_plain() const noexcept {
  return (!token_file || token_file->is_plain()) && (!body_file || body_file->is_plain());
}

bool WrittenIdentity::fits(const health::CheckSpec& check) const noexcept {
  const bool http = check.type == ProbeType::Http || check.type == ProbeType::Https;
  const bool tls = check.type == ProbeType::Tls || check.type == ProbeType::Https;
  if (!http && !tls) return false;
  if (!fixed.spki.empty() && !tls) return false;
  if (wants_body() && check.http.method == "HEAD") return false;  // RFC 9110 9.3.2
  return http || (fixed.header.empty() && !wants_body());
}

std::optional<WrittenIdentity> read_written_identity(YamlFile& file, const YAML::Node& node,
                                                     const std::string& whose) {
  const Fields fields(file, node, "`identity` of " + whose,
                      {"spki", "header", "token_file", "body", "body_file"});
  if (!node.IsMap()) return std::nullopt;
  WrittenIdentity written;
  if (const auto spki = fields.find("spki")) {
    read_spki(file, *spki, fields.named("spki"), written.fixed);
  }
  read_header(fields, written);
  read_body(fields, written);
  const bool any = fields.find("spki") || fields.find("header") || fields.find("token_file") ||
                   fields.find("body") || fields.find("body_file");
  if (!any) {
    fields.problem("",
                   " is empty; it has `spki`, `header` with `token_file`, `body` or "
                   "`body_file`");
    return std::nullopt;
  }
  return written;
}

health::Identity settle(YamlFile& file, const WrittenIdentity& written, const FileOwner& owner) {
  health::Identity identity = written.fixed;
  if (written.token_file) {
    identity.token = read_secret(file, *written.token_file, owner).value_or("");
  }
  if (written.body_file) {
    identity.body = read_text(file, *written.body_file, owner).value_or("");
  }
  return identity;
}

}  // namespace config
