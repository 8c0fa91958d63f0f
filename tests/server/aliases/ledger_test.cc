#include "server/aliases/ledger.h"

#include <gtest/gtest.h>

#include "reply.h"

namespace aliases {
namespace {

using dnswire::Family;
using dnswire::Ttl;
using std::chrono::hours;
using std::chrono::seconds;
using Kind = Finding::Kind;

Finding found(const std::vector<std::string>& texts, std::uint32_t ttl) {
  return {Kind::Addresses, addresses(texts), Ttl(ttl), {}};
}
Finding none(std::uint32_t ttl) { return {Kind::NoAddresses, {}, Ttl(ttl), {}}; }
Finding gone(std::uint32_t ttl) { return {Kind::NoSuchName, {}, Ttl(ttl), {}}; }
Finding failed(const std::string& why = "SERVFAIL") { return {Kind::Failure, {}, Ttl(0), why}; }

const char* word(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::Failing:
      return "failing";
    case Event::Kind::Gone:
      return "gone";
    case Event::Kind::Resolved:
      return "resolved";
    case Event::Kind::Special:
      return "special";
  }
  return "";
}

// One family of one target, unless a test says otherwise.
struct LedgerTest : testing::Test {
  Ledger ledger{1};
  Instant now{hours(1000)};
  const Question www{name("www.example."), Family::V4, {}};
  const Question www6{name("www.example."), Family::V6, {}};

