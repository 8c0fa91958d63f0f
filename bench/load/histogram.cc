#include "bench/load/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace load {

std::size_t Histogram::bucket_of(std::uint64_t value) noexcept {
  if (value < kFine) return static_cast<std::size_t>(value);
  const auto coarse = static_cast<unsigned>(std::bit_width(value)) - 1 - kFineBits;
  return (coarse + 1) * kFine + static_cast<std::size_t>((value >> coarse) & (kFine - 1));
}

std::uint64_t Histogram::upper_end(std::size_t bucket) noexcept {
  if (bucket < kFine) return bucket;
  const std::size_t coarse = bucket / kFine - 1;
  return ((kFine + bucket % kFine + 1) << coarse) - 1;
}

void Histogram::record(std::chrono::nanoseconds latency) noexcept {
  latency = std::max(latency, std::chrono::nanoseconds::zero());
  ++buckets_[bucket_of(static_cast<std::uint64_t>(latency.count()))];
  ++count_;
  max_ = std::max(max_, latency);
}

std::chrono::nanoseconds Histogram::quantile(double part) const noexcept {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_)));
  const std::uint64_t rank = std::max<std::uint64_t>(wanted, 1);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    seen += buckets_[bucket];
    if (seen < rank) continue;
    return std::min(max_, std::chrono::nanoseconds(upper_end(bucket)));
  }
  return max_;
}

}  // namespace load
