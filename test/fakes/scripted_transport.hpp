// An http::Transport that follows a script: for unit tests of everything above the
// seam. Each send() takes the next step, checks nothing but its optional target, and
// plays the answer into the sink on the calling thread. Steps are taken in the order
// in which send() is called, so concurrent senders need one transport each or
// steps that are alike.
//
//   ScriptedTransport transport;
//   transport.add(ScriptedResponse{.status = 200, .body = {"piece 1", "piece 2"}});
//   transport.add(ScriptedResponse{.error = Error{ErrorCode::kUnavailable, "connect: refused"}});
//   transport.add(ScriptedResponse{.body = {"{"}, .end = ScriptEnd::kBlock});  // until stop
//   ...
//   REQUIRE(transport.requests().size() == 3);
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lookout/base/mutex.hpp"
#include "lookout/http/transport.hpp"

namespace lookout::fakes {

enum class ScriptEnd {
  kComplete,  // the body ends as it should
  kBlock,     // silence after the last piece until stop is requested: kCancelled
};

struct ScriptedResponse {
  int status = 200;
  http::Headers headers;
  std::vector<std::string> body;  // one on_body() a piece
  ScriptEnd end = ScriptEnd::kComplete;
  // Returned after the pieces; instead of any head when `status` is 0 or when
  // there is no body.
  std::optional<Error> error;
  // When set, the request's target must be equal, or send() fails with kInvalid
  // and mismatches() counts it.
  std::optional<std::string> expected_target;
  // Called on the sending thread before the head; for tests that watch the order.
  std::function<void(const http::Request&)> on_request;
};

// Thread-safe.
class ScriptedTransport final : public http::Transport {
 public:
  void add(ScriptedResponse response) EXCLUDES(mutex_);

  // Past the end of the script: kUnavailable "script: no step left for TARGET".
  Result<void> send(const http::Request& request, http::BodySink& sink,
                    std::stop_token stop) override EXCLUDES(mutex_);

  // All requests made so far, in order.
  std::vector<http::Request> requests() const EXCLUDES(mutex_);
  // Blocks until `count` requests were made; false when stop came first.
  bool wait_for_requests(std::size_t count, std::stop_token stop = {}) const EXCLUDES(mutex_);
  std::size_t steps_left() const EXCLUDES(mutex_);
  // Requests that did not match expected_target or came past the end of the script.
  std::size_t mismatches() const EXCLUDES(mutex_);

 private:
  Result<ScriptedResponse> take_step(const http::Request& request) EXCLUDES(mutex_);
  Result<void> finish(const ScriptedResponse& step, std::stop_token stop) EXCLUDES(mutex_);

  mutable Mutex mutex_;
  mutable ConditionVariable changed_;
  std::deque<ScriptedResponse> script_ GUARDED_BY(mutex_);
  std::vector<http::Request> requests_ GUARDED_BY(mutex_);
  std::size_t mismatches_ GUARDED_BY(mutex_) = 0;
};

}  // namespace lookout::fakes
