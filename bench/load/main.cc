// load: asks a DNS server for as much as it gives. `load --help` says everything.
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>

#include "bench/load/options.h"
#include "bench/load/processor_time.h"
#include "bench/load/query_file.h"
#include "bench/load/query_set.h"
#include "bench/load/report.h"
#include "bench/load/tcp_run.h"
#include "bench/load/udp_run.h"

namespace {

int run(const load::Options& options) {
  std::ifstream file(options.file);
  const auto questions = load::read_query_file(file);
  if (!questions) {
    std::cerr << options.file << ": " << questions.error() << '\n';
    return EXIT_FAILURE;
  }
  const load::QuerySet queries(*questions, options.queries);
  if (options.core) load::pin_to_core(*options.core);
  const load::Outcome outcome =
      options.tcp ? load::run_tcp(options, queries) : load::run_udp(options, queries);
  std::cout << (options.json ? load::to_json(options, outcome) : load::to_text(options, outcome));
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    int status = EXIT_SUCCESS;
    const auto options = load::read_options(argc, argv, status);
    return options ? run(*options) : status;
  } catch (const std::exception& error) {
    std::cerr << "load: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
