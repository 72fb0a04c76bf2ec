// helm-lookout-sandbox: a small Kubernetes API server on loopback, full of Helm
// releases that change every few seconds, and two chart repositories beside it. For trying
// helm-lookout without a cluster, and, with --releases, for benchmarks and soak tests.

#include <CLI/CLI.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>

#include "lookout/encoding/base64.hpp"
#include "lookout/http/server.hpp"

#include "test/fakes/fake_api_server.hpp"
#include "test/fakes/sample_cluster.hpp"
#include "test/fakes/sample_repository.hpp"

namespace lookout::fakes {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

struct SandboxSettings {
  FakeApiServerOptions server;
  SampleOptions samples;
  std::string kubeconfig_out;
  std::string settings_out;
  double churn_per_second = 0.4;
  bool quiet = false;
};

std::int64_t now_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

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
std::string settings_text(const std::string& address) {
  const std::string bucket(kTeamBucket);
  return "repositories:\n- name: stable\n  url: http://" + address +
         "/stable\n  interval: 15s\n- name: " + bucket + "\n  bucket: " + bucket +
         "\n  endpoint: http://" + address + "\n  interval: 15s\n  auth:\n    anonymous: true\n";
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

void declare(CLI::App& app, SandboxSettings& s) {
  app.add_option("--port", s.server.port, "Port on 127.0.0.1; 0 picks a free one")
      ->capture_default_str();
  app.add_option("--kubeconfig-out", s.kubeconfig_out, "Write a kubeconfig for the sandbox here");
  app.add_option("--settings-out", s.settings_out,
                 "Write settings with the chart repositories of the sandbox here");
  app.add_option("--seed", s.samples.seed, "The same seed, the same releases and changes")
      ->capture_default_str();
  app.add_option("--releases", s.samples.releases, "Releases to begin with")
      ->capture_default_str()
      ->check(CLI::Range(0, 1'000'000));
  app.add_option("--namespaces", s.samples.namespaces, "Namespaces they are spread over")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  app.add_option("--revisions", s.samples.revisions, "Revisions of every release; 0: one to five")
      ->capture_default_str()
      ->check(CLI::Range(0, 1'000));
  app.add_option("--churn-per-second", s.churn_per_second, "Changes a second; 0: none")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 100'000.0));
  app.add_flag("--share-payloads", s.samples.share_payloads,
               "Few payloads for many releases; implied from 1,000 releases on");
  app.add_flag("--tls", s.server.tls, "Serve HTTPS with a certificate made at start");
  app.add_option("--token", s.server.bearer_token, "Answer only to this bearer token");
  app.add_flag("--quiet", s.quiet, "No line a change");
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

void churn(SampleCluster& cluster, const SandboxSettings& settings, const sigset_t& signals) {
  const bool changes = settings.churn_per_second > 0;
  const Duration period = changes
                              ? Duration(static_cast<std::int64_t>(1e9 / settings.churn_per_second))
                              : Duration(std::chrono::hours(1));
  MonoTime next = std::chrono::steady_clock::now() + period;
  while (!wait_for_signal(signals, next)) {
    next += period;
    if (!changes) continue;
    const std::string line = cluster.step(now_seconds());
    if (!settings.quiet) std::printf("%s\n", line.c_str());
  }
}

bool write_or_complain(const std::string& path, const std::string& text) {
  if (path.empty() || write_file(path, text)) return true;
  std::fprintf(stderr, "cannot write %s\n", path.c_str());
  return false;
}

int run(SandboxSettings settings) {
  const sigset_t signals = block_signals();
  const auto store = std::make_shared<ObjectStore>();
  settings.server.store = store;
  settings.samples.share_payloads |= settings.samples.releases >= 1'000;
  SampleCluster cluster(*store, settings.samples);
  cluster.fill(now_seconds());

  auto server = FakeApiServer::start(settings.server);
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().message.c_str());
    return kFailed;
  }
  auto charts = http::Server::create("charts", {"127.0.0.1:0"}, sample_repositories(now_seconds));
  if (!charts) {
    std::fprintf(stderr, "%s\n", charts.error().message.c_str());
    return kFailed;
  }
  const std::string kubeconfig = kubeconfig_text(**server, settings.server.bearer_token);
  if (!write_or_complain(settings.settings_out, settings_text((*charts)->addresses().front())) ||
      !write_or_complain(settings.kubeconfig_out, kubeconfig)) {
    return kFailed;
  }
  std::printf("sandbox API server at %s, %zu objects\n", (*server)->origin().c_str(),
              store->size());
  churn(cluster, settings, signals);
  (*server)->stop();
  return 0;
}

int parse_and_run(int argc, char** argv) {
  CLI::App app("A small Kubernetes API server on loopback, full of Helm releases that change.");
  SandboxSettings settings;
  declare(app, settings);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadUsage;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  return run(std::move(settings));
}

}  // namespace
}  // namespace lookout::fakes

int main(int argc, char** argv) {
  return lookout::fakes::parse_and_run(argc, argv);
}
