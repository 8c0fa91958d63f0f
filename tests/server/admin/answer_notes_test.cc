#include "server/admin/answer_notes.h"

#include <gtest/gtest.h>

#include "tests/server/control/configured.h"

namespace admin {
namespace {

using dnswire::Ttl;
using Status = ExplainedAnswer::Status;

class Notes : public control::Configured {
 protected:
  Notes() { query_.edns.emplace().client_subnet = {false, client_, 32, 0}; }

  const dnswire::IpAddress client_ = *dnswire::IpAddress::from_text("133.11.0.1");
  dnswire::Query query_;
  control::Loaded loaded_ = load();
  const zones::Zone& zone_ = *loaded_.configuration.zones->all().front();
};

TEST_F(Notes, TheShortestTtlCounts) {
  const answer::Vantage vantage(client_, query_);
  AnswerNotes notes(vantage);
  notes.begin(zone_);
  notes.limit(Ttl(30), "first");
  notes.limit(Ttl(10), "second");
  notes.limit(Ttl(20), "third");
  notes.rest_on(8, "eight bits");
  notes.rest_on(4, "four bits");
  notes.end_with(std::vector{client_});
  const ExplainedAnswer answer = std::move(notes).take();
  EXPECT_EQ(answer.ttl, Ttl(10));
  EXPECT_EQ(answer.ttl_because, "second");
  EXPECT_EQ(answer.scope, 8);
  EXPECT_EQ(answer.scope_because, "eight bits");
  EXPECT_EQ(answer.records.size(), 1U);
}

TEST_F(Notes, ADenialIsForEverybodyUnlessAnAliasBeforeItIsNot) {
  const answer::Vantage vantage(client_, query_);
  AnswerNotes notes(vantage);
  notes.begin(zone_);
  notes.rest_on(8, "eight bits");
  AnswerNotes other = notes;
  notes.deny("nothing");
  EXPECT_EQ(std::move(notes).take().scope, 0);
  other.tell_not_everybody();
  other.deny("nothing");
  const ExplainedAnswer answer = std::move(other).take();
  EXPECT_EQ(answer.scope, 8);
  EXPECT_EQ(answer.ttl, zone_.negative_ttl());
}

TEST_F(Notes, ANewNameForgetsLimits) {
  const answer::Vantage vantage(client_, query_);
  AnswerNotes notes(vantage);
  notes.begin(zone_);
  notes.limit(Ttl(1), "an alias before it");
  notes.begin(zone_);
  notes.deny_name("nothing");
  const ExplainedAnswer answer = std::move(notes).take();
  EXPECT_EQ(answer.status, Status::NoSuchName);
  EXPECT_EQ(answer.ttl, zone_.negative_ttl());
}

}  // namespace
}  // namespace admin
