// Latencies, counted in buckets that are as wide as they matter.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace load {

// Log-linear: every power of two of nanoseconds is cut into 128 buckets, so that what is read is
// at most 0.8 % too high, whatever its size.
class Histogram {
 public:
  void record(std::chrono::nanoseconds latency) noexcept;  // below zero counts as zero

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] std::chrono::nanoseconds max() const noexcept { return max_; }  // exact
  // The least latency that at least `part` of all (0 to 1) do not exceed: the upper end of its
  // bucket. Zero if there are none.
  [[nodiscard]] std::chrono::nanoseconds quantile(double part) const noexcept;

 private:
  static constexpr unsigned kFineBits = 7;
  static constexpr std::size_t kFine = std::size_t{1} << kFineBits;
  static constexpr std::size_t kBuckets = (64 - kFineBits) * kFine;

  static std::size_t bucket_of(std::uint64_t value) noexcept;
  static std::uint64_t upper_end(std::size_t bucket) noexcept;

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  std::chrono::nanoseconds max_{0};
};

}  // namespace load
