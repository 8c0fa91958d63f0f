#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "server/admin/explanation.h"
#include "server/answer/vantage.h"
#include "zones/rrset.h"
#include "zones/zone.h"

namespace admin {

// What an answer comes to while its way is walked: TTL and scope with their reasons, then records,
// a denial or a failure, as answer::compose has them. One of those that end it is called last.
//
// Borrows: the vantage, the zones.
class AnswerNotes {
 public:
  explicit AnswerNotes(const answer::Vantage& vantage) : vantage_(vantage) {}

  // A name of that zone is told: limits are those from here on.
  void begin(const zones::Zone& zone);
  // What follows may not be kept longer than that.
  void limit(dnswire::Ttl ttl, std::string because);
  // So many bits of the client's address decide.
  void rest_on(std::uint8_t depth, const std::string& because);
  // An alias is told that not every client gets.
  void tell_not_everybody() { tailored_alias_ = true; }

  void end_as_written(ExplainedAnswer::Status status, const zones::RrSet& rrset);
  void end_with(const zones::RrSet& rrset);
  void end_with(std::span<const dnswire::IpAddress> addresses);
  // `written`: its TTL; none: the limit.
  void end_with_alias(const dnswire::Name& target, std::optional<dnswire::Ttl> written,
                      std::string why = {});
  void deny(std::string why);
  void deny_name(std::string why);
  void fail(std::string why);
  void refuse(std::string why);

  [[nodiscard]] ExplainedAnswer take() && { return std::move(answer_); }

 private:
  void end(ExplainedAnswer::Status status, std::string why);
  void add(const zones::RrSet& rrset);
  void set_ttl(dnswire::Ttl ttl, std::string because);
  void set_scope();

  const answer::Vantage& vantage_;
  ExplainedAnswer answer_;
  const zones::Zone* zone_ = nullptr;  // of the name that is told last
  bool tailored_alias_ = false;
  dnswire::Ttl ttl_ = dnswire::kMaxTtl;
  std::string ttl_because_;
  std::uint8_t depth_ = 0;
  std::string scope_because_;
};

}  // namespace admin
