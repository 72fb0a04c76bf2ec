// An API server's opinion for tests of authentication: users by token, what they may see, and a
// gate that holds reviews back until a test lets them go. Thread-safe.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "lookout/base/mutex.hpp"
#include "lookout/web/authentication.hpp"

namespace lookout::web::test {

class ScriptedReviews {
 public:
  void know(const std::string& token, const std::string& user) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    users_[token] = user;
  }
  void forget(const std::string& token) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    users_.erase(token);
  }
  void allow(const std::string& user, const std::string& path, bool allowed = true)
      EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (allowed) {
      allowed_.insert({user, path});
    } else {
      allowed_.erase({user, path});
    }
  }
  // Every review fails so from now on; nullopt: works again.
  void fail(std::optional<Error> error) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    failure_ = std::move(error);
  }
  // Reviews of tokens that begin so wait until release().
  void hold(const std::string& prefix = "") EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    held_ = prefix;
  }
  void release() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    held_.reset();
    changed_.notify_all();
  }
  void wait_for_token_reviews(std::size_t count) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    changed_.wait_for(mutex_, std::chrono::seconds(10),
                      [&]() LOCKED(mutex_) { return tokens_.size() >= count; });
  }

  std::vector<std::string> tokens() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return tokens_;
  }
  std::vector<std::pair<kube::UserInfo, kube::PathAccess>> accesses() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return accesses_;
  }

  Reviews reviews() {
    return {[this](const std::string& token, std::stop_token stop) {
              return review_token(token, std::move(stop));
            },
            [this](const kube::UserInfo& user, const kube::PathAccess& access, std::stop_token) {
              return review_access(user, access);
            }};
  }

 private:
  Result<std::optional<kube::UserInfo>> review_token(const std::string& token, std::stop_token stop)
      EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    tokens_.push_back(token);
    changed_.notify_all();
    changed_.wait(mutex_, stop,
                  [&]() LOCKED(mutex_) { return !held_ || !token.starts_with(*held_); });
    if (stop.stop_requested()) return Error{ErrorCode::kCancelled, "cancelled"};
    if (failure_) return *failure_;
    const auto found = users_.find(token);
    if (found == users_.end()) return std::optional<kube::UserInfo>();
    return std::optional<kube::UserInfo>({found->second, "", {"system:authenticated"}, {}});
  }

  Result<bool> review_access(const kube::UserInfo& user, const kube::PathAccess& access)
      EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    accesses_.emplace_back(user, access);
    if (failure_) return *failure_;
    return allowed_.contains({user.name, access.path});
  }

  Mutex mutex_;
  ConditionVariable changed_;
  std::map<std::string, std::string> users_ GUARDED_BY(mutex_);
  std::set<std::pair<std::string, std::string>> allowed_ GUARDED_BY(mutex_);
  std::optional<Error> failure_ GUARDED_BY(mutex_);
  std::optional<std::string> held_ GUARDED_BY(mutex_);
  std::vector<std::string> tokens_ GUARDED_BY(mutex_);
  std::vector<std::pair<kube::UserInfo, kube::PathAccess>> accesses_ GUARDED_BY(mutex_);
};

}  // namespace lookout::web::test
