#include "zones/sheet.h"

#include <algorithm>

#include "dnswire/header.h"
#include "dnswire/rdata.h"
#include "tests/dnswire/random.h"
#include "tests/zones/zone_text.h"

namespace zones {
namespace {

using dnswire::Bytes;
using dnswire::Field;
using dnswire::Name;
using dnswire::RrType;
using dnswire::testing::Random;
using Octets = std::vector<std::uint8_t>;

// An RRset as a Zone keeps it.
class Records {
 public:
  Records(RrType type, std::initializer_list<const char*> data) : type_(type) {
    for (const char* text : data) add(rdata_from_text(type, text, Name()).value());
  }
  explicit Records(RrType type) : type_(type) {}
  void add(const Octets& rdata) {
    const std::size_t at = octets_.size();
    octets_.resize(at + kRecordHead);
    put_record_head(&octets_[at], type_, dnswire::Ttl(60), rdata.size());
    octets_.insert(octets_.end(), rdata.begin(), rdata.end());
  }
  [[nodiscard]] RrSet rrset() const { return {type_, dnswire::Ttl(60), octets_}; }

 private:
  RrType type_;
  Octets octets_;
};

Sheet sheet_of(const SheetData& data, const RrSet& rrset, dnswire::NameView made_for) {
  const auto* const pointers = reinterpret_cast<const std::uint8_t*>(data.pointers.data());
  return {data.records,
          {pointers, data.pointers.size() * sizeof(std::uint16_t)},
          static_cast<std::uint16_t>(rrset.size()),
          static_cast<std::uint8_t>(made_for.size())};
}

// Header, question, and the sheet behind them; then every record of it, names followed to their
// ends: "OWNER TYPE TTL RDATA".
std::vector<std::string> read_behind(dnswire::NameView asked, const Sheet& sheet) {
  Octets message(dnswire::kHeaderSize);
  message.insert(message.end(), asked.wire().begin(), asked.wire().end());
  message.insert(message.end(), {0, 0, 0, 0});
  std::size_t at = message.size();
  message.resize(at + sheet.records.size());
  sheet.write(&message[at], asked.size());
  std::vector<std::string> lines;
  while (at < message.size()) {
    const std::string owner = Name::read(message, at).value().to_text();
    const auto type = static_cast<RrType>(dnswire::load16(&message[at]));
    const std::size_t end = at + 10 + dnswire::load16(&message[at + 8]);
    const std::string ttl = std::to_string(dnswire::load32(&message[at + 4]));
    at += 10;
    Octets rdata;
    for (const Field field : dnswire::rdata_fields(type)) {
      if (field == Field::CompressedName) {
        const Name name = Name::read(message, at).value();
        rdata.insert(rdata.end(), name.view().wire().begin(), name.view().wire().end());
      } else if (field == Field::Number16) {
        rdata.insert(rdata.end(), {message[at], message[at + 1]});
        at += 2;
      } else {
        break;
      }
    }
    EXPECT_LE(at, end);
    const auto rest = Bytes(message).subspan(at, end - at);
    rdata.insert(rdata.end(), rest.begin(), rest.end());
    lines.push_back(owner + " " + to_text(type) + " " + ttl + " " +
                    dnswire::rdata_to_text(type, rdata));
    at = end;
  }
  EXPECT_EQ(lines.size(), sheet.count);
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Sheet, PointsToTheQuestion) {
  const Records records(RrType::MX, {"10 mail.example.org.", "20 www.example.org."});
  const Name owner = name_of("www.example.org");
  const SheetData data = make_sheet(owner, records.rrset());
  EXPECT_EQ(data.records.size(), 2 * kRecordHead + 2 + 5 + 2 + 2 + 2);
  EXPECT_TRUE(data.pointers.empty()) << "for that name alone";
  EXPECT_EQ(read_behind(owner, sheet_of(data, records.rrset(), owner)),
            (Lines{"www.example.org. MX 60 10 mail.example.org.",
                   "www.example.org. MX 60 20 www.example.org."}));
}

TEST(Sheet, OfAWildcardServesLongerNames) {
  const Records records(RrType::MX, {"10 Mail.example.org.", "20 b.Mail.example.org.", "30 ."});
  const Name wildcard = name_of("*.w.example.org");
  const SheetData data = make_sheet(wildcard, records.rrset());
  const Sheet sheet = sheet_of(data, records.rrset(), wildcard);
  ASSERT_EQ(sheet.pointers.size(), 2 * sizeof(std::uint16_t));
  for (const char* const text :
       {"x.w.example.org", "a.much.longer.name.w.example.org", "*.w.example.org"}) {
    const std::string owner = name_of(text).to_text() + " MX 60 ";
    EXPECT_EQ(
        read_behind(name_of(text), sheet),
        (Lines{owner + "10 Mail.example.org.", owner + "20 b.Mail.example.org.", owner + "30 ."}));
  }
}

TEST(Sheet, OfAWildcardThatNamesItselfIsNone) {
  for (const char* const data : {"*.w.example.org.", "a.*.W.example.org."}) {
    const Records records(RrType::PTR, {"other.example.org.", data});
    EXPECT_TRUE(make_sheet(name_of("*.w.example.org"), records.rrset()).records.empty()) << data;
  }
}

TEST(Sheet, OfTheRootIsNone) {
  const Records records(RrType::NS, {"ns.example.org."});
  EXPECT_TRUE(make_sheet(Name(), records.rrset()).records.empty());
  EXPECT_TRUE(make_denial_sheet(Name(), records.rrset()).records.empty());
}

TEST(Sheet, OfADenialServesAllNamesBelow) {
  const Records soa(RrType::SOA, {"ns.example.org. h.elsewhere. 1 2 3 4 5"});
  const Name origin = name_of("Example.org");
  const SheetData data = make_denial_sheet(origin, soa.rrset());
  for (const char* const text : {"EXAMPLE.org", "a.example.org", "a.b.c.d.e.f.Example.org"}) {
    const auto lines = read_behind(name_of(text), sheet_of(data, soa.rrset(), origin));
    ASSERT_EQ(lines.size(), 1U);
    const std::string owner = lines[0].substr(0, lines[0].find(' '));
    EXPECT_EQ(name_of(owner), origin);
    EXPECT_EQ(name_of(lines[0].substr(owner.size() + 8, lines[0].find(" h.") - owner.size() - 8)),
              name_of("ns.example.org"));
    EXPECT_TRUE(lines[0].ends_with("h.elsewhere. 1 2 3 4 5"));
  }
}

// A pointer has fourteen bits (RFC 1035 4.1.4): behind the longest question none may need more.
TEST(Sheet, OfAWildcardWhosePointersCouldNotFollowIsNone) {
  const Name wildcard = name_of("*.example.org");
  // Two names that are alike and stand so far behind the question: the second is a pointer.
  const auto has_sheet = [&](std::size_t octets) {
    Records records(RrType::PTR);
    const auto add = [&](const char* text) {
      records.add(rdata_from_text(RrType::PTR, text, Name()).value());
    };
    for (std::size_t at = 0; at < octets; at += kRecordHead + 2) add("example.org.");
    add("twice.elsewhere.");
    add("twice.elsewhere.");
    return !make_sheet(wildcard, records.rrset()).records.empty();
  };
  EXPECT_TRUE(has_sheet(1000));
  EXPECT_TRUE(has_sheet(0x3fff - 300));
  EXPECT_FALSE(has_sheet(0x3fff - 100));
  EXPECT_TRUE(has_sheet(0x3fff + 100)) << "nothing points there";
}

// Names of all lengths and shapes, for owners that they share more or less with.
TEST(Sheet, SaysWhatTheRecordsSay) {
  Random random;
  SCOPED_TRACE(random.seed_text());
  int with_pointers = 0;
  for (int i = 0; i < 1500; ++i) {
    const std::string origin = random.chance(2) ? "example.org." : "a.much.longer.example.org.";
    const std::string node = random.chance(2) ? "*." + origin : "www." + origin;
    const RrType type = random.chance(2) ? RrType::MX : RrType::PTR;
    Records records(type);
    Lines data;
    for (std::size_t left = random.between(1, 6); left > 0; --left) {
      static constexpr const char* kFront[]{"", "a.", "b.a.", "www.", "*.", "x.*."};
      const std::string name =
          random.chance(5) ? random.name(true).to_text()
                           : kFront[random.between(0, 5)] + (random.chance(6) ? node : origin);
      data.push_back((type == RrType::MX ? "7 " : "") + name);
      records.add(rdata_from_text(type, data.back(), Name()).value());
    }
    const Name owner = name_of(node);
    const SheetData made = make_sheet(owner, records.rrset());
    if (made.records.empty()) continue;
    with_pointers += made.pointers.empty() ? 0 : 1;
    const Name asked =
        owner.view().is_wildcard()
            ? name_of(random.chance(2) ? "some.thing." + origin
                                       : std::string(random.between(1, 63), 'q') + "." + origin)
            : owner;
    const auto lines = read_behind(asked, sheet_of(made, records.rrset(), owner));
    ASSERT_EQ(lines.size(), data.size());
    for (std::size_t j = 0; j < data.size(); ++j) {
      ASSERT_EQ(lines[j], asked.to_text() + " " + to_text(type) + " 60 " + data[j]);
    }
  }
  EXPECT_GT(with_pointers, 100);
}

}  // namespace
}  // namespace zones
