// What helm-lookout-sandbox is made of: a fake API server full of releases that change, two chart
// repositories, and faults in words, from a script or at random. No signals, no files: a test can
// hold one too.
// Thread-safe. Whoever owns it calls run_due() when next_due() has come.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lookout/base/mutex.hpp"
#include "lookout/base/result.hpp"

#include "test/fakes/fake_api_server.hpp"
#include "test/fakes/fault_line.hpp"
#include "test/fakes/fault_mix.hpp"
#include "test/fakes/sample_cluster.hpp"

namespace lookout::fakes {

// lifecycle: installs, upgrades, rollbacks, uninstalls as Helm writes them. The others write one
// revision of some release again: its current one, whose payload must then be read, or an older
// one.
enum class ChurnKind { kLifecycle, kCurrent, kHistory };
std::optional<ChurnKind> parse_churn_kind(std::string_view name);

struct Pace {
  double changes_per_second = 0.4;  // 0: none
  ChurnKind churn = ChurnKind::kLifecycle;
  double fault_every_seconds = 0;  // at random; 0: none
};

struct SandboxOptions {
  FakeApiServerOptions server;
  SampleOptions samples;
  Pace pace;
  std::uint64_t fault_seed = 1;
  bool quiet = false;  // no line a change or fault
};

struct SandboxState {
  std::uint64_t resource_version = 0;
  std::size_t objects = 0;
  std::size_t open_watches = 0;
  std::uint64_t changes = 0;
  std::uint64_t random_faults = 0;
  std::vector<std::string> last_faults;  // names, oldest first
};

class Sandbox {
 public:
  static constexpr double kPerSecondMax = 100'000;
  static constexpr std::size_t kLastFaultsMax = 20;
  // Above, rewind() only knows the beginning: copies of the cluster would take too long.
  static constexpr std::size_t kRememberedObjectsMax = 100'000;
  static constexpr Duration kRewindMin = std::chrono::seconds(60);
  // By so much the resourceVersion goes back at least. A client that sees it overtaken before it
  // looks cannot know, so rewinds at random keep kRewindPause, in which any client has come back.
  static constexpr std::uint64_t kRewindVersions = 1'000'000;
  static constexpr Duration kRewindPause = std::chrono::minutes(5);

  static Result<std::unique_ptr<Sandbox>> start(SandboxOptions options);

  FakeApiServer& cluster() { return *server_; }
  FakeApiServer& repositories() { return *repositories_; }

  // All lines of a script (fault_line.hpp) or none; how many.
  Result<std::size_t> apply(std::string_view script) EXCLUDES(mutex_);
  void clear_faults();
  // A minute ago, or the beginning.
  void rewind() EXCLUDES(mutex_);
  // No scripted fault is left, and nothing happens by itself until resume().
  void pause() EXCLUDES(mutex_);
  void resume() EXCLUDES(mutex_);
  void set_pace(const Pace& pace) EXCLUDES(mutex_);
  Pace pace() const EXCLUDES(mutex_);
  // The next revision of the release "lag-probe" in "default", its only one; its number.
  std::uint32_t probe() EXCLUDES(mutex_);
  SandboxState state() const EXCLUDES(mutex_);

  MonoTime next_due() const EXCLUDES(mutex_);
  // Changes and random faults whose time has come.
  void run_due() EXCLUDES(mutex_);

 private:
  Sandbox(SandboxOptions options, std::shared_ptr<ObjectStore> store);

  struct Remembered {
    MonoTime at;
    SampleCluster::Snapshot snapshot;
  };

  void change_once() LOCKED(mutex_);
  void remember() LOCKED(mutex_);
  void roll_back() LOCKED(mutex_);
  void apply_line(const FaultLine& line) LOCKED(mutex_);
  void inject_random() LOCKED(mutex_);
  void schedule() LOCKED(mutex_);

  const bool quiet_;
  const std::shared_ptr<ObjectStore> store_;
  std::unique_ptr<FakeApiServer> server_;
  std::unique_ptr<FakeApiServer> repositories_;

  mutable Mutex mutex_;
  SampleCluster samples_ GUARDED_BY(mutex_);
  Pace pace_ GUARDED_BY(mutex_);
  FaultDice dice_ GUARDED_BY(mutex_);
  bool paused_ GUARDED_BY(mutex_) = false;
  std::uint32_t probes_ GUARDED_BY(mutex_) = 0;
  std::deque<Remembered> remembered_ GUARDED_BY(mutex_);
  SandboxState told_ GUARDED_BY(mutex_);  // its counters and names
  MonoTime next_change_ GUARDED_BY(mutex_);
  MonoTime next_fault_ GUARDED_BY(mutex_);
  MonoTime next_memory_ GUARDED_BY(mutex_);
  MonoTime next_random_rewind_ GUARDED_BY(mutex_);
};

}  // namespace lookout::fakes
