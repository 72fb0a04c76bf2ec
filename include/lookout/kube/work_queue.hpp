// A queue of keys that need work, with client-go's workqueue contract:
//   fair            keys are taken in the order in which they were added;
//   stingy          a key that waits is not added twice;
//   one worker a key  a key added again while it is worked on comes back after done();
//   delays          add_after(); a key that waits longer moves to the earlier time;
//   retries         add_rate_limited() doubles a key's delay each time until forget().
// Bounded by the number of distinct keys: each is held at most once in each set.
// Source: k8s.io/client-go/util/workqueue.
//
// Thread-safe; one internal leaf lock and one timer thread for the delays.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>
#include <utility>

#include "lookout/base/check.hpp"
#include "lookout/base/clock.hpp"
#include "lookout/base/mutex.hpp"
#include "lookout/base/stats.hpp"

namespace lookout::kube {

struct WorkQueueOptions {
  // client-go: 5 ms to 1,000 s; ours are retries of requests over a network.
  Duration retry_initial = std::chrono::seconds(1);
  Duration retry_max = std::chrono::minutes(5);
};

// workqueue_{depth,adds_total,retries_total,queue_duration_seconds,work_duration_seconds}.
struct WorkQueueStats {
  Gauge depth;
  Counter adds;  // without those that were waiting already
  Counter retries;
  Histogram queue_seconds{kRequestSecondsBounds};  // from add to take
  Histogram work_seconds{kRequestSecondsBounds};   // from take to done
};

// workqueue_{unfinished_work_seconds,longest_running_processor_seconds}, as of one moment.
struct UnfinishedWork {
  double seconds = 0;  // sum over the keys being worked on
  double longest_seconds = 0;
};

// Key: a value with operator<.
template <class Key>
class WorkQueue {
 public:
  // `clock` outlives the queue.
  explicit WorkQueue(const Clock& clock, WorkQueueOptions options = {});
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  void add(const Key& key) EXCLUDES(mutex_);
  void add_after(const Key& key, Duration delay) EXCLUDES(mutex_);
  // After retry_initial, twice that, and so on up to retry_max; never before `at_least`.
  void add_rate_limited(const Key& key, Duration at_least = {}) EXCLUDES(mutex_);
  // The key's next retry starts at retry_initial again.
  void forget(const Key& key) EXCLUDES(mutex_);

  // Blocks until there is a key or stop is requested (nullopt). The key is the caller's
  // until done().
  std::optional<Key> take(std::stop_token stop) EXCLUDES(mutex_);
  // REQUIRES: `key` was taken and is not done
  void done(const Key& key) EXCLUDES(mutex_);

  // Calls of add_rate_limited() since the last forget(), up to 30.
  unsigned retries(const Key& key) const EXCLUDES(mutex_);
  // Keys that wait or are worked on; not those that are delayed.
  std::size_t under_way() const EXCLUDES(mutex_);
  const WorkQueueStats& stats() const { return stats_; }
  UnfinishedWork unfinished_work(MonoTime now) const EXCLUDES(mutex_);

 private:
  struct Waiting {
    Key key;
    MonoTime since;
  };

  void add_locked(const Key& key, MonoTime now) LOCKED(mutex_);
  void push_locked(const Key& key, MonoTime now) LOCKED(mutex_);
  void add_due_locked(MonoTime now) LOCKED(mutex_);
  void run_timer(std::stop_token stop) EXCLUDES(mutex_);
  // Waits for a delayed key; adds those that are due. When the next one is due, else
  // nullopt (stopped, or nothing left).
  std::optional<MonoTime> next_due(std::stop_token stop, std::stop_source wake) EXCLUDES(mutex_);

  const Clock& clock_;
  const WorkQueueOptions options_;
  WorkQueueStats stats_;

  mutable Mutex mutex_;
  ConditionVariable ready_;
  ConditionVariable delayed_changed_;
  std::deque<Waiting> waiting_ GUARDED_BY(mutex_);
  std::set<Key> dirty_ GUARDED_BY(mutex_);              // waiting, or to come back after done()
  std::map<Key, MonoTime> working_ GUARDED_BY(mutex_);  // since when
  std::map<Key, MonoTime> due_of_ GUARDED_BY(mutex_);
  std::set<std::pair<MonoTime, Key>> due_ GUARDED_BY(mutex_);
  std::map<Key, unsigned> failures_ GUARDED_BY(mutex_);
  std::stop_source timer_sleep_ GUARDED_BY(mutex_);

