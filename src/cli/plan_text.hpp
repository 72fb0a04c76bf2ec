// A plan for people, for programs and for the chart.
#pragma once

#include <string>

#include "src/cli/plan_report.hpp"

namespace lookout::cli {

// Sections of aligned lines, the values of plan_values() last.
std::string plan_text(const PlanReport& report, const PlanAdvice& advice);

// {"releases","api_server","repositories","scrape","process","advice","gaps"}; bytes, seconds and
// counts as numbers. "releases" and "api_server" are null when no cluster was read.
std::string plan_json(const PlanReport& report, const PlanAdvice& advice);

// Values of charts/helm-lookout (YAML), with what they rest on as comments.
std::string plan_values(const PlanReport& report, const PlanAdvice& advice);

// "512 B", "1.5 MB"; powers of ten.
std::string bytes_text(std::uint64_t bytes);

// "32.5 MiB", as Kubernetes counts memory.
std::string mib_text(std::uint64_t bytes);

// "1,234,567".
std::string count_text(std::uint64_t count);

}  // namespace lookout::cli
