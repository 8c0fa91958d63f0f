#include "server/answer/chaos.h"

#include <array>
#include <string_view>

namespace answer {
namespace {

using dnswire::NameView;
using dnswire::Rcode;
using dnswire::RrType;

bool is_name(NameView name, std::string_view wire) noexcept {
  // One octet of the literal is its final NUL, which is the root.
  return name ==
         NameView::trusted({reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size() + 1});
}

std::string_view text_for(NameView name, const Settings& settings) noexcept {
  if (is_name(name, "\7version\4bind") || is_name(name, "\7version\6server")) {
    return settings.version;
  }
  if (is_name(name, "\10hostname\4bind") || is_name(name, "\2id\6server")) return settings.name;
  return {};
}

}  // namespace

void compose_chaos(const dnswire::Question& question, const Settings& settings,
                   Response& response) noexcept {
  const std::string_view text = text_for(question.name, settings);
  if (text.empty()) {
    response.rcode = Rcode::Refused;
    response.error = {dnswire::ExtendedErrorCode::Prohibited, {}};
    return;
  }
  response.klass = dnswire::RrClass::CH;
  response.authoritative = true;
  if (question.type != RrType::TXT && question.type != RrType::ANY) return;  // nothing else there
  const std::array<std::uint8_t, 1> size{static_cast<std::uint8_t>(text.size())};
  const dnswire::Bytes octets{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  const zones::RrSet rrset = response.keep(RrType::TXT, dnswire::Ttl{0}, size, octets);
  response.add({dnswire::Section::Answer, question.name, RrType::TXT, rrset.ttl(), rrset, {}});
}

}  // namespace answer
