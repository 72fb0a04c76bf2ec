#include "src/metrics/self_families.hpp"

#include <limits>
#include <map>
#include <utility>

namespace lookout::metrics {
namespace {

prometheus::MetricType metric_type(FamilyType type) {
  switch (type) {
    case FamilyType::kCounter: return prometheus::MetricType::Counter;
    case FamilyType::kHistogram: return prometheus::MetricType::Histogram;
    case FamilyType::kGauge: break;
  }
  return prometheus::MetricType::Gauge;
}

}  // namespace

FamilyList& FamilyList::open(std::string_view name, std::string_view help, FamilyType type) {
  prometheus::MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = metric_type(type);
  families_.push_back(std::move(family));
  return *this;
}

FamilyList& FamilyList::add(double value, Labels labels) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.gauge.value = metric.counter.value = value;
  families_.back().metric.push_back(std::move(metric));
  return *this;
}

FamilyList& FamilyList::add(const Histogram::Snapshot& histogram, Labels labels) {
  if (histogram.cumulative.size() != histogram.upper_bounds.size() + 1) return *this;
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  for (std::size_t i = 0; i < histogram.cumulative.size(); ++i) {
    const double bound = i < histogram.upper_bounds.size()
                             ? histogram.upper_bounds[i]
                             : std::numeric_limits<double>::infinity();
    metric.histogram.bucket.push_back({histogram.cumulative[i], bound});
  }
  metric.histogram.sample_count = histogram.cumulative.back();
  metric.histogram.sample_sum = histogram.sum;
  families_.back().metric.push_back(std::move(metric));
  return *this;
}

FamilyList& FamilyList::add(const LabelledCounter& counter, const std::vector<std::string>& names) {
  for (const auto& [values, count] : counter.snapshot()) {
    Labels labels;
    for (std::size_t i = 0; i < names.size() && i < values.size(); ++i) {
      labels.push_back({names[i], values[i]});
    }
    add(static_cast<double>(count), std::move(labels));
  }
  return *this;
}

std::vector<prometheus::MetricFamily> FamilyList::take() && {
  std::erase_if(families_, [](const auto& family) { return family.metric.empty(); });
  return std::move(families_);
}

}  // namespace lookout::metrics
