// One run of the model test: operations and faults by chance, real controllers watching, and
// whenever things have calmed down, /metrics compared with the model.
//
// What is done depends on the seed alone; what the controllers see of it, on the machine's mood.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "test/integration/fast_time.hpp"
#include "test/model/error_bounds.hpp"
#include "test/model/fault_chooser.hpp"
#include "test/model/helm_cluster.hpp"
#include "test/model/operation_chooser.hpp"
#include "test/model/process.hpp"
#include "test/model/setup.hpp"

namespace lookout::model {

class ModelRun {
 public:
  explicit ModelRun(std::uint64_t seed);

  // What went wrong: the differences, and all that was done up to them. "" when nothing did.
  std::string run();
  // The setup, and what was done, for people.
  std::string summary() const;

 private:
  using Differences = std::vector<std::string>;

  void start_server();
  void start_processes();
  void perform(const Operation& operation);
  void break_something();
  void stir();
  // No more faults but those that the server was born with.
  void calm_down();
  Differences settle();
  // Once more, after something that must not change what is shown, or an older state.
  Differences look_twice();
  void go_back();
  void send_old_events();
  std::vector<fakes::InjectedEvent> old_events();

  Scrape scrape_all();
  Differences glance();
  Differences compare(const Scrape& scrape, const Expectation& expected) const;
  Differences compare_own(const Samples& samples, const Expectation& expected) const;
  std::vector<ObjectPtr> objects() const;
  void note(const std::string& line) { log_.push_back(line); }
  std::string report(const Differences& differences) const;
  std::string last_requests() const;

  const std::uint64_t seed_;
  const Setup setup_;
  const integration::FastClock clock_;
  const std::shared_ptr<fakes::ObjectStore> store_;
  std::unique_ptr<fakes::FakeApiServer> server_;
  std::uint16_t port_ = 0;
  bool outage_ = false;
  PayloadBook book_;
  HelmCluster cluster_;
  OperationChooser operations_;
  FaultChooser faults_;
  Chance chance_;
  std::vector<std::unique_ptr<Process>> processes_;
  ErrorBounds errors_;
  std::vector<ObjectPtr> former_;  // versions of objects that were replaced or removed
  std::deque<fakes::ObjectStore::Snapshot> snapshots_;
  bool late_damage_ = false;  // which the two ways to decode rightly disagree on
  std::vector<std::string> log_;
  std::size_t performed_ = 0;
  std::size_t broken_ = 0;
};

}  // namespace lookout::model
