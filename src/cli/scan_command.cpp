#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/http/beast_transport.hpp"
#include "lookout/repository/scan.hpp"
#include "lookout/system/files.hpp"

#include "src/cli/commands.hpp"
#include "src/cli/counted_transport.hpp"
#include "src/cli/scan_summary.hpp"
#include "src/cli/scan_target.hpp"
#include "src/cli/table.hpp"

namespace lookout::cli {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

// A line on standard error that is gone in the end; nothing unless it is a terminal.
class ByteProgress {
 public:
  void add(std::size_t bytes) {
    const std::size_t sum = bytes_ += bytes;
    if (!on_terminal_ || sum - shown_ < kStepBytes) return;
    shown_ = sum;
    std::fprintf(stderr, "\rreading, %.1f MB so far \x1b[K", static_cast<double>(sum) / 1e6);
  }
  void clear() const {
    if (shown_ > 0) std::fputs("\r\x1b[K", stderr);
  }

 private:
  static constexpr std::size_t kStepBytes = 100'000;

  const bool on_terminal_ = isatty(STDERR_FILENO) == 1;
  std::atomic<std::size_t> bytes_ = 0;
  std::atomic<std::size_t> shown_ = 0;
};

int complain(int exit_code, const std::string& message) {
  std::fprintf(stderr, "helm-lookout: %s\n", message.c_str());
  return exit_code;
}

repository::ScanOutcome scan_once(const repository::RepositorySettings& target) {
  const SystemClock clock;
  ByteProgress progress;
  repository::ScanStats stats;
  http::TransportFactory create = [](http::TransportOptions options) {
    return http::create_beast_transport(std::move(options));
  };
  const repository::ScanContext context{
      counted(std::move(create), [&](std::size_t bytes) { progress.add(bytes); }), clock,
      system::environment(), stats};
  repository::Scanner scanner(target, context);
  repository::ScanOutcome outcome = scanner.scan({});
  progress.clear();
  return outcome;
}

}  // namespace

int run_scan(const Settings& settings, const ScanCommand& command) {
  const auto target = scan_target(settings, command);
  if (!target) return complain(kBadUsage, target.error().message);
  const repository::ScanOutcome outcome = scan_once(*target);
  if (const auto* error = std::get_if<repository::ScanError>(&outcome)) {
    return complain(kFailed,
                    std::string(repository::scan_error_name(error->type)) + ": " + error->message);
  }
  const auto* data = std::get_if<repository::ScanData>(&outcome);
  if (data == nullptr) return complain(kFailed, "the repository brought nothing");
  const auto charts = summarize(data->index);
  const std::string skipped = skipped_line(data->index);
  if (!skipped.empty()) complain(kFailed, skipped);
  const std::string text = command.output == OutputFormat::kJson
                               ? scan_json(charts, data->index) + "\n"
                               : scan_table(charts);
  return print(text) ? 0 : kFailed;
}

}  // namespace lookout::cli
