// A chart repository's index.yaml, reduced while it streams to what we publish.
//
// Format: helm.sh/helm pkg/repo IndexFile, YAML or JSON ("The index file" of Helm's
// chart repository guide). Which charts and versions exist is Helm's own verdict wherever Helm
// accepts the file; where Helm rejects a whole file for one entry (duplicate keys, dates), that
// entry is skipped with its reason.
//
// The parser pulls: it blocks in `source` for more bytes. Pure otherwise.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lookout/base/result.hpp"
#include "lookout/helm/version.hpp"

namespace lookout::helm {

struct ChartVersion {
  std::string text;  // as the index has it
  Version version;   // parsed
  std::string app_version;
  std::optional<std::int64_t> created_seconds;  // Unix
  bool deprecated = false;

  bool operator==(const ChartVersion&) const = default;
};

// What Helm S3 Exporter counts: every list entry, whether Helm shows it or not.
struct ListedEntries {
  std::uint64_t versions = 0;
  std::vector<std::int64_t> created_seconds;  // ascending

  bool operator==(const ListedEntries&) const = default;
};

// What the highest version says of its chart, for pages.
struct ChartAbout {
  static constexpr std::size_t kDescriptionBytesMax = 1024;  // cut there, between characters
  static constexpr std::size_t kIconBytesMax = 8192;         // a longer one is left out
  std::string description;
  std::string icon;  // a URL, as it was written

  bool operator==(const ChartAbout&) const = default;
};

struct IndexedChart {
  std::string name;
  // What `helm search repo -l --devel` shows, distinct, highest first; may be empty.
  std::vector<ChartVersion> versions;
  ListedEntries listed;
  ChartAbout about;

  bool operator==(const IndexedChart&) const = default;
};

// Closed: values of the label `reason` of helm_repository_skipped_entries.
enum class SkippedEntry : std::uint8_t {
  kNull,
  kNoName,
  kNoVersion,
  kBadVersion,
  kBadType,
  kDuplicateKey,
  kBadDate,
};
inline constexpr int kSkippedEntryCount = 7;
std::string_view skipped_entry_reason(SkippedEntry reason);  // "null", "no_name", ...

struct ChartIndex {
  std::vector<IndexedChart> charts;  // ascending by name; one without any entry is left out
  std::array<std::uint64_t, kSkippedEntryCount> skipped{};

  bool operator==(const ChartIndex&) const = default;
};

struct IndexLimits {
  std::size_t bytes_max = 256U << 20;  // after Content-Encoding
  std::size_t entries_max = 1'000'000;
  std::size_t depth_max = 64;
  std::size_t scalar_bytes_max = 1U << 20;
  std::size_t aliases_max = 1'000;          // uses of aliases and merge keys
  std::size_t alias_nodes_max = 1'000'000;  // nodes that they stand for
};

// Closed: which of the repository's error types an unreadable index is.
enum class IndexDefect : std::uint8_t {
  kEmpty,       // no bytes, or white space and comments alone
  kNotAnIndex,  // something else: an HTML page, a document without apiVersion and entries
  kMalformed,   // neither YAML nor JSON, or cut
  kTooLarge,
  kAliases,  // more aliases than the limits allow
};

// More bytes into `out`; 0 = the end. An error ends the read and is returned as it is.
using ByteSource = std::function<Result<std::size_t>(std::span<char> out)>;

struct IndexFailure {
  std::optional<IndexDefect> defect;  // nullopt: `source` failed, with its own error
  Error error;  // one line with the position; kMalformed or kTooLarge for a defect
};

using IndexOutcome = std::variant<ChartIndex, IndexFailure>;
IndexOutcome read_chart_index(const ByteSource& source, const IndexLimits& limits = {});

// Sorts, removes double versions as Helm shows them; for repositories that have no index (OCI).
IndexedChart make_indexed_chart(std::string name, std::vector<ChartVersion> versions);

}  // namespace lookout::helm
