#include "server/config/worker_options_yaml.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace config {
namespace {

constexpr std::uint32_t kMostWorkers = 1024;
constexpr std::uint32_t kLastCore = 1023;  // that sched_setaffinity(2) can name

std::uint32_t read_count(YamlFile& file, const YAML::Node& node, std::string_view what) {
  if (node.IsScalar() && node.Scalar() == "auto") return 0;
  return file.number(node, std::string(what) + " (`auto`, or how many)", 1, kMostWorkers)
      .value_or(0);
}

// "3" or "3-7". Absent: it is neither, or names a core that there cannot be.
std::optional<std::pair<std::uint32_t, std::uint32_t>> parse_range(std::string_view text) {
  const auto parse = [](std::string_view digits) -> std::optional<std::uint32_t> {
    std::uint32_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, value);
    if (error != std::errc{} || rest != end || value > kLastCore) return std::nullopt;
    return value;
  };
  const std::size_t dash = text.find('-');
  const auto first = parse(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return std::pair(*first, *last);
}

void read_core(YamlFile& file, const YAML::Node& entry, const std::string& what,
               std::vector<std::uint32_t>& cores) {
  const auto text = file.text(entry, what);
  if (!text) return;
  const auto range = parse_range(*text);
  if (!range) {
    return file.problem(entry, what + " has " + in_backticks(*text) +
                                   ", which is neither `all` nor a core or a range of them, 0 to " +
                                   std::to_string(kLastCore) + ": write for example `[0, 2-5]`");
  }
  for (std::uint32_t core = range->first; core <= range->second; ++core) {
    if (std::find(cores.begin(), cores.end(), core) != cores.end()) {
      return file.problem(entry, what + " names core " + std::to_string(core) + " twice");
    }
    cores.push_back(core);
  }
}

void read_cores(const Fields& fields, WorkerOptions& workers) {
  const auto cores = fields.find("cores");
  if (!cores) return;
  workers.all_cores = cores->IsScalar() && cores->Scalar() == "all";
  if (workers.all_cores) return;
  const std::string what = fields.named("cores");
  for (const YAML::Node& entry : fields.file().list(*cores, what)) {
    read_core(fields.file(), entry, what, workers.cores);
  }
}

// What `all` cores are is known at the start: posix::place_workers() looks then.
void check_steering(const Fields& fields, const WorkerOptions& workers) {
  YamlFile& file = fields.file();
  const std::size_t cores = workers.cores.size();
  if (cores != 0 && workers.count > cores) {
    file.problem(*fields.find("count"), fields.named("count") + " is " +
                                            std::to_string(workers.count) + ", more than the " +
                                            std::to_string(cores) + " of `cores`");
  }
  if (!workers.steer) return;
  if (!fields.find("cores")) {
    file.problem(*fields.find("steer"), fields.named("steer") + " needs `cores`");
  } else if (cores != 0 && workers.count != 0 && workers.count != cores) {
    file.problem(
        *fields.find("steer"),
        fields.named("steer") + " needs one worker for each of `cores`: leave out `count`");
  }
}

}  // namespace

WorkerOptions read_workers(YamlFile& file, const YAML::Node& node) {
  WorkerOptions workers;
  if (!node.IsMap()) {
    workers.count = read_count(file, node, "`workers`");
    return workers;
  }
  const Fields fields(file, node, "`workers`", {"count", "cores", "steer"});
  if (const auto count = fields.find("count")) {
    workers.count = read_count(file, *count, fields.named("count"));
  }
  read_cores(fields, workers);
  workers.steer = fields.boolean("steer").value_or(false);
  check_steering(fields, workers);
  return workers;
}

}  // namespace config
