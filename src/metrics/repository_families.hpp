// The families of repositories: a row {name, help, type, pure render function} each, in the
// order in which /metrics writes them. Adding a family is adding a row here and one to
// docs/metrics.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lookout/state/repository.hpp"

#include "src/metrics/sample_line.hpp"

namespace lookout::metrics {

// What a family's samples change with.
enum class ChangesWith {
  kScan,  // every scan, also a failed or unchanged one
  kData,  // the index alone
};

// One chart with what its families share.
struct RenderedChart {
  const helm::IndexedChart* chart;
  std::string identity;               // repository="...",chart="..."
  std::vector<std::int64_t> created;  // of the versions that Helm shows; Unix, ascending
};

// One repository with the label text that all its samples share. REQUIRES: `repository` and
// `rules` outlive this.
struct RenderedRepository {
  RenderedRepository(const state::Repository& r, const LabelRules& l, ChangesWith families);

  const state::Repository& repository;
  const LabelRules& rules;
  std::string identity;                      // repository="..."
  std::vector<RenderedChart> charts;         // of the last good index, for ChangesWith::kData
  std::vector<std::int64_t> listed_created;  // the same; of every list entry, ascending
};

struct RepositoryFamily {
  FamilyHead head;
  ChangesWith changes_with;
  // Appends the family's sample lines for one repository, or none. A kData family is rendered
  // only after the first success: `repository.data` is set.
  void (*render)(const RenderedRepository& repository, std::string& out);
};
std::span<const RepositoryFamily> repository_families();

// Rows of the above, by file.
std::span<const RepositoryFamily> repository_scan_families();
std::span<const RepositoryFamily> repository_chart_families();
std::span<const RepositoryFamily> repository_s3_families();

// Unix seconds, to the millisecond.
double timestamp_seconds(WallTime time);

// With an odd or even number of values: the upper median. REQUIRES: ascending, not empty.
std::int64_t median(const std::vector<std::int64_t>& values);

}  // namespace lookout::metrics
