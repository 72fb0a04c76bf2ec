// Atomic counters, gauges and histograms that modules own and `metrics` reads.
// A module keeps a small struct of these; it knows no exposition format.
// All members are thread-safe and never block, but LabelledCounter (a leaf lock).
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "lookout/base/mutex.hpp"

namespace lookout {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
 public:
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  void add(double delta) { value_.fetch_add(delta, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

// Cumulative histogram over at most 15 finite upper bounds (ascending) plus +Inf.
class Histogram {
 public:
  static constexpr std::size_t kBoundsMax = 15;
  // REQUIRES: bounds.size() <= kBoundsMax, ascending; the array outlives this.
  explicit Histogram(std::span<const double> upper_bounds);

  void observe(double value);

  struct Snapshot {
    std::span<const double> upper_bounds;
    std::vector<std::uint64_t> cumulative;  // one a bound, then +Inf
    double sum = 0;
  };
  Snapshot snapshot() const;

 private:
  const std::span<const double> upper_bounds_;
  std::array<std::atomic<std::uint64_t>, kBoundsMax + 1> buckets_{};
  std::atomic<double> sum_{0};
};

// Seconds: 1 ms to 60 s, for requests and reconciles.
inline constexpr std::array<double, 12> kRequestSecondsBounds = {
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60};
// Seconds: 10 µs to 1 s, for decoding one payload.
inline constexpr std::array<double, 10> kDecodeSecondsBounds = {
    0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.01, 0.1, 1};

// A counter with label values known only at run time (HTTP codes, hosts).
// Past kSetsMax label sets, further new sets count under all-"other".
class LabelledCounter {
 public:
  static constexpr std::size_t kSetsMax = 256;
  using Labels = std::vector<std::string>;

  void add(const Labels& label_values, std::uint64_t n = 1) EXCLUDES(mutex_);
  std::map<Labels, std::uint64_t> snapshot() const EXCLUDES(mutex_);

 private:
  mutable Mutex mutex_;
  std::map<Labels, std::uint64_t> values_ GUARDED_BY(mutex_);
};

}  // namespace lookout
