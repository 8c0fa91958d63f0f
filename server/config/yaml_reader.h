// Reading YAML strictly: every value is asked for by name and kind, every mistake becomes a Problem
// with its place. Private to this folder.
#pragma once

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "dnswire/address.h"
#include "zones/problem.h"

namespace config {

// Where something is written, in a YAML file or in one that it names; as in zones::Problem.
struct Spot {
  std::shared_ptr<const std::string> file;
  int line = 0;
  int column = 0;
};

// One YAML file and the problems found in it.
// Borrows: the list of problems.
class YamlFile {
 public:
  YamlFile(std::string path, zones::Problems& problems)
      : path_(std::make_shared<const std::string>(std::move(path))), problems_(problems) {}

  // The file's one document. Absent: it cannot be read or is not YAML, which has been reported.
  [[nodiscard]] std::optional<YAML::Node> load();
  [[nodiscard]] std::optional<YAML::Node> parse(const std::string& text);

  void problem(const YAML::Node& at, std::string text);
  void problem(std::string text);  // with the file as a whole
  void problem(const Spot& at, std::string text);
  // What is allowed and still looks like a mistake. One of a place, and a hundred of a file.
  void warning(const YAML::Node& at, std::string text);
  [[nodiscard]] const zones::Problems& warnings() const noexcept { return warnings_; }

  [[nodiscard]] const std::string& path() const noexcept { return *path_; }
  [[nodiscard]] Spot spot(const YAML::Node& node) const;
  // Where a file is that this one names: a relative path starts at this one's folder.
  [[nodiscard]] std::string beside(const std::string& path) const;

  // The kinds of values. Each reports what is wrong, naming `what`, and is absent then.
  std::optional<std::string> text(const YAML::Node& node, std::string_view what);  // not empty
  std::optional<std::chrono::milliseconds> duration(const YAML::Node& node, std::string_view what);
  std::optional<std::chrono::seconds> whole_seconds(const YAML::Node& node, std::string_view what);
  std::optional<std::uint32_t> number(const YAML::Node& node, std::string_view what,
                                      std::uint32_t least, std::uint32_t most);
  std::optional<bool> boolean(const YAML::Node& node, std::string_view what);
  std::optional<dnswire::IpAddress> address(const YAML::Node& node, std::string_view what,
                                            std::optional<dnswire::Family> family = {});
  std::optional<dnswire::Prefix> network(const YAML::Node& node, std::string_view what);

  // A list, or one value for a list of one. Reports an empty list.
  std::vector<YAML::Node> list(const YAML::Node& node, std::string_view what);

 private:
  std::shared_ptr<const std::string> path_;
  zones::Problems& problems_;
  zones::Problems warnings_;
  std::set<int> warned_;  // places: offsets in the file
};

// The entries of a mapping, in the order in which they are written; a key that stands twice and a
// key that is no plain text are reported.
struct Entry {
  std::string key;
  YAML::Node key_node;
  YAML::Node value;
};
[[nodiscard]] std::vector<Entry> entries(YamlFile& file, const YAML::Node& node,
                                         std::string_view what);

// A mapping with a fixed set of keys; others are reported with the nearest that is known.
class Fields {
 public:
  Fields(YamlFile& file, const YAML::Node& node, std::string what,
         std::vector<std::string_view> known);

  // The value, or nothing where the key is not written.
  [[nodiscard]] std::optional<YAML::Node> find(std::string_view key) const;
  // The same, and reports that it is missing.
  [[nodiscard]] std::optional<YAML::Node> require(std::string_view key) const;

  [[nodiscard]] std::optional<std::string> text(std::string_view key) const;
  [[nodiscard]] std::optional<std::chrono::milliseconds> duration(std::string_view key) const;
  [[nodiscard]] std::optional<std::chrono::seconds> whole_seconds(std::string_view key) const;
  [[nodiscard]] std::optional<std::uint32_t> number(std::string_view key, std::uint32_t least,
                                                    std::uint32_t most) const;
  [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;

  // Reports, at the key or, where it is not written, at the mapping: what the mapping is, and
  // `text`.
  void problem(std::string_view key, std::string_view text) const;

  [[nodiscard]] YamlFile& file() const noexcept { return file_; }
  [[nodiscard]] const YAML::Node& node() const noexcept { return node_; }
  [[nodiscard]] const std::string& what() const noexcept { return what_; }
  [[nodiscard]] std::string named(std::string_view key) const;  // "`idle` of `tcp`"

 private:
  YamlFile& file_;
  YAML::Node node_;
  std::string what_;
  std::vector<Entry> entries_;
};

// One of a few words; reports any other with the nearest. `other_form` is what else may stand there
// and is no word: the message names it, reading it is the caller's.
template <class T>
std::optional<T> choose(YamlFile& file, const YAML::Node& node, std::string_view what,
                        std::initializer_list<std::pair<std::string_view, T>> choices,
                        std::string_view other_form = {});

// Reports a name of the operator's choice that is no plain word: letters, digits, `-`, `_` and `.`.
void require_plain_name(YamlFile& file, const Entry& entry, std::string_view kind);
// Reports, at the second, names of the operator's choice that are the same but for case: overrides
// are matched without regard to it.
void require_distinct_names(YamlFile& file, const std::vector<Entry>& written,
                            std::string_view kind);

// The error is what the text is: "`192.0.2.1/24`, which has bits set behind its length: ...".
[[nodiscard]] tl::expected<dnswire::Prefix, std::string> parse_network(std::string_view text);

[[nodiscard]] std::string in_backticks(std::string_view text);                 // `text`
[[nodiscard]] std::string joined(const std::vector<std::string_view>& words);  // `a`, `b` or `c`
[[nodiscard]] std::string suggest_among(std::string_view word,
                                        const std::vector<std::string_view>& known);

template <class T>
std::optional<T> choose(YamlFile& file, const YAML::Node& node, std::string_view what,
                        std::initializer_list<std::pair<std::string_view, T>> choices,
                        std::string_view other_form) {
  const auto word = file.text(node, what);
  if (!word) return std::nullopt;
  std::vector<std::string_view> words;
  for (const auto& [name, value] : choices) {
    if (name == *word) return value;
    words.push_back(name);
  }
  const std::string nearest = suggest_among(*word, words);
  if (!other_form.empty()) words.push_back(other_form);
  file.problem(node, std::string(what) + " is " + in_backticks(*word) + ", which is none of " +
                         joined(words) + nearest);
  return std::nullopt;
}

}  // namespace config
