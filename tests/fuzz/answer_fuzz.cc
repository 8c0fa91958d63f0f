// Input: one octet that says who asks and of which server, then a message. The whole way from the
// bytes of a query to the bytes of its answer, from the zones in answer_zones/.
#include <algorithm>
#include <memory>

#include "dnswire/header.h"
#include "dnswire/query.h"
#include "require.h"
#include "server/answer/answer.h"
#include "server/config/configuration.h"

// Last, because it makes `true` and `false` macros.
#include <ldns/ldns.h>

namespace {

using answer::Client;
using answer::Transport;
using dnswire::Bytes;
using dnswire::Query;

constexpr dnswire::UnixTime kNow = 1'700'000'000;

struct World {
  World() {
    auto loaded = config::load(FAIRLEAD_SOURCE_DIR "/tests/fuzz/answer_zones/fairlead.yaml");
    require(loaded.has_value());
    answer::Snapshot snapshot;
    snapshot.zones = loaded->zones;
    snapshot.plan = loaded->plan;
    const std::string database = FAIRLEAD_SOURCE_DIR "/geo/data/country.mmdb";
    auto [map, problems] = geo::load_map(std::span(&database, 1));
    require(problems.empty());
    snapshot.map = std::make_shared<const geo::Map>(std::move(map));
    snapshot.atlas = std::make_shared<const steering::Atlas>(
        steering::Atlas::compile(*snapshot.plan, *snapshot.map));
    const std::size_t subjects = loaded->roster->subjects.size();
    for (const auto state : {health::State::Up, health::State::Down, health::State::Unknown}) {
      health::Standing standing;
      standing.state = state;
      standing.steady = std::chrono::seconds(10);
      add(snapshot, standing, subjects);
    }
    health::Standing drained;
    drained.force = health::Force::Drained;
    drained.cap = std::chrono::seconds(0);
    add(snapshot, drained, subjects);
  }

  void add(answer::Snapshot snapshot, const health::Standing& standing, std::size_t subjects) {
    snapshot.board =
        std::make_shared<const health::Board>(std::vector<health::Standing>(subjects, standing));
    snapshot.variants = std::make_shared<const answer::Variants>(
        answer::Variants::make(snapshot.plan, snapshot.atlas, snapshot.board, {}));
    for (const bool strict : {false, true}) {
      answer::Settings settings;
      settings.name = "fuzz";
      settings.version = strict ? "" : "fairlead";
      settings.cookie_secrets = {{1}, {2}};
      settings.require_cookies = strict;
      snapshot.settings = std::make_shared<const answer::Settings>(settings);
      snapshots.push_back(snapshot);
    }
  }

  std::vector<answer::Snapshot> snapshots;
};

std::size_t limit_for(const Query& query, Transport transport) {
  if (transport == Transport::Tcp) return 65535;
  if (!query.edns) return 512;
  return std::clamp<std::size_t>(query.edns->udp_size, 512, 1232);
}

std::size_t count(const ldns_pkt* packet, ldns_pkt_section section) {
  return ldns_pkt_section_count(packet, section);
}

// What holds of every reply to a well-formed query.
void check_answer(const Query& query, const ldns_pkt* packet, const answer::Outcome& outcome) {
  const std::size_t answers = count(packet, LDNS_SECTION_ANSWER);
  const std::size_t authorities = count(packet, LDNS_SECTION_AUTHORITY);
  const bool aa = ldns_pkt_aa(packet);
  require(ldns_pkt_edns(packet) == query.edns.has_value());
  require(ldns_pkt_tc(packet) == outcome.truncated && !ldns_pkt_ra(packet) && !ldns_pkt_ad(packet));
  require(ldns_pkt_rd(packet) == query.header.rd && !ldns_pkt_cd(packet));
  if (outcome.truncated) {
    require(answers + authorities + count(packet, LDNS_SECTION_ADDITIONAL) == 0);
    return;
  }
  switch (outcome.rcode) {
    case dnswire::Rcode::NoError:  // data, a denial with its SOA, or a referral
      require(answers + authorities > 0 || query.question.klass == dnswire::RrClass::CH);
      break;
    case dnswire::Rcode::NxDomain:
      require(aa && authorities == 1);
      break;
    case dnswire::Rcode::YxDomain:
      require(aa && answers > 0);
      break;
    case dnswire::Rcode::ServFail:  // by policy (all_down), never a fault
      require(aa && outcome.last_resort && !outcome.failed);
      require(answers + authorities == 0);
      break;
    case dnswire::Rcode::FormErr:
    case dnswire::Rcode::NotImp:
    case dnswire::Rcode::Refused:
    case dnswire::Rcode::BadCookie:
      require(!aa && answers + authorities == 0);
      break;
    default:
      require(false);
  }
}

void check_question(Bytes message, Bytes reply, const Query& query) {
  const std::size_t size = query.question.name.size() + 4;
  require(reply.size() >= dnswire::kHeaderSize + size && dnswire::load16(&reply[4]) == 1);
  require(std::equal(message.begin() + dnswire::kHeaderSize,
                     message.begin() + static_cast<std::ptrdiff_t>(dnswire::kHeaderSize + size),
                     reply.begin() + dnswire::kHeaderSize));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World kWorld;
  static const auto kScratch = std::make_unique<answer::Scratch>(1);
  static const Client kClients[]{
      {*dnswire::IpAddress::from_text("133.11.0.1"), Transport::Udp},
      {*dnswire::IpAddress::from_text("133.11.0.1"), Transport::Tcp},
      {*dnswire::IpAddress::from_text("2001:200::1"), Transport::Udp},
      {*dnswire::IpAddress::from_text("127.0.0.1"), Transport::Tcp},
  };
  if (size == 0 || size > 65536) return 0;
  const Client& client = kClients[data[0] % 4];
  const answer::Snapshot& snapshot = kWorld.snapshots[data[0] / 4 % kWorld.snapshots.size()];
  const Bytes message(data + 1, size - 1);

  const Bytes reply = answer::answer(message, client, snapshot, kNow, *kScratch);
  const bool is_mute = message.size() < dnswire::kHeaderSize || (message[2] & 0x80) != 0;
  require(reply.empty() == is_mute && kScratch->outcome.answered == !is_mute);
  if (is_mute) return 0;

  require(reply.size() >= dnswire::kHeaderSize && reply[0] == message[0] && reply[1] == message[1]);
  require((reply[2] & 0xf8) == (0x80 | (message[2] & 0x78)));  // QR, and the opcode that was asked
  ldns_pkt* packet = nullptr;
  require(ldns_wire2pkt(&packet, reply.data(), reply.size()) == LDNS_STATUS_OK);
  if (const auto query = dnswire::parse_query(message)) {
    require(reply.size() <= limit_for(*query, client.transport));
    check_question(message, reply, *query);
    check_answer(*query, packet, kScratch->outcome);
  } else {
    require(reply.size() <= 512 && count(packet, LDNS_SECTION_ANSWER) == 0);
    require(query.error().rcode == kScratch->outcome.rcode);
  }
  ldns_pkt_free(packet);
  return 0;
}
