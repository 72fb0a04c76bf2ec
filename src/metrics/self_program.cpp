// What the program is, holds and serves.
#include "src/metrics/self_families.hpp"

namespace lookout::metrics {
namespace {

void collect_cache(const state::ReleaseCache& cache, FamilyList& families) {
  families.open("helm_lookout_cache_objects", "Release objects in memory", FamilyType::kGauge)
      .add(static_cast<double>(cache.counts().objects));
  families.open("helm_lookout_ignored_secrets",
                "Objects of a release type whose name is no release's, by reason",
                FamilyType::kGauge);
  const auto ignored = cache.ignored_objects();
  for (std::size_t i = 0; i < ignored.size(); ++i) {
    families.add(
        static_cast<double>(ignored[i]),
        {{"reason", std::string(helm::ignored_name_reason(static_cast<helm::IgnoredName>(i)))}});
  }
}

void collect_servers(const std::vector<SelfSources::Server>& servers, FamilyList& families) {
  const auto add = [&](std::string_view name, std::string_view help, auto counter) {
    families.open(name, help, FamilyType::kCounter);
    for (const SelfSources::Server& server : servers) {
      if (server.stats == nullptr) continue;
      families.add(static_cast<double>((server.stats->*counter).value()),
                   {{"server", server.name}});
    }
  };
  add("helm_lookout_http_requests_total", "HTTP requests answered", &http::ServerStats::requests);
  add("helm_lookout_http_refused_connections_total", "Connections over the limit",
      &http::ServerStats::refused_connections);
  add("helm_lookout_http_bad_requests_total", "Requests that the server itself refused",
      &http::ServerStats::bad_requests);
  add("helm_lookout_http_timeouts_total", "Connections closed because they were too slow",
      &http::ServerStats::timeouts);
  add("helm_lookout_http_undecided_requests_total",
      "Requests refused because whether to allow them was not known in time",
      &http::ServerStats::undecided_requests);
}

}  // namespace

void collect_program(const SelfSources& sources, FamilyList& families) {
  families.open("helm_lookout_build_info", "What is running; always 1", FamilyType::kGauge)
      .add(1, {{"version", sources.build.version},
               {"revision", sources.build.revision},
               {"compiler", sources.build.compiler}});
  if (sources.config != nullptr) {
    families.open("helm_lookout_config_hash", "Hash of the settings in effect", FamilyType::kGauge)
        .add(sources.config->hash.value());
    families
        .open("helm_lookout_config_reload_success",
              "1 if the settings file was taken over when it was last read", FamilyType::kGauge)
        .add(sources.config->reload_success.value());
  }
  if (sources.cache != nullptr) collect_cache(*sources.cache, families);
  collect_servers(sources.servers, families);
}

void collect_exposition(const SelfSources& sources, FamilyList& families) {
  if (sources.exposition == nullptr) return;
  const ExpositionStats& stats = *sources.exposition;
  families
      .open("helm_lookout_render_dirty_chunks", "Chunks of text that the last scrape rendered",
            FamilyType::kGauge)
      .add(stats.dirty_chunks.value());
  families
      .open("helm_lookout_scrape_bytes", "Size of the last scrape before this one, as sent",
            FamilyType::kGauge)
      .add(stats.scrape_bytes.value());
  families.open("helm_lookout_scrapes_total", "Scrapes of /metrics", FamilyType::kCounter)
      .add(static_cast<double>(stats.scrapes.value()));
  families.open("helm_lookout_series", "Series of releases", FamilyType::kGauge)
      .add(stats.series.value());
  families
      .open("helm_lookout_dropped_series_total",
            "Series left out of scrapes because of --max-series", FamilyType::kCounter)
      .add(static_cast<double>(stats.dropped_series.value()));
  families
      .open("helm_lookout_truncated_labels_total", "Label values that were cut",
            FamilyType::kCounter)
      .add(static_cast<double>(stats.truncated_labels.value()));
}

}  // namespace lookout::metrics
