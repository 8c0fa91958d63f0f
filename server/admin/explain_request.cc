#include "server/admin/explain_request.h"

#include <utility>

#include "server/logging/log.h"

namespace admin {

using dnswire::IpAddress;
using dnswire::Name;
using dnswire::RrType;

tl::expected<ExplainRequest, std::string> parse_explain_request(std::string_view name,
                                                                std::string_view type,
                                                                std::string_view clients,
                                                                std::string_view assumptions) {
  const auto refuse = [](std::string_view what, std::string_view text, dnswire::Error error) {
    return tl::unexpected<std::string>("`" + logging::escape(text) + "` is no " +
                                       std::string(what) + ": " + std::string(describe(error)));
  };
  ExplainRequest request;
  auto parsed_name = Name::from_text(name);
  if (!parsed_name) return refuse("domain name", name, parsed_name.error());
  request.name = std::move(*parsed_name);
  const dnswire::Result<RrType> parsed_type =
      type.empty() ? RrType::A : dnswire::rr_type_from_text(type);
  if (!parsed_type) return refuse("record type", type, parsed_type.error());
  request.type = *parsed_type;
  if (is_meta(*parsed_type) && *parsed_type != RrType::ANY) {
    return tl::unexpected(to_text(*parsed_type) + " is no type of records; nothing to explain");
  }
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = clients.find(',');
    const std::string_view one = clients.substr(0, end);
    const auto address = IpAddress::from_text(one);
    if (!address) return refuse("client address", one, address.error());
    request.clients.push_back(*address);
    if (end != std::string_view::npos) clients.remove_prefix(end + 1);
  }
  auto assumed = parse_assumptions(assumptions);
  if (!assumed) return tl::unexpected(assumed.error());
  request.assumptions = std::move(*assumed);
  return request;
}

}  // namespace admin
