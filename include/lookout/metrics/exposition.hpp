// The text that /metrics answers: release and repository families rendered once per change
// into chunks, the controller's own families rendered per scrape.
//
// A chunk is a run of releases (ordered by namespace, name) in one family; it keeps its
// text and, once asked for, its deflate blocks ended by Z_FULL_FLUSH with their CRC, so
// that a gzip body is header + cached blocks + combined trailer, one member. A scrape
// drains the join, renders the dirty chunks and takes an immutable snapshot, in which releases,
// repositories and what joins them are of one moment.
// Formats: text 0.0.4 and OpenMetrics 1.0 with the same sample lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "lookout/base/clock.hpp"
#include "lookout/base/stats.hpp"
#include "lookout/http/server.hpp"
#include "lookout/state/release_join.hpp"

namespace lookout::metrics {

enum class TextFormat { kText004, kOpenMetrics100 };
enum class ContentCoding { kIdentity, kGzip };

// By Accept and Accept-Encoding with q-values; text 0.0.4 and identity by default.
TextFormat negotiate_format(const std::string* accept);
ContentCoding negotiate_coding(const std::string* accept_encoding);
// Value of Content-Type.
std::string_view content_type(TextFormat format);

struct ExpositionOptions {
  std::size_t series_max = 0;          // --max-series; 0 = no limit
  std::size_t label_bytes_max = 1024;  // longer values are cut at a UTF-8 boundary
  // False: releases are joined with repositories, whose own families another shard shows.
  bool repository_families = true;
};

struct ExpositionStats {
  Counter dropped_series;  // over series_max, each time a scrape leaves one out
  Counter truncated_labels;
  Counter rendered_chunks;
  Gauge dirty_chunks;  // rendered by the last scrape
  Counter scrapes;
  Gauge scrape_bytes;  // of the last one, as sent
  Gauge series;        // of releases, in the last one
};

// Thread-safe; concurrent scrapes share the rendering. Its lock is no leaf: the join is
// drained under it, so that changes are rendered in the order in which they happened.
class Exposition {
 public:
  // `join` and `clock` outlive this; nobody else drains the join. `self` renders the controller's
  // own families (SelfMetrics::render) and may be empty.
  using SelfRenderer = std::function<std::string(TextFormat)>;
  Exposition(state::ReleaseJoin& join, const Clock& clock, ExpositionOptions options,
             SelfRenderer self);
  ~Exposition();

  http::BodyChain scrape(TextFormat format, ContentCoding coding);
  // The controller's own metrics alone (/metrics/self).
  http::BodyChain scrape_self(TextFormat format, ContentCoding coding);
  const ExpositionStats& stats() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lookout::metrics
