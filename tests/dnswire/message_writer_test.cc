#include "dnswire/message_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "allocations.h"
#include "dnswire/cookie.h"
#include "dnswire/name.h"
#include "dnswire/rdata.h"
#include "oracle.h"
#include "random.h"
#include "random_rdata.h"

namespace dnswire {
namespace {

using testing::Octets;

Name name(std::string_view text) { return Name::from_text(text).value(); }

struct Record {
  Section section;
  Name owner;
  RrType type;
  std::uint32_t ttl;
  Octets rdata;
};

Record record(Section section, std::string_view owner, RrType type, std::string_view rdata) {
  return {section, name(owner), type, 60, rdata_from_text(type, rdata, NameView()).value()};
}

bool write(MessageWriter& writer, const Record& one) {
  return writer.write_record(one.section, one.owner, one.type, RrClass::IN, Ttl(one.ttl),
                             one.rdata);
}

Octets octets_of(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

testing::OracleRecord expected(const Record& one) {
  return {octets_of(one.owner.view().wire()), static_cast<std::uint16_t>(one.type), 1, one.ttl,
          one.rdata};
}

// A message that uses every feature, in the order in which it is written.
std::vector<Record> sample() {
  return {
      record(Section::Answer, "www.example.org.", RrType::CNAME, "web.example.org."),
      record(Section::Answer, "web.example.org.", RrType::A, "192.0.2.1"),
      record(Section::Answer, "web.example.org.", RrType::MX, "10 mail.example.org."),
      record(Section::Answer, "web.example.org.", RrType::TXT, "\"a\" \"bc\""),
      record(Section::Answer, "_s._tcp.example.org.", RrType::SRV, "1 2 3 web.example.org."),
      record(Section::Authority, "example.org.", RrType::SOA,
             "ns1.example.org. hostmaster.example.org. 1 2 3 4 5"),
      record(Section::Additional, "ns1.example.org.", RrType::AAAA, "2001:db8::1"),
  };
}

Edns sample_edns() {
  Edns edns;
  edns.udp_size = kOurUdpSize;
  edns.dnssec_ok = true;
  edns.client_subnet = ClientSubnet{false, IpAddress::from_text("192.0.2.0").value(), 24, 16};
  return edns;
}

TEST(MessageWriter, WritesAHeaderAlone) {
  Octets buffer(512, 0xaa);
  MessageWriter writer(buffer, 512);
  Header header;
  header.id = 7;
  header.qr = true;
  header.qdcount = 9;  // counted, not taken
  header.rcode = Rcode::NotImp;
  EXPECT_EQ(octets_of(writer.finish(header)), (Octets{0, 7, 0x80, 4, 0, 0, 0, 0, 0, 0, 0, 0}));
}

TEST(MessageWriter, LdnsReadsWhatWasWritten) {
  Octets buffer(2000);
  MessageWriter writer(buffer, 1232);
  const Name question = name("www.example.org.");
  ASSERT_TRUE(writer.write_question({question, RrType::A, RrClass::IN}));
  for (const Record& one : sample()) ASSERT_TRUE(write(writer, one));
  ASSERT_TRUE(writer.write_edns(sample_edns(), Rcode::NoError));
  const auto message = testing::oracle_message(writer.finish({}));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->question->owner, octets_of(question.view().wire()));
  ASSERT_EQ(message->answer.size(), 5U);
  ASSERT_EQ(message->authority.size(), 1U);
  ASSERT_EQ(message->additional.size(), 1U);
  auto all = message->answer;
  all.push_back(message->authority[0]);
  all.push_back(message->additional[0]);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], expected(sample()[i])) << i;
  EXPECT_TRUE(message->has_edns);
}

TEST(MessageWriter, CompressesOwnersAndNamesOfRfc1035) {
  Octets buffer(512);
  MessageWriter writer(buffer, 512);
  const Name question = name("www.example.org.");
  ASSERT_TRUE(writer.write_question({question, RrType::A, RrClass::IN}));
  const std::size_t start = writer.size();
  ASSERT_TRUE(write(writer, sample()[0]));
  const Octets cname{0xc0, 12,  // the question
                     0,    5,  0, 1, 0, 0, 0, 60, 0, 6, 3, 'w', 'e', 'b', 0xc0, 16};
  EXPECT_EQ(octets_of(Bytes(buffer).subspan(start, writer.size() - start)), cname);
  const std::size_t next = writer.size();
  ASSERT_TRUE(write(writer, sample()[1]));
  EXPECT_EQ(load16(&buffer[next]), 0xc000 + start + 12);  // the alias's target, inside its RDATA
}

