#include "health/probes/regexes.h"

namespace probes {
namespace {

std::shared_ptr<const re2::RE2> compile(const std::string& expression) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  return std::make_shared<const re2::RE2>(expression, options);
}

}  // namespace

std::shared_ptr<const re2::RE2> Regexes::get(const std::string& expression) {
  std::shared_ptr<const re2::RE2>& place = compiled_[expression];
  if (!place) place = compile(expression);
  return place;
}

}  // namespace probes
