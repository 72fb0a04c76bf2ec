// helm-lookout-sandbox: a small Kubernetes API server on loopback, full of Helm
// releases that change every few seconds, and two chart repositories beside it. For trying
// helm-lookout without a cluster, for showing faults by hand (README.md), and for benchmarks,
// load and soak tests.

#include <CLI/CLI.hpp>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "lookout/encoding/base64.hpp"

#include "test/fakes/sample_repository.hpp"
#include "test/fakes/sandbox.hpp"
#include "test/fakes/sandbox_control.hpp"

namespace lookout::fakes {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

struct SandboxSettings {
  SandboxOptions sandbox;
  std::uint16_t control_port = 0;
  std::vector<std::string> faults;
  std::string churn = "lifecycle";
  std::string kubeconfig_out;
  std::string settings_out;
};

std::string kubeconfig_text(const FakeApiServer& server, const std::string& token) {
  std::string out = "apiVersion: v1\nkind: Config\nclusters:\n- name: sandbox\n  cluster:\n";
  out += "    server: " + server.origin() + "\n";
  if (!server.ca_pem().empty()) {
    out += "    certificate-authority-data: " + encoding::base64_encode(server.ca_pem()) + "\n";
  }
  out += "users:\n- name: sandbox\n  user:";
  out += token.empty() ? " {}\n" : "\n    token: " + token + "\n";
  out += "contexts:\n- name: sandbox\n  context:\n    cluster: sandbox\n    user: sandbox\n";
  return out + "current-context: sandbox\n";
}

// Settings of helm-lookout with the repositories of the sandbox.
std::string settings_text(const std::string& origin) {
  const std::string bucket(kTeamBucket);
  return "repositories:\n- name: stable\n  url: " + origin +
         "/stable\n  interval: 15s\n- name: " + bucket + "\n  bucket: " + bucket +
         "\n  endpoint: " + origin + "\n  interval: 15s\n  auth:\n    anonymous: true\n";
}

// Whole or not at all: whoever waits for the file may read it at once.
bool write_file(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".part";
  const mode_t mask = ::umask(077);
  std::ofstream file(temporary, std::ios::trunc);
  file << text;
  file.close();
  ::umask(mask);
  return file.good() && std::rename(temporary.c_str(), path.c_str()) == 0;
}

bool write_or_complain(const std::string& path, const std::string& text) {
  if (path.empty() || write_file(path, text)) return true;
  std::fprintf(stderr, "cannot write %s\n", path.c_str());
  return false;
}

void declare_cluster(CLI::App& app, SandboxSettings& s) {
  SandboxOptions& sandbox = s.sandbox;
  app.add_option("--port", sandbox.server.port, "Port on 127.0.0.1; 0 picks a free one")
      ->capture_default_str();
  app.add_option("--kubeconfig-out", s.kubeconfig_out, "Write a kubeconfig for the sandbox here");
  app.add_option("--settings-out", s.settings_out,
                 "Write settings with the chart repositories of the sandbox here");
  app.add_option("--seed", sandbox.samples.seed, "The same seed, the same releases and changes")
      ->capture_default_str();
  app.add_option("--releases", sandbox.samples.releases, "Releases to begin with")
      ->capture_default_str()
      ->check(CLI::Range(0, 1'000'000));
  app.add_option("--namespaces", sandbox.samples.namespaces, "Namespaces they are spread over")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  app.add_option("--revisions", sandbox.samples.revisions,
                 "Revisions of every release; 0: one to five")
      ->capture_default_str()
      ->check(CLI::Range(0, 1'000));
  app.add_flag("--share-payloads", sandbox.samples.share_payloads,
               "Few payloads for many releases; implied from 1,000 releases on");
  app.add_flag("--tls", sandbox.server.tls, "Serve HTTPS with a certificate made at start");
  app.add_option("--token", sandbox.server.bearer_token, "Answer only to this bearer token");
}

void declare_life(CLI::App& app, SandboxSettings& s) {
  Pace& pace = s.sandbox.pace;
  app.add_option("--churn-per-second", pace.changes_per_second, "Changes a second; 0: none")
      ->capture_default_str()
      ->check(CLI::Range(0.0, Sandbox::kPerSecondMax));
  app.add_option("--churn", s.churn,
                 "What changes: lifecycle, as Helm does it; current or history: such a revision is "
                 "written again")
      ->capture_default_str()
      ->check(CLI::IsMember({"lifecycle", "current", "history"}));
  app.add_option("--fault", s.faults, "A fault, in the words of test/fakes/README.md; repeatable")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--fault-every", pace.fault_every_seconds,
                 "Seconds from one random fault to the next; 0: none")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 86'400.0));
  app.add_option("--fault-seed", s.sandbox.fault_seed, "The same seed, the same random faults")
      ->capture_default_str();
  app.add_option("--control-port", s.control_port,
                 "Port of the control door on 127.0.0.1; 0 picks a free one")
      ->capture_default_str();
  app.add_flag("--quiet", s.sandbox.quiet, "No line a change");
}

// Signals are taken by sigtimedwait, which is the timer too.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return set;
}

// True when a signal came before the deadline.
bool wait_for_signal(const sigset_t& set, MonoTime deadline) {
  const auto left =
      std::max(Duration::zero(), Duration(deadline - std::chrono::steady_clock::now()));
  timespec time{};
  time.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(left).count();
  time.tv_nsec = (left % std::chrono::seconds(1)).count();
  return sigtimedwait(&set, nullptr, &time) > 0;
}

int complain(const Error& error, int code) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return code;
}

int run(SandboxSettings settings) {
  const sigset_t signals = block_signals();
  const std::string token = settings.sandbox.server.bearer_token;
  auto sandbox = Sandbox::start(std::move(settings.sandbox));
  if (!sandbox) return complain(sandbox.error(), kFailed);
  for (const std::string& fault : settings.faults) {
    const auto applied = (*sandbox)->apply(fault);
    if (!applied) return complain(applied.error(), kBadUsage);
  }
  FakeApiServerOptions door;
  door.port = settings.control_port;
  door.pages = control_pages(**sandbox);
  const auto control = FakeApiServer::start(std::move(door));
  if (!control) return complain(control.error(), kFailed);

  FakeApiServer& cluster = (*sandbox)->cluster();
  if (!write_or_complain(settings.settings_out,
                         settings_text((*sandbox)->repositories().origin())) ||
      !write_or_complain(settings.kubeconfig_out, kubeconfig_text(cluster, token))) {
    return kFailed;
  }
  std::printf("sandbox API server at %s, %zu objects\n", cluster.origin().c_str(),
              cluster.store().size());
  std::printf("sandbox control at %s/sandbox\n", (*control)->origin().c_str());
  while (!wait_for_signal(signals, (*sandbox)->next_due())) (*sandbox)->run_due();
  (*control)->stop();
  return 0;
}

int parse_and_run(int argc, char** argv) {
  CLI::App app("A small Kubernetes API server on loopback, full of Helm releases that change.");
  SandboxSettings settings;
  declare_cluster(app, settings);
  declare_life(app, settings);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadUsage;
  }
  settings.sandbox.pace.churn = parse_churn_kind(settings.churn).value_or(ChurnKind::kLifecycle);
  settings.sandbox.samples.share_payloads |= settings.sandbox.samples.releases >= 1'000;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  return run(std::move(settings));
}

}  // namespace
}  // namespace lookout::fakes

int main(int argc, char** argv) {
  return lookout::fakes::parse_and_run(argc, argv);
}
