// What the conformance tests share: a sink that tests can watch, and sends that run
// beside the test.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "lookout/base/mutex.hpp"
#include "lookout/http/transport.hpp"

#include "test/fakes/raw_server.hpp"
#include "test/http/transport_conformance.hpp"

namespace lookout::http::conformance {

// Every wait of a test ends after this long, as a failure.
inline constexpr std::chrono::seconds kGuard{20};

class WatchedSink final : public BodySink {
 public:
  using Verdict = std::function<Result<void>(std::string_view)>;
  // `verdict` is asked about every piece, on the backend's thread.
  explicit WatchedSink(Verdict verdict = nullptr) : verdict_(std::move(verdict)) {}

  Result<void> on_head(const ResponseHead& head) override EXCLUDES(mutex_);
  Result<void> on_body(std::string_view bytes) override EXCLUDES(mutex_);

  void refuse_head(Error error) { head_refusal_ = std::move(error); }
  void keep_nothing() { keeps_ = false; }  // count bytes only

  bool wait_for_head() const EXCLUDES(mutex_);
  bool wait_for_bytes(std::size_t count) const EXCLUDES(mutex_);
  ResponseHead head() const EXCLUDES(mutex_);
  std::string body() const EXCLUDES(mutex_);
  std::size_t bytes() const EXCLUDES(mutex_);
  std::size_t largest_piece() const EXCLUDES(mutex_);
  std::size_t calls() const EXCLUDES(mutex_);

 private:
  const Verdict verdict_;
  std::optional<Error> head_refusal_;
  bool keeps_ = true;
  mutable Mutex mutex_;
  mutable ConditionVariable changed_;
  ResponseHead head_ GUARDED_BY(mutex_);
  std::string body_ GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
  std::size_t largest_piece_ GUARDED_BY(mutex_) = 0;
  std::size_t calls_ GUARDED_BY(mutex_) = 0;
};

// A transport to `url`; fails the test when there is none.
std::unique_ptr<Transport> connect(const Factory& create, const std::string& url,
                                   TlsOptions tls = {}, std::optional<Url> proxy = std::nullopt);

struct Outcome {
  Result<void> result;
  std::chrono::milliseconds after_stop{0};
};

// One send() on a thread of its own.
class Sending {
 public:
  Sending(Transport& transport, BodySink& sink, Request request = {});
  ~Sending();

  void stop();        // remembers when
  Outcome outcome();  // waits; fails the test after kGuard

 private:
  std::stop_source stop_;
  std::chrono::steady_clock::time_point stopped_at_;
  std::future<std::pair<Result<void>, std::chrono::steady_clock::time_point>> ended_;
  std::jthread thread_;
};

// The message of a failure, or "success".
std::string message_of(const Result<void>& result);

// A gate that a server's script waits at.
class Gate {
 public:
  void open() EXCLUDES(mutex_);
  bool wait() EXCLUDES(mutex_) { return wait_for(kGuard); }
  bool wait_for(std::chrono::milliseconds duration) EXCLUDES(mutex_);  // false: still shut

 private:
  Mutex mutex_;
  ConditionVariable changed_;
  bool open_ GUARDED_BY(mutex_) = false;
};

}  // namespace lookout::http::conformance
