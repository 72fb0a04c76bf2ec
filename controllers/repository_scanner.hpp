// Keeps the RepositoryCache equal to the repositories: one thread each scans on its own interval
// (repository_schedule.hpp), so that a dead or slow one delays no other. A failed scan leaves
// the last good data in place. One log line a change between working and failing.
//
// set_repositories() and stop() from one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/repository/scan.hpp"
#include "lookout/repository/settings.hpp"
#include "lookout/state/repository_cache.hpp"

namespace lookout::controllers {

inline constexpr std::size_t kRepositoriesMax = 128;  // one thread each

class RepositoryScanner {
 public:
  // repository::Scanner::scan, or a test's script; called by one thread.
  using Scan = std::function<repository::ScanOutcome(std::stop_token)>;
  using CreateScan = std::function<Scan(const repository::RepositorySettings&)>;

  // All outlive this; `create` is called by the repositories' threads.
  RepositoryScanner(state::RepositoryCache& cache, const Clock& clock, CreateScan create);
  ~RepositoryScanner();  // stops

  // The repositories there are now, named uniquely. Those whose settings are unchanged go on
  // undisturbed, others start with a scan at once. Blocks until the scans of those that left or
  // changed have been cancelled: a second at most.
  // REQUIRES: at most kRepositoriesMax
  void set_repositories(const std::vector<repository::RepositorySettings>& repositories);
  void stop();

 private:
  struct Repository {
    repository::RepositorySettings settings;
    std::jthread thread;
  };

  void start(const repository::RepositorySettings& settings);

  state::RepositoryCache& cache_;
  const Clock& clock_;
  const CreateScan create_;
  std::vector<Repository> running_;
};

}  // namespace lookout::controllers
