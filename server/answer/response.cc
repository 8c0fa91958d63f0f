#include "server/answer/response.h"

#include <algorithm>
#include <cassert>

namespace answer {

zones::RrSet Response::keep(dnswire::RrType type, dnswire::Ttl ttl, dnswire::Bytes front,
                            dnswire::Bytes back) noexcept {
  assert(kept_count_ < kept_.size() && front.size() + back.size() <= dnswire::kMaxNameSize);
  KeptRdata& room = kept_[kept_count_++];
  const std::size_t size = front.size() + back.size();
  zones::put_record_head(room.data(), type, ttl, size);
  std::copy(back.begin(), back.end(),
            std::copy(front.begin(), front.end(), room.begin() + zones::kRecordHead));
  return zones::RrSet(type, ttl, {room.data(), zones::kRecordHead + size});
}

void Response::keep_aliases() noexcept {
  std::size_t aliases = 0;
  while (aliases < count_ && items_[aliases].section == dnswire::Section::Answer &&
         (items_[aliases].type == dnswire::RrType::CNAME ||
          items_[aliases].type == dnswire::RrType::DNAME)) {
    ++aliases;
  }
  if (aliases > 0) count_ = aliases;
}

}  // namespace answer
