#include "server/config/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "server/config/duration.h"
#include "server/config/text_rules.h"
#include "zones/suggestion.h"

namespace config {
namespace {

using dnswire::Family;
using dnswire::IpAddress;

int from_one(int position) { return position < 0 ? 0 : position + 1; }

std::string_view kind_of(const YAML::Node& node) {
  if (node.IsMap()) return "a mapping";
  if (node.IsSequence()) return "a list";
  if (node.IsScalar()) return "a single value";
  return "empty";
}

// For messages, which stay on their line.
std::string without_controls(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

// A first pass, which makes nothing: how deep the file is nested, and whether it ends with its
// first document. yaml-cpp makes documents without end of some files that hold none.
class Survey : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    enter(mark);
  }
  void OnSequenceEnd() override { --depth_; }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    enter(mark);
  }
  void OnMapEnd() override { --depth_; }

 private:
  void enter(const YAML::Mark& mark) {
    constexpr int kDeepest = 32;  // what we read is nested six deep
    if (++depth_ > kDeepest) throw YAML::ParserException(mark, "nested over 32 deep");
  }

  int depth_ = 0;
};

bool has_several_documents(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  Survey survey;
  return parser.HandleNextDocument(survey) && parser.HandleNextDocument(survey);
}

// What most often is behind the library's words.
std::string yaml_hint(const std::string& message) {
  for (const char* known :
       {"illegal map value", "unknown token", "end of map", "end of sequence"}) {
    if (message.find(known) != std::string::npos) {
      return "; names and data that begin with a sign of YAML (@ * & %) or hold `: ` need single "
             "quotes, and a tab cannot indent";
    }
  }
  return {};
}

}  // namespace

std::string in_backticks(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  return "`" + without_controls(std::string(text.substr(0, kLongest))) +
         (text.size() > kLongest ? "…`" : "`");
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += in_backticks(words[i]);
  }
  return text;
}

std::string suggest_among(std::string_view word, const std::vector<std::string_view>& known) {
  return zones::suggest(word, known);
}

tl::expected<dnswire::Prefix, std::string> parse_network(std::string_view text) {
  const auto net = dnswire::Prefix::from_text(text);
  if (net) return *net;
  if (net.error() != dnswire::Error::HostBitsSet) {
    return tl::unexpected(in_backticks(text) + ", which is not a network such as `192.0.2.0/24` (" +
                          std::string(describe(net.error())) + ")");
  }
  const std::size_t slash = text.find('/');
  const auto host = IpAddress::from_text(text.substr(0, slash)).value();
  unsigned length = 0;
  std::from_chars(text.data() + slash + 1, text.data() + text.size(), length);
  const dnswire::Prefix whole{host.masked(length), static_cast<std::uint8_t>(length)};
  return tl::unexpected(in_backticks(text) + ", which has bits set behind its length: write " +
                        in_backticks(whole.to_text()) + " for the network, or " +
                        in_backticks(host.to_text()) + " for one host");
}

std::optional<YAML::Node> YamlFile::load() {
  std::error_code error;
  const auto kind = std::filesystem::status(*path_, error).type();
  if (kind != std::filesystem::file_type::not_found &&
      kind != std::filesystem::file_type::regular) {
    problem("is not a regular file");
    return std::nullopt;
  }
  errno = 0;
  std::ifstream stream(*path_, std::ios::binary);
  if (!stream) {
    problem(std::string("cannot be read: ") + std::strerror(errno));
    return std::nullopt;
  }
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  return parse(text);
}

std::optional<YAML::Node> YamlFile::parse(const std::string& text) {
  try {
    if (has_several_documents(text)) {
      problem("has several YAML documents, or something behind the first; keep one");
      return std::nullopt;
    }
    const YAML::Node document = YAML::Load(text);
    if (!document.IsNull()) return document;
    problem("is empty");
  } catch (const YAML::Exception& error) {
    problems_.push_back({*path_, from_one(error.mark.line), from_one(error.mark.column),
                         "not YAML: " + without_controls(error.msg) + yaml_hint(error.msg)});
  }
  return std::nullopt;
}

