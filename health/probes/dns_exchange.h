// DNS without a socket: a probe's question, and the reading of what comes back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "dnswire/bytes.h"
#include "dnswire/name.h"
#include "dnswire/request.h"
#include "dnswire/response.h"
#include "health/check.h"
#include "health/probes/outcome.h"

namespace probes {

class DnsExchange {
 public:
  // Or what is wrong with the check: a name, type or answer that cannot be read.
  [[nodiscard]] static tl::expected<DnsExchange, std::string> make(const health::DnsSpec& spec,
                                                                   std::uint16_t id);

  // RD=0, with EDNS; the name in the case that it is written in.
  [[nodiscard]] const std::vector<std::uint8_t>& query() const noexcept { return query_; }

  // None: no answer to this query, to be ignored. A truncated answer is judged by what is there.
  [[nodiscard]] std::optional<Outcome> judge(dnswire::Bytes message) const;

 private:
  DnsExchange() = default;
  [[nodiscard]] dnswire::Request request() const noexcept;
  [[nodiscard]] Outcome judge_rcode(const dnswire::Response& response) const;
  [[nodiscard]] Outcome judge_answers(const dnswire::Response& response) const;

  std::uint16_t id_ = 0;
  dnswire::Name name_;
  dnswire::RrType type_{};
  std::uint8_t rcode_ = 0;
  std::vector<std::string> wanted_;  // RDATA in presentation format, comparable
  std::vector<std::uint8_t> query_;
};

}  // namespace probes
