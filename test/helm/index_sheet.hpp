// Charts and versions as test/helm/index_oracle writes them (the formats are in its show.go and
// cases.go), and indexes out of texts and files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/helm/chart_index.hpp"

namespace lookout::helm {

// A source over `text`, which must outlive it, in pieces.
ByteSource text_source(std::string_view text, std::size_t piece_bytes = 4096);
IndexOutcome read_index(std::string_view text, const IndexLimits& limits = {});

// A line a version: chart, version, app version, deprecated, created. "REJECTED" for a failure.
std::string show(const IndexOutcome& outcome);
std::size_t shown_versions(const ChartIndex& index);
std::size_t shown_charts(const ChartIndex& index);
std::uint64_t fnv_1a(std::string_view text);

// "null 1, bad_date 2"; "" for none.
std::string show_skipped(const ChartIndex& index);

std::string read_text(const std::string& path);

}  // namespace lookout::helm
