#include "server/config/named_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "server/config/text_rules.h"

namespace config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLeastSecret = 16;  // octets: what no one guesses
constexpr std::size_t kMostSecret = 512;
constexpr std::size_t kMostText = 1024;
constexpr std::size_t kMostRead = 4096;  // blanks around it included

bool is_for_everybody(const std::string& path) {
  std::error_code error;
  const auto permissions = fs::status(path, error).permissions();
  return !error && (permissions & fs::perms::others_read) != fs::perms::none;
}

void warn_if_for_everybody(YamlFile& file, const YAML::Node& at, const std::string& what,
                           const std::string& path) {
  if (!is_for_everybody(path)) return;
  file.warning(at, what + " names " + in_backticks(path) + ", which everybody may read: chmod 640");
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlanks) - first + 1));
}

// What is in it, trimmed; no more than a little is read.
std::optional<std::string> contents(YamlFile& file, const NamedFile& named,
                                    const std::string& path) {
  const auto refuse = [&](const char* why) {
    file.problem(named.at, named.what + " names " + in_backticks(path) + ", which " + why);
    return std::nullopt;
  };
  std::error_code error;
  if (!fs::exists(path, error)) return refuse("is not there");
  if (!fs::is_regular_file(path, error)) return refuse("is no regular file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return refuse("cannot be read");
  std::array<char, kMostRead + 1> octets;
  stream.read(octets.data(), octets.size());
  const auto size = static_cast<std::size_t>(stream.gcount());
  if (stream.bad()) return refuse("cannot be read");
  if (size > kMostRead) return refuse("is too long");
  return trimmed({octets.data(), size});
}

std::string plain(std::string_view name) {
  std::string text(name);
  std::ranges::replace_if(
      text,
      [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return !letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.' &&
               static_cast<unsigned char>(c) < 0x80;
      },
      '_');
  return text;
}

void replace_all(std::string& text, std::string_view word, const std::string& by) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size())) {
    text.replace(at, word.size(), by);
  }
}

bool holds_pem(const std::string& path, Pem kind) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return false;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with("-----BEGIN ")) continue;
    const bool key = line.find("PRIVATE KEY-----") != std::string::npos;
    const bool certificate = line.find("CERTIFICATE-----") != std::string::npos;
    if (kind == Pem::Key ? key : certificate) return true;
  }
  return false;
}

}  // namespace

std::optional<NamedFile> read_file_name(const Fields& fields, std::string_view key) {
  const auto text = fields.text(key);
  if (!text) return std::nullopt;
  if (expand(*text, {}).find_first_of("{}") != std::string::npos) {
    fields.file().problem(*fields.find(key), fields.named(key) +
                                                 ": in braces only `{zone}` and `{endpoint}` may "
                                                 "stand");
    return std::nullopt;
  }
  return NamedFile{fields.file().beside(*text), fields.named(key), *fields.find(key)};
}

std::string expand(std::string_view path, const FileOwner& owner) {
  std::string text(path);
  replace_all(text, "{zone}", plain(owner.zone));
  replace_all(text, "{endpoint}", plain(owner.endpoint));
  return text;
}

std::optional<std::string> read_secret(YamlFile& file, const NamedFile& named,
                                       const FileOwner& owner) {
  const std::string path = expand(named.path, owner);
  auto secret = contents(file, named, path);
  if (!secret) return std::nullopt;
  if (secret->size() < kLeastSecret || secret->size() > kMostSecret || !is_visible_ascii(*secret)) {
    file.problem(named.at, named.what + " names " + in_backticks(path) +
                               ", which holds no secret: 16 to 512 printable characters without "
                               "spaces, as `openssl rand -hex 32` makes them");
    return std::nullopt;
  }
  warn_if_for_everybody(file, named.at, named.what, path);
  return secret;
}

std::optional<std::string> read_text(YamlFile& file, const NamedFile& named,
                                     const FileOwner& owner) {
  const std::string path = expand(named.path, owner);
  auto text = contents(file, named, path);
  if (!text) return std::nullopt;
  if (text->empty() || text->size() > kMostText) {
    file.problem(named.at, named.what + " names " + in_backticks(path) +
                               ", which does not hold 1 to 1024 octets");
    return std::nullopt;
  }
  warn_if_for_everybody(file, named.at, named.what, path);
  return text;
}

std::string read_pem_name(const Fields& fields, std::string_view key, Pem kind) {
  const auto text = fields.text(key);
  if (!text) return {};
  const std::string path = fields.file().beside(*text);
  if (!holds_pem(path, kind)) {
    fields.problem(key, ": " + in_backticks(key) + " names " + in_backticks(path) +
                            ", which is no file with " +
                            (kind == Pem::Key ? "a PEM private key" : "PEM certificates"));
    return {};
  }
  if (kind == Pem::Key) {
    warn_if_for_everybody(fields.file(), *fields.find(key), fields.named(key), path);
  }
  return path;
}

}  // namespace config
