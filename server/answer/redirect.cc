#include "server/answer/redirect.h"

namespace answer {

using dnswire::NameView;

std::optional<zones::RrSet> redirect(Response& response, const zones::Zone& zone, NameView name,
                                     const zones::Finding& finding) noexcept {
  const std::size_t kept = name.size() - zone.name(finding.node).size();
  const NameView target = NameView::trusted(*finding.rrset.begin());
  if (kept + target.size() > dnswire::kMaxNameSize) return std::nullopt;
  return response.keep(dnswire::RrType::CNAME, finding.rrset.ttl(), name.wire().first(kept),
                       target.wire());
}

NameView target_of(const zones::RrSet& cname) noexcept { return NameView::trusted(*cname.begin()); }

}  // namespace answer
