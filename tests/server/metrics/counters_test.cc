#include "server/metrics/counters.h"

#include <gtest/gtest.h>

#include <numeric>

namespace metrics {
namespace {

using answer::Transport;
using dnswire::Family;

answer::Outcome answered(dnswire::Rcode rcode, dnswire::RrType type) {
  answer::Outcome outcome;
  outcome.answered = true;
  outcome.asked = true;
  outcome.rcode = rcode;
  outcome.type = type;
  return outcome;
}

std::uint64_t responses(const Counters& counters) {
  return std::accumulate(
      counters.responses.begin(), counters.responses.end(), std::uint64_t{0},
      [](std::uint64_t sum, const Counter& counter) { return sum + counter.value(); });
}

TEST(Counters, CountTrafficByTransportAndFamily) {
  Counters counters;
  account(counters, Transport::Tcp, Family::V6, {2, 30, 100});
  account(counters, Transport::Tcp, Family::V6, {1, 5, 0});
  EXPECT_EQ(counters.queries[1][1].value(), 3u);
  EXPECT_EQ(counters.queries[1][0].value(), 0u);
  EXPECT_EQ(counters.queries[0][1].value(), 0u);
  EXPECT_EQ(counters.received_bytes[1].value(), 35u);
  EXPECT_EQ(counters.sent_bytes[1].value(), 100u);
  EXPECT_EQ(counters.sent_bytes[0].value(), 0u);
}

TEST(Counters, CountAnAnswerByRcodeAndType) {
  Counters counters;
  account(counters, answered(dnswire::Rcode::NxDomain, dnswire::RrType::MX));
  EXPECT_EQ(counters.responses[3].value(), 1u);
  EXPECT_EQ(counters.types[static_cast<std::size_t>(TypeClass::MX)].value(), 1u);
  EXPECT_EQ(counters.dropped.value(), 0u);
}

TEST(Counters, KnowTheClassOfEveryType) {
  EXPECT_EQ(type_class(dnswire::RrType::A), TypeClass::A);
  EXPECT_EQ(type_class(dnswire::RrType::AAAA), TypeClass::AAAA);
  EXPECT_EQ(type_class(dnswire::RrType::NS), TypeClass::NS);
  EXPECT_EQ(type_class(dnswire::RrType::SOA), TypeClass::SOA);
  EXPECT_EQ(type_class(dnswire::RrType::TXT), TypeClass::TXT);
  EXPECT_EQ(type_class(dnswire::RrType::CNAME), TypeClass::CNAME);
  EXPECT_EQ(type_class(dnswire::RrType::PTR), TypeClass::Other);
  EXPECT_EQ(type_class(static_cast<dnswire::RrType>(0)), TypeClass::Other);
  EXPECT_EQ(type_class(static_cast<dnswire::RrType>(32)), TypeClass::Other);
}

TEST(Counters, CountSilence) {
  Counters counters;
  account(counters, answer::Outcome{});
  EXPECT_EQ(counters.dropped.value(), 1u);
  EXPECT_EQ(responses(counters), 0u);
}

TEST(Counters, CountTailoredLastResortAndTruncatedAnswers) {
  Counters counters;
  auto outcome = answered(dnswire::Rcode::NoError, dnswire::RrType::A);
  outcome.dynamic = outcome.last_resort = outcome.truncated = outcome.failed = true;
  outcome.cookie = answer::CookieUse::Valid;
  account(counters, outcome);
  EXPECT_EQ(counters.dynamic.value(), 1u);
  EXPECT_EQ(counters.last_resort.value(), 1u);
  EXPECT_EQ(counters.failed.value(), 1u);
  EXPECT_EQ(counters.cookies[static_cast<std::size_t>(answer::CookieUse::Valid)].value(), 1u);
  EXPECT_EQ(counters.truncated.value(), 1u);
}

TEST(Counters, PutUnusualRcodesAndTypesUnderOther) {
  Counters counters;
  account(counters,
          answered(static_cast<dnswire::Rcode>(200), static_cast<dnswire::RrType>(65535)));
  EXPECT_EQ(counters.responses[kCountedRcodes].value(), 1u);
  EXPECT_EQ(counters.types[static_cast<std::size_t>(TypeClass::Other)].value(), 1u);
}

TEST(Counters, StayOffEachOthersCacheLines) {
  const std::array<Counters, 2> counters;
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&counters[1]) % kCacheLine, 0u);
}

}  // namespace
}  // namespace metrics
