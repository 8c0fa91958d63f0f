#include "dnswire/response.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "dnswire/message_writer.h"
#include "dnswire/rdata.h"

namespace dnswire {
namespace {

using Octets = std::vector<std::uint8_t>;

void add(Octets& to, const Octets& octets) { to.insert(to.end(), octets.begin(), octets.end()); }
void add16(Octets& to, unsigned value) {
  add(to, {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)});
}

Octets header(unsigned flags, unsigned question, unsigned answer, unsigned authority = 0,
              unsigned additional = 0) {
  Octets message;
  for (const unsigned field : {0x1234U, flags, question, answer, authority, additional})
    add16(message, field);
  return message;
}

Octets record(const Octets& owner, RrType type, std::uint32_t ttl, const Octets& rdata,
              unsigned klass = 1) {
  Octets octets = owner;
  add16(octets, static_cast<unsigned>(type));
  add16(octets, klass);
  add16(octets, ttl >> 16);
  add16(octets, ttl & 0xffff);
  add16(octets, static_cast<unsigned>(rdata.size()));
  add(octets, rdata);
  return octets;
}

// example. A IN, at offset 12 of the message.
const Octets kQuestion{7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 1, 0, 1};
const Octets kAtQuestion{0xc0, 12};
constexpr unsigned kAnswer = 0x8400;  // QR, AA

// A reply to kQuestion with these records in its answer.
Octets reply(const std::vector<Octets>& records) {
  Octets message = header(kAnswer, 1, static_cast<unsigned>(records.size()));
  add(message, kQuestion);
  for (const Octets& each : records) add(message, each);
  return message;
}

Octets opt(std::uint32_t ttl, const Octets& options = {}) {
  return record({0}, RrType::OPT, ttl, options, 1232);
}

Octets with_additional(const std::vector<Octets>& records, unsigned flags = kAnswer) {
  Octets message = header(flags, 0, 0, 0, static_cast<unsigned>(records.size()));
  for (const Octets& each : records) add(message, each);
  return message;
}

Response parsed(const Octets& message) {
  auto response = Response::parse(message);
  EXPECT_TRUE(response) << describe(response.error());
  return response ? *std::move(response) : Response{};
}

std::string error_of(const Octets& message) {
  const auto response = Response::parse(message);
  return std::string(response ? "none" : describe(response.error()));
}
std::string text_of(Error error) { return std::string(describe(error)); }

std::string rdata_text(const Record& record) { return rdata_to_text(record.type, record.rdata); }

TEST(Response, HoldsHeaderQuestionAndRecords) {
  const Response response = parsed(reply({record(kAtQuestion, RrType::A, 300, {192, 0, 2, 1})}));
  EXPECT_EQ(response.header.id, 0x1234);
  EXPECT_TRUE(response.header.qr);
  EXPECT_TRUE(response.header.aa);
  ASSERT_TRUE(response.question);
  EXPECT_EQ(response.question->name.to_text(), "example.");
  EXPECT_EQ(response.question->type, RrType::A);
  ASSERT_EQ(response.answer.size(), 1U);
  EXPECT_EQ(response.answer[0].owner.to_text(), "example.");
  EXPECT_EQ(response.answer[0].ttl, Ttl(300));
  EXPECT_EQ(rdata_text(response.answer[0]), "192.0.2.1");
}

TEST(Response, KeepsTheSectionsApart) {
  Octets message = header(kAnswer, 0, 1, 1, 1);
  for (std::uint8_t last = 1; last <= 3; ++last)
    add(message, record({0}, RrType::A, 0, {192, 0, 2, last}));
  const Response response = parsed(message);
  ASSERT_EQ(response.answer.size(), 1U);
  ASSERT_EQ(response.authority.size(), 1U);
  ASSERT_EQ(response.additional.size(), 1U);
  EXPECT_EQ(rdata_text(response.answer[0]), "192.0.2.1");
  EXPECT_EQ(rdata_text(response.authority[0]), "192.0.2.2");
  EXPECT_EQ(rdata_text(response.additional[0]), "192.0.2.3");
}

TEST(Response, ExpandsNamesInsideRdata) {
  const Response response =
      parsed(reply({record(kAtQuestion, RrType::NS, 1, {2, 'n', 's', 0xc0, 12}),
                    record(kAtQuestion, RrType::MX, 1, {0, 10, 1, 'm', 0xc0, 12}),
                    record(kAtQuestion, RrType::SRV, 1, {0, 1, 0, 2, 0, 80, 0xc0, 12}),
                    record(kAtQuestion, RrType::NAPTR, 1, {0, 1, 0, 2, 1, 'u', 0, 0, 0xc0, 12})}));
  ASSERT_EQ(response.answer.size(), 4U);
  EXPECT_EQ(rdata_text(response.answer[0]), "ns.example.");
  EXPECT_EQ(rdata_text(response.answer[1]), "10 m.example.");
  EXPECT_EQ(rdata_text(response.answer[2]), "1 2 80 example.");
  EXPECT_EQ(rdata_text(response.answer[3]), "1 2 \"u\" \"\" \"\" example.");
}

TEST(Response, ExpandsBothNamesOfASoa) {
  Octets rdata{2, 'n', 's', 0xc0, 12, 0xc0, 12};
  for (std::uint32_t number = 1; number <= 5; ++number)
    add(rdata, {0, 0, 0, Octets::value_type(number)});
  const Response response = parsed(reply({record(kAtQuestion, RrType::SOA, 1, rdata)}));
  ASSERT_EQ(response.answer.size(), 1U);
  EXPECT_EQ(rdata_text(response.answer[0]), "ns.example. example. 1 2 3 4 5");
}

TEST(Response, TakesOtherRdataAsItIs) {
  // A pointer has no place in an HTTPS record (RFC 9460 2.2), and a TXT record knows none.
  const Octets rdata{3, 0xc0, 12, 'x'};
  const Response response = parsed(reply({record(kAtQuestion, RrType::TXT, 1, rdata),
                                          record(kAtQuestion, RrType::HTTPS, 1, rdata),
                                          record(kAtQuestion, RrType{65280}, 1, rdata)}));
  for (const Record& each : response.answer) EXPECT_EQ(each.rdata, rdata);
}

TEST(Response, TakesATtlWithTheTopBitSetAsZero) {
  const Response response =
      parsed(reply({record(kAtQuestion, RrType::A, 0x80000001, {192, 0, 2, 1})}));
  EXPECT_EQ(response.answer.at(0).ttl, Ttl(0));
}

TEST(Response, ReadsTheOptRecord) {
  const Response response = parsed(with_additional({opt(0x00008000, {0, 3, 0, 1, 'x'})}));
  EXPECT_TRUE(response.additional.empty());
  ASSERT_TRUE(response.opt);
  EXPECT_EQ(response.opt->udp_size, 1232);
  EXPECT_TRUE(response.opt->dnssec_ok);
  EXPECT_EQ(response.opt->options, (Octets{0, 3, 0, 1, 'x'}));
  EXPECT_EQ(response.header.rcode, Rcode::NoError);
}

TEST(Response, PutsTheRcodeTogether) {
  EXPECT_EQ(parsed(with_additional({opt(0x01000000)}, 0x8000)).header.rcode, Rcode::BadVers);
  EXPECT_EQ(parsed(with_additional({opt(0x01000000)}, 0x8007)).header.rcode, Rcode::BadCookie);
  EXPECT_EQ(parsed(with_additional({opt(0x10000000)}, 0x8000)).header.rcode, Rcode{255});
}

TEST(Response, RefusesTwoOptRecordsAndTwoQuestions) {
  EXPECT_EQ(error_of(with_additional({opt(0), opt(0)})), text_of(Error::BadNumber));
  Octets message = header(kAnswer, 2, 0);
  add(message, kQuestion);
  add(message, kQuestion);
  EXPECT_EQ(error_of(message), text_of(Error::BadNumber));
}

TEST(Response, IsTruncatedWhereverItIsCut) {
  Octets message = header(kAnswer, 1, 1, 0, 1);
  add(message, kQuestion);
  add(message, record(kAtQuestion, RrType::MX, 300, {0, 10, 1, 'm', 0xc0, 12}));
  add(message, opt(0, {0, 3, 0, 0}));
  ASSERT_EQ(error_of(message), "none");
  for (std::size_t size = 0; size < message.size(); ++size) {
    EXPECT_EQ(error_of(Octets(message.begin(), message.begin() + static_cast<long>(size))),
              text_of(Error::Truncated))
        << size;
  }
  message.push_back(0);
  EXPECT_EQ(error_of(message), text_of(Error::TrailingData));
}

TEST(Response, BelievesNoCount) {
  Octets message = header(kAnswer, 1, 65535, 65535, 65535);
  add(message, kQuestion);
  EXPECT_EQ(error_of(message), text_of(Error::Truncated));
}

TEST(Response, RefusesPointersThatDoNotPointBack) {
  const std::uint8_t here = 12 + 13;  // where the first record stands
  EXPECT_EQ(error_of(reply({record({0xc0, here}, RrType::A, 1, {192, 0, 2, 1})})),
            text_of(Error::BadPointer));
  EXPECT_EQ(error_of(reply({record({0xc0, 0xff}, RrType::A, 1, {192, 0, 2, 1})})),
            text_of(Error::BadPointer));
  const std::uint8_t rdata = here + 2 + 10;
  EXPECT_EQ(error_of(reply({record(kAtQuestion, RrType::NS, 1, {0xc0, rdata})})),
            text_of(Error::BadPointer));
}

TEST(Response, RefusesANameThatRunsOutOfItsRdata) {
  Octets message = reply({record(kAtQuestion, RrType::NS, 1, {2, 'n'})});
  add(message, {'s', 0});
  EXPECT_EQ(error_of(message), text_of(Error::Truncated));
}

TEST(Response, RefusesRdataWithSomethingBehindItsNames) {
  EXPECT_EQ(error_of(reply({record(kAtQuestion, RrType::NS, 1, {0xc0, 12, 0})})),
            text_of(Error::TrailingData));
}

// One long name and record after record that points to it: what is kept stays in proportion.
TEST(Response, GrowsInProportionToWhatWasReceived) {
  Octets name;
  for (int i = 0; i < 3; ++i) {
    name.push_back(63);
    name.insert(name.end(), 63, 'x');
  }
  name.push_back(0);
  Octets message = header(kAnswer, 1, 4000);
  add(message, name);
  add(message, {0, 2, 0, 1});
  for (int i = 0; i < 4000; ++i) add(message, record(kAtQuestion, RrType::NS, 1, {0xc0, 12}));
  ASSERT_LE(message.size(), 65535U);
  const Response response = parsed(message);
  ASSERT_EQ(response.answer.size(), 4000U);
  EXPECT_EQ(response.answer.back().rdata, name);
}

TEST(Response, ReadsWhatMessageWriterWrites) {
  std::array<std::uint8_t, 512> buffer;
  MessageWriter writer(buffer, buffer.size());
  const auto name = Name::from_text("www.example.").value();
  const auto rdata = rdata_from_text(RrType::CNAME, "a.www.example.", {}).value();
  ASSERT_TRUE(writer.write_question({name, RrType::A, RrClass::IN}));
  ASSERT_TRUE(
      writer.write_record(Section::Answer, name, RrType::CNAME, RrClass::IN, Ttl(60), rdata));
  ASSERT_TRUE(writer.write_edns({}, Rcode::NoError));
  const auto response = Response::parse(writer.finish({}));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->answer.at(0).rdata, rdata);
  EXPECT_TRUE(response->opt);
}

}  // namespace
}  // namespace dnswire
