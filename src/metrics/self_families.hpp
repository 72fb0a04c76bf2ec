// The controller's own families in prometheus-cpp's value types, one function a subject.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <string_view>
#include <vector>

#include "lookout/metrics/self_metrics.hpp"

#include "src/metrics/text_format.hpp"

namespace lookout::metrics {

using Labels = std::vector<prometheus::ClientMetric::Label>;

// Collects families; one that gets no sample is left out.
class FamilyList {
 public:
  // Later samples go into this family.
  FamilyList& open(std::string_view name, std::string_view help, FamilyType type);
  FamilyList& add(double value, Labels labels = {});
  FamilyList& add(const Histogram::Snapshot& histogram, Labels labels = {});
  // One sample a label set of `counter`, whose values belong to `names` in order.
  FamilyList& add(const LabelledCounter& counter, const std::vector<std::string>& names);

  std::vector<prometheus::MetricFamily> take() &&;

 private:
  std::vector<prometheus::MetricFamily> families_;
};

void collect_program(const SelfSources& sources, FamilyList& families);
void collect_security(const SelfSources& sources, FamilyList& families);
void collect_api_client(const SelfSources& sources, FamilyList& families);
void collect_informers(const SelfSources& sources, FamilyList& families);
void collect_work_queue(const SelfSources& sources, FamilyList& families);
void collect_payloads(const SelfSources& sources, FamilyList& families);
void collect_repositories(const SelfSources& sources, FamilyList& families);
void collect_exposition(const SelfSources& sources, FamilyList& families);
void collect_process(FamilyList& families);

// Text of both formats; the sample lines are the same.
void append_families(std::string& out, const std::vector<prometheus::MetricFamily>& families,
                     TextFormat format);

}  // namespace lookout::metrics
