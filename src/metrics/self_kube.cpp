// Requests to the API server, and the informers.
#include "src/metrics/self_families.hpp"

namespace lookout::metrics {
namespace {

using Streams = std::vector<SelfSources::Stream>;

// Timestamps that are 0 (none yet) have no sample: an age since 1970 helps nobody.
void add_gauge(const Streams& streams, Gauge kube::ReflectorStats::*gauge, bool with_zero,
               FamilyList& families) {
  for (const SelfSources::Stream& stream : streams) {
    const double value = (stream.stats->*gauge).value();
    if (with_zero || value != 0) families.add(value, {{"namespace", stream.ns}});
  }
}

// The sum over all streams: which namespace it was is in the log.
void add_counter(const Streams& streams, LabelledCounter kube::ReflectorStats::*counter,
                 const std::string& label, FamilyList& families) {
  LabelledCounter sum;
  for (const SelfSources::Stream& stream : streams) {
    for (const auto& [values, count] : (stream.stats->*counter).snapshot()) {
      sum.add(values, count);
    }
  }
  families.add(sum, {label});
}

double sum(const Streams& streams, Counter kube::ReflectorStats::*counter) {
  double total = 0;
  for (const SelfSources::Stream& stream : streams) {
    total += static_cast<double>((stream.stats->*counter).value());
  }
  return total;
}

}  // namespace

void collect_api_client(const SelfSources& sources, FamilyList& families) {
  if (sources.api != nullptr) {
    families
        .open("rest_client_requests_total",
              "Requests to the API server, by status code, method and host", FamilyType::kCounter)
        .add(sources.api->requests, {"code", "method", "host"});
    families
        .open("rest_client_request_duration_seconds",
              "Seconds until the API server began to answer", FamilyType::kHistogram)
        .add(sources.api->request_seconds.snapshot(),
             {{"verb", "GET"}, {"host", sources.api->host}});
    const auto reviews = sources.api->review_seconds.snapshot();
    if (reviews.cumulative.back() > 0) {
      families.add(reviews, {{"verb", "POST"}, {"host", sources.api->host}});
    }
    families
        .open("helm_lookout_api_received_bytes_total", "Body bytes from the API server",
              FamilyType::kCounter)
        .add(static_cast<double>(sources.api->bytes_received.value()));
  }
  if (sources.credentials != nullptr) {
    families
        .open("helm_lookout_credential_reloads_total", "Credentials taken over anew",
              FamilyType::kCounter)
        .add(static_cast<double>(sources.credentials->reloads.value()));
    families
        .open("helm_lookout_credential_reload_errors_total", "Credentials that could not be read",
              FamilyType::kCounter)
        .add(static_cast<double>(sources.credentials->reload_errors.value()));
  }
}

void collect_informers(const SelfSources& sources, FamilyList& families) {
  const Streams& streams = sources.streams;
  if (streams.empty()) return;
  using Stats = kube::ReflectorStats;
  families.open("helm_lookout_informer_synced", "1 once the store equalled the API server's",
                FamilyType::kGauge);
  add_gauge(streams, &Stats::synced, true, families);
  families.open("helm_lookout_informer_last_event_timestamp_seconds",
                "Unix time of the last watch event", FamilyType::kGauge);
  add_gauge(streams, &Stats::last_event_timestamp_seconds, false, families);
  families.open("helm_lookout_informer_last_bookmark_timestamp_seconds",
                "Unix time of the last bookmark", FamilyType::kGauge);
  add_gauge(streams, &Stats::last_bookmark_timestamp_seconds, false, families);
  families.open("helm_lookout_list_total", "LISTs and streamed lists, by result",
                FamilyType::kCounter);
  add_counter(streams, &Stats::lists, "result", families);
  families.open("helm_lookout_watch_total", "WATCHes that ended, by result", FamilyType::kCounter);
  add_counter(streams, &Stats::watches, "result", families);
  families.open("helm_lookout_relists_total", "Lists after the first, by reason",
                FamilyType::kCounter);
  add_counter(streams, &Stats::relists, "reason", families);
  families.open("helm_lookout_watch_restarts_total", "WATCHes begun again, by reason",
                FamilyType::kCounter);
  add_counter(streams, &Stats::watch_restarts, "reason", families);
  families.open("helm_lookout_watch_bytes_total", "Bytes of watch streams", FamilyType::kCounter)
      .add(sum(streams, &Stats::watch_bytes));
  families
      .open("helm_lookout_skipped_events_total", "Watch events that could not be read",
            FamilyType::kCounter)
      .add(sum(streams, &Stats::skipped_events));
}

}  // namespace lookout::metrics
