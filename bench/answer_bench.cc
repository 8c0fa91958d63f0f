// The spine: bytes of a query to bytes of its answer.
#include <benchmark/benchmark.h>

#include <memory>

#include "dnswire/message_writer.h"
#include "dnswire/name.h"
#include "server/answer/answer.h"
#include "server/config/configuration.h"

namespace {

using dnswire::RrType;

struct World {
  World() {
    const std::string folder = FAIRLEAD_SOURCE_DIR "/deploy/example/fairlead.yaml";
    auto loaded = config::load(folder);
    const std::string path = FAIRLEAD_SOURCE_DIR "/geo/data/country.mmdb";
    snapshot.zones = loaded->zones;
    snapshot.plan = loaded->plan;
    snapshot.map = std::make_shared<const geo::Map>(geo::load_map(std::span(&path, 1)).map);
    snapshot.atlas = std::make_shared<const steering::Atlas>(
        steering::Atlas::compile(*snapshot.plan, *snapshot.map));
    health::Standing up;
    up.steady = std::chrono::seconds(6);
    snapshot.board = std::make_shared<const health::Board>(
        std::vector<health::Standing>(loaded->roster->subjects.size(), up));
    snapshot.variants = std::make_shared<const answer::Variants>(
        answer::Variants::make(snapshot.plan, snapshot.atlas, snapshot.board, {}));
  }
  answer::Snapshot snapshot;
};

const answer::Snapshot& snapshot() {
  static const World kWorld;
  return kWorld.snapshot;
}

std::vector<std::uint8_t> query(const char* name, RrType type, bool with_subnet) {
  std::vector<std::uint8_t> buffer(512);
  dnswire::MessageWriter writer(buffer, buffer.size());
  const dnswire::Name owner = *dnswire::Name::from_text(name);
  std::ignore = writer.write_question({owner, type, dnswire::RrClass::IN});
  dnswire::Edns edns;
  edns.udp_size = 1232;
  if (with_subnet) {
    edns.client_subnet =
        dnswire::ClientSubnet{false, *dnswire::IpAddress::from_text("133.11.0.0"), 24, 0};
  }
  std::ignore = writer.write_edns(edns, dnswire::Rcode::NoError);
  buffer.resize(writer.finish(dnswire::Header{}).size());
  return buffer;
}

void answer_query(benchmark::State& state, const char* name, RrType type, bool with_subnet) {
  const auto request = query(name, type, with_subnet);
  const auto scratch = std::make_unique<answer::Scratch>(1);
  const answer::Client client{*dnswire::IpAddress::from_text("192.0.2.1"), answer::Transport::Udp};
  for (auto _ : state) {
    benchmark::DoNotOptimize(answer::answer(request, client, snapshot(), {}, *scratch));
  }
}
BENCHMARK_CAPTURE(answer_query, static_a, "mail.example.test", RrType::A, false);
BENCHMARK_CAPTURE(answer_query, no_data, "mail.example.test", RrType::TXT, false);
BENCHMARK_CAPTURE(answer_query, no_such_name, "a.b.mail.example.test", RrType::A, false);
BENCHMARK_CAPTURE(answer_query, nearest_by_subnet, "www.example.test", RrType::A, true);
BENCHMARK_CAPTURE(answer_query, wildcard_nearest, "any.example.test", RrType::A, false);
BENCHMARK_CAPTURE(answer_query, refused, "www.example.com", RrType::A, false);

}  // namespace
