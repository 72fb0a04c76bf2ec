#include "src/cli/release_options.hpp"

namespace lookout::cli {

controllers::ReleaseControllerOptions controller_options(const Settings& settings) {
  controllers::ReleaseControllerOptions options;
  options.driver = settings.storage_driver;
  options.namespaces = settings.namespaces;
  options.namespaces_ignore = settings.namespaces_ignore;
  options.shard = settings.shard;
  options.total_shards = settings.total_shards;
  options.payloads = settings.payloads;
  options.decode = settings.decode;
  return options;
}

state::ReleaseCacheOptions cache_options(const Settings& settings) {
  state::ReleaseCacheOptions options;
  options.stream_namespaces = controller_options(settings).stream_namespaces();
  options.label_allow_list = settings.release_labels;
  options.payloads = settings.payloads;
  return options;
}

metrics::ExpositionOptions exposition_options(const Settings& settings) {
  metrics::ExpositionOptions options;
  options.series_max = settings.max_series;
  options.repository_families = settings.shard == 0;
  return options;
}

}  // namespace lookout::cli