  void adopt_one() {
    ledger.adopt({www.name}, now);
    EXPECT_TRUE(ledger.next(now));
    EXPECT_TRUE(ledger.next(now));
    ledger.record(www6, none(10'800), now);
  }
  // The events by word.
  std::string record(const Finding& finding) {
    std::string text;
    for (const Event& event : ledger.record(www, finding, now)) {
      text += (text.empty() ? "" : " ") + std::string(word(event.kind));
    }
    return text;
  }
  // Lets time pass until the next question, and asks it.
  seconds wait() {
    const Instant before = now;
    now = std::max(now, *ledger.due());
    EXPECT_TRUE(ledger.next(now));
    return std::chrono::duration_cast<seconds>(now - before);
  }
  // "192.0.2.1 192.0.2.2 60": what the table says, with the TTL.
  std::string known(Family family = Family::V4) {
    const auto table = ledger.table();
    const auto entry = table->find(www.name, family);
    if (!entry) return "nothing";
    std::string text;
    for (const auto& address : entry->addresses) text += address.to_text() + " ";
    return text + std::to_string(entry->ttl.count());
  }
};

TEST_F(LedgerTest, AsksForBothFamiliesOfATargetAtOnce) {
  EXPECT_FALSE(ledger.next(now));
  EXPECT_FALSE(ledger.due());
  EXPECT_TRUE(ledger.is_settled());
  ledger.adopt({name("b.example."), name("a.example."), name("B.example.")}, now);
  EXPECT_FALSE(ledger.is_settled());
  EXPECT_EQ(ledger.due(), now);
  std::vector<std::string> asked;
  while (const auto question = ledger.next(now)) {
    asked.push_back(question->name.to_text() + (question->family == Family::V4 ? " A" : " AAAA"));
  }
  EXPECT_EQ(asked, (std::vector<std::string>{"b.example. A", "b.example. AAAA", "a.example. A",
                                             "a.example. AAAA"}));
  EXPECT_FALSE(ledger.due()) << "all are being asked";
}

TEST_F(LedgerTest, IsSettledWhenEverybodyWasAskedOnce) {
  ledger.adopt({www.name}, now);
  ledger.record(www, failed(), now);
  EXPECT_FALSE(ledger.is_settled());
  ledger.record(www6, none(60), now);
  EXPECT_TRUE(ledger.is_settled());
  ledger.adopt({www.name, name("b.example.")}, now);
  EXPECT_FALSE(ledger.is_settled());
  ledger.adopt({www.name}, now);
  EXPECT_TRUE(ledger.is_settled());
}

TEST_F(LedgerTest, PublishesWhatIsTold) {
  adopt_one();
  EXPECT_EQ(known(), "nothing");
  EXPECT_EQ(known(Family::V6), "10800");
  EXPECT_EQ(record(found({"192.0.2.1", "192.0.2.2"}, 60)), "");
  EXPECT_EQ(known(), "192.0.2.1 192.0.2.2 60");
}

TEST_F(LedgerTest, AsksAgainShortlyBeforeTheTimeIsOver) {
  adopt_one();
  for (const std::uint32_t ttl : {100U, 1000U}) {
    record(found({"192.0.2.1"}, ttl));
    const seconds waited = wait();
    EXPECT_LE(waited, seconds(ttl * 90 / 100));
    EXPECT_GE(waited, seconds(ttl * 85 / 100));
  }
}

TEST_F(LedgerTest, TtlsHaveBounds) {
  adopt_one();
  record(found({"192.0.2.1"}, 0));
  EXPECT_EQ(known(), "192.0.2.1 5");
  EXPECT_GE(wait(), seconds(4));
  record(found({"192.0.2.1"}, 1'000'000));
  EXPECT_EQ(known(), "192.0.2.1 86400");
  EXPECT_LE(wait(), hours(22));
  record(gone(1'000'000));
  wait();
  record(gone(1'000'000));
  EXPECT_EQ(known(), "10800");
}

TEST_F(LedgerTest, TheTableIsAnotherOnlyWhenItSaysSomethingElse) {
  adopt_one();
  record(found({"192.0.2.1"}, 60));
  const auto table = ledger.table();
  const auto changes = ledger.changes();
  wait();
  record(found({"192.0.2.1"}, 60));
  EXPECT_EQ(ledger.table(), table);
  EXPECT_EQ(ledger.changes(), changes);
  wait();
  record(found({"192.0.2.2"}, 60));
  EXPECT_NE(ledger.table(), table);
  EXPECT_EQ(ledger.changes(), changes + 1);
  EXPECT_EQ(known(), "192.0.2.2 60");
}

TEST_F(LedgerTest, BacksOffWhileNobodyTells) {
  adopt_one();
  record(failed());
  std::vector<seconds> waits;
  for (int i = 0; i < 9; ++i) {
    const Instant before = now;
    wait();
    waits.push_back(std::chrono::round<seconds>((now - before) * 1.025));
    record(failed());
  }
  EXPECT_EQ(waits[0], seconds(1));
  EXPECT_EQ(waits[1], seconds(2));
  EXPECT_EQ(waits[2], seconds(4));
  EXPECT_EQ(waits[3], seconds(8));
  EXPECT_GE(waits[8], seconds(58));
  EXPECT_LE(waits[8], seconds(62));
}

TEST_F(LedgerTest, KeepsTheLastGoodValueForEverWhileNobodyTells) {
  adopt_one();
  record(found({"192.0.2.1"}, 300));
  wait();
  EXPECT_EQ(record(failed()), "") << "it is still good";
  EXPECT_EQ(known(), "192.0.2.1 300");
  std::string events;
  for (int i = 0; i < 100; ++i) {
    wait();
    events += record(failed());
  }
  EXPECT_EQ(events, "failing") << "once";
  EXPECT_EQ(known(), "192.0.2.1 30") << "past its time: RFC 8767 4";
  now += hours(10'000);
  EXPECT_EQ(record(failed()), "");
  EXPECT_EQ(known(), "192.0.2.1 30");
  EXPECT_EQ(record(found({"192.0.2.1"}, 300)), "resolved");
  EXPECT_EQ(known(), "192.0.2.1 300");
}

TEST_F(LedgerTest, TellsAtOnceThatNothingIsKnown) {
  adopt_one();
  const auto events = ledger.record(www, failed("SERVFAIL from 192.0.2.53:53"), now);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0],
            (Event{Event::Kind::Failing, www.name, Family::V4, "SERVFAIL from 192.0.2.53:53"}));
  EXPECT_EQ(known(), "nothing");
  EXPECT_EQ(record(failed("no answer")), "");
  EXPECT_EQ(record(none(60)), "resolved");
}

TEST_F(LedgerTest, ANameThatIsGoneMustBeSaidSoTwice) {
  adopt_one();
  record(found({"192.0.2.1"}, 300));
  wait();
  Finding denial = gone(60);
  denial.by = 3;
  EXPECT_EQ(record(denial), "");
  EXPECT_EQ(known(), "192.0.2.1 300");
  EXPECT_EQ(ledger.due(), now + seconds(5));
  now += seconds(5);
  const auto question = ledger.next(now);
  ASSERT_TRUE(question);
  EXPECT_EQ(question->doubted, 3U) << "to be asked of somebody else";
  EXPECT_EQ(record(failed()), "") << "a failure says nothing of it";
  EXPECT_EQ(known(), "192.0.2.1 300");
  wait();
  EXPECT_EQ(record(gone(60)), "gone");
  EXPECT_EQ(known(), "60");
  wait();
  EXPECT_EQ(record(gone(60)), "") << "once";
  EXPECT_EQ(record(found({"192.0.2.1"}, 300)), "resolved");
  EXPECT_EQ(known(), "192.0.2.1 300");
}

TEST_F(LedgerTest, OneDenialBetweenAddressesIsForgotten) {
  adopt_one();
  for (int i = 0; i < 3; ++i) {
    record(found({"192.0.2.1"}, 300));
    wait();
    EXPECT_EQ(record(i == 1 ? none(60) : gone(60)), "");
    wait();
  }
  EXPECT_EQ(known(), "192.0.2.1 300");
}

TEST_F(LedgerTest, ANameThatNeverWasIsBelievedAtOnce) {
  adopt_one();
  EXPECT_EQ(record(gone(60)), "gone");
  EXPECT_EQ(known(), "60");
}

TEST_F(LedgerTest, AFamilyThatNeverWasIsNothingToTell) {
  adopt_one();
  EXPECT_EQ(record(none(60)), "");
  EXPECT_EQ(known(), "60");
  wait();
  EXPECT_EQ(record(found({"192.0.2.1"}, 300)), "") << "nor is it that it comes to be";
}

TEST_F(LedgerTest, SpecialAddressesAreServedAndToldOnce) {
  adopt_one();
  EXPECT_EQ(record(found({"10.0.0.1"}, 60)), "special");
  EXPECT_EQ(known(), "10.0.0.1 60");
  EXPECT_EQ(record(found({"127.0.0.1"}, 60)), "");
  EXPECT_EQ(record(found({"192.0.2.1"}, 60)), "");
  EXPECT_EQ(record(found({"10.0.0.1", "192.0.2.1"}, 60)), "special");
}

TEST_F(LedgerTest, TargetsThatStayKeepWhatIsKnown) {
  adopt_one();
  record(found({"192.0.2.1"}, 300));
  ledger.adopt({name("a.example."), name("WWW.example.")}, now);
  EXPECT_EQ(known(), "192.0.2.1 300");
  const auto question = ledger.next(now);
  ASSERT_TRUE(question);
  EXPECT_EQ(question->name, name("a.example."));
  ledger.adopt({name("a.example.")}, now);
  EXPECT_EQ(known(), "nothing");
  EXPECT_EQ(record(found({"192.0.2.1"}, 300)), "") << "it is gone meanwhile";
  EXPECT_EQ(known(), "nothing");
}

TEST_F(LedgerTest, WhatIsAskedWhileTargetsChangeIsNotAskedTwice) {
  ledger.adopt({www.name}, now);
  EXPECT_TRUE(ledger.next(now));
  ledger.adopt({www.name, name("b.example.")}, now);
  int count = 0;
  while (ledger.next(now)) ++count;
  EXPECT_EQ(count, 3);
  record(found({"192.0.2.1"}, 300));
  EXPECT_GT(*ledger.due(), now);
}

TEST_F(LedgerTest, HastensWhatFailed) {
  adopt_one();
  record(failed());
  EXPECT_GT(*ledger.due(), now);
  ledger.hasten(now);
  EXPECT_EQ(ledger.due(), now);
  EXPECT_EQ(wait(), seconds(0));
  EXPECT_GT(*ledger.due(), now) << "the other family did not fail";
}

TEST_F(LedgerTest, WhatIsSavedIsServedInAnotherLife) {
  adopt_one();
  record(found({"192.0.2.1"}, 300));
  now += seconds(100);
  const auto saved = ledger.save(now, 1'700'000'100);
  ASSERT_EQ(saved.size(), 2U);
  EXPECT_EQ(saved[0], (SavedAddresses{www.name, Family::V4, addresses({"192.0.2.1"}), Ttl{300},
                                      1'700'000'000}));
  EXPECT_TRUE(saved[1].addresses.empty());

  for (const auto& [later, ttl] : {std::pair{100, "300"}, {400, "30"}, {-5000, "300"}}) {
    ledger = Ledger{1};
    now = Instant{seconds(7)};
    ledger.adopt({www.name}, now);
    ledger.restore(saved, now, 1'700'000'100 + later);
    EXPECT_EQ(known(), std::string("192.0.2.1 ") + ttl) << later;
    EXPECT_TRUE(ledger.is_settled());
    EXPECT_EQ(ledger.due(), now) << "and asked for all the same";
  }
}

TEST_F(LedgerTest, NothingSavedReplacesWhatIsKnown) {
  adopt_one();
  record(found({"192.0.2.1"}, 300));
  ledger.restore(
      std::vector<SavedAddresses>{
          {www.name, Family::V4, addresses({"192.0.2.9"}), Ttl{300}, 0},
          {name("other.example."), Family::V4, addresses({"192.0.2.9"}), Ttl{300}, 0}},
      now, 100);
  EXPECT_EQ(known(), "192.0.2.1 300");
  EXPECT_EQ(ledger.table()->size(), 1U);
}

}  // namespace
}  // namespace aliases