TEST(MessageWriter, LeavesNamesOfLaterTypesUncompressed) {
  Octets buffer(512);
  MessageWriter writer(buffer, 512);
  const Name question = name("web.example.org.");
  ASSERT_TRUE(writer.write_question({question, RrType::SRV, RrClass::IN}));
  const Record srv =
      record(Section::Answer, "web.example.org.", RrType::SRV, "1 2 3 web.example.org.");
  ASSERT_TRUE(write(writer, srv));
  const Bytes rdata = Bytes(buffer).subspan(writer.size() - srv.rdata.size(), srv.rdata.size());
  EXPECT_EQ(octets_of(rdata), srv.rdata);
}

TEST(MessageWriter, EchoesTheCaseOfTheQuestionInOwners) {
  Octets buffer(512);
  MessageWriter writer(buffer, 512);
  const Name question = name("wWw.ExAmPlE.oRg.");
  ASSERT_TRUE(writer.write_question({question, RrType::A, RrClass::IN}));
  ASSERT_TRUE(write(writer, record(Section::Answer, "www.example.org.", RrType::A, "192.0.2.1")));
  const auto message = testing::oracle_message(writer.finish({}));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->question->owner, octets_of(question.view().wire()));
  EXPECT_EQ(message->answer[0].owner, octets_of(question.view().wire()));
}

TEST(MessageWriter, KeepsTheCaseOfNamesItWritesOut) {
  Octets buffer(512);
  MessageWriter writer(buffer, 512);
  const Record one = record(Section::Answer, "WwW.Example.", RrType::NS, "Ns.OTHER.");
  ASSERT_TRUE(write(writer, one));
  EXPECT_EQ(testing::oracle_message(writer.finish({}))->answer[0], expected(one));
}

TEST(MessageWriter, WritesEdnsWithoutOptions) {
  Octets buffer(512);
  MessageWriter writer(buffer, 512);
  Edns edns;
  edns.udp_size = kOurUdpSize;
  EXPECT_EQ(MessageWriter::edns_size(edns), 11U);
  ASSERT_TRUE(writer.write_edns(edns, Rcode::BadVers));
  EXPECT_EQ(octets_of(writer.finish({}).subspan(10)),
            (Octets{0, 1, 0, 0, 41, 0x04, 0xd0, 1, 0, 0, 0, 0, 0}));
  const auto message = testing::oracle_message(writer.finish({}));
  EXPECT_EQ(message->udp_size, 1232);
  EXPECT_EQ(message->extended_rcode, 1U);
}

TEST(MessageWriter, EchoesClientSubnetsWithTheOctetsOfTheirSource) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (const Family family : {Family::V4, Family::V6}) {
    const unsigned bits = family == Family::V4 ? 32 : 128;
    for (unsigned source = 0; source <= bits; ++source) {
      const auto address = IpAddress::from_octets(family, random.octets(bits / 8)).masked(source);
      Edns edns = sample_edns();
      edns.client_subnet = {false, address, static_cast<std::uint8_t>(source),
                            static_cast<std::uint8_t>(random.between(0, bits))};
      Octets buffer(512);
      MessageWriter writer(buffer, 512);
      ASSERT_TRUE(writer.write_edns(edns, Rcode::NoError));
      EXPECT_EQ(writer.size(), kHeaderSize + MessageWriter::edns_size(edns));
      const auto message = testing::oracle_message(writer.finish({}));
      ASSERT_TRUE(message);
      EXPECT_TRUE(message->dnssec_ok);
      const auto octets = static_cast<std::uint8_t>((source + 7) / 8);
      Octets option{0,
                    8,
                    0,
                    static_cast<std::uint8_t>(4 + octets),
                    0,
                    static_cast<std::uint8_t>(family == Family::V4 ? 1 : 2),
                    static_cast<std::uint8_t>(source),
                    edns.client_subnet->scope_prefix};
      option.insert(option.end(), address.octets().begin(), address.octets().begin() + octets);
      EXPECT_EQ(message->options, option);
    }
  }
}

