#include "bench/load/ledger.h"

#include <gtest/gtest.h>

#include <sstream>
#include <vector>

namespace load {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{100s};

class LedgerTest : public testing::Test {
 protected:
  LedgerTest() {
    options.warm_up = 1;
    options.seconds = 10;
    options.timeout = 1000ms;
  }

  static std::vector<Question> questions() {
    std::istringstream lines("a.test A\nb.test A\n");
    return read_query_file(lines).value();
  }

  // A reply to a query of the set.
  std::vector<std::uint8_t> reply(std::uint32_t query, std::uint8_t rcode = 0) const {
    const dnswire::Bytes octets = queries.query(query);
    std::vector<std::uint8_t> message(octets.begin(), octets.end());
    message[2] |= 0x80;
    message[3] = rcode;
    return message;
  }

  Options options;
  const QuerySet queries{questions(), {}};
};

TEST_F(LedgerTest, CountsWhatWasAskedWhileItMeasured) {
  Ledger ledger(options, queries, kStart);
  const Asked early = ledger.ask(kStart, kStart);
  EXPECT_FALSE(early.measured);
  ledger.advance(kStart + 1s);
  ledger.reply(early, reply(early.query), kStart + 1s);
  const Asked asked = ledger.ask(kStart + 2s, kStart + 2s);
  EXPECT_EQ(asked.query, 1);
  ledger.reply(asked, reply(asked.query, 3), kStart + 2s + 50us);
  EXPECT_EQ(ledger.tally().sent, 1);
  EXPECT_EQ(ledger.tally().answered, 1);
  EXPECT_EQ(ledger.tally().arrived, 2);
  EXPECT_EQ(ledger.tally().rcodes[3], 1);
  EXPECT_EQ(ledger.tally().latency.max(), 50us);
}

TEST_F(LedgerTest, MeasuresLatencyFromWhenAQueryWasDue) {
  Ledger ledger(options, queries, kStart);
  ledger.advance(kStart + 2s);
  const Asked asked = ledger.ask(kStart + 2s, kStart + 2s + 900ms);  // the generator was held up
  ledger.reply(asked, reply(asked.query), kStart + 3s);
  EXPECT_EQ(ledger.tally().latency.max(), 1s);
  EXPECT_EQ(ledger.tally().answered, 1);
}

TEST_F(LedgerTest, TakesAReplyAfterTheTimeoutForNone) {
  Ledger ledger(options, queries, kStart);
  ledger.advance(kStart + 2s);
  const Asked asked = ledger.ask(kStart + 2s, kStart + 2s);
  ledger.reply(asked, reply(asked.query), kStart + 3s + 1ms);
  EXPECT_EQ(ledger.tally().lost, 1);
  EXPECT_EQ(ledger.tally().late, 1);
  EXPECT_EQ(ledger.tally().answered, 0);
}

TEST_F(LedgerTest, ComparesTheQuestionWhenItIsTold) {
  options.verify = true;
  Ledger ledger(options, queries, kStart);
  ledger.advance(kStart + 2s);
  const Asked first = ledger.ask(kStart + 2s, kStart + 2s);
  ledger.reply(first, reply(1), kStart + 2s);  // that of the other one
  const Asked second = ledger.ask(kStart + 2s, kStart + 2s);
  ledger.reply(second, reply(1), kStart + 2s);
  EXPECT_EQ(ledger.tally().wrong, 1);
  EXPECT_EQ(ledger.tally().lost, 1);
  EXPECT_EQ(ledger.tally().answered, 1);
}

TEST_F(LedgerTest, DoesNotTakeAQueryForAReply) {
  Ledger ledger(options, queries, kStart);
  ledger.advance(kStart + 2s);
  const Asked asked = ledger.ask(kStart + 2s, kStart + 2s);
  ledger.reply(asked, queries.query(asked.query), kStart + 2s);
  EXPECT_EQ(ledger.tally().wrong, 1);
  EXPECT_EQ(ledger.tally().lost, 1);
}

TEST_F(LedgerTest, IsOverWhenNothingWaitsAnyMore) {
  Ledger ledger(options, queries, kStart);
  ledger.advance(kStart + 10s);
  const Asked asked = ledger.ask(kStart + 10s + 500ms, kStart + 10s + 500ms);
  ledger.advance(kStart + 11s);
  EXPECT_FALSE(ledger.may_send());
  EXPECT_FALSE(ledger.is_over(1));
  ledger.reply(asked, reply(asked.query), kStart + 11s + 1ms);
  EXPECT_TRUE(ledger.is_over(0));
  EXPECT_EQ(ledger.tally().answered, 1);
  EXPECT_EQ(ledger.tally().arrived, 0);
  EXPECT_EQ(ledger.outcome().measured, 1s);  // it was not asked before
}

TEST_F(LedgerTest, StopsAtTheNumber) {
  options.warm_up = 0;
  options.number = 2;
  Ledger ledger(options, queries, kStart);
  EXPECT_EQ(ledger.left(), 2);
  (void)ledger.ask(kStart, kStart);
  (void)ledger.ask(kStart, kStart);
  ledger.take_back();
  EXPECT_EQ(ledger.left(), 1);
  EXPECT_EQ(ledger.ask(kStart, kStart).query, 1);
  ledger.advance(kStart + 1ms);
  EXPECT_FALSE(ledger.may_send());
  EXPECT_EQ(ledger.tally().sent, 2);
}

}  // namespace
}  // namespace load
