#include "server/config/rule_text.h"

#include <algorithm>
#include <string_view>

#include "server/config/rule_yaml.h"

namespace config {
namespace {

constexpr std::size_t kMostShown = 6;  // of more, the first few

std::string_view plural_of(Kind kind) {
  switch (kind) {
    case Kind::Continent:
      return "continents";
    case Kind::Country:
      return "countries";
    case Kind::Subdivision:
      return "subdivisions";
    case Kind::Near:
      return "circles";
    case Kind::Asn:
      return "AS numbers";
    case Kind::Net:
      return "networks";
  }
  return "";
}

// "JP, KR", or "JP, KR, CN, ...".
std::string beginning(const std::vector<std::string>& values, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? ", " : "") + values[i];
  return text + (count < values.size() ? ", ..." : "");
}

std::string in_all(std::size_t count, Kind kind) {
  return std::to_string(count) + " " + std::string(plural_of(kind));
}

// "nets/office.txt and 2 other files".
std::string named(const std::vector<std::string>& files) {
  if (files.size() == 1) return files.front();
  const std::size_t others = files.size() - 1;
  return files.front() + " and " + std::to_string(others) + " other file" + (others > 1 ? "s" : "");
}

}  // namespace

void RuleText::begin(Kind kind) {
  if (!text_.empty()) text_ += " and ";
  text_ += std::string(to_text(kind)) + " ";
}

void RuleText::add(Kind kind, const std::vector<std::string>& values) {
  begin(kind);
  if (values.size() <= kMostShown) {
    text_ += beginning(values, values.size());
  } else {
    text_ += beginning(values, kMostShown / 2) + " (" + in_all(values.size(), kind) + ")";
  }
}

void RuleText::add(const NetworkList& list) {
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(list.nets.size(), kMostShown + 1); ++i) {
    shown.push_back(list.nets[i].to_text());
  }
  if (list.files.empty() && list.nets.size() <= kMostShown) return add(Kind::Net, shown);
  begin(Kind::Net);
  if (shown.empty()) {
    text_ += "(no network of " + named(list.files) + ")";
    return;
  }
  const std::size_t most = list.files.empty() ? kMostShown / 2 : 1;
  text_ += beginning(shown, std::min(most, shown.size())) + " (" +
           (list.nets.size() == 1 ? "1 network" : in_all(list.nets.size(), Kind::Net));
  if (!list.files.empty()) {
    text_ += (list.in_files == list.nets.size() ? " of " : " with those of ") + named(list.files);
  }
  text_ += ")";
}

}  // namespace config