TEST(MessageWriter, WritesEveryOptionThatIsThere) {
  const Octets cookie(24, 0xcc);
  const Octets nsid{'n', 's', '1'};
  Edns edns;
  edns.cookie = cookie;
  edns.nsid = nsid;
  edns.keepalive = 100;
  edns.error = ExtendedError{ExtendedErrorCode::NotAuthoritative, "why"};
  Octets buffer(512);
  MessageWriter writer(buffer, 512);
  ASSERT_TRUE(writer.write_edns(edns, Rcode::NoError));
  EXPECT_EQ(writer.size(), kHeaderSize + MessageWriter::edns_size(edns));
  Octets expected{0, 10, 0, 24};  // RFC 7873 4
  expected.insert(expected.end(), cookie.begin(), cookie.end());
  const Octets rest{0, 3,  0, 3, 'n', 's', '1',             // RFC 5001 2.3
                    0, 11, 0, 2, 0,   100,                  // RFC 7828 3.1
                    0, 15, 0, 5, 0,   20,  'w', 'h', 'y'};  // RFC 8914 2
  expected.insert(expected.end(), rest.begin(), rest.end());
  EXPECT_EQ(testing::oracle_message(writer.finish({}))->options, expected);
}

// With the longest question there is, and all options at their largest.
TEST(MessageWriter, LargestOptFitsBesideTheLongestQuestion) {
  Octets long_name;
  for (int i = 0; i < 127; ++i) long_name.insert(long_name.end(), {1, 'a'});
  long_name.push_back(0);
  const Octets cookie(kCookieSize, 1);
  const Octets nsid(kMaxNsidSize, 2);
  const std::string text(kMaxErrorText, 'x');
  Edns edns;
  edns.client_subnet = ClientSubnet{false, IpAddress::from_text("2001:db8::1").value(), 128, 0};
  edns.cookie = cookie;
  edns.nsid = nsid;
  edns.keepalive = 1;
  edns.error = ExtendedError{ExtendedErrorCode::Other, text};
  Octets buffer(512);
  MessageWriter writer(buffer, 512);
  ASSERT_TRUE(writer.write_question({NameView::trusted(long_name), RrType::A, RrClass::IN}));
  EXPECT_TRUE(writer.write_edns(edns, Rcode::NoError));
}

TEST(MessageWriter, EchoesFamilyZeroAsItCame) {
  Octets buffer(512);
  MessageWriter writer(buffer, 512);
  Edns edns;
  edns.client_subnet = ClientSubnet{true, IpAddress(), 0, 0};
  ASSERT_TRUE(writer.write_edns(edns, Rcode::NoError));
  EXPECT_EQ(testing::oracle_message(writer.finish({}))->options, (Octets{0, 8, 0, 4, 0, 0, 0, 0}));
}

// Writes the sample under every limit. What is refused must leave no trace: the message is the
// same, octet for octet, as one into which only the accepted writes went without any limit.
TEST(MessageWriter, WritesNothingPastAnyLimitAndTakesBackWhatDoesNotFit) {
  const Name question = name("www.example.org.");
  std::vector<std::function<bool(MessageWriter&)>> steps;
  steps.emplace_back([&](MessageWriter& writer) {
    return writer.write_question({question, RrType::A, RrClass::IN});
  });
  for (const Record& one : sample()) {
    steps.emplace_back([one](MessageWriter& writer) { return write(writer, one); });
  }
  steps.emplace_back(
      [](MessageWriter& writer) { return writer.write_edns(sample_edns(), Rcode::NoError); });

  std::size_t whole_size = 0;
  for (std::size_t limit = kHeaderSize; limit <= 420; ++limit) {
    Octets buffer(512, 0xaa);
    Octets reference_buffer(512);
    MessageWriter writer(buffer, 512);
    MessageWriter reference(reference_buffer, 512);
    writer.reserve(512 - limit);
    std::size_t accepted = 0;
    for (const auto& step : steps) {
      const std::size_t before = writer.size();
      if (!step(writer)) {
        EXPECT_EQ(writer.size(), before);
        continue;
      }
      ++accepted;
      ASSERT_TRUE(step(reference));
    }
    EXPECT_LE(writer.size(), limit);
    EXPECT_EQ(octets_of(writer.finish({})), octets_of(reference.finish({}))) << limit;
    EXPECT_TRUE(std::all_of(buffer.begin() + static_cast<std::ptrdiff_t>(limit), buffer.end(),
                            [](std::uint8_t octet) { return octet == 0xaa; }))
        << limit;
    EXPECT_TRUE(testing::oracle_message(writer.finish({}))) << limit;
    if (accepted == steps.size() && whole_size == 0) whole_size = limit;
  }
  // The whole fits first where the limit is exactly its size.
  Octets buffer(512);
  MessageWriter writer(buffer, 512);
  for (const auto& step : steps) ASSERT_TRUE(step(writer));
  EXPECT_EQ(whole_size, writer.size());
}