void YamlFile::problem(const YAML::Node& at, std::string text) {
  const YAML::Mark mark = at.Mark();
  problems_.push_back(
      {*path_, from_one(mark.line), from_one(mark.column), without_controls(std::move(text))});
}

void YamlFile::problem(std::string text) {
  problems_.push_back({*path_, 0, 0, without_controls(std::move(text))});
}

void YamlFile::problem(const Spot& at, std::string text) {
  problems_.push_back({*at.file, at.line, at.column, without_controls(std::move(text))});
}

Spot YamlFile::spot(const YAML::Node& node) const {
  const YAML::Mark mark = node.Mark();
  return {path_, from_one(mark.line), from_one(mark.column)};
}

void YamlFile::warning(const YAML::Node& at, std::string text) {
  constexpr std::size_t kMost = 100;
  const YAML::Mark mark = at.Mark();
  if (warnings_.size() == kMost || !warned_.insert(mark.pos).second) return;
  warnings_.push_back(
      {*path_, from_one(mark.line), from_one(mark.column), without_controls(std::move(text))});
}

std::string YamlFile::beside(const std::string& path) const {
  const std::filesystem::path named(path);
  if (named.is_absolute()) return path;
  return (std::filesystem::path(*path_).parent_path() / named).lexically_normal().string();
}

std::optional<std::string> YamlFile::text(const YAML::Node& node, std::string_view what) {
  if (!node.IsScalar()) {
    problem(node,
            std::string(what) + " is " + std::string(kind_of(node)) + " where one value belongs");
    return std::nullopt;
  }
  if (node.Scalar().empty()) {
    problem(node, std::string(what) + " is empty");
    return std::nullopt;
  }
  return node.Scalar();
}

std::optional<std::chrono::milliseconds> YamlFile::duration(const YAML::Node& node,
                                                            std::string_view what) {
  const auto written = text(node, what);
  if (!written) return std::nullopt;
  const auto value = parse_duration(*written);
  if (value) return *value;
  problem(node, std::string(what) + ": " + value.error());
  return std::nullopt;
}

std::optional<std::chrono::seconds> YamlFile::whole_seconds(const YAML::Node& node,
                                                            std::string_view what) {
  const auto value = duration(node, what);
  if (!value) return std::nullopt;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*value);
  if (seconds == *value) return seconds;
  problem(node, std::string(what) + ": " + in_backticks(node.Scalar()) + " is not whole seconds");
  return std::nullopt;
}

std::optional<std::uint32_t> YamlFile::number(const YAML::Node& node, std::string_view what,
                                              std::uint32_t least, std::uint32_t most) {
  const auto written = text(node, what);
  if (!written) return std::nullopt;
  std::uint32_t value = 0;
  const char* end = written->data() + written->size();
  const auto result = std::from_chars(written->data(), end, value);
  if (result.ec == std::errc{} && result.ptr == end && value >= least && value <= most) {
    return value;
  }
  problem(node, std::string(what) + " is " + in_backticks(*written) +
                    ", which is not a number from " + std::to_string(least) + " to " +
                    std::to_string(most));
  return std::nullopt;
}

std::optional<bool> YamlFile::boolean(const YAML::Node& node, std::string_view what) {
  return choose<bool>(*this, node, what, {{"true", true}, {"false", false}});
}

std::optional<IpAddress> YamlFile::address(const YAML::Node& node, std::string_view what,
                                           std::optional<Family> family) {
  const auto written = text(node, what);
  if (!written) return std::nullopt;
  const auto value = IpAddress::from_text(*written);
  if (value && (!family || value->family() == *family)) return *value;
  const std::string wanted = !family                 ? "an IP address"
                             : *family == Family::V4 ? "an IPv4 address"
                                                     : "an IPv6 address";
  problem(node, std::string(what) + " is " + in_backticks(*written) + ", which is not " + wanted);
  return std::nullopt;
}

std::optional<dnswire::Prefix> YamlFile::network(const YAML::Node& node, std::string_view what) {
  const auto written = text(node, what);
  if (!written) return std::nullopt;
  const auto value = parse_network(*written);
  if (value) return *value;
  problem(node, std::string(what) + " is " + value.error());
  return std::nullopt;
}

