// The work queue, reconciles and payloads.
#include "src/metrics/self_families.hpp"

namespace lookout::metrics {
namespace {

const Labels kQueue = {{"name", "release"}};
const Labels kController = {{"controller", "release"}};

void collect_reconciles(const state::PayloadStats& stats, FamilyList& families) {
  families.open("controller_runtime_reconcile_total", "Reconciles, by result",
                FamilyType::kCounter);
  for (const auto& [values, count] : stats.reconciles.snapshot()) {
    Labels labels = kController;
    labels.push_back({"result", values.empty() ? "" : values.front()});
    families.add(static_cast<double>(count), std::move(labels));
  }
  families
      .open("controller_runtime_reconcile_errors_total", "Reconciles that failed",
            FamilyType::kCounter)
      .add(static_cast<double>(stats.reconcile_errors.value()), kController);
  families
      .open("controller_runtime_reconcile_time_seconds", "Seconds of one reconcile",
            FamilyType::kHistogram)
      .add(stats.reconcile_seconds.snapshot(), kController);
}

}  // namespace

void collect_work_queue(const SelfSources& sources, FamilyList& families) {
  if (!sources.work_queue) return;
  const WorkQueueSample sample = sources.work_queue();
  families.open("workqueue_depth", "Items that wait in the queue", FamilyType::kGauge)
      .add(static_cast<double>(sample.depth), kQueue);
  families.open("workqueue_adds_total", "Items added to the queue", FamilyType::kCounter)
      .add(static_cast<double>(sample.adds), kQueue);
  families
      .open("workqueue_retries_total", "Items added again after a failure", FamilyType::kCounter)
      .add(static_cast<double>(sample.retries), kQueue);
  families
      .open("workqueue_queue_duration_seconds", "Seconds that an item waited",
            FamilyType::kHistogram)
      .add(sample.queue_seconds, kQueue);
  families
      .open("workqueue_work_duration_seconds", "Seconds that an item took", FamilyType::kHistogram)
      .add(sample.work_seconds, kQueue);
  families
      .open("workqueue_unfinished_work_seconds",
            "Seconds of work in progress that is not yet in work_duration", FamilyType::kGauge)
      .add(sample.unfinished_work_seconds, kQueue);
  families
      .open("workqueue_longest_running_processor_seconds",
            "Seconds that the oldest item in progress takes so far", FamilyType::kGauge)
      .add(sample.longest_running_processor_seconds, kQueue);
}

void collect_payloads(const SelfSources& sources, FamilyList& families) {
  if (sources.payloads == nullptr) return;
  const state::PayloadStats& stats = *sources.payloads;
  collect_reconciles(stats, families);
  families
      .open("helm_lookout_payload_fetch_total", "Payloads fetched, by result", FamilyType::kCounter)
      .add(stats.fetches, {"result"});
  families.open("helm_lookout_decode_errors_total", "Payloads that could not be decoded, by reason",
                FamilyType::kCounter);
  for (std::size_t i = 0; i < stats.decode_errors.size(); ++i) {
    families.add(
        static_cast<double>(stats.decode_errors[i].value()),
        {{"reason", std::string(helm::undecodable_reason(static_cast<helm::Undecodable>(i)))}});
  }
  families
      .open("helm_lookout_decode_seconds", "Seconds to decode one payload", FamilyType::kHistogram)
      .add(stats.decode_seconds.snapshot());
  families
      .open("helm_lookout_decode_verified_total", "Payloads read to their end in the background",
            FamilyType::kCounter)
      .add(static_cast<double>(stats.verified.value()));
  families
      .open("helm_lookout_decode_mismatches_total",
            "Verified payloads on which the two ways to decode disagreed", FamilyType::kCounter)
      .add(static_cast<double>(stats.decode_mismatches.value()));
}

}  // namespace lookout::metrics