TEST(MessageWriter, TheLimitIsTheSmallerOfLimitAndBuffer) {
  Octets small(512);
  Octets large(70000);
  MessageWriter by_buffer(small, 4096);
  MessageWriter by_limit(large, 512);
  const Octets rdata(512 - kHeaderSize - 11);
  const auto unknown = static_cast<RrType>(65280);
  for (MessageWriter* writer : {&by_buffer, &by_limit}) {
    const Octets over(rdata.size() + 1);
    EXPECT_FALSE(writer->write_record(Section::Answer, {}, unknown, RrClass::IN, Ttl(1), over));
    EXPECT_TRUE(writer->write_record(Section::Answer, {}, unknown, RrClass::IN, Ttl(1), rdata));
    EXPECT_EQ(writer->size(), 512U);
  }
  MessageWriter huge(large, 70000);
  EXPECT_FALSE(huge.write_record(Section::Answer, {}, unknown, RrClass::IN, Ttl(1), Octets(65535)));
}

TEST(MessageWriter, RollsBackToAMarkWithItsNamesAndCounts) {
  Octets buffer(512);
  MessageWriter writer(buffer, 512);
  ASSERT_TRUE(writer.write_question({name("a.example.").view(), RrType::A, RrClass::IN}));
  const auto mark = writer.mark();
  ASSERT_TRUE(write(writer, record(Section::Answer, "b.example.", RrType::A, "192.0.2.1")));
  ASSERT_TRUE(write(writer, record(Section::Authority, "example.", RrType::NS, "c.example.")));
  writer.rollback(mark);
  // "b.example." is gone: it must be written again, not pointed to.
  const Record again = record(Section::Answer, "b.example.", RrType::A, "192.0.2.2");
  ASSERT_TRUE(write(writer, again));
  const auto message = testing::oracle_message(writer.finish({}));
  ASSERT_TRUE(message);
  ASSERT_EQ(message->answer.size(), 1U);
  EXPECT_EQ(message->answer[0], expected(again));
  EXPECT_TRUE(message->authority.empty());
}

TEST(MessageWriter, ReservedRoomComesBack) {
  Octets buffer(512);
  MessageWriter writer(buffer, 512);
  const Edns edns = sample_edns();
  writer.reserve(MessageWriter::edns_size(edns));
  const Record one = record(Section::Answer, ".", RrType::A, "192.0.2.1");
  while (write(writer, one)) {
  }
  EXPECT_LE(writer.size() + MessageWriter::edns_size(edns), 512U);
  writer.release(MessageWriter::edns_size(edns));
  EXPECT_TRUE(writer.write_edns(edns, Rcode::NoError));
  EXPECT_TRUE(testing::oracle_message(writer.finish({})));
}

TEST(MessageWriter, PointsToNothingBehindFourteenBits) {
  Octets buffer(65535);
  MessageWriter writer(buffer, 65535);
  const auto unknown = static_cast<RrType>(65280);
  const Octets filler(0x4000 - kHeaderSize - 11 - 2);
  ASSERT_TRUE(writer.write_record(Section::Answer, {}, unknown, RrClass::IN, Ttl(1), filler));
  ASSERT_EQ(writer.size(), 0x3ffeU);
  // "aa.b." starts before the border, "b." behind it.
  const std::vector<Record> records{record(Section::Answer, "aa.b.", RrType::A, "192.0.2.1"),
                                    record(Section::Answer, "aa.b.", RrType::A, "192.0.2.2"),
                                    record(Section::Answer, "b.", RrType::A, "192.0.2.3"),
                                    record(Section::Answer, "b.", RrType::A, "192.0.2.4")};
  std::vector<std::size_t> sizes;
  for (const Record& one : records) {
    const std::size_t before = writer.size();
    ASSERT_TRUE(write(writer, one));
    sizes.push_back(writer.size() - before - 14);
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{6, 2, 3, 3}));
  const auto message = testing::oracle_message(writer.finish({}));
  ASSERT_TRUE(message);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(message->answer[i + 1], expected(records[i]));
}

