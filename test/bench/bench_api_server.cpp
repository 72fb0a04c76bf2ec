// bench_api_server RELEASES PAYLOAD_FILE: the fake API server with that many releases of one
// revision, all with this payload. Prints its origin, then an answer to each line that it reads:
//   rate N         N events a second from now on, each a release that changed; 0: none
//   count          how many events those were so far
//   mark N         a marker release gets revision N; answers the monotonic clock in nanoseconds
//   objects        how many there are
//   expire         ends every connection and forgets the history, so that clients must list again
//   save, restore  keeps the state; goes back to it as an etcd from a backup does
//   no-end         WatchLists never say that they have ended
// It ends with its input.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "lookout/system/files.hpp"

#include "test/fakes/fake_api_server.hpp"
#include "test/fakes/release_generator.hpp"

namespace {

using namespace lookout;

constexpr int kMarkers = 50;
constexpr int kNamespaces = 20;

// Changes releases one after the other, evenly in time: late ones are made up for at once.
class Churn {
 public:
  Churn(fakes::ObjectStore& store, std::vector<fakes::Object> objects)
      : store_(store),
        objects_(std::move(objects)),
        thread_([this](std::stop_token stop) { run(stop); }) {}

  void set_rate(long per_second) { rate_ = per_second; }
  long count() const { return count_; }

 private:
  void run(const std::stop_token& stop) {
    using Seconds = std::chrono::duration<double>;
    auto last = std::chrono::steady_clock::now();
    double due = 0;
    while (!stop.stop_requested()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      const auto now = std::chrono::steady_clock::now();
      due = rate_ == 0 ? 0 : due + Seconds(now - last).count() * static_cast<double>(rate_);
      for (last = now; due >= 1 && !stop.stop_requested(); due -= 1) change();
    }
  }
  void change() {
    next_ = (next_ + 7919) % objects_.size();
    store_.put(objects_[next_]);
    ++count_;
  }

  fakes::ObjectStore& store_;
  const std::vector<fakes::Object> objects_;
  std::size_t next_ = 0;
  std::atomic<long> rate_{0};
  std::atomic<long> count_{0};
  std::jthread thread_;  // the last member: it uses the others
};

class Cluster {
 public:
  Cluster(int releases, std::shared_ptr<const std::string> payload) : payload_(std::move(payload)) {
    std::vector<fakes::Object> objects;
    for (int i = 0; i < releases; ++i) {
      objects.push_back(release("release-" + std::to_string(i), i % kNamespaces, 1));
      store_->put(objects.back());
    }
    churn_.emplace(*store_, std::move(objects));
    fakes::FakeApiServerOptions options;
    options.store = store_;
    if (auto server = fakes::FakeApiServer::start(options)) server_ = std::move(*server);
  }

  bool started() const { return server_ != nullptr; }
  std::string origin() const { return server_->origin(); }
  std::string answer(const std::string& command, int number);

 private:
  fakes::Object release(const std::string& name, int ns, int revision) const {
    fakes::ReleaseSpec spec;
    spec.ns = "namespace-" + std::to_string(ns);
    spec.name = name;
    spec.revision = static_cast<std::uint32_t>(revision);
    fakes::Object out = fakes::release_object(spec);
    out.value = payload_;
    return out;
  }
  std::string mark(int number) {
    const auto object = release("marker-" + std::to_string(number % kMarkers), 0, number);
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    store_->put(object);
    return std::to_string(std::chrono::nanoseconds(now).count());
  }
  void expire() {
    store_->advance(1);
    store_->compact();
    server_->drop_connections(fakes::Hangup::kReset);
  }
  void withhold_end() {
    fakes::Fault fault;
    fault.bookmarks = fakes::Fault::Bookmarks::kNoEnd;
    fakes::RequestMatcher matcher;
    matcher.times = fakes::RequestMatcher::kForever;
    server_->inject(matcher, fault);
  }

  const std::shared_ptr<const std::string> payload_;
  const std::shared_ptr<fakes::ObjectStore> store_ = std::make_shared<fakes::ObjectStore>();
  std::optional<Churn> churn_;
  std::optional<fakes::ObjectStore::Snapshot> saved_;
  std::unique_ptr<fakes::FakeApiServer> server_;
};

std::string Cluster::answer(const std::string& command, int number) {
  if (command == "mark") return mark(number);
  if (command == "count") return std::to_string(churn_->count());
  if (command == "objects") return std::to_string(store_->size());
  if (command == "rate") churn_->set_rate(number);
  if (command == "expire") expire();
  if (command == "save") saved_ = store_->snapshot();
  if (command == "restore" && saved_) store_->restore(*saved_);
  if (command == "no-end") withhold_end();
  return "ok";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto payload = system::read_file(argv[2]);
  if (!payload) return 1;
  Cluster cluster(std::atoi(argv[1]), std::make_shared<const std::string>(*payload));
  if (!cluster.started()) return 1;
  std::cout << cluster.origin() << std::endl;
  std::string command;
  for (int number = 0; std::cin >> command;) {
    if (command == "mark" || command == "rate") std::cin >> number;
    std::cout << cluster.answer(command, number) << std::endl;
  }
  return 0;
}