  std::jthread timer_;  // last: stops before what it uses goes
};

template <class Key>
WorkQueue<Key>::WorkQueue(const Clock& clock, WorkQueueOptions options)
    : clock_(clock), options_(options), timer_([this](std::stop_token stop) { run_timer(stop); }) {}

template <class Key>
void WorkQueue<Key>::add(const Key& key) {
  const MonoTime now = clock_.now();
  MutexLock lock(mutex_);
  add_locked(key, now);
}

template <class Key>
void WorkQueue<Key>::add_locked(const Key& key, MonoTime now) {
  if (!dirty_.insert(key).second) return;
  stats_.adds.add();
  if (!working_.contains(key)) push_locked(key, now);
}

template <class Key>
void WorkQueue<Key>::push_locked(const Key& key, MonoTime now) {
  waiting_.push_back({key, now});
  stats_.depth.set(static_cast<double>(waiting_.size()));
  ready_.notify_one();
}

template <class Key>
void WorkQueue<Key>::add_after(const Key& key, Duration delay) {
  if (delay <= Duration(0)) return add(key);
  const MonoTime due = clock_.now() + delay;
  std::stop_source sleep(std::nostopstate);
  {
    MutexLock lock(mutex_);
    const auto [known, fresh] = due_of_.try_emplace(key, due);
    if (!fresh && known->second <= due) return;
    if (!fresh) due_.erase({known->second, key});
    known->second = due;
    due_.insert({due, key});
    // The timer sleeps until another key's time, which may be later.
    if (due_.begin()->second < key || key < due_.begin()->second) return;
    sleep = timer_sleep_;
    delayed_changed_.notify_all();
  }
  sleep.request_stop();
}

template <class Key>
void WorkQueue<Key>::add_rate_limited(const Key& key, Duration at_least) {
  // Far past any sensible maximum, and far from overflow.
  constexpr unsigned kDoublingsMax = 30;
  Duration delay = options_.retry_initial;
  {
    MutexLock lock(mutex_);
    unsigned& failures = failures_[key];
    for (unsigned i = 0; i < failures && delay < options_.retry_max; ++i) delay *= 2;
    failures = std::min(failures + 1, kDoublingsMax);
  }
  stats_.retries.add();
  add_after(key, std::clamp(at_least, std::min(delay, options_.retry_max), options_.retry_max));
}

template <class Key>
void WorkQueue<Key>::forget(const Key& key) {
  MutexLock lock(mutex_);
  failures_.erase(key);
}

template <class Key>
std::optional<Key> WorkQueue<Key>::take(std::stop_token stop) {
  MutexLock lock(mutex_);
  ready_.wait(mutex_, stop, [&]() LOCKED(mutex_) { return !waiting_.empty(); });
  if (stop.stop_requested()) return std::nullopt;
  Waiting first = std::move(waiting_.front());
  waiting_.pop_front();
  dirty_.erase(first.key);
  const MonoTime now = clock_.now();
  working_.emplace(first.key, now);
  stats_.depth.set(static_cast<double>(waiting_.size()));
  stats_.queue_seconds.observe(std::chrono::duration<double>(now - first.since).count());
  return std::move(first.key);
}

template <class Key>
void WorkQueue<Key>::done(const Key& key) {
  const MonoTime now = clock_.now();
  MutexLock lock(mutex_);
  const auto working = working_.find(key);
  LOOKOUT_CHECK(working != working_.end());
  stats_.work_seconds.observe(std::chrono::duration<double>(now - working->second).count());
  working_.erase(working);
  if (dirty_.contains(key)) push_locked(key, now);
}

template <class Key>
unsigned WorkQueue<Key>::retries(const Key& key) const {
  MutexLock lock(mutex_);
  const auto found = failures_.find(key);
  return found == failures_.end() ? 0 : found->second;
}

template <class Key>
std::size_t WorkQueue<Key>::under_way() const {
  MutexLock lock(mutex_);
  return waiting_.size() + working_.size();
}

template <class Key>
UnfinishedWork WorkQueue<Key>::unfinished_work(MonoTime now) const {
  UnfinishedWork out;
  MutexLock lock(mutex_);
  for (const auto& [key, since] : working_) {
    const double seconds = std::chrono::duration<double>(now - since).count();
    out.seconds += seconds;
    out.longest_seconds = std::max(out.longest_seconds, seconds);
  }
  return out;
}

template <class Key>
void WorkQueue<Key>::add_due_locked(MonoTime now) {
  while (!due_.empty() && due_.begin()->first <= now) {
    const Key key = due_.begin()->second;
    due_.erase(due_.begin());
    due_of_.erase(key);
    add_locked(key, now);
  }
}

template <class Key>
std::optional<MonoTime> WorkQueue<Key>::next_due(std::stop_token stop, std::stop_source wake) {
  MutexLock lock(mutex_);
  delayed_changed_.wait(mutex_, stop, [&]() LOCKED(mutex_) { return !due_.empty(); });
  if (stop.stop_requested()) return std::nullopt;
  add_due_locked(clock_.now());
  if (due_.empty()) return std::nullopt;
  timer_sleep_ = std::move(wake);
  return due_.begin()->first;
}

template <class Key>
void WorkQueue<Key>::run_timer(std::stop_token stop) {
  while (!stop.stop_requested()) {
    std::stop_source wake;
    const std::optional<MonoTime> due = next_due(stop, wake);
    if (!due) continue;
    const std::stop_callback forward(stop, [&wake] { wake.request_stop(); });
    clock_.sleep(*due - clock_.now(), wake.get_token());
  }
}

}  // namespace lookout::kube
