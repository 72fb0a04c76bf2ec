// bench_index FILE: reads one chart repository index as it comes from the file; prints JSON:
// seconds, cpu_seconds, extra_rss_mb (peak over what the process had before), charts, versions.
#include <sys/resource.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <variant>

#include "lookout/helm/chart_index.hpp"

namespace {

using namespace lookout;

rusage usage() {
  rusage now{};
  getrusage(RUSAGE_SELF, &now);
  return now;
}

double cpu_seconds(const rusage& at) {
  return static_cast<double>(at.ru_utime.tv_sec + at.ru_stime.tv_sec) +
         static_cast<double>(at.ru_utime.tv_usec + at.ru_stime.tv_usec) / 1e6;
}

// Peak resident memory of this program alone: ru_maxrss would begin with its parent's.
double peak_mb() {
  double kib = 0;
  std::array<char, 256> line{};
  std::FILE* const status = std::fopen("/proc/self/status", "r");
  while (status != nullptr && std::fgets(line.data(), line.size(), status) != nullptr) {
    if (std::sscanf(line.data(), "VmHWM: %lf", &kib) == 1) break;
  }
  if (status != nullptr) std::fclose(status);
  return kib / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::FILE* const file = std::fopen(argv[1], "rb");
  if (file == nullptr) return 1;
  const auto start = std::chrono::steady_clock::now();
  const rusage before = usage();
  const double peak_before_mb = peak_mb();
  const auto outcome = helm::read_chart_index([file](std::span<char> out) -> Result<std::size_t> {
    return std::fread(out.data(), 1, out.size(), file);
  });
  const rusage after = usage();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  const auto* index = std::get_if<helm::ChartIndex>(&outcome);
  if (index == nullptr) return 1;
  std::size_t versions = 0;
  for (const helm::IndexedChart& chart : index->charts) versions += chart.versions.size();
  std::printf(
      "{\"seconds\": %.4f, \"cpu_seconds\": %.4f, \"extra_rss_mb\": %.1f, "
      "\"charts\": %zu, \"versions\": %zu}\n",
      taken.count(), cpu_seconds(after) - cpu_seconds(before), peak_mb() - peak_before_mb,
      index->charts.size(), versions);
  return 0;
}
