// The one-shot commands for people at a terminal; all read through the controller's code.
// Each returns the exit code: 0 fine, 1 failed, 2 bad usage.
#pragma once

#include "src/cli/arguments.hpp"
#include "src/cli/settings.hpp"

namespace lookout::cli {

// Lists every release once the cluster has been read.
int run_releases(const Settings& settings, OutputFormat output);

// Reads one repository and lists its charts; progress on a terminal.
int run_scan(const Settings& settings, const ScanCommand& command);

// Reads everything once and says what the controller needs for it. What cannot be read is told, and
// fails only when it is all releases (with --releases=on), or everything.
int run_plan(const Settings& settings, const PlanCommand& command);

// What we read from a Secret or ConfigMap in YAML or JSON, or from a raw payload.
int run_decode(const DecodeCommand& command);

// Values of our chart, out of values, manifests or environment of another program.
int run_migrate(const MigrateCommand& command);

// Asks a URL, prints the status of its answer.
int run_probe(const ProbeCommand& command);

}  // namespace lookout::cli
