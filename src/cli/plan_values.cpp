#include "src/cli/plan_advice.hpp"
#include "src/cli/plan_text.hpp"
#include "src/cli/table.hpp"

namespace lookout::cli {
namespace {

std::string comment(const std::string& text) {
  return "# " + text + "\n";
}

// What the figures rest on, so that whoever finds them in a file a year later knows.
std::string basis(const PlanReport& report) {
  std::string text;
  if (report.releases) {
    text += count_text(report.releases->releases) + " releases with " +
            count_text(report.releases->revisions) + " revisions, ";
  }
  text += count_text(report.repositories.size()) + " repositories, " +
          count_text(report.scrape.series) + " series";
  return text;
}

std::string number(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::string plan_values(const PlanReport& report, const PlanAdvice& advice) {
  std::string out = comment("helm-lookout plan: " + basis(report) + ".");
  if (!report.gaps.empty()) {
    out += comment("Not read, and not in these figures:");
    for (const std::string& gap : report.gaps) out += comment("  " + printable(gap));
  }
  if (report.missing_payloads > 0) {
    return out + comment("No resources are advised: with " + count_text(report.missing_payloads) +
                         " payloads not read, what was measured is too small.");
  }
  out += comment("Memory: request " + number(kMemoryRequestFactor) + " x and limit " +
                 number(kMemoryLimitFactor) + " x the measured peak of " +
                 mib_text(report.process.peak_resident_bytes) + ".");
  out += "resources:\n  requests:\n    cpu: " + std::to_string(advice.cpu_request_millis) +
         "m\n    memory: " + std::to_string(advice.memory_request_mib) +
         "Mi\n  limits:\n    memory: " + std::to_string(advice.memory_limit_mib) + "Mi\n";
  if (advice.total_shards > 1) {
    if (advice.total_shards > report.total_shards) {
      out += comment("A scrape of one process would bring " + count_text(report.scrape.series) +
                     " series. A shard needs less memory than the above:");
      out += comment("helm-lookout plan --total-shards " + std::to_string(advice.total_shards) +
                     " --shard 0 measures it.");
    }
    out += "shards: " + std::to_string(advice.total_shards) + "\n";
  } else if (advice.series_max > 0) {
    out += comment("A bound on what is served, twice what is there; what exceeds it is counted:");
    out += comment("settings:");
    out += comment("  maxSeries: " + std::to_string(advice.series_max));
  }
  return out;
}

}  // namespace lookout::cli
