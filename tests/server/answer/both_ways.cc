#include "both_ways.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "dnswire/presentation.h"
#include "server/answer/compose.h"
#include "server/answer/encode.h"
#include "server/answer/reply_edns.h"
#include "server/answer/vantage.h"
#include "tests/conformance/message.h"

namespace answer::testing {
namespace {

using dnswire::Bytes;
using dnswire::Query;

constexpr dnswire::UnixTime kNow = 1'700'000'000;

// Of the types whose names are compressed: a pointer brings along the case of what it points to.
// An answer's owner is the question's name, in its very case.
std::string in_lower_case(const std::string& line, bool keep_owner) {
  std::istringstream words(line);
  std::string owner, ttl, klass, type;
  words >> owner >> ttl >> klass >> type;
  static constexpr std::array kCompressed{"NS", "MX", "CNAME", "SOA", "PTR"};
  if (std::ranges::find(kCompressed, type) == kCompressed.end()) return line;
  if (!keep_owner) owner.clear();
  std::string rest = line.substr(owner.size());
  std::ranges::transform(rest, rest.begin(), [](char c) { return dnswire::to_lower(c); });
  return owner + rest;
}

// All that a client learns.
std::string text_of(Bytes message) {
  conformance::Reply reply = conformance::read_reply(message);
  for (auto* section : {&reply.answer, &reply.authority, &reply.additional}) {
    for (std::string& line : *section) line = in_lower_case(line, section == &reply.answer);
  }
  std::ostringstream text;
  text << "id " << reply.id << '\n' << to_text(reply);
  for (const std::string& line : reply.question) text << "question " << line << '\n';
  if (!reply.edns) return text.str();
  text << "edns " << reply.edns_version << ' ' << reply.udp_size << ' ' << reply.dnssec_ok << '\n';
  for (const auto& [code, data] : reply.options) {
    text << "option " << code;
    for (const std::uint8_t octet : data) text << ' ' << unsigned{octet};
    text << '\n';
  }
  return text.str();
}

bool is_truncated(Bytes message) { return (message[2] & 0x02) != 0; }

std::size_t limit_for(const Query& query, Transport transport) {
  if (transport == Transport::Tcp) return kMaxReplySize;
  if (!query.edns) return dnswire::kMinUdpSize;
  return std::clamp(query.edns->udp_size, dnswire::kMinUdpSize, dnswire::kOurUdpSize);
}

void compare_outcomes(const Outcome& outcome, const Outcome& composed) {
  EXPECT_TRUE(outcome.answered && outcome.asked && !outcome.failed);
  EXPECT_EQ(outcome.dynamic, composed.dynamic);
  EXPECT_EQ(outcome.last_resort, composed.last_resort);
  EXPECT_EQ(outcome.cookie, composed.cookie);
  EXPECT_EQ(outcome.type, composed.type);
  EXPECT_EQ(outcome.rcode, composed.rcode);
}

}  // namespace

BothWays::Composed BothWays::compose_reply(const Query& query, const Located& located,
                                           const Client& client, const Snapshot& snapshot,
                                           const Admitted& admitted, std::size_t limit) {
  response_.reset();
  compose(query.question, located, Vantage(client.address, query), snapshot, workspace_, response_);
  const auto edns = reply_edns(query.edns, response_, admitted, client, *snapshot.settings);
  Encoded encoded = encode(query, response_, edns, room_, limit);
  if (encoded.truncated && client.transport == Transport::Tcp) {
    response_.keep_aliases();
    encoded = encode(query, response_, edns, room_, limit);
  }
  Outcome outcome;
  outcome.truncated = encoded.truncated;
  outcome.dynamic = response_.dynamic;
  outcome.last_resort = response_.last_resort;
  outcome.cookie = admitted.use;
  outcome.type = query.question.type;
  outcome.rcode = response_.rcode;
  return {encoded.message, outcome};
}

void BothWays::compare(Bytes request, const Client& client, const Snapshot& snapshot) {
  const auto query = dnswire::parse_query(request);
  ASSERT_TRUE(query);
  const Bytes cookie = query->edns ? query->edns->cookie : Bytes{};
  Admitted admitted;
  if (!cookie.empty()) admitted = admit(cookie, client, *snapshot.settings, kNow);
  const Located located(query->question, *snapshot.zones);
  workspace_.random = scratch_.workspace.random;  // the same draws
  const Bytes reply = answer(request, client, snapshot, kNow, scratch_);
  const Outcome outcome = scratch_.outcome;
  ++count_.asked;

  const std::size_t limit = limit_for(*query, client.transport);
  const Composed composed = compose_reply(*query, located, client, snapshot, admitted, limit);
  ASSERT_LE(reply.size(), limit);
  compare_outcomes(outcome, composed.outcome);
  EXPECT_EQ(outcome.truncated, is_truncated(reply));
  const auto edns = reply_edns(query->edns, response_, admitted, client, *snapshot.settings);
  const Bytes whole = encode(*query, response_, edns, whole_room_, kMaxReplySize).message;
  compare_texts(reply, composed, whole, limit);
  const Ready ready = find_ready(*query, located, client.address, snapshot);
  compare_ready(*query, ready, client, snapshot, admitted, reply);
}

void BothWays::compare_texts(Bytes reply, const Composed& composed, Bytes whole,
                             std::size_t limit) {
  if (is_truncated(reply)) {
    ++count_.truncated;
    // What was made ready is sent whenever it fits; so is what was not.
    ASSERT_TRUE(composed.outcome.truncated) << text_of(composed.message);
  }
  if (is_truncated(reply) == composed.outcome.truncated) {
    ASSERT_EQ(text_of(reply), text_of(composed.message));
    return;
  }
  ++count_.truncated_if_new;
  ASSERT_GT(whole.size(), limit) << "not its size, then, is why it is truncated";
  ASSERT_EQ(text_of(reply), text_of(whole));
}

// What was made ready is what has been sent, octet by octet, if it fits.
void BothWays::compare_ready(const Query& query, const Ready& ready, const Client& client,
                             const Snapshot& snapshot, const Admitted& admitted, Bytes reply) {
  if (ready.sheet.records.empty()) return;
  const auto edns = reply_edns(query.edns, response_, admitted, client, *snapshot.settings);
  const std::size_t limit =
      edns ? limit_for(query, client.transport) : std::size_t{dnswire::kMinUdpSize};
  const Bytes message = write_ready(query, ready, edns ? &*edns : nullptr, ready_room_, limit);
  if (message.empty()) {
    ++count_.too_long;
    return;
  }
  ++count_.ready;
  ASSERT_TRUE(std::ranges::equal(message, reply));
}

Octets random_request(dnswire::testing::Random& random, const dnswire::Question& question,
                      bool with_subnet) {
  Octets room(1232);
  dnswire::MessageWriter writer(room, room.size());
  EXPECT_TRUE(writer.write_question(question));
  const Octets cookie = random.octets(random.chance(2) ? 8 : 24);
  if (with_subnet || !random.chance(3)) {
    dnswire::Edns edns;
    static constexpr std::array<std::uint16_t, 4> kSizes{512, 1232, 4096, 0};
    edns.udp_size = kSizes[random.between(0, kSizes.size() - 1)];
    edns.dnssec_ok = random.chance(2);
    if (random.chance(3)) edns.cookie = cookie;
    if (random.chance(4)) edns.nsid.emplace();
    if (random.chance(4)) edns.keepalive = std::uint16_t{0};
    if (with_subnet) {
      const auto family = random.chance(3) ? dnswire::Family::V6 : dnswire::Family::V4;
      const Octets octets = random.octets(family == dnswire::Family::V4 ? 4 : 16);
      const auto address = dnswire::IpAddress::from_octets(family, octets);
      const auto length = static_cast<std::uint8_t>(random.between(0, address.bits()));
      edns.client_subnet = dnswire::ClientSubnet{false, address.masked(length), length, 0};
    }
    EXPECT_TRUE(writer.write_edns(edns, dnswire::Rcode::NoError));
  }
  dnswire::Header header;
  header.id = static_cast<std::uint16_t>(random.between(0, 0xffff));
  header.rd = random.chance(2);
  header.cd = random.chance(2);
  header.ad = random.chance(2);
  room.resize(writer.finish(header).size());
  return room;
}

Settings rich_settings() {
  Settings settings;
  settings.name = "ns1.example.test";
  settings.version = "fairlead";
  settings.cookie_secrets = {{1}, {2}};
  return settings;
}

}  // namespace answer::testing
