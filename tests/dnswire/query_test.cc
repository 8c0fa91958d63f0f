#include "dnswire/query.h"

#include <gtest/gtest.h>

#include "allocations.h"
#include "dnswire/name.h"
#include "random.h"

namespace dnswire {
namespace {

using Octets = std::vector<std::uint8_t>;

constexpr std::uint16_t kOpt = 41;
constexpr std::uint16_t kTsig = 250;

void add(Octets& to, const Octets& octets) { to.insert(to.end(), octets.begin(), octets.end()); }
void add16(Octets& to, unsigned value) {
  add(to, {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)});
}

struct Counts {
  unsigned question = 1, answer = 0, authority = 0, additional = 0;
};

Octets header(unsigned flags, Counts counts) {
  Octets message;
  for (const unsigned field :
       {0x1234U, flags, counts.question, counts.answer, counts.authority, counts.additional}) {
    add16(message, field);
  }
  return message;
}

Octets record(const Octets& owner, unsigned type, unsigned klass, std::uint32_t ttl,
              const Octets& rdata) {
  Octets octets = owner;
  add16(octets, type);
  add16(octets, klass);
  add16(octets, ttl >> 16);
  add16(octets, ttl & 0xffff);
  add16(octets, static_cast<unsigned>(rdata.size()));
  add(octets, rdata);
  return octets;
}

Octets opt(const Octets& options = {}, unsigned size = 1232, std::uint32_t ttl = 0) {
  return record({0}, kOpt, size, ttl, options);
}

Octets option(unsigned code, const Octets& data) {
  Octets octets;
  add16(octets, code);
  add16(octets, static_cast<unsigned>(data.size()));
  add(octets, data);
  return octets;
}

const Octets kQuestion{3, 'W', 'w', 'w', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 28, 0, 1};

Octets message(const std::vector<Octets>& additional = {}, unsigned flags = 0x0110,
               const Octets& question = kQuestion) {
  Octets octets = header(flags, {1, 0, 0, static_cast<unsigned>(additional.size())});
  add(octets, question);
  for (const Octets& one : additional) add(octets, one);
  return octets;
}

Octets question(unsigned type, unsigned klass = 1) {
  Octets octets{1, 'a', 0};
  add16(octets, type);
  add16(octets, klass);
  return octets;
}

std::optional<Rcode> rcode_of(const Octets& octets) {
  const auto query = parse_query(octets);
  EXPECT_FALSE(query) << "taken for well-formed";
  return query ? Rcode::NoError : query.error().rcode;
}

// The reply code to a message with this client subnet option; NoError when it is understood.
Rcode subnet_rcode(const Octets& data) {
  const auto query = parse_query(message({opt(option(8, data))}));
  if (query) return query->edns && query->edns->client_subnet ? Rcode::NoError : Rcode::ServFail;
  EXPECT_TRUE(query.error().edns && !query.error().edns->client_subnet);
  return query.error().rcode.value();
}

TEST(ParseQuery, UnderstandsAPlainQuestion) {
  const Octets octets = message();
  const auto query = parse_query(octets);
  ASSERT_TRUE(query);
  EXPECT_EQ(query->header.id, 0x1234);
  EXPECT_TRUE(query->header.rd);
  EXPECT_TRUE(query->header.cd);
  EXPECT_EQ(query->question.name.to_text(), "Www.example.");
  EXPECT_EQ(query->question.name.wire().data(), octets.data() + 12);
  EXPECT_EQ(query->question.type, RrType::AAAA);
  EXPECT_EQ(query->question.klass, RrClass::IN);
  EXPECT_FALSE(query->edns);
}

TEST(ParseQuery, SaysNothingToAnswersAndFragmentsOfHeaders) {
  for (std::size_t size = 0; size < kHeaderSize; ++size) {
    const Octets octets = message();
    const auto query = parse_query(Bytes(octets).first(size));
    ASSERT_FALSE(query);
    EXPECT_FALSE(query.error().rcode);
  }
  EXPECT_EQ(rcode_of(message({}, 0x8110)), std::nullopt);
  EXPECT_EQ(rcode_of(message({}, 0xa800)), std::nullopt);  // an answer to an update
  EXPECT_EQ(rcode_of(Octets(12, 0xff)), std::nullopt);
}

TEST(ParseQuery, RefusesEveryPrefixOfAWellFormedMessage) {
  Octets data{0, 1, 24, 0, 192, 0, 2};
  const Octets octets = message({opt(option(8, data)), record({0}, kTsig, 255, 0, {1, 2, 3})});
  ASSERT_TRUE(parse_query(octets));
  for (std::size_t size = kHeaderSize; size < octets.size(); ++size) {
    const Octets part(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(rcode_of(part), Rcode::FormErr) << size;
  }
}

TEST(ParseQuery, RefusesOctetsLeftOver) {
  Octets octets = message();
  octets.push_back(0);
  EXPECT_EQ(rcode_of(octets), Rcode::FormErr);
  EXPECT_TRUE(parse_query(octets).error().question);
}

// RFC 6891 6.1.1: OPT in a request brings one back, whatever the request was.
TEST(ParseQuery, AnswersOtherOpcodesWithWhatItUnderstands) {
  for (unsigned opcode = 1; opcode < 16; ++opcode) {
    const auto query = parse_query(message({opt()}, opcode << 11));
    ASSERT_FALSE(query);
    EXPECT_EQ(query.error().rcode, Rcode::NotImp);
    EXPECT_EQ(query.error().header.id, 0x1234);
    EXPECT_TRUE(query.error().question);
    EXPECT_TRUE(query.error().edns);
    EXPECT_EQ(query.error().error->code, ExtendedErrorCode::NotSupported);
    EXPECT_EQ(rcode_of(header(opcode << 11, {0, 0, 0, 0})), Rcode::NotImp);
    EXPECT_EQ(rcode_of(header(opcode << 11, {7, 7, 7, 7})), Rcode::NotImp);
    Octets later = opt();
    later[6] = 1;
    EXPECT_EQ(rcode_of(message({later}, opcode << 11)), Rcode::BadVers);  // RFC 6891 6.1.3
  }
}

TEST(ParseQuery, ReadsOverTheRecordsOfOtherOpcodes) {
  for (const unsigned opcode : {4U, 5U}) {
    Octets octets = header(opcode << 11, {1, 1, 1, 1});
    add(octets, kQuestion);
    add(octets, record({0}, 6, 1, 0, {1, 2, 3}));
    add(octets, record({0}, 1, 1, 0, {}));
    add(octets, opt());
    EXPECT_TRUE(parse_query(octets).error().edns);
    for (std::size_t size = kHeaderSize; size < octets.size(); ++size) {
      EXPECT_EQ(
          rcode_of(Octets(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size))),
          Rcode::NotImp);
    }
  }
}

TEST(ParseQuery, RefusesRecordsInAQueryAndReadsItsOpt) {
  for (const bool in_answer : {true, false}) {
    Octets octets = header(0, {1, in_answer ? 1U : 0U, in_answer ? 0U : 1U, 1});
    add(octets, kQuestion);
    add(octets, record({0}, 1, 1, 0, {192, 0, 2, 1}));
    add(octets, opt());
    EXPECT_EQ(rcode_of(octets), Rcode::FormErr);
    EXPECT_TRUE(parse_query(octets).error().edns);
    EXPECT_EQ(parse_query(octets).error().error->text, "records where a query has none");
  }
}

TEST(ParseQuery, RefusesEveryCountThatDoesNotFit) {
  for (const Counts counts : {Counts{0}, Counts{2}, Counts{65535}, Counts{1, 1}, Counts{1, 65535},
                              Counts{1, 0, 1}, Counts{1, 0, 2}, Counts{1, 0, 0, 1},
                              Counts{1, 0, 0, 65535}, Counts{65535, 65535, 65535, 65535}}) {
    Octets octets = header(0, counts);
    add(octets, kQuestion);
    EXPECT_EQ(rcode_of(octets), Rcode::FormErr);
  }
  EXPECT_EQ(rcode_of(header(0, {0})), Rcode::FormErr);
}

TEST(ParseQuery, RefusesCompressionInTheQuestion) {
  for (const Octets& name : {Octets{0xc0, 12}, Octets{1, 'a', 0xc0, 12}, Octets{0xc0, 0}}) {
    Octets octets = name;
    add(octets, {0, 1, 0, 1});
    const auto query = parse_query(message({}, 0, octets));
    ASSERT_FALSE(query);
    EXPECT_EQ(query.error().rcode, Rcode::FormErr);
    EXPECT_FALSE(query.error().question);
  }
}

TEST(ParseQuery, RefusesANameOver255Octets) {
  Octets octets;
  for (int i = 0; i < 127; ++i) add(octets, {1, 'a'});
  Octets longest = octets;
  add(longest, {0, 0, 1, 0, 1});
  EXPECT_TRUE(parse_query(message({}, 0, longest)));
  octets[0] = 2;
  octets.insert(octets.begin() + 1, 'a');
  add(octets, {0, 0, 1, 0, 1});
  EXPECT_EQ(rcode_of(message({}, 0, octets)), Rcode::FormErr);
}

TEST(ParseQuery, TakesEveryTypeAndClass) {
  for (unsigned type = 0; type <= 0xffff; ++type) {
    for (const unsigned klass : {0U, 1U, 3U, 254U, 255U, 65535U}) {
      const auto octets = message({}, 0, question(type, klass));
      const auto query = parse_query(octets);
      ASSERT_TRUE(query) << type;
      EXPECT_EQ(query->question.type, static_cast<RrType>(type));
      EXPECT_EQ(query->question.klass, static_cast<RrClass>(klass));
    }
  }
}

TEST(ParseQuery, SkipsTheSoaOfAnIncrementalTransfer) {
  const auto ixfr = [](const Octets& authority, unsigned type, unsigned count) {
    Octets octets = header(0, {1, 0, count, 1});
    add(octets, question(type));
    add(octets, authority);
    add(octets, opt());
    return octets;
  };
  const Octets soa = record({0xc0, 12}, 6, 1, 0, Octets(22));
  Octets two = soa;
  add(two, soa);
  const Octets good = ixfr(soa, 251, 1);
  const auto query = parse_query(good);
  ASSERT_TRUE(query);
  EXPECT_EQ(query->question.type, RrType::IXFR);
  EXPECT_TRUE(query->edns);
  EXPECT_EQ(rcode_of(ixfr(soa, 252, 1)), Rcode::FormErr);
  EXPECT_EQ(rcode_of(ixfr(two, 251, 2)), Rcode::FormErr);
  EXPECT_EQ(rcode_of(ixfr(opt(), 251, 1)), Rcode::FormErr);  // OPT in the wrong section
}

TEST(ParseQuery, ReadsTheFieldsOfOpt) {
  const Octets octets = message({opt({}, 4096, 0x00008000)});
  const auto query = parse_query(octets);
  ASSERT_TRUE(query && query->edns);
  EXPECT_EQ(query->edns->udp_size, 4096);
  EXPECT_EQ(query->edns->version, 0);
  EXPECT_TRUE(query->edns->dnssec_ok);
  EXPECT_FALSE(query->edns->client_subnet);
  const Octets other = message({opt({}, 1232, 0xff007fff)});
  ASSERT_TRUE(parse_query(other));
  EXPECT_FALSE(parse_query(other)->edns->dnssec_ok);
}

TEST(ParseQuery, TakesUdpSizesBelow512For512) {
  for (const auto& [sent, taken] : std::vector<std::pair<unsigned, unsigned>>{
           {0, 512}, {511, 512}, {512, 512}, {513, 513}, {65535, 65535}}) {
    EXPECT_EQ(parse_query(message({opt({}, sent)}))->edns->udp_size, taken);
  }
}

TEST(ParseQuery, RefusesTwoOptsAndOptsOfOthersThanTheRoot) {
  EXPECT_EQ(rcode_of(message({opt(), opt()})), Rcode::FormErr);
  EXPECT_EQ(rcode_of(message({opt(), record({0}, kTsig, 255, 0, {}), opt()})), Rcode::FormErr);
  EXPECT_EQ(rcode_of(message({record({1, 'a', 0}, kOpt, 1232, 0, {})})), Rcode::FormErr);
  EXPECT_EQ(rcode_of(message({record({0xc0, 24}, kOpt, 1232, 0, {})})), Rcode::FormErr);
}

TEST(ParseQuery, AnswersAnUnknownVersionWithQuestionAndEdns) {
  for (unsigned version = 1; version < 256; ++version) {
    const auto query = parse_query(message({opt({}, 1232, version << 16)}));
    ASSERT_FALSE(query);
    EXPECT_EQ(query.error().rcode, Rcode::BadVers);
    EXPECT_TRUE(query.error().question);
    ASSERT_TRUE(query.error().edns);
    EXPECT_EQ(query.error().edns->version, version);
  }
}

TEST(ParseQuery, SkipsRecordsItDoesNotKnow) {
  const Octets octets =
      message({record({1, 'k', 0xc0, 16}, 65280, 1, 1, Octets(300)), opt({}, 1400),
               record({3, 'k', 'e', 'y', 0}, kTsig, 255, 0, Octets(60))});
  const auto query = parse_query(octets);
  ASSERT_TRUE(query);
  EXPECT_EQ(query->edns->udp_size, 1400);
}

TEST(ParseQuery, SkipsOptionsItDoesNotKnow) {
  Octets options = option(10, Octets(8));
  add(options, option(3, {}));
  add(options, option(10, Octets(8)));
  add(options, option(8, {0, 1, 8, 0, 10}));
  add(options, option(65535, Octets(100)));
  const Octets octets = message({opt(options)});
  const auto query = parse_query(octets);
  ASSERT_TRUE(query);
  EXPECT_EQ(query->edns->client_subnet->address.to_text(), "10.0.0.0");
}

TEST(ParseQuery, RefusesOptionsThatRunOverTheRecord) {
  for (const Octets& rdata : {Octets{0}, Octets{0, 10}, Octets{0, 10, 0}, Octets{0, 10, 0, 1},
                              Octets{0, 10, 0xff, 0xff, 1}, Octets{0, 10, 0, 1, 1, 0}}) {
    EXPECT_EQ(rcode_of(message({opt(rdata)})), Rcode::FormErr);
    // The octets are there, but they belong to the next record.
    EXPECT_EQ(rcode_of(message({opt(rdata), record({0}, kTsig, 255, 0, Octets(40))})),
              Rcode::FormErr);
  }
}

TEST(ParseQuery, Takes64OptionsAndRefuses65) {
  Octets options;
  for (int i = 0; i < 64; ++i) add(options, option(65001, {}));
  EXPECT_TRUE(parse_query(message({opt(options)})));
  add(options, option(65001, {}));
  EXPECT_EQ(rcode_of(message({opt(options)})), Rcode::FormErr);
}

TEST(ParseQuery, LeavesTheOptionsOfLaterVersionsAlone) {
  Octets cut = option(8, {});
  cut.back() = 200;
  Octets later = opt(cut);
  later[6] = 1;  // behind the root, TYPE, CLASS and the upper RCODE
  const auto query = parse_query(message({later}));
  ASSERT_FALSE(query);
  EXPECT_EQ(query.error().rcode, Rcode::BadVers);
}

TEST(ParseQuery, ReadsCookiesOfEveryLengthThatTheyMayHave) {
  for (std::size_t size = 0; size <= 48; ++size) {
    const bool allowed = size == 8 || (size >= 16 && size <= 40);  // RFC 7873 4
    Octets data(size, 7);
    const Octets octets = message({opt(option(10, data))});
    const auto query = parse_query(octets);
    ASSERT_EQ(query.has_value(), allowed) << size;
    if (query) {
      EXPECT_TRUE(std::ranges::equal(query->edns->cookie, data));
    } else {
      EXPECT_EQ(query.error().rcode, Rcode::FormErr);
      EXPECT_EQ(query.error().error->text, "cookie: neither 8 nor 16 to 40 octets");
    }
  }
}

TEST(ParseQuery, TakesTheFirstOfSeveralCookies) {  // RFC 7873 5.2
  Octets options = option(10, Octets(8, 1));
  add(options, option(10, Octets(24, 2)));
  const Octets octets = message({opt(options)});
  const auto query = parse_query(octets);
  ASSERT_TRUE(query);
  EXPECT_TRUE(std::ranges::equal(query->edns->cookie, Octets(8, 1)));
}

TEST(ParseQuery, SeesWhoAsksForNsidAndKeepalive) {
  EXPECT_FALSE(parse_query(message({opt()}))->edns->nsid);
  EXPECT_FALSE(parse_query(message({opt()}))->edns->keepalive);
  EXPECT_TRUE(parse_query(message({opt(option(3, {}))}))->edns->nsid);
  EXPECT_TRUE(parse_query(message({opt(option(11, {}))}))->edns->keepalive);
}

TEST(ParseQuery, TakesACookieWithoutAQuestion) {  // RFC 7873 5.4
  Octets octets = header(0, {0, 0, 0, 1});
  add(octets, opt(option(10, Octets(8, 1))));
  const auto query = parse_query(octets);
  ASSERT_FALSE(query);
  EXPECT_EQ(query.error().rcode, Rcode::NoError);
  EXPECT_EQ(query.error().edns->cookie.size(), 8U);
  EXPECT_FALSE(query.error().question);

  Octets without = header(0, {0, 0, 0, 1});
  add(without, opt());
  EXPECT_EQ(rcode_of(without), Rcode::FormErr);
  EXPECT_EQ(rcode_of(header(0, {0, 0, 0, 0})), Rcode::FormErr);
}

TEST(ParseQuery, SaysWhatIsWrongWithOptions) {
  const auto text_of = [](const Octets& options) {
    const Octets octets = message({opt(options)});
    const auto query = parse_query(octets);
    EXPECT_FALSE(query);
    return query || !query.error().error ? "" : query.error().error->text;
  };
  EXPECT_EQ(text_of(option(8, {0, 1, 24})), "client subnet: under 4 octets");
  EXPECT_EQ(text_of(option(8, {0, 1, 0, 8})), "client subnet: scope set in a query");
  EXPECT_EQ(text_of(option(8, {0, 3, 0, 0})), "client subnet: unknown family");
  EXPECT_EQ(text_of(option(8, {0, 0, 1, 0, 1})), "client subnet: address without a family");
  EXPECT_EQ(text_of(option(8, {0, 1, 33, 0, 1, 2, 3, 4, 0})),
            "client subnet: prefix longer than address");
  EXPECT_EQ(text_of(option(8, {0, 1, 24, 0, 192, 0})),
            "client subnet: prefix and address differ in size");
  EXPECT_EQ(text_of(option(8, {0, 1, 7, 0, 3})), "client subnet: bits set behind the prefix");
  EXPECT_EQ(text_of({0, 3, 0, 1}), "an EDNS option is cut off");
}

TEST(ParseQuery, ReadsClientSubnets) {
  const auto subnet = [](const Octets& data) {
    return parse_query(message({opt(option(8, data))})).value().edns->client_subnet.value();
  };
  const ClientSubnet v4 = subnet({0, 1, 23, 0, 192, 0, 2});
  EXPECT_EQ(v4.address.to_text(), "192.0.2.0");
  EXPECT_EQ(v4.source_prefix, 23);
  EXPECT_EQ(v4.scope_prefix, 0);
  EXPECT_FALSE(v4.unspecified_family);
  const ClientSubnet v6 = subnet({0, 2, 56, 0, 0x20, 1, 0xd, 0xb8, 0, 0, 0xff});
  EXPECT_EQ(v6.address.to_text(), "2001:db8:0:ff00::");
  EXPECT_EQ(v6.source_prefix, 56);
  EXPECT_EQ(subnet({0, 2, 0, 0}).address.family(), Family::V6);
  const ClientSubnet none = subnet({0, 0, 0, 0});
  EXPECT_TRUE(none.unspecified_family);
  EXPECT_EQ(none.address, IpAddress());
}

TEST(ParseQuery, TakesClientSubnetsOfEveryLengthWithExactlyTheirOctets) {
  for (const unsigned family : {1U, 2U}) {
    for (unsigned source = 0; source < 256; ++source) {
      for (std::size_t octets = 0; octets <= 20; ++octets) {
        Octets data{0, static_cast<std::uint8_t>(family), static_cast<std::uint8_t>(source), 0};
        data.resize(4 + octets);
        const bool fits = source <= (family == 1 ? 32U : 128U) && octets == (source + 7) / 8;
        EXPECT_EQ(subnet_rcode(data), fits ? Rcode::NoError : Rcode::FormErr)
            << family << " " << source << " " << octets;
      }
    }
  }
}

TEST(ParseQuery, RefusesBitsBehindThePrefix) {
  for (unsigned source = 1; source <= 128; ++source) {
    Octets data{0, 2, static_cast<std::uint8_t>(source), 0};
    data.resize(4 + (source + 7) / 8, 0xff);
    const unsigned spare = (8 - source % 8) % 8;
    data.back() = static_cast<std::uint8_t>(0xffU << spare);
    EXPECT_EQ(subnet_rcode(data), Rcode::NoError) << source;
    if (spare == 0) continue;
    data.back() |= static_cast<std::uint8_t>(1U << (spare - 1));
    EXPECT_EQ(subnet_rcode(data), Rcode::FormErr) << source;
    data.back() = 1;
    EXPECT_EQ(subnet_rcode(data), Rcode::FormErr) << source;
  }
}

TEST(ParseQuery, RefusesMalformedClientSubnets) {
  for (const Octets& data :
       {Octets{}, Octets{0}, Octets{0, 1}, Octets{0, 1, 0},                 // cut short
        Octets{0, 1, 8, 1, 10}, Octets{0, 1, 0, 32}, Octets{0, 0, 0, 1},    // a scope
        Octets{0, 0, 8, 0, 10}, Octets{0, 0, 8, 0}, Octets{0, 0, 0, 0, 0},  // no family
        Octets{0, 3, 0, 0}, Octets{1, 1, 8, 0, 10}, Octets{0xff, 0xff, 0, 0}}) {
    EXPECT_EQ(subnet_rcode(data), Rcode::FormErr);
  }
}

TEST(ParseQuery, RefusesAClientSubnetSentTwice) {
  for (const Octets& data : {Octets{0, 0, 0, 0}, Octets{0, 1, 8, 0, 10}}) {
    Octets options = option(8, data);
    add(options, option(10, Octets(8)));
    add(options, option(8, data));
    const auto query = parse_query(message({opt(options)}));
    ASSERT_FALSE(query);
    EXPECT_EQ(query.error().rcode, Rcode::FormErr);
    EXPECT_FALSE(query.error().edns->client_subnet);
  }
}

TEST(ParseQuery, AllocatesNothingWhateverTheCounts) {
  Octets huge = header(0, {1, 0, 0, 65535});
  add(huge, kQuestion);
  while (huge.size() + 11 <= 65535) add(huge, record({0}, kTsig, 255, 0, {}));
  const std::vector<Octets> messages{huge, message({opt(option(8, {0, 1, 8, 0, 10}))}),
                                     header(0, {65535, 65535, 65535, 65535}),
                                     message({opt(), opt()})};
  const std::size_t before = testing::allocation_count();
  int good = 0;
  for (const Octets& octets : messages) good += parse_query(octets) ? 1 : 0;
  EXPECT_EQ(testing::allocation_count(), before);
  EXPECT_EQ(good, 1);
}

TEST(ParseQuery, SurvivesRandomDamage) {
  testing::Random random;
  SCOPED_TRACE(random.seed_text());
  const Octets whole = message({opt(option(8, {0, 1, 24, 0, 192, 0, 2})),
                                record({3, 'k', 'e', 'y', 0}, kTsig, 255, 0, Octets(20))});
  int good = 0;
  for (int i = 0; i < 100000; ++i) {
    Octets octets = whole;
    for (std::size_t n = random.between(1, 4); n > 0; --n) {
      octets[random.between(0, octets.size() - 1)] = random.octet();
    }
    octets.resize(random.chance(4) ? random.between(0, octets.size()) : octets.size());
    octets.shrink_to_fit();  // so that the sanitizer sees a read behind the end
    const auto query = parse_query(octets);
    if (!query) continue;
    ++good;
    EXPECT_TRUE(NameView::parse(query->question.name.wire()));
    EXPECT_FALSE(query->header.qr);
  }
  EXPECT_GT(good, 1000);
}

}  // namespace
}  // namespace dnswire
