// Turns requests into verdicts: from the cache at once, else by asking the API server on threads
// of its own. Equal questions in flight are asked once. Visitors take turns, one question each, and
// one visitor is reviewed by one thread at a time. A regular is a visitor whose very token or
// certificate was allowed something before; strangers wait in a line of their own, so they delay no
// regular. All unknown tokens share one allowance of reviews: who comes with a new token during a
// flood of made-up ones is turned away like those. Permissions have an allowance for each user.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <thread>
#include <variant>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/base/mutex.hpp"
#include "lookout/metrics/auth_stats.hpp"
#include "lookout/web/authentication.hpp"

#include "src/web/allowance.hpp"
#include "src/web/expiring_map.hpp"
#include "src/web/verdict.hpp"
#include "src/web/verdict_cache.hpp"
#include "src/web/visitor.hpp"

namespace lookout::web {

// Thread-safe, but for stop().
class ReviewQueue {
 public:
  static constexpr std::size_t kLineMax = 64;       // visitors, each of regulars and strangers
  static constexpr std::size_t kQuestionsMax = 64;  // of one visitor that wait
  // Of strangers' tokens, and of one user's permissions.
  static constexpr double kReviewsPerSecond = 10;
  static constexpr double kReviewsAtOnceMax = 50;  // after a calm
  static constexpr std::size_t kAllowancesMax = 1'024;
  static constexpr std::chrono::seconds kAllowanceFull{5};  // in that time it is full again

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
  // What was asked for, or why it could not be.
  template <class Value>
  using Found = std::variant<Value, Verdict>;

  // false: there is no room.
  bool enqueue(const Visitor& visitor, Question question) LOCKED(mutex_);
  Line& line_of(const Job& job) LOCKED(mutex_) { return job.regular ? regulars_ : strangers_; }

  void work(Serves serves, std::stop_token stop) EXCLUDES(mutex_);
  // The next visitor, with one question as often as it was asked; nullopt when stopped.
  std::optional<Job> take(Serves serves, const std::stop_token& stop) EXCLUDES(mutex_);
  // Back into the line when there are other questions. Returns those that need no turn: after one
  // failure the rest would only wait for theirs.
  std::vector<Question> put_back(const Visitor& visitor, Verdict verdict) EXCLUDES(mutex_);

  Verdict judge(const Visitor& visitor, const kube::PathAccess& access, std::stop_token stop)
      EXCLUDES(mutex_);
  Found<UserPtr> find_user(const Visitor& visitor, std::stop_token stop) EXCLUDES(mutex_);
  Found<bool> find_access(const kube::UserInfo& user, const kube::PathAccess& access,
                          std::stop_token stop) EXCLUDES(mutex_);
  // false: used up.
  bool take_allowance(const kube::UserInfo& user) LOCKED(mutex_);
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
  Allowance tokens_allowed_ GUARDED_BY(mutex_);
  ExpiringMap<Allowance> accesses_allowed_ GUARDED_BY(mutex_){kAllowancesMax, kAllowanceFull};
  std::map<encoding::Digest, Job> jobs_ GUARDED_BY(mutex_);
  Line regulars_ GUARDED_BY(mutex_);
  Line strangers_ GUARDED_BY(mutex_);

  std::vector<std::jthread> workers_;  // last: use all of the above
};

}  // namespace lookout::web
