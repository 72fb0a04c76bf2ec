#include "lookout/base/stats.hpp"

#include <algorithm>

#include "lookout/base/check.hpp"

namespace lookout {

Histogram::Histogram(std::span<const double> upper_bounds) : upper_bounds_(upper_bounds) {
  LOOKOUT_CHECK(upper_bounds.size() <= kBoundsMax);
  LOOKOUT_CHECK(std::is_sorted(upper_bounds.begin(), upper_bounds.end()));
}

void Histogram::observe(double value) {
  const auto bound = std::lower_bound(upper_bounds_.begin(), upper_bounds_.end(), value);
  const auto index = static_cast<std::size_t>(bound - upper_bounds_.begin());
  buckets_[index].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

Histogram::Snapshot Histogram::snapshot() const {
  Snapshot out;
  out.upper_bounds = upper_bounds_;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i <= upper_bounds_.size(); ++i) {
    seen += buckets_[i].load(std::memory_order_relaxed);
    out.cumulative.push_back(seen);
  }
  out.sum = sum_.load(std::memory_order_relaxed);
  return out;
}

void LabelledCounter::add(const Labels& label_values, std::uint64_t n) {
  MutexLock lock(mutex_);
  if (values_.size() >= kSetsMax && !values_.contains(label_values)) {
    values_[Labels(label_values.size(), "other")] += n;
    return;
  }
  values_[label_values] += n;
}

std::map<LabelledCounter::Labels, std::uint64_t> LabelledCounter::snapshot() const {
  MutexLock lock(mutex_);
  return values_;
}

}  // namespace lookout
