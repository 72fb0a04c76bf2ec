#include "lookout/metrics/self_metrics.hpp"

#include <prometheus/collectable.h>

#include <utility>

#include "src/metrics/self_families.hpp"

namespace lookout::metrics {

struct SelfMetrics::State final : prometheus::Collectable {
  explicit State(SelfSources s) : sources(std::move(s)) {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    FamilyList families;
    collect_program(sources, families);
    collect_security(sources, families);
    collect_informers(sources, families);
    collect_api_client(sources, families);
    collect_work_queue(sources, families);
    collect_payloads(sources, families);
    collect_repositories(sources, families);
    collect_exposition(sources, families);
    collect_process(families);
    return std::move(families).take();
  }

  const SelfSources sources;
};

SelfMetrics::SelfMetrics(SelfSources sources)
    : state_(std::make_unique<State>(std::move(sources))) {}
SelfMetrics::~SelfMetrics() = default;

std::string SelfMetrics::render(TextFormat format) const {
  std::string out;
  append_families(out, state_->Collect(), format);
  return out;
}

}  // namespace lookout::metrics
