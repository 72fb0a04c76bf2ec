// From a value of theirs to one of ours, where it is a matter of names.
#pragma once

#include <span>
#include <string_view>

#include "src/cli/migrate_draft.hpp"

namespace lookout::cli {

struct MigrationRule {
  std::string_view from;
  std::string_view to{};     // "": nowhere
  std::string_view note{};   // said when it is there; "": nothing to say
  std::string_view usual{};  // a scalar, mostly their default, that needs neither copy nor words
  MigrationNote::Kind kind = MigrationNote::Kind::kDiffers;
};

void apply_rules(std::span<const MigrationRule> rules, MigrationInput& input,
                 MigrationDraft& draft);

// What the three programs share: image, pod, Service, monitor.
void migrate_deployment(MigrationInput& input, MigrationDraft& draft);
// Proxies, AWS, HELM_DRIVER.
void migrate_environment(MigrationInput& input, MigrationDraft& draft);

// What is particular to each program.
void migrate_state_metrics(MigrationInput& input, MigrationDraft& draft);
void migrate_s3_exporter(MigrationInput& input, MigrationDraft& draft);
void migrate_repository_exporter(MigrationInput& input, MigrationDraft& draft);
void migrate_helm_exporter(MigrationInput& input, MigrationDraft& draft);

}  // namespace lookout::cli
