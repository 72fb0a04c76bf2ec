// Which program's values or environment migrate-values was given.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"
#include "lookout/encoding/yaml.hpp"

#include "src/cli/migrate_draft.hpp"

namespace lookout::cli {

enum class MigrationSource { kHelmStateMetrics, kHelmS3Exporter, kHelmExporter };

// "helm-state-metrics", "helm-s3-exporter", "helm-exporter".
std::string_view source_name(MigrationSource source);
std::optional<MigrationSource> source_of_name(std::string_view name);
std::vector<std::string> source_names();

// By what only one of them has, in the shape of migrate_input.hpp. kInvalid: none or several.
Result<MigrationSource> detect_source(const encoding::Yaml& root);

// All of it.
MigrationDraft migrate(MigrationSource source, encoding::Yaml root);

struct Migration {
  std::string text;     // the values file
  std::string summary;  // one line
};
// `from`: a name, or "" to find it out. kInvalid, kMalformed, kTooLarge; quotes no value.
Result<Migration> migrate_text(std::string_view text, std::string_view from);

}  // namespace lookout::cli
