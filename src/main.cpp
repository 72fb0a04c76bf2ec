// The program: settings in, controller or one-shot command out.

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <variant>
#include <vector>

#include "lookout/base/log.hpp"
#include "lookout/http/cpprest_transport.hpp"
#include "lookout/system/files.hpp"

#include "src/cli/arguments.hpp"
#include "src/cli/commands.hpp"
#include "src/cli/controller_command.hpp"
#include "src/cli/settings_sources.hpp"
#include "src/cli/table.hpp"
#include "src/cli/version.hpp"

namespace lookout::cli {
namespace {

constexpr int kBadUsage = 2;

// Payloads and tokens pass through this process: no core dump, no ptrace by others.
void harden_process() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
  std::signal(SIGPIPE, SIG_IGN);
}

// What a start or a relist needed for moments goes back to the system: each thread's heap would
// keep its own holes, and glibc takes a large block that was freed for a reason to keep the next.
void return_memory() {
  constexpr int kHeaps = 1;
  constexpr int kKeptBytesMax = 128 * 1024;
  mallopt(M_ARENA_MAX, kHeaps);
  mallopt(M_MMAP_THRESHOLD, kKeptBytesMax);
  mallopt(M_TRIM_THRESHOLD, kKeptBytesMax);
}

int usage_error(const Error& error) {
  std::fprintf(stderr, "helm-lookout: %s\n", error.message.c_str());
  return kBadUsage;
}

template <class... Fs>
struct Overload : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overload(Fs...) -> Overload<Fs...>;

int run(const std::vector<std::string>& words) {
  const auto arguments = parse_arguments(words);
  if (!arguments) return usage_error(arguments.error());
  const auto with_settings = [&](auto command) {
    const auto sources = read_sources(*arguments, system::environment());
    if (!sources) return usage_error(sources.error());
    const auto settings = resolve_settings(sources->given, sources->host_name);
    if (!settings) return usage_error(settings.error());
    log::configure(settings->log_level, settings->log_format);
    return command(*settings, *sources);
  };
  return std::visit(
      Overload{
          [&](const ControllerCommand&) { return with_settings(run_controller); },
          [&](const ReleasesCommand& command) {
            return with_settings([&](const Settings& settings, const SettingsSources&) {
              return run_releases(settings, command.output);
            });
          },
          [&](const ScanCommand& command) {
            return with_settings([&](const Settings& settings, const SettingsSources&) {
              return run_scan(settings, command);
            });
          },
          [&](const PlanCommand& command) {
            return with_settings([&](const Settings& settings, const SettingsSources&) {
              return run_plan(settings, command);
            });
          },
          [](const DecodeCommand& command) { return run_decode(command); },
          [](const MigrateCommand& command) { return run_migrate(command); },
          [](const ProbeCommand& command) { return run_probe(command); },
          [](const VersionCommand&) { return print(version_line() + "\n") ? 0 : 1; },
          [](const HelpCommand& command) { return print(command.text) ? 0 : 1; },
      },
      arguments->command);
}

}  // namespace
}  // namespace lookout::cli

int main(int argc, char** argv) {
  lookout::cli::harden_process();
  lookout::cli::return_memory();
  lookout::http::start_cpprest_io();
  return lookout::cli::run({argv + 1, argv + argc});
}
