#include "bench/load/query_file.h"

#include <istream>
#include <sstream>

namespace load {
namespace {

using Parsed = tl::expected<Question, std::string>;

tl::unexpected<std::string> because(std::string_view what, dnswire::Error error) {
  return tl::unexpected(std::string(what) + ": " + std::string(dnswire::describe(error)));
}

Parsed parse(std::istringstream& words, const std::string& name) {
  Question question;
  const auto parsed = dnswire::Name::from_text(name);
  if (!parsed) return because(name, parsed.error());
  question.name = *parsed;
  std::string type;
  if (!(words >> type)) return tl::unexpected(name + ": a type is missing");
  const auto known = dnswire::rr_type_from_text(type);
  if (!known) return because(type, known.error());
  question.type = *known;
  std::string subnet;
  if (words >> subnet) {
    const auto prefix = dnswire::Prefix::from_text(subnet);
    if (!prefix) return because(subnet, prefix.error());
    question.client_subnet = *prefix;
  }
  std::string more;
  if (words >> more) return tl::unexpected("'" + more + "' is one word too many");
  return question;
}

}  // namespace

tl::expected<std::vector<Question>, std::string> read_query_file(std::istream& lines) {
  std::vector<Question> questions;
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream words(line.substr(0, line.find('#')));
    std::string name;
    if (!(words >> name)) continue;
    auto question = parse(words, name);
    if (!question) {
      return tl::unexpected("line " + std::to_string(number) + ": " + question.error());
    }
    questions.push_back(std::move(*question));
  }
  if (questions.empty()) return tl::unexpected(std::string("there is no query in it"));
  return questions;
}

}  // namespace load
