#include "src/web/review_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "lookout/base/log.hpp"

namespace lookout::web {
namespace {

double seconds_since(MonoTime begin, const Clock& clock) {
  return std::chrono::duration<double>(clock.now() - begin).count();
}

}  // namespace

ReviewQueue::ReviewQueue(Reviews reviews, const Clock& clock, metrics::AuthStats& stats)
    : reviews_(std::move(reviews)),
      clock_(clock),
      stats_(stats),
      cache_(stats),
      tokens_allowed_(kReviewsPerSecond, kReviewsAtOnceMax, clock.now()) {
  for (const Serves serves : {Serves::kRegulars, Serves::kEveryone}) {
    workers_.emplace_back([this, serves](std::stop_token stop) { work(serves, std::move(stop)); });
  }
}

ReviewQueue::~ReviewQueue() {
  stop();
}

void ReviewQueue::ask(const Visitor& visitor, const kube::PathAccess& access, Answer answer) {
  std::optional<Verdict> verdict;
  {
    MutexLock lock(mutex_);
    verdict = stopped_ ? Verdict::kFailed : cache_.find(visitor, access, clock_.now());
    if (!verdict && !enqueue(visitor, {access, answer})) verdict = Verdict::kThrottled;
  }
  if (verdict) {
    answer(*verdict);
  } else {
    changed_.notify_all();
  }
}

bool ReviewQueue::enqueue(const Visitor& visitor, Question question) {
  if (const auto found = jobs_.find(visitor.key); found != jobs_.end()) {
    if (found->second.questions.size() >= kQuestionsMax) return false;
    found->second.questions.push_back(std::move(question));
    return true;
  }
  Job job{visitor, cache_.is_regular(visitor), {}};
  Line& line = line_of(job);
  if (line.size() >= kLineMax) return false;
  job.questions.push_back(std::move(question));
  line.push_back(visitor.key);
  jobs_.emplace(visitor.key, std::move(job));
  return true;
}

void ReviewQueue::work(Serves serves, std::stop_token stop) {
  while (auto job = take(serves, stop)) {
    const Verdict verdict = judge(job->visitor, job->questions.front().access, stop);
    // First, so that what is asked because of an answer is asked anew.
    const auto others = put_back(job->visitor, verdict);
    for (const Question& question : job->questions) question.answer(verdict);
    for (const Question& question : others) question.answer(verdict);
  }
}

std::optional<ReviewQueue::Job> ReviewQueue::take(Serves serves, const std::stop_token& stop) {
  MutexLock lock(mutex_);
  changed_.wait(mutex_, stop, [&]() LOCKED(mutex_) {
    return !regulars_.empty() || (serves == Serves::kEveryone && !strangers_.empty());
  });
  if (stop.stop_requested()) return std::nullopt;
  Line& line = regulars_.empty() ? strangers_ : regulars_;
  Job& job = jobs_.at(line.front());
  line.pop_front();
  auto& waiting = job.questions;
  const auto others = std::stable_partition(
      waiting.begin(), waiting.end(), [access = waiting.front().access](const Question& question) {
        return question.access == access;
      });
  Job taken{job.visitor, job.regular, {}};
  std::move(waiting.begin(), others, std::back_inserter(taken.questions));
  waiting.erase(waiting.begin(), others);
  return taken;
}

std::vector<ReviewQueue::Question> ReviewQueue::put_back(const Visitor& visitor, Verdict verdict) {
  std::vector<Question> done;
  {
    MutexLock lock(mutex_);
    const auto found = jobs_.find(visitor.key);
    Job& job = found->second;
    if (verdict == Verdict::kFailed) done.swap(job.questions);
    if (job.questions.empty()) {
      jobs_.erase(found);
      return done;
    }
    job.regular = cache_.is_regular(visitor);
    line_of(job).push_back(visitor.key);
  }
  changed_.notify_all();
  return done;
}

Verdict ReviewQueue::judge(const Visitor& visitor, const kube::PathAccess& access,
                           std::stop_token stop) {
  const auto found = find_user(visitor, stop);
  const auto* const user = std::get_if<UserPtr>(&found);
  if (user == nullptr) return std::get<Verdict>(found);
  Verdict verdict = Verdict::kUnauthenticated;
  if (*user != nullptr) {
    const auto answer = find_access(**user, access, std::move(stop));
    const bool* const allowed = std::get_if<bool>(&answer);
    if (allowed == nullptr) return std::get<Verdict>(answer);
    verdict = *allowed ? Verdict::kAllowed : Verdict::kDenied;
    if (!*allowed) log::debug("denied", {{"user", (*user)->name}, {"path", access.path}});
  }
  MutexLock lock(mutex_);
  cache_.note(visitor, verdict, clock_.now());
  return verdict;
}

ReviewQueue::Found<UserPtr> ReviewQueue::find_user(const Visitor& visitor, std::stop_token stop) {
  const MonoTime begin = clock_.now();
  {
    MutexLock lock(mutex_);
    if (const auto known = cache_.find_user(visitor, begin)) return *known;
    if (!cache_.is_regular(visitor) && !tokens_allowed_.take(begin)) return Verdict::kThrottled;
  }
  auto reviewed = reviews_.token(visitor.token, std::move(stop));
  stats_.token_review_seconds.observe(seconds_since(begin, clock_));
  if (!reviewed) {
    note_failure(reviewed.error());
    return Verdict::kFailed;
  }
  note_success();
  UserPtr user;
  if (*reviewed) user = std::make_shared<const kube::UserInfo>(std::move(**reviewed));
  MutexLock lock(mutex_);
  cache_.put_user(visitor, user, clock_.now());
  return user;
}

ReviewQueue::Found<bool> ReviewQueue::find_access(const kube::UserInfo& user,
                                                  const kube::PathAccess& access,
                                                  std::stop_token stop) {
  const MonoTime begin = clock_.now();
  const encoding::Digest key = access_key(user, access);
  {
    MutexLock lock(mutex_);
    if (const auto known = cache_.find_access(key, begin)) return *known;
    if (!take_allowance(user)) return Verdict::kThrottled;
  }
  const auto allowed = reviews_.access(user, access, std::move(stop));
  stats_.access_review_seconds.observe(seconds_since(begin, clock_));
  if (!allowed) {
    note_failure(allowed.error());
    return Verdict::kFailed;
  }
  note_success();
  MutexLock lock(mutex_);
  cache_.put_access(key, *allowed, clock_.now());
  return *allowed;
}

bool ReviewQueue::take_allowance(const kube::UserInfo& user) {
  // By name alone: the rest tells apart the tokens of one user.
  const encoding::Digest key = encoding::sha256(user.name);
  const MonoTime now = clock_.now();
  const Allowance* const known = accesses_allowed_.find(key, now);
  Allowance allowance =
      known != nullptr ? *known : Allowance(kReviewsPerSecond, kReviewsAtOnceMax, now);
  const bool taken = allowance.take(now);
  accesses_allowed_.put(key, allowance, now);
  return taken;
}

void ReviewQueue::note_success() {
  if (failing_.exchange(false)) log::info("authentication works again");
}

void ReviewQueue::note_failure(const Error& error) {
  if (error.code == ErrorCode::kCancelled || failing_.exchange(true)) return;
  log::warn("authentication fails, requests are refused", {{"error", error}});
}

void ReviewQueue::stop() {
  {
    MutexLock lock(mutex_);
    stopped_ = true;
  }
  for (std::jthread& worker : workers_) worker.request_stop();
  workers_.clear();  // joins
  std::map<encoding::Digest, Job> left;
  {
    MutexLock lock(mutex_);
    left.swap(jobs_);
    regulars_.clear();
    strangers_.clear();
  }
  for (auto& [key, job] : left) {
    for (Question& question : job.questions) question.answer(Verdict::kFailed);
  }
}

}  // namespace lookout::web
