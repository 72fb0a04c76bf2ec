#include "test/fakes/scripted_transport.hpp"

namespace lookout::fakes {

void ScriptedTransport::add(ScriptedResponse response) {
  MutexLock lock(mutex_);
  script_.push_back(std::move(response));
}

Result<void> ScriptedTransport::send(const http::Request& request, http::BodySink& sink,
                                     std::stop_token stop) {
  auto step = take_step(request);
  if (!step) return step.error();
  if (step->on_request) step->on_request(request);
  if (stop.stop_requested()) return Error{ErrorCode::kCancelled, "cancelled"};
  if (step->error && (step->status == 0 || step->body.empty())) return *step->error;
  if (step->status != 0) {
    if (auto taken = sink.on_head({step->status, step->headers}); !taken) return taken;
  }
  for (const std::string& piece : step->body) {
    if (stop.stop_requested()) return Error{ErrorCode::kCancelled, "cancelled"};
    if (auto taken = sink.on_body(piece); !taken) return taken;
  }
  return finish(*step, stop);
}

std::vector<http::Request> ScriptedTransport::requests() const {
  MutexLock lock(mutex_);
  return requests_;
}

bool ScriptedTransport::wait_for_requests(std::size_t count, std::stop_token stop) const {
  MutexLock lock(mutex_);
  return changed_.wait(mutex_, stop, [&]() LOCKED(mutex_) { return requests_.size() >= count; });
}

std::size_t ScriptedTransport::steps_left() const {
  MutexLock lock(mutex_);
  return script_.size();
}

std::size_t ScriptedTransport::mismatches() const {
  MutexLock lock(mutex_);
  return mismatches_;
}

Result<ScriptedResponse> ScriptedTransport::take_step(const http::Request& request) {
  MutexLock lock(mutex_);
  requests_.push_back(request);
  changed_.notify_all();
  if (script_.empty()) {
    ++mismatches_;
    return Error{ErrorCode::kUnavailable, "script: no step left for " + request.target};
  }
  ScriptedResponse step = std::move(script_.front());
  script_.pop_front();
  if (step.expected_target && *step.expected_target != request.target) {
    ++mismatches_;
    return Error{ErrorCode::kInvalid,
                 "script: expected " + *step.expected_target + ", got " + request.target};
  }
  return step;
}

Result<void> ScriptedTransport::finish(const ScriptedResponse& step, std::stop_token stop) {
  if (step.error) return *step.error;
  if (step.end == ScriptEnd::kComplete) return {};
  MutexLock lock(mutex_);
  changed_.wait(mutex_, stop, [] { return false; });
  return Error{ErrorCode::kCancelled, "cancelled"};
}

}  // namespace lookout::fakes
