#include "bench/load/query_set.h"

#include <algorithm>
#include <array>
#include <random>

#include "dnswire/edns.h"

namespace load {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Prefix;
using Random = std::mt19937_64;

void append16(std::vector<std::uint8_t>& to, std::uint16_t value) {
  to.push_back(static_cast<std::uint8_t>(value >> 8));
  to.push_back(static_cast<std::uint8_t>(value));
}

// What the registries gave out of 2000::/3 in large pieces.
constexpr std::array<std::array<std::uint8_t, 2>, 10> kIpv6Blocks{{{0x20, 0x01},
                                                                   {0x24, 0x00},
                                                                   {0x24, 0x08},
                                                                   {0x26, 0x00},
                                                                   {0x26, 0x07},
                                                                   {0x28, 0x00},
                                                                   {0x2a, 0x00},
                                                                   {0x2a, 0x02},
                                                                   {0x2a, 0x0e},
                                                                   {0x2c, 0x0f}}};

std::uint8_t octet(Random& random) { return static_cast<std::uint8_t>(random()); }

Prefix random_ipv4(Random& random) {
  std::uint8_t first = 0;
  while (first == 0 || first == 10 || first == 127 || first >= 224) first = octet(random);
  const std::array<std::uint8_t, 4> octets{first, octet(random), octet(random), 0};
  return {IpAddress::from_octets(Family::V4, octets), 24};
}

Prefix random_ipv6(Random& random) {
  std::array<std::uint8_t, 16> octets{};
  const auto& block = kIpv6Blocks[random() % kIpv6Blocks.size()];
  std::copy(block.begin(), block.end(), octets.begin());
  std::generate(octets.begin() + 2, octets.begin() + 7, [&random] { return octet(random); });
  return {IpAddress::from_octets(Family::V6, octets), 56};
}

Prefix random_subnet(Subnets subnets, Random& random) {
  if (subnets == Subnets::V4) return random_ipv4(random);
  if (subnets == Subnets::V6) return random_ipv6(random);
  return random() % 2 == 0 ? random_ipv4(random) : random_ipv6(random);
}

void append_header(std::vector<std::uint8_t>& to, bool has_opt) {
  constexpr std::array<std::uint16_t, 5> kOneQuestion{0, 0, 1, 0, 0};
  for (const std::uint16_t field : kOneQuestion) append16(to, field);
  append16(to, has_opt ? 1 : 0);
}

void append_opt(std::vector<std::uint8_t>& to, const QueryOptions& options,
                const std::optional<Prefix>& subnet) {
  to.push_back(0);  // the root
  append16(to, static_cast<std::uint16_t>(dnswire::RrType::OPT));
  append16(to, options.udp_size);
  append16(to, 0);                               // upper RCODE, version
  append16(to, options.dnssec_ok ? 0x8000 : 0);  // RFC 3225 3
  if (!subnet) return append16(to, 0);
  const auto octets = static_cast<std::uint16_t>((subnet->length + 7) / 8);
  append16(to, static_cast<std::uint16_t>(8 + octets));
  append16(to, static_cast<std::uint16_t>(dnswire::EdnsOption::ClientSubnet));
  append16(to, static_cast<std::uint16_t>(4 + octets));
  append16(to, subnet->address.family() == Family::V4 ? 1 : 2);
  to.push_back(subnet->length);
  to.push_back(0);  // scope
  const dnswire::Bytes address = subnet->address.octets().first(octets);
  to.insert(to.end(), address.begin(), address.end());
}

}  // namespace

QuerySet::QuerySet(const std::vector<Question>& questions, const QueryOptions& options) {
  Random random(options.seed);
  const bool has_subnets = options.subnets != Subnets::None;
  const std::size_t count =
      has_subnets ? std::max(questions.size(), kQueriesWithSubnets) : questions.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Question& question = questions[i % questions.size()];
    auto subnet = question.client_subnet;
    if (!subnet && has_subnets) subnet = random_subnet(options.subnets, random);
    const bool has_opt = options.edns || options.dnssec_ok || subnet;
    const std::size_t start = octets_.size();
    append_header(octets_, has_opt);
    const dnswire::Bytes name = question.name.view().wire();
    octets_.insert(octets_.end(), name.begin(), name.end());
    append16(octets_, static_cast<std::uint16_t>(question.type));
    append16(octets_, static_cast<std::uint16_t>(dnswire::RrClass::IN));
    if (has_opt) append_opt(octets_, options, subnet);
    places_.push_back({start, static_cast<std::uint16_t>(octets_.size() - start),
                       static_cast<std::uint16_t>(name.size() + 4)});
  }
}

dnswire::Bytes QuerySet::query(std::size_t index) const noexcept {
  return dnswire::Bytes(octets_).subspan(places_[index].offset, places_[index].size);
}

dnswire::Bytes QuerySet::question(std::size_t index) const noexcept {
  return query(index).subspan(kHeaderSize, places_[index].question_size);
}

}  // namespace load
