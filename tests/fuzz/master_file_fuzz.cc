// Input: a master file; after a line "----" another that it includes as "1", then "2" and so on.
#include <algorithm>
#include <string>
#include <vector>

#include "dnswire/name.h"
#include "dnswire/rdata.h"
#include "require.h"
#include "zones/master_file.h"

namespace {

using dnswire::Name;
using zones::MasterOptions;
using zones::NodeId;
using zones::Zone;

const std::string kFile = "0";

std::vector<std::string> split(std::string_view input) {
  constexpr std::string_view kBetween = "\n----\n";
  std::vector<std::string> files;
  for (auto end = input.find(kBetween); end != std::string_view::npos; end = input.find(kBetween)) {
    files.emplace_back(input.substr(0, end + 1));
    input.remove_prefix(end + kBetween.size());
  }
  files.emplace_back(input);
  return files;
}

// The file of that name, or nullptr.
const std::string* find_file(const std::vector<std::string>& files, const std::string& name) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (std::to_string(i) == name) return &files[i];
  }
  return nullptr;
}

// Every problem says where it is, and that place is there.
void check_problem(const zones::Problem& problem, const std::vector<std::string>& files) {
  require(!problem.text.empty());
  require(std::none_of(problem.text.begin(), problem.text.end(),
                       [](char c) { return c >= 0 && c < ' '; }));
  const std::string* const text = find_file(files, problem.file);
  require(text != nullptr);
  if (problem.line == 0) return require(problem.column == 0);
  require(problem.column > 0);
  std::size_t start = 0;
  for (int line = 1; line < problem.line; ++line) {
    start = text->find('\n', start) + 1;
    require(start != 0);
  }
  const std::size_t end = std::min(text->find('\n', start), text->size());
  require(start + static_cast<std::size_t>(problem.column) <= end);
}

std::string write(const Zone& zone) {
  std::string text;
  for (const NodeId node : zone.nodes()) {
    for (std::size_t i = 0; i < zone.rrset_count(node); ++i) {
      const auto rrset = zone.rrset_at(node, i);
      for (const auto rdata : rrset) {
        text += zone.name(node).to_text() + ' ' + std::to_string(rrset.ttl().count()) + ' ' +
                to_text(rrset.type()) + ' ' + rdata_to_text(rrset.type(), rdata) + '\n';
      }
    }
  }
  return text;
}

bool has_capitals(const Zone& zone) {
  for (const NodeId node : zone.nodes()) {
    const std::string name = zone.name(node).to_text();
    if (std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
      return true;
    }
  }
  return false;
}

// What was read can be written and read again.
void check_fixpoint(const Zone& zone) {
  const std::string text = write(zone);
  const auto again = zones::parse_master_text(text, kFile, {});
  require(again.has_value());
  require(write(*again) == text);
  require(again->node_count() == zone.node_count());
  // The letter case of a name that owns nothing is that of the first name read below it.
  require(again->same_data(zone) || has_capitals(zone));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto files = split({reinterpret_cast<const char*>(data), size});
  MasterOptions options;
  options.max_text = 1 << 14;
  options.max_generated = 1 << 6;
  options.read_file = [&](const std::string& path) -> tl::expected<std::string, std::string> {
    if (const std::string* text = find_file(files, path)) return *text;
    return tl::unexpected<std::string>("is not there");
  };
  const auto zone = parse_master_text(files.front(), kFile, *Name::from_text("example."), options);
  if (zone) {
    check_fixpoint(*zone);
    return 0;
  }
  require(!zone.error().empty() && zone.error().size() <= 100);
  for (const auto& problem : zone.error()) check_problem(problem, files);
  return 0;
}