std::vector<YAML::Node> YamlFile::list(const YAML::Node& node, std::string_view what) {
  if (!node.IsSequence()) return {node};
  if (node.size() == 0) problem(node, std::string(what) + " is an empty list");
  return {node.begin(), node.end()};
}

std::vector<Entry> entries(YamlFile& file, const YAML::Node& node, std::string_view what) {
  std::vector<Entry> result;
  if (!node.IsMap()) {
    file.problem(node, std::string(what) + " is " + std::string(kind_of(node)) +
                           " where `key: value` pairs belong");
    return result;
  }
  std::set<std::string> seen;
  for (const auto& pair : node) {
    const auto key = file.text(pair.first, "a key of " + std::string(what));
    if (!key) continue;
    if (!seen.insert(*key).second) {
      file.problem(pair.first, in_backticks(*key) + " stands twice in " + std::string(what));
      continue;
    }
    result.push_back({*key, pair.first, pair.second});
  }
  return result;
}

void require_plain_name(YamlFile& file, const Entry& entry, std::string_view kind) {
  const bool plain = std::all_of(entry.key.begin(), entry.key.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet >= 0x80 || std::isalnum(octet) != 0 || c == '-' || c == '_' || c == '.';
  });
  if (plain) return;
  file.problem(entry.key_node, "the name of " + std::string(kind) + " " + in_backticks(entry.key) +
                                   " has characters other than letters, digits, `-`, `_` and `.`");
}

void require_distinct_names(YamlFile& file, const std::vector<Entry>& written,
                            std::string_view kind) {
  std::map<std::string, std::string> first;  // by the name in small letters
  for (const Entry& entry : written) {
    const auto [other, is_new] = first.emplace(to_lower(entry.key), entry.key);
    if (is_new) continue;
    file.problem(entry.key_node, std::string(kind) + " " + in_backticks(entry.key) +
                                     " differs from " + in_backticks(other->second) +
                                     " by case alone; overrides could not tell them apart");
  }
}

Fields::Fields(YamlFile& file, const YAML::Node& node, std::string what,
               std::vector<std::string_view> known)
    : file_(file), node_(node), what_(std::move(what)), entries_(entries(file, node, what_)) {
  for (const Entry& entry : entries_) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    const std::string nearest = zones::suggest(entry.key, known);
    file.problem(entry.key_node, "unknown key " + in_backticks(entry.key) + " in " + what_ +
                                     (nearest.empty() ? ", it knows " + joined(known) : nearest));
  }
}

std::optional<YAML::Node> Fields::find(std::string_view key) const {
  for (const Entry& entry : entries_) {
    if (entry.key == key) return entry.value;
  }
  return std::nullopt;
}

std::optional<YAML::Node> Fields::require(std::string_view key) const {
  auto value = find(key);
  if (!value && node_.IsMap()) file_.problem(node_, what_ + " lacks " + in_backticks(key));
  return value;
}

void Fields::problem(std::string_view key, std::string_view text) const {
  const auto value = find(key);
  file_.problem(value ? *value : node_, what_ + std::string(text));
}

std::string Fields::named(std::string_view key) const { return in_backticks(key) + " of " + what_; }

std::optional<std::string> Fields::text(std::string_view key) const {
  const auto value = find(key);
  return value ? file_.text(*value, named(key)) : std::nullopt;
}

std::optional<std::chrono::milliseconds> Fields::duration(std::string_view key) const {
  const auto value = find(key);
  return value ? file_.duration(*value, named(key)) : std::nullopt;
}

std::optional<std::chrono::seconds> Fields::whole_seconds(std::string_view key) const {
  const auto value = find(key);
  return value ? file_.whole_seconds(*value, named(key)) : std::nullopt;
}

std::optional<std::uint32_t> Fields::number(std::string_view key, std::uint32_t least,
                                            std::uint32_t most) const {
  const auto value = find(key);
  return value ? file_.number(*value, named(key), least, most) : std::nullopt;
}

std::optional<bool> Fields::boolean(std::string_view key) const {
  const auto value = find(key);
  return value ? file_.boolean(*value, named(key)) : std::nullopt;
}

}  // namespace config
