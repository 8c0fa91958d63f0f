// Messages of the usual shape are read in one go, all others step by step: what is understood must
// be the same. A record that no query needs, put in front of the others of the additional section,
// makes the usual unusual.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "dnswire/message_writer.h"
#include "dnswire/query.h"
#include "random.h"

namespace dnswire {
namespace {

using testing::Random;
using Octets = std::vector<std::uint8_t>;

// Absent: it is read step by step as it is.
std::optional<Octets> make_unusual(const Octets& message) {
  if (message.size() < kHeaderSize) return std::nullopt;
  const Header header = Header::parse(message);
  if (header.qdcount != 1 || header.ancount != 0 || header.nscount != 0) return std::nullopt;
  if (header.arcount > 1) return std::nullopt;
  const auto name = NameView::parse(Bytes(message).subspan(kHeaderSize));
  if (!name) return std::nullopt;
  const std::size_t end = kHeaderSize + name->size() + 4;
  if (message.size() < end) return std::nullopt;
  // Of the root, TYPE 65280 (private use, RFC 6895 3.1), CLASS IN, TTL 0, without data.
  static constexpr std::uint8_t kRecord[]{0, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0};
  Octets unusual = message;
  unusual.insert(unusual.begin() + static_cast<std::ptrdiff_t>(end), std::begin(kRecord),
                 std::end(kRecord));
  store16(&unusual[10], static_cast<std::uint16_t>(header.arcount + 1));
  return unusual;
}

void write(std::ostream& text, Bytes octets) {
  for (const std::uint8_t octet : octets) text << ' ' << unsigned{octet};
  text << '\n';
}

void write(std::ostream& text, const std::optional<Question>& question) {
  if (!question) return;
  text << "question " << static_cast<unsigned>(question->type) << ' '
       << static_cast<unsigned>(question->klass);
  write(text, question->name.wire());
}

void write(std::ostream& text, const std::optional<Edns>& edns) {
  if (!edns) return;
  text << "edns " << edns->udp_size << ' ' << unsigned{edns->version} << ' ' << edns->dnssec_ok;
  write(text, edns->cookie);
  if (edns->nsid) write(text << "nsid", *edns->nsid);
  if (edns->keepalive) text << "keepalive " << *edns->keepalive << '\n';
  if (edns->error) text << "error\n";
  if (const auto& subnet = edns->client_subnet) {
    text << "subnet " << subnet->unspecified_family << ' ' << subnet->address.to_text() << '/'
         << unsigned{subnet->source_prefix} << ' ' << unsigned{subnet->scope_prefix} << '\n';
  }
}

void write(std::ostream& text, const Header& header) {
  text << "header " << header.id << ' ' << header.qr << ' ' << static_cast<unsigned>(header.opcode)
       << ' ' << header.aa << header.tc << header.rd << header.ra << header.ad << header.cd << ' '
       << static_cast<unsigned>(header.rcode) << ' ' << header.qdcount << '\n';
}

// All that is understood, but for the number of additional records.
std::string understand(const Octets& octets) {
  std::ostringstream text;
  Query query;
  const auto rejection = parse_query(octets, query);
  if (!rejection) {
    write(text, query.header);
    write(text, std::optional(query.question));
    write(text, query.edns);
    return text.str();
  }
  text << "rejected " << (rejection->rcode ? static_cast<int>(*rejection->rcode) : -1) << '\n';
  write(text, rejection->header);
  write(text, rejection->question);
  write(text, rejection->edns);
  if (rejection->error) {
    text << static_cast<unsigned>(rejection->error->code) << ' ' << rejection->error->text << '\n';
  }
  return text.str();
}

struct Seen {
  std::size_t understood = 0;
  std::size_t rejected = 0;
};

void compare(Octets octets, Seen& seen) {
  octets.shrink_to_fit();  // so that the sanitizer sees a read behind the end
  const std::string usual = understand(octets);
  const auto unusual = make_unusual(octets);
  if (!unusual) return;
  ++(usual.starts_with("rejected") ? seen.rejected : seen.understood);
  ASSERT_EQ(usual, understand(*unusual));
}

Octets random_message(Random& random) {
  Octets room(2048);
  MessageWriter writer(room, room.size());
  const Name name = random.name();
  EXPECT_TRUE(writer.write_question({name, static_cast<RrType>(random.between(0, 300)),
                                     static_cast<RrClass>(random.between(0, 4))}));
  Edns edns;
  edns.udp_size = static_cast<std::uint16_t>(random.between(0, 5000));
  edns.dnssec_ok = random.chance(2);
  const Octets cookie = random.octets(random.chance(4) ? random.between(0, 48) : 8);
  if (random.chance(2)) edns.cookie = cookie;
  if (random.chance(3)) edns.nsid.emplace();
  if (random.chance(3)) edns.keepalive = std::uint16_t{7};
  if (random.chance(2)) {
    const auto family = random.chance(2) ? Family::V4 : Family::V6;
    const Octets octets = random.octets(family == Family::V4 ? 4 : 16);
    const auto address = IpAddress::from_octets(family, octets);
    const auto length = static_cast<std::uint8_t>(random.between(0, address.bits()));
    edns.client_subnet = ClientSubnet{false, address.masked(length), length, 0};
    if (random.chance(10)) edns.client_subnet->scope_prefix = 8;
  }
  if (!random.chance(4)) {
    EXPECT_TRUE(writer.write_edns(edns, Rcode::NoError));
  }
  Header header;
  header.id = static_cast<std::uint16_t>(random.between(0, 0xffff));
  header.rd = random.chance(2);
  header.cd = random.chance(2);
  header.tc = random.chance(9);
  room.resize(writer.finish(header).size());
  return room;
}

void damage(Random& random, Octets& octets) {
  for (std::size_t left = random.between(0, 3); left > 0 && !octets.empty(); --left) {
    octets[random.between(0, octets.size() - 1)] =
        random.chance(3) ? static_cast<std::uint8_t>(random.between(0, 3)) : random.octet();
  }
  if (random.chance(6)) octets.resize(random.between(0, octets.size() + 12));
}

std::vector<Octets> read_corpus() {
  std::vector<Octets> corpus;
  const auto read = [&](const char* folder, std::ptrdiff_t skipped) {
    const std::string path = FAIRLEAD_SOURCE_DIR "/tests/fuzz/corpus/";
    for (const auto& entry : std::filesystem::directory_iterator(path + folder)) {
      std::ifstream stream(entry.path(), std::ios::binary);
      const Octets octets{std::istreambuf_iterator<char>(stream), {}};
      if (std::ssize(octets) > skipped) corpus.emplace_back(octets.begin() + skipped, octets.end());
    }
  };
  read("query_fuzz", 0);
  read("answer_fuzz", 1);  // who asks
  return corpus;
}

TEST(ParseQueryWays, UnderstandTheSameOfRandomMessages) {
  Random random;
  SCOPED_TRACE(random.seed_text());
  Seen seen;
  for (int i = 0; i < 20'000 && !HasFatalFailure(); ++i) {
    Octets octets = random_message(random);
    if (random.chance(2)) damage(random, octets);
    compare(octets, seen);
  }
  EXPECT_GT(seen.understood, 5000U);
  EXPECT_GT(seen.rejected, 1000U);
}

TEST(ParseQueryWays, UnderstandTheSameOfTheCorpusAndWhatIsNearIt) {
  Random random;
  SCOPED_TRACE(random.seed_text());
  const std::vector<Octets> corpus = read_corpus();
  ASSERT_GT(corpus.size(), 40U);
  Seen seen;
  for (const Octets& octets : corpus) {
    compare(octets, seen);
    for (int i = 0; i < 200 && !HasFatalFailure(); ++i) {
      Octets near = octets;
      damage(random, near);
      compare(near, seen);
    }
  }
  EXPECT_GT(seen.understood, 1000U);
  EXPECT_GT(seen.rejected, 1000U);
}

// Each octet of a usual message, at each value.
TEST(ParseQueryWays, UnderstandTheSameWhateverOneOctetIs) {
  const Octets whole{0x12, 0x34, 1,    0, 0, 1, 0, 0, 0,  0, 0, 1, 1, 'a', 0, 0,  1, 0,   1, 0, 0,
                     41,   4,    0xd0, 0, 0, 0, 0, 0, 11, 0, 8, 0, 7, 0,   1, 24, 0, 192, 0, 2};
  Seen seen;
  compare(whole, seen);
  ASSERT_EQ(seen.understood, 1U);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (unsigned octet = 0; octet < 256; ++octet) {
      Octets octets = whole;
      octets[at] = static_cast<std::uint8_t>(octet);
      compare(octets, seen);
      if (HasFatalFailure()) FAIL() << octet << " at " << at;
    }
  }
  for (std::size_t size = 0; size < whole.size(); ++size) {
    compare(Octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)), seen);
  }
  EXPECT_GT(seen.rejected, 1000U);
}

}  // namespace
}  // namespace dnswire
