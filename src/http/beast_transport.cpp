#include "lookout/http/beast_transport.hpp"

#include <algorithm>
#include <utility>

#include "src/http/beast_exchange.hpp"
#include "src/http/beast_idle.hpp"
#include "src/http/request_check.hpp"

namespace lookout::http {
namespace {

// Far enough for "none", near enough not to overflow a time point.
constexpr std::chrono::milliseconds kTimeoutMax = std::chrono::hours(24);

class BeastTransport final : public Transport {
 public:
  BeastTransport(Route route, const BeastLimits& limits)
      : route_(std::move(route)), limits_(limits) {}
  ~BeastTransport() override { IdleWires::of_process().drop(this); }

  Result<void> send(const Request& request, BodySink& sink, std::stop_token stop) override {
    if (auto checked = check_request(request); !checked) return checked;
    if (stop.stop_requested()) return Error{ErrorCode::kCancelled, "cancelled"};
    const Outgoing outgoing{request_text(request, route_), request.method, limits_.header_bytes_max,
                            std::min(request.idle_timeout, kTimeoutMax)};
    const MonoTime now = SystemClock().now();
    const Patience header{now + std::min(request.header_timeout, kTimeoutMax), std::move(stop)};
    if (auto outcome = send_by_idle(outgoing, sink, header)) return *outcome;
    auto wire = route_.open(header);
    if (!wire) return wire.error();
    auto done = exchange(**wire, outgoing, sink, header);
    return finish(std::move(*wire), std::move(done));
  }

 private:
  // nullopt: no connection waits, or it was dead already when the request was written to it.
  std::optional<Result<void>> send_by_idle(const Outgoing& outgoing, BodySink& sink,
                                           const Patience& header) {
    // What must not be done twice cannot be tried twice.
    if (outgoing.method != Method::kGet && outgoing.method != Method::kHead) return std::nullopt;
    auto wire = IdleWires::of_process().take(this);
    if (!wire) return std::nullopt;
    auto done = exchange(*wire, outgoing, sink, header);
    const bool dead = !done.outcome && !done.answered &&
                      done.outcome.error().code == ErrorCode::kUnavailable &&
                      SystemClock().now() < header.deadline;
    if (dead) return std::nullopt;
    return finish(std::move(wire), std::move(done));
  }

  Result<void> finish(std::unique_ptr<Wire> wire, Exchanged done) {
    if (done.reusable) {
      IdleWires::of_process().put(this, std::move(wire), limits_.idle_connections_max);
    }
    return std::move(done.outcome);
  }

  const Route route_;
  const BeastLimits limits_;
};

}  // namespace

Result<std::unique_ptr<Transport>> create_beast_transport(TransportOptions options) {
  return create_beast_transport(std::move(options), {});
}

Result<std::unique_ptr<Transport>> create_beast_transport(TransportOptions options,
                                                          const BeastLimits& limits) {
  auto route = Route::create(options, limits);
  if (!route) return route.error();
  return std::unique_ptr<Transport>(new BeastTransport(std::move(*route), limits));
}

void close_idle_connections() {
  IdleWires::of_process().close_old();
}

}  // namespace lookout::http
