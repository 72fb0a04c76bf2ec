#include "test/http/conformance_parts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace lookout::http::conformance {

Result<void> WatchedSink::on_head(const ResponseHead& head) {
  MutexLock lock(mutex_);
  ++calls_;
  head_ = head;
  changed_.notify_all();
  if (head_refusal_) return *head_refusal_;
  return {};
}

Result<void> WatchedSink::on_body(std::string_view bytes) {
  {
    MutexLock lock(mutex_);
    ++calls_;
    bytes_ += bytes.size();
    largest_piece_ = std::max(largest_piece_, bytes.size());
    if (keeps_) body_ += bytes;
    changed_.notify_all();
  }
  return verdict_ ? verdict_(bytes) : Result<void>();
}

bool WatchedSink::wait_for_head() const {
  MutexLock lock(mutex_);
  return changed_.wait_for(mutex_, kGuard, [this]() LOCKED(mutex_) { return head_.status != 0; });
}

bool WatchedSink::wait_for_bytes(std::size_t count) const {
  MutexLock lock(mutex_);
  return changed_.wait_for(mutex_, kGuard,
                           [this, count]() LOCKED(mutex_) { return bytes_ >= count; });
}

ResponseHead WatchedSink::head() const {
  MutexLock lock(mutex_);
  return head_;
}

std::string WatchedSink::body() const {
  MutexLock lock(mutex_);
  return body_;
}

std::size_t WatchedSink::bytes() const {
  MutexLock lock(mutex_);
  return bytes_;
}

std::size_t WatchedSink::largest_piece() const {
  MutexLock lock(mutex_);
  return largest_piece_;
}

std::size_t WatchedSink::calls() const {
  MutexLock lock(mutex_);
  return calls_;
}

std::unique_ptr<Transport> connect(const Factory& create, const std::string& url, TlsOptions tls,
                                   std::optional<Url> proxy) {
  auto origin = parse_url(url);
  REQUIRE(origin.ok());
  auto transport = create({std::move(*origin), std::move(tls), std::move(proxy)});
  if (!transport) FAIL(transport.error().message);
  return std::move(*transport);
}

Sending::Sending(Transport& transport, BodySink& sink, Request request) {
  std::promise<std::pair<Result<void>, std::chrono::steady_clock::time_point>> ended;
  ended_ = ended.get_future();
  thread_ = std::jthread([&transport, &sink, request = std::move(request), stop = stop_.get_token(),
                          ended = std::move(ended)]() mutable {
    auto result = transport.send(request, sink, stop);
    ended.set_value({std::move(result), std::chrono::steady_clock::now()});
  });
}

Sending::~Sending() {
  stop_.request_stop();
}

void Sending::stop() {
  stopped_at_ = std::chrono::steady_clock::now();
  stop_.request_stop();
}

Outcome Sending::outcome() {
  REQUIRE(ended_.wait_for(kGuard) == std::future_status::ready);
  auto [result, at] = ended_.get();
  return {std::move(result),
          std::chrono::duration_cast<std::chrono::milliseconds>(at - stopped_at_)};
}

std::string message_of(const Result<void>& result) {
  return result ? "success" : result.error().message;
}

void Gate::open() {
  MutexLock lock(mutex_);
  open_ = true;
  changed_.notify_all();
}

bool Gate::wait_for(std::chrono::milliseconds duration) {
  MutexLock lock(mutex_);
  return changed_.wait_for(mutex_, duration, [this]() LOCKED(mutex_) { return open_; });
}

}  // namespace lookout::http::conformance