TEST(MessageWriter, AllocatesNothing) {
  Octets buffer(1232);
  const std::vector<Record> records = sample();
  const Edns edns = sample_edns();
  const std::size_t before = testing::allocation_count();
  MessageWriter writer(buffer, 1232);
  bool good = writer.write_question({records[0].owner, RrType::A, RrClass::IN});
  for (const Record& one : records) good = write(writer, one) && good;
  good = writer.write_edns(edns, Rcode::NoError) && good;
  const Bytes message = writer.finish({});
  EXPECT_EQ(testing::allocation_count(), before);
  EXPECT_TRUE(good);
  EXPECT_GT(message.size(), kHeaderSize);
}

// Names from a small family tree, so that tails are shared, and now and then a very long one.
Name relative(testing::Random& random) {
  constexpr std::array<std::string_view, 6> kLabels{"a.",       "b.",   "www.",
                                                    "example.", "org.", "a\\.b."};
  if (random.chance(20)) return random.name(true);
  std::string text;
  for (std::size_t n = random.between(0, 4); n > 0; --n) text += kLabels[random.between(0, 5)];
  return name(text.empty() ? "." : text);
}

Record random_record(testing::Random& random, Section section) {
  const RrType type = testing::kKnownTypes[random.between(0, testing::kKnownTypes.size() - 1)];
  Octets rdata;
  for (const Field field : rdata_fields(type)) {
    const bool is_name = field == Field::Name || field == Field::CompressedName;
    const Octets part = is_name ? octets_of(relative(random).view().wire())
                                : testing::random_field(field, random, false);
    rdata.insert(rdata.end(), part.begin(), part.end());
  }
  const auto ttl = static_cast<std::uint32_t>(random.between(0, 0x7fffffff));
  return {section, relative(random), type, ttl, rdata};
}

TEST(MessageWriter, LdnsReadsRandomMessagesAsTheyWereMeant) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  // A name that differs from an earlier one only in case takes over that one's case.
  const auto lowered = [](testing::OracleRecord one) {
    for (auto* octets : {&one.owner, &one.rdata}) {
      for (auto& octet : *octets) octet = octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
    }
    return one;
  };
  for (int i = 0; i < 1500; ++i) {
    Octets buffer(random.between(512, 40000));
    MessageWriter writer(buffer, buffer.size());
    const Name question = relative(random);
    ASSERT_TRUE(writer.write_question({question, RrType::ANY, RrClass::IN}));
    std::array<std::vector<testing::OracleRecord>, 3> written;
    for (std::size_t section = 0; section < 3; ++section) {
      for (std::size_t n = random.between(0, random.chance(10) ? 300 : 8); n > 0; --n) {
        const Record one = random_record(random, static_cast<Section>(section));
        if (write(writer, one)) written[section].push_back(lowered(expected(one)));
      }
    }
    const auto message = testing::oracle_message(writer.finish({}));
    ASSERT_TRUE(message);
    EXPECT_EQ(message->question->owner, octets_of(question.view().wire()));
    const std::array<const std::vector<testing::OracleRecord>*, 3> read{
        &message->answer, &message->authority, &message->additional};
    for (std::size_t section = 0; section < 3; ++section) {
      ASSERT_EQ(read[section]->size(), written[section].size());
      for (std::size_t k = 0; k < written[section].size(); ++k) {
        EXPECT_EQ(lowered((*read[section])[k]), written[section][k]);
      }
    }
  }
}

TEST(MessageWriter, OurOwnReaderFollowsItsPointers) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  for (int i = 0; i < 500; ++i) {
    Octets buffer(16000);
    MessageWriter writer(buffer, buffer.size());
    std::vector<std::pair<std::size_t, Name>> owners;
    for (int n = 0; n < 60; ++n) {
      Record one{Section::Answer, relative(random), RrType::A, 1, {1, 2, 3, 4}};
      owners.emplace_back(writer.size(), one.owner);
      ASSERT_TRUE(write(writer, one));
    }
    const Bytes message = writer.finish({});
    for (const auto& [start, owner] : owners) {
      std::size_t at = start;
      EXPECT_EQ(Name::read(message, at), owner);
      EXPECT_EQ(skip_name(message, start), at);
    }
  }
}

}  // namespace
}  // namespace dnswire
