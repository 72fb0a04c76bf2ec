// One list entry of an index while its fields are read, and Helm's judgement of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "lookout/helm/chart_index.hpp"

namespace lookout::helm {

struct IndexEntry {
  std::string name;
  std::string version;
  std::string app_version;
  std::string type;
  ChartAbout about;
  bool deprecated = false;
  std::optional<std::int64_t> created_seconds;
  // A null or an alias that Metadata.Validate refuses in maintainers or dependencies.
  bool bad_node = false;
  // For what Helm refuses the whole file; the first such thing.
  std::optional<SkippedEntry> refused;

  void refuse(SkippedEntry reason) {
    if (!refused) refused = reason;
  }
};

// By Metadata.Validate of pkg/chart/metadata.go, in its order. Leaves the entry's texts moved.
std::variant<ChartVersion, SkippedEntry> judge_entry(IndexEntry& entry);

// ^[a-zA-Z0-9_-]+$, or empty
bool is_dependency_alias(std::string_view text);

}  // namespace lookout::helm
