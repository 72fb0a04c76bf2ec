// process_*, from /proc (proc(5)) and getrlimit(2). What cannot be read is left out.
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>

#include "lookout/base/text.hpp"

#include "src/metrics/self_families.hpp"

namespace lookout::metrics {
namespace {

// From /proc/self/stat.
struct ProcessStat {
  double cpu_seconds = 0;
  double started_after_boot_seconds = 0;
  double virtual_bytes = 0;
  double resident_bytes = 0;
};

std::optional<ProcessStat> read_stat() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  // The second field is the program's name in parentheses and may hold spaces.
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos || name_end + 2 > line.size()) return std::nullopt;
  const auto fields = split(std::string_view(line).substr(name_end + 2), ' ');
  const auto field = [&](std::size_t number) {  // as proc(5) counts, from 1
    const std::size_t index = number - 3;
    const auto value =
        index < fields.size() ? parse_number<std::int64_t>(fields[index]) : std::nullopt;
    return static_cast<double>(value.value_or(0));
  };
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  return ProcessStat{(field(14) + field(15)) / ticks, field(22) / ticks, field(23),
                     field(24) * static_cast<double>(sysconf(_SC_PAGESIZE))};
}

// Unix time, from the line "btime N" of /proc/stat.
std::optional<double> read_boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("btime ")) continue;
    if (const auto seconds = parse_number<std::int64_t>(std::string_view(line).substr(6))) {
      return static_cast<double>(*seconds);
    }
  }
  return std::nullopt;
}

std::optional<double> count_open_fds() {
  std::error_code error;
  std::filesystem::directory_iterator entry("/proc/self/fd", error);
  double count = 0;
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) ++count;
  if (error) return std::nullopt;
  return count - 1;  // without the directory's own
}

void collect_memory_and_cpu(FamilyList& families) {
  const auto stat = read_stat();
  if (!stat) return;
  families
      .open("process_cpu_seconds_total", "User and system CPU time in seconds",
            FamilyType::kCounter)
      .add(stat->cpu_seconds);
  families.open("process_resident_memory_bytes", "Resident memory in bytes", FamilyType::kGauge)
      .add(stat->resident_bytes);
  families.open("process_virtual_memory_bytes", "Virtual memory in bytes", FamilyType::kGauge)
      .add(stat->virtual_bytes);
  static const std::optional<double> kBootTime = read_boot_time();
  if (!kBootTime) return;
  families
      .open("process_start_time_seconds", "Unix time at which the process started",
            FamilyType::kGauge)
      .add(*kBootTime + stat->started_after_boot_seconds);
}

}  // namespace

void collect_process(FamilyList& families) {
  collect_memory_and_cpu(families);
  if (const auto count = count_open_fds()) {
    families.open("process_open_fds", "Open file descriptors", FamilyType::kGauge).add(*count);
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    families.open("process_max_fds", "Limit of open file descriptors", FamilyType::kGauge)
        .add(static_cast<double>(limit.rlim_cur));
  }
}

}  // namespace lookout::metrics
