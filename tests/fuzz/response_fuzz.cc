// Input: a reply from the network. What is understood of it is written anew and must then be
// understood as the same.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "dnswire/message_writer.h"
#include "dnswire/rdata.h"
#include "dnswire/response.h"
#include "require.h"

namespace {

using namespace dnswire;

// A name that is written as a pointer takes on the case of what it points to.
std::string lower_text(const Record& record) {
  std::string text = rdata_to_text(record.type, record.rdata);
  for (char& each : text)
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
  return text;
}

bool is_same(const Record& a, const Record& b) {
  return a.owner == b.owner && a.type == b.type && a.klass == b.klass && a.ttl == b.ttl &&
         lower_text(a) == lower_text(b);
}

bool is_same(const std::vector<Record>& a, const std::vector<Record>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Record& x, const Record& y) { return is_same(x, y); });
}

bool write_all(MessageWriter& writer, Section section, const std::vector<Record>& records) {
  return std::all_of(records.begin(), records.end(), [&](const Record& each) {
    return writer.write_record(section, each.owner, each.type, each.klass, each.ttl, each.rdata);
  });
}

// Whether it all went in: what was compressed cleverly may not.
bool write(MessageWriter& writer, const Response& response) {
  if (response.question) {
    const auto& [name, type, klass] = *response.question;
    if (!writer.write_question({name, type, klass})) return false;
  }
  return write_all(writer, Section::Answer, response.answer) &&
         write_all(writer, Section::Authority, response.authority) &&
         write_all(writer, Section::Additional, response.additional);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto response = Response::parse({data, size});
  if (!response) return 0;
  require(response->answer.size() == response->header.ancount);
  require(response->authority.size() == response->header.nscount);
  std::array<std::uint8_t, 65535> buffer;
  MessageWriter writer(buffer, buffer.size());
  if (!write(writer, *response)) return 0;
  const auto again = Response::parse(writer.finish(response->header));
  require(again.has_value());
  require(again->question.has_value() == response->question.has_value());
  require(is_same(again->answer, response->answer));
  require(is_same(again->authority, response->authority));
  require(is_same(again->additional, response->additional));
  return 0;
}
