#include "src/cli/self_sources.hpp"

#include "src/cli/version.hpp"

namespace lookout::cli {
namespace {

metrics::WorkQueueSample sample(const controllers::ReleaseController::Queue& queue, MonoTime now) {
  const auto& stats = queue.stats();
  const auto unfinished = queue.unfinished_work(now);
  metrics::WorkQueueSample out;
  out.depth = static_cast<std::size_t>(stats.depth.value());
  out.adds = stats.adds.value();
  out.retries = stats.retries.value();
  out.unfinished_work_seconds = unfinished.seconds;
  out.longest_running_processor_seconds = unfinished.longest_seconds;
  out.queue_seconds = stats.queue_seconds.snapshot();
  out.work_seconds = stats.work_seconds.snapshot();
  return out;
}

}  // namespace

metrics::SelfSources self_sources(const SelfParts& parts) {
  metrics::SelfSources out;
  out.build = {version(), commit(), compiler()};
  out.config = &parts.config.stats();
  out.cache = &parts.cache;
  const auto& namespaces = parts.controller.stream_namespaces();
  for (std::size_t i = 0; i < namespaces.size(); ++i) {
    out.streams.push_back({namespaces[i], &parts.controller.stream_stats(i)});
  }
  out.api = &parts.client.stats();
  out.credentials = &parts.client.credential_stats();
  out.work_queue = [&queue = parts.controller.queue(), &clock = parts.clock] {
    return sample(queue, clock.now());
  };
  out.payloads = &parts.controller.payload_stats();
  out.exposition = &parts.exposition.stats();
  out.servers = parts.servers;
  return out;
}

}  // namespace lookout::cli
