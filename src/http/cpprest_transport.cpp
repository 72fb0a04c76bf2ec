#include "lookout/http/cpprest_transport.hpp"

#include <cpprest/http_client.h>
#include <pplx/threadpool.h>

#include <map>
#include <mutex>
#include <utility>

#include "lookout/base/text.hpp"

#include "src/http/cpprest_client.hpp"
#include "src/http/cpprest_error.hpp"
#include "src/http/cpprest_exchange.hpp"
#include "src/http/cpprest_streambuf.hpp"
#include "src/http/request_check.hpp"

namespace lookout::http {
namespace {

using web::http::http_request;
using web::http::http_response;
using web::http::client::http_client;

// A pool holds a few connections that died together when a server restarts.
constexpr int kDeadConnectionsMax = 4;
// A cancelled request ends within microseconds unless it hangs in getaddrinfo.
constexpr std::chrono::seconds kWindDownMax{1};

// Requests that cpprestsdk has not let go of yet. Thread-safe.
class InFlight {
 public:
  void begin() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    ++count_;
  }
  void end() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  void wait_for_none(std::chrono::seconds longest) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    none_.wait_for(mutex_, longest, [this]() LOCKED(mutex_) { return count_ == 0; });
  }

 private:
  Mutex mutex_;
  ConditionVariable none_;
  std::size_t count_ GUARDED_BY(mutex_) = 0;
};

struct Shared {
  std::shared_ptr<Peer> peer;
  InFlight in_flight;
};

// One request on its way; cpprestsdk's continuations own it together with the caller.
struct Attempt {
  Exchange exchange;
  const std::shared_ptr<Shared> shared;
  pplx::task_completion_event<void> head_taken;
  std::atomic<bool> request_unsent{false};

  Attempt(const Request& request, BodySink& sink, std::shared_ptr<Shared> with)
      : exchange(sink, request, SystemClock().now()), shared(std::move(with)) {
    shared->in_flight.begin();
  }
  ~Attempt() { shared->in_flight.end(); }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
};
using AttemptPtr = std::shared_ptr<Attempt>;

// cpprestsdk keeps one value a name and writes it as it is. Repeated fields must stay
// apart (Impersonate-Group takes one group a field), so they become lines of one value;
// check_request() has made sure that no other line breaks exist.
void add_headers(const Headers& fields, web::http::http_headers& made) {
  std::map<std::string, std::string> lines;
  for (const auto& [name, value] : fields.fields()) {
    const auto [line, first] = lines.try_emplace(to_lower(name), value);
    if (!first) line->second.append("\r\n").append(name).append(": ").append(value);
    made[name] = line->second;
  }
}

http_request cpprest_request(const Request& request, const AttemptPtr& attempt) {
  http_request made(std::string(method_name(request.method)));
  made.set_request_uri(web::uri(request.target));
  if (!request.body.empty()) {
    made.set_body(std::vector<unsigned char>(request.body.begin(), request.body.end()));
  }
  add_headers(request.headers, made.headers());
  const std::shared_ptr<Exchange> exchange(attempt, &attempt->exchange);
  made.set_response_stream(concurrency::streams::ostream(concurrency::streams::streambuf<uint8_t>(
      std::make_shared<SinkStreambuf>(exchange, attempt->head_taken))));
  return made;
}

ResponseHead head_of(const http_response& response) {
  ResponseHead head{response.status_code(), {}};
  for (const auto& [name, value] : response.headers()) head.headers.add(name, value);
  return head;
}

// REQUIRES: called while an exception is being handled.
void fail(Attempt& attempt) {
  const Progress progress =
      attempt.exchange.head_delivered() ? Progress::kHeadDelivered : Progress::kNoHead;
  Peer& peer = *attempt.shared->peer;
  const std::string refusal = peer.tls ? peer.tls->last_refusal() : "";
  Failure failure = describe_failure(std::current_exception(), progress, refusal);
  if (failure.connect_failed) peer.family.forget();
  attempt.request_unsent = failure.request_unsent;
  attempt.exchange.finish(std::move(failure.error));
}

