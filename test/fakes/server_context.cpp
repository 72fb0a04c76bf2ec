#include "test/fakes/server_context.hpp"

#include <algorithm>

namespace lookout::fakes {

void RequestLog::add(RecordedRequest request) {
  MutexLock lock(mutex_);
  requests_.push_back(std::move(request));
  if (requests_.size() > kRequestsMax) requests_.pop_front();
  added_.notify_all();
}

std::vector<RecordedRequest> RequestLog::all() const {
  MutexLock lock(mutex_);
  return {requests_.begin(), requests_.end()};
}

std::size_t RequestLog::count(const RequestMatcher& matcher) const {
  MutexLock lock(mutex_);
  return count_locked(matcher);
}

std::size_t RequestLog::count_locked(const RequestMatcher& matcher) const {
  return static_cast<std::size_t>(std::count_if(
      requests_.begin(), requests_.end(),
      [&](const RecordedRequest& r) { return matches(matcher, r.verb, target_of(r.request)); }));
}

bool RequestLog::wait(const RequestMatcher& matcher, std::size_t count, Duration timeout) {
  MutexLock lock(mutex_);
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  return added_.wait_until(mutex_, deadline,
                           [&]() LOCKED(mutex_) { return count_locked(matcher) >= count; });
}

ServerContext::ServerContext(FakeApiServerOptions settings)
    : options(std::move(settings)),
      store(options.store ? options.store : std::make_shared<ObjectStore>()),
      bearer_token(options.bearer_token) {}

bool ServerContext::authorized(const HttpRequest& request) const {
  MutexLock lock(mutex);
  return bearer_token.empty() || request.header("Authorization") == "Bearer " + bearer_token;
}

void ServerContext::set_bearer_token(std::string token) {
  MutexLock lock(mutex);
  bearer_token = std::move(token);
}

}  // namespace lookout::fakes
