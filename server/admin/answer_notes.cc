#include "server/admin/answer_notes.h"

#include <algorithm>
#include <utility>

#include "dnswire/rdata.h"

namespace admin {

using dnswire::IpAddress;
using dnswire::RrType;
using dnswire::Ttl;
using Status = ExplainedAnswer::Status;

void AnswerNotes::begin(const zones::Zone& zone) {
  zone_ = &zone;
  ttl_ = dnswire::kMaxTtl;
  ttl_because_.clear();
}

void AnswerNotes::limit(Ttl ttl, std::string because) {
  if (ttl >= ttl_) return;
  ttl_ = ttl;
  ttl_because_ = std::move(because);
}

void AnswerNotes::rest_on(std::uint8_t depth, const std::string& because) {
  if (depth >= depth_) scope_because_ = because;
  depth_ = std::max(depth_, depth);
}

void AnswerNotes::end(Status status, std::string why) {
  answer_.status = status;
  answer_.why = std::move(why);
}

void AnswerNotes::add(const zones::RrSet& rrset) {
  for (const dnswire::Bytes rdata : rrset) {
    answer_.records.push_back({rrset.type(), rdata_to_text(rrset.type(), rdata)});
  }
}

void AnswerNotes::set_ttl(Ttl ttl, std::string because) {
  answer_.ttl = ttl;
  answer_.ttl_because = std::move(because);
}

void AnswerNotes::set_scope() {
  answer_.scope = vantage_.scope(depth_);
  answer_.scope_because = scope_because_.empty() ? "every client gets the same" : scope_because_;
}

void AnswerNotes::end_as_written(Status status, const zones::RrSet& rrset) {
  end(status, {});
  add(rrset);
  set_ttl(rrset.ttl(), "as written");
  set_scope();
}

void AnswerNotes::end_with(const zones::RrSet& rrset) {
  end(Status::Records, {});
  add(rrset);
  set_ttl(ttl_, ttl_because_);
  set_scope();
}

void AnswerNotes::end_with(std::span<const IpAddress> addresses) {
  end(Status::Records, {});
  for (const IpAddress& address : addresses) {
    const bool is_ipv6 = address.family() == dnswire::Family::V6;
    answer_.records.push_back({is_ipv6 ? RrType::AAAA : RrType::A, address.to_text()});
  }
  set_ttl(ttl_, ttl_because_);
  set_scope();
}

void AnswerNotes::end_with_alias(const dnswire::Name& target, std::optional<Ttl> written,
                                 std::string why) {
  end(Status::Records, std::move(why));
  answer_.records = {{RrType::CNAME, target.to_text()}};
  set_ttl(written.value_or(ttl_), written ? "as written" : ttl_because_);
  set_scope();
}

// RFC 2308 3: by the SOA of the zone in which the name is that is told.
void AnswerNotes::deny(std::string why) {
  end(Status::NoData, std::move(why));
  const Ttl negative = zone_->negative_ttl();
  if (ttl_ < negative) {
    set_ttl(ttl_, ttl_because_);
  } else {
    set_ttl(negative, "the zone's negative TTL");
  }
  if (tailored_alias_) return set_scope();
  answer_.scope = 0;
  answer_.scope_because = "resolvers keep a denial for all clients (RFC 7871 7.4)";
}

void AnswerNotes::deny_name(std::string why) {
  deny(std::move(why));
  answer_.status = Status::NoSuchName;
}

void AnswerNotes::fail(std::string why) {
  end(Status::Failure, std::move(why));
  answer_.ttl_because = "resolvers remember a failure for 1 s to 5 min (RFC 9520)";
  set_scope();
}

void AnswerNotes::refuse(std::string why) { end(Status::Refused, std::move(why)); }

}  // namespace admin