void take_end(const pplx::task<http_response>& ended, Attempt& attempt) {
  try {
    ended.get();
    attempt.exchange.finish({});
  } catch (...) {
    fail(attempt);
  }
}

void take_head(const pplx::task<http_response>& answered, const AttemptPtr& attempt) {
  try {
    const http_response response = answered.get();
    if (response.status_code() < 200) {
      // cpprestsdk takes a 1xx for the answer itself.
      attempt->exchange.finish(
          Error{ErrorCode::kUnavailable, "headers: informational status instead of an answer"});
    } else {
      attempt->exchange.deliver_head(head_of(response));
    }
    response.content_ready().then(
        [attempt](const pplx::task<http_response>& ended) { take_end(ended, *attempt); });
  } catch (...) {
    fail(*attempt);
  }
  attempt->head_taken.set();
}

class CpprestTransport final : public Transport {
 public:
  CpprestTransport(std::shared_ptr<Peer> peer, std::unique_ptr<http_client> client)
      : shared_(new Shared{std::move(peer), {}}), client_(std::move(client)) {}

  ~CpprestTransport() override { shared_->in_flight.wait_for_none(kWindDownMax); }

  Result<void> send(const Request& request, BodySink& sink, std::stop_token stop) override {
    if (auto checked = check_request(request); !checked) return checked;
    for (int dead = 0;; ++dead) {
      const auto attempt = std::make_shared<Attempt>(request, sink, shared_);
      auto outcome = send_once(request, attempt, stop);
      // A pooled connection was dead already when the request was written to it;
      // cpprestsdk itself only notices when the answer does not come.
      const bool again = !outcome && attempt->request_unsent && request.method != Method::kPost;
      if (!again || dead == kDeadConnectionsMax) return outcome;
    }
  }

 private:
  Result<void> send_once(const Request& request, const AttemptPtr& attempt,
                         const std::stop_token& stop) {
    if (stop.stop_requested()) return Error{ErrorCode::kCancelled, "cancelled"};
    Exchange& exchange = attempt->exchange;
    auto resolved = shared_->peer->family.resolve(exchange.header_deadline(), stop);
    if (!resolved) return resolved;
    pplx::cancellation_token_source cancellation;
    try {
      client_->request(cpprest_request(request, attempt), cancellation.get_token())
          .then([attempt](const pplx::task<http_response>& answered) {
            take_head(answered, attempt);
          });
    } catch (const std::exception& error) {
      return Error{ErrorCode::kInvalid, "headers: " + quote_bounded(error.what())};
    }
    auto outcome = exchange.wait(stop);
    if (!outcome) cancellation.cancel();
    return outcome;
  }

  const std::shared_ptr<Shared> shared_;
  const std::unique_ptr<http_client> client_;
};

}  // namespace

void start_cpprest_io(std::size_t threads) {
  static std::once_flag started;
  std::call_once(started, [threads] {
    // What begins first ends last: the threads must be gone before OpenSSL's own
    // clean-up at exit.
    initialize_tls_library();
    // cpprestsdk reads them for every connection, which takes 20 ms, and TlsMaterial replaces them.
    hide_system_certificates();
    crossplat::threadpool::initialize_with_threads(threads);
    pplx::get_ambient_scheduler();  // made here, not by whichever threads come first
  });
}

Result<std::unique_ptr<Transport>> create_cpprest_transport(TransportOptions options) {
  if (auto supported = cpprest_supports(options); !supported) return supported.error();
  auto peer = create_peer(options);
  if (!peer) return peer.error();
  auto client = create_client(options, *peer);
  if (!client) return client.error();
  return std::unique_ptr<Transport>(new CpprestTransport(std::move(*peer), std::move(*client)));
}

}  // namespace lookout::http
