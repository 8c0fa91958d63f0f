#include "reply.h"

#include <gtest/gtest.h>

#include <array>
#include <sstream>

#include "dnswire/message_writer.h"
#include "dnswire/query.h"
#include "dnswire/rdata.h"

namespace aliases {
namespace {

using dnswire::RrType;
using dnswire::Section;

void write(dnswire::MessageWriter& writer, Section section, const std::string& text) {
  std::istringstream words(text);
  std::string owner, type, data;
  std::uint32_t ttl = 0;
  words >> owner >> ttl >> type >> std::ws;
  std::getline(words, data);
  const RrType number = dnswire::rr_type_from_text(type).value();
  const auto rdata = dnswire::rdata_from_text(number, data, {}).value();
  EXPECT_TRUE(writer.write_record(section, name(owner), number, dnswire::RrClass::IN,
                                  dnswire::Ttl(ttl), rdata))
      << text;
}

}  // namespace

Octets reply_to(const Octets& query, const Reply& reply) {
  const auto asked = dnswire::parse_query(query);
  if (!asked) {
    ADD_FAILURE() << "this is no query";
    return {};
  }
  std::array<std::uint8_t, 65535> buffer{};
  dnswire::MessageWriter writer(buffer, buffer.size());
  EXPECT_TRUE(writer.write_question(asked->question));
  for (const std::string& text : reply.answer) write(writer, Section::Answer, text);
  for (const std::string& text : reply.authority) write(writer, Section::Authority, text);
  dnswire::Header header;
  header.id = asked->header.id;
  header.qr = true;
  header.rd = asked->header.rd;
  header.ra = reply.recursion_available;
  header.tc = reply.truncated;
  header.rcode = reply.rcode;
  const dnswire::Bytes message = writer.finish(header);
  return {message.begin(), message.end()};
}

dnswire::Family family_of(const Octets& query) {
  const auto asked = dnswire::parse_query(query);
  EXPECT_TRUE(asked);
  const bool is_six = asked && asked->question.type == RrType::AAAA;
  return is_six ? dnswire::Family::V6 : dnswire::Family::V4;
}

dnswire::Name name(std::string_view text) { return dnswire::Name::from_text(text).value(); }

std::vector<dnswire::IpAddress> addresses(const std::vector<std::string>& texts) {
  std::vector<dnswire::IpAddress> all;
  for (const std::string& text : texts) all.push_back(dnswire::IpAddress::from_text(text).value());
  return all;
}

}  // namespace aliases
