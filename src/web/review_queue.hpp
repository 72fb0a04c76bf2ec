// Turns requests into verdicts: from the cache at once, else by asking the API server on threads
// of its own. Equal questions in flight are asked once; one visitor is reviewed by one thread at
// a time; strangers who come in numbers wait in a short line, are let in slowly and delay nobody
// who was allowed in before.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/base/mutex.hpp"
#include "lookout/metrics/auth_stats.hpp"
#include "lookout/web/authentication.hpp"

#include "src/web/allowance.hpp"
#include "src/web/verdict.hpp"
#include "src/web/verdict_cache.hpp"
#include "src/web/visitor.hpp"

namespace lookout::web {

// Thread-safe, but for stop().
class ReviewQueue {
 public:
  static constexpr std::size_t kLineMax = 64;        // visitors, each of regulars and strangers
  static constexpr std::size_t kQuestionsMax = 64;   // of one visitor that wait
  static constexpr double kStrangersPerSecond = 10;  // reviews begun
  static constexpr double kStrangersAtOnceMax = 50;  // after a calm

  // Called once, on the caller's thread or on one of the queue's.
  using Answer = std::function<void(Verdict)>;

  // `clock` and `stats` outlive this.
  ReviewQueue(Reviews reviews, const Clock& clock, metrics::AuthStats& stats);
  ~ReviewQueue();

  // Never blocks on the network.
  void ask(const Visitor& visitor, const kube::PathAccess& access, Answer answer) EXCLUDES(mutex_);
  // Cancels what is asked; whoever waits, or asks later, gets kFailed. Idempotent.
  void stop() EXCLUDES(mutex_);

 private:
  struct Question {
    kube::PathAccess access;
    Answer answer;
  };
  // A visitor in a line or under review.
  struct Job {
    Visitor visitor;
    bool regular = false;
    std::vector<Question> questions;
  };
  using Line = std::deque<encoding::Digest>;
  enum class Serves { kRegulars, kEveryone };

  // false: there is no room.
  bool enqueue(const Visitor& visitor, Question question) LOCKED(mutex_);
  Line& line_of(const Job& job) LOCKED(mutex_) { return job.regular ? regulars_ : strangers_; }

  void work(Serves serves, std::stop_token stop) EXCLUDES(mutex_);
  // The next visitor, with all questions so far; nullopt when stopped.
  std::optional<Job> take(Serves serves, const std::stop_token& stop) EXCLUDES(mutex_);
  // Back into the line when there are questions again.
  void put_back(const Visitor& visitor) EXCLUDES(mutex_);

  void review(Job job, std::stop_token stop) EXCLUDES(mutex_);
  Verdict judge(const Visitor& visitor, const kube::PathAccess& access, std::stop_token stop)
      EXCLUDES(mutex_);
  Result<UserPtr> find_user(const Visitor& visitor, std::stop_token stop) EXCLUDES(mutex_);
  Result<bool> find_access(const kube::UserInfo& user, const kube::PathAccess& access,
                           std::stop_token stop) EXCLUDES(mutex_);
  // Logs when reviews begin to fail, and when they work again.
  void note_success();
  void note_failure(const Error& error);

  const Reviews reviews_;
  const Clock& clock_;
  metrics::AuthStats& stats_;
  std::atomic<bool> failing_{false};

  Mutex mutex_;
  ConditionVariable changed_;
  bool stopped_ GUARDED_BY(mutex_) = false;
  VerdictCache cache_ GUARDED_BY(mutex_);
  Allowance strangers_allowed_ GUARDED_BY(mutex_);
  std::map<encoding::Digest, Job> jobs_ GUARDED_BY(mutex_);
  Line regulars_ GUARDED_BY(mutex_);
  Line strangers_ GUARDED_BY(mutex_);

  std::vector<std::jthread> workers_;  // last: use all of the above
};

}  // namespace lookout::web
