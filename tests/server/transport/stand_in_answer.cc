// The shell is tested with a spine of its own, whose behavior a query spells out: see loopback.h.
#include <algorithm>

#include "server/answer/answer.h"
#include "tests/server/transport/loopback.h"

namespace answer {

dnswire::Bytes answer(dnswire::Bytes request, const Client& client, const Snapshot& snapshot,
                      dnswire::UnixTime now, Scratch& scratch,
                      dnswire::MutableBytes room) noexcept {
  scratch.outcome = {};
  if (request.size() < 20 || now == 0) return {};
  const auto order = static_cast<loopback::Order>(request[13]);
  if (order == loopback::kSilence) return {};
  std::ranges::copy(request, room.begin());
  room[2] |= 0x80;
  std::size_t size = request.size();
  scratch.outcome.answered = true;
  scratch.outcome.asked = true;
  scratch.outcome.type = static_cast<dnswire::RrType>(dnswire::load16(&request[16]));
  if (order == loopback::kBig) size = 2000;
  if (order == loopback::kHuge) size = 60'000;
  if (order == loopback::kGeneration) {
    dnswire::store32(&room[size], static_cast<std::uint32_t>(snapshot.generation >> 32));
    dnswire::store32(&room[size + 4], static_cast<std::uint32_t>(snapshot.generation));
    size += 8;
  }
  if (order == loopback::kDynamic) {
    scratch.outcome.dynamic = true;
    scratch.outcome.last_resort = true;
    scratch.outcome.truncated = client.transport == Transport::Udp;
  }
  return room.first(size);
}

}  // namespace answer
