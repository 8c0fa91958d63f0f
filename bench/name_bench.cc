// Names: the first thing that a query costs.
#include <benchmark/benchmark.h>

#include "dnswire/name.h"
#include "dnswire/query.h"

namespace {

using dnswire::Name;
using dnswire::NameView;

const Name& www() {
  static const Name kName = *Name::from_text("www.Some-Customer.example.org");
  return kName;
}

void parse_name(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(NameView::parse(www().view().wire()));
}
BENCHMARK(parse_name);

void hash_name(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(www().view().hash());
}
BENCHMARK(hash_name);

void compare_names(benchmark::State& state) {
  const Name other = *Name::from_text("WWW.some-customer.EXAMPLE.org");
  for (auto _ : state) benchmark::DoNotOptimize(www().view() == other.view());
}
BENCHMARK(compare_names);

}  // namespace
