// How far counts are from the shares that were asked for.
#pragma once

#include <cmath>
#include <map>
#include <string>

namespace steering {

using Counts = std::map<std::string, double>;

// Requires: the weights' sum is not 0, nor is any of them.
inline double chi_square(const Counts& counts, const Counts& weights) {
  double all = 0;
  double total = 0;
  for (const auto& [name, weight] : weights) {
    total += weight;
    all += counts.contains(name) ? counts.at(name) : 0;
  }
  double sum = 0;
  for (const auto& [name, weight] : weights) {
    const double wanted = all * weight / total;
    const double seen = counts.contains(name) ? counts.at(name) : 0;
    sum += (seen - wanted) * (seen - wanted) / wanted;
  }
  return sum;
}

// 0.1 % of fair draws are worse; by degrees of freedom, one less than there are names.
inline constexpr double kWorst2 = 13.82;
inline constexpr double kWorst3 = 16.27;

}  // namespace steering
