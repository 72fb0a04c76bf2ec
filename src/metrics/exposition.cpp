#include "lookout/metrics/exposition.hpp"

#include <array>
#include <optional>
#include <utility>

#include "lookout/base/mutex.hpp"

#include "src/metrics/release_text.hpp"
#include "src/metrics/repository_text.hpp"
#include "src/metrics/segment.hpp"
#include "src/metrics/text_format.hpp"

namespace lookout::metrics {
namespace {

// The part of a body that changes with releases and repositories only: kept until one changes.
struct CachedBody {
  bool valid = false;
  Body body{ContentCoding::kIdentity};
};

std::size_t variant(TextFormat format, ContentCoding coding) {
  return static_cast<std::size_t>(format) * 2 + static_cast<std::size_t>(coding);
}

void append_own(Body& body, std::string text, TextFormat format) {
  if (format == TextFormat::kOpenMetrics100) text += kOpenMetricsEnd;
  Segment own(std::move(text));
  body.append(own);
}

}  // namespace

struct Exposition::State {
  State(state::ReleaseJoin& j, const Clock& k, const ExpositionOptions& o, SelfRenderer s)
      : join(j),
        clock(k),
        self(std::move(s)),
        repository_families(o.repository_families),
        text({o.label_bytes_max, &stats.truncated_labels}, o.series_max),
        repositories({o.label_bytes_max, &stats.truncated_labels}) {}

  void refresh() LOCKED(mutex);
  Body body(TextFormat format, ContentCoding coding) LOCKED(mutex);

  state::ReleaseJoin& join;
  const Clock& clock;
  const SelfRenderer self;
  const bool repository_families;
  ExpositionStats stats;
  Mutex mutex;
  ReleaseText text GUARDED_BY(mutex);
  RepositoryText repositories GUARDED_BY(mutex);
  std::array<CachedBody, 4> bodies GUARDED_BY(mutex);
};

void Exposition::State::refresh() {
  const state::JoinedChanges changes = join.drain(clock.now());
  text.apply(changes);
  std::size_t chunks = text.render();
  if (repository_families) chunks += repositories.render(*changes.repositories);
  stats.dirty_chunks.set(static_cast<double>(chunks));
  if (chunks == 0 && changes.releases.empty() && changes.namespace_errors.empty()) return;
  stats.rendered_chunks.add(chunks);
  stats.series.set(static_cast<double>(text.series()));
  for (CachedBody& cached : bodies) cached = {};
}

Body Exposition::State::body(TextFormat format, ContentCoding coding) {
  refresh();
  stats.dropped_series.add(text.dropped_series());
  CachedBody& cached = bodies[variant(format, coding)];
  if (!cached.valid) {
    cached.body = Body(coding);
    text.append_to(cached.body, format);
    repositories.append_to(cached.body, format);
    cached.valid = true;
  }
  return cached.body;
}

Exposition::Exposition(state::ReleaseJoin& join, const Clock& clock, ExpositionOptions options,
                       SelfRenderer self)
    : state_(std::make_unique<State>(join, clock, options, std::move(self))) {}
Exposition::~Exposition() = default;

http::BodyChain Exposition::scrape(TextFormat format, ContentCoding coding) {
  std::optional<Body> body;
  {
    MutexLock lock(state_->mutex);
    body = state_->body(format, coding);
  }
  append_own(*body, state_->self ? state_->self(format) : std::string(), format);
  http::BodyChain chain = std::move(*body).finish();
  state_->stats.scrapes.add();
  state_->stats.scrape_bytes.set(static_cast<double>(chain.size_bytes()));
  return chain;
}

http::BodyChain Exposition::scrape_self(TextFormat format, ContentCoding coding) {
  Body body(coding);
  append_own(body, state_->self ? state_->self(format) : std::string(), format);
  return std::move(body).finish();
}

const ExpositionStats& Exposition::stats() const {
  return state_->stats;
}

}  // namespace lookout::metrics
