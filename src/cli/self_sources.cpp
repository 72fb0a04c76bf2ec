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

void add_releases(const ReleaseWatch& releases, const Clock& clock, metrics::SelfSources& out) {
  if (releases.client != nullptr) {
    out.api = &releases.client->stats();
    out.credentials = &releases.client->credential_stats();
  }
  if (releases.controller == nullptr) return;
  const controllers::ReleaseController& controller = *releases.controller;
  const auto& namespaces = controller.stream_namespaces();
  for (std::size_t i = 0; i < namespaces.size(); ++i) {
    out.streams.push_back({namespaces[i], &controller.stream_stats(i)});
  }
  out.work_queue = [&queue = controller.queue(), &clock] { return sample(queue, clock.now()); };
  out.payloads = &controller.payload_stats();
}

}  // namespace

metrics::SelfSources self_sources(const SelfParts& parts) {
  metrics::SelfSources out;
  out.build = {version(), commit(), compiler()};
  out.config = &parts.config.stats();
  out.cache = &parts.cache;
  add_releases(parts.releases, parts.clock, out);
  out.clock = &parts.clock;
  out.repositories = &parts.repositories.cache();
  out.scans = &parts.repositories.stats();
  out.exposition = &parts.exposition.stats();
  out.servers = parts.servers;
  out.auth = parts.security.auth_stats();
  out.token_file = parts.security.token_file_stats();
  return out;
}

}  // namespace lookout::cli
