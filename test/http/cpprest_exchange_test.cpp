#include "src/http/cpprest_exchange.hpp"

#include <catch2/catch.hpp>

#include "test/http/conformance_parts.hpp"

namespace lookout::http {
namespace {

using conformance::WatchedSink;

const Error kRefusal{ErrorCode::kTooLarge, "enough"};

Request patient() {
  Request request;
  request.header_timeout = std::chrono::hours(1'000'000);
  request.idle_timeout = std::chrono::milliseconds::max();
  return request;
}

}  // namespace

TEST_CASE("exchange: passes on head and body, and the end") {
  WatchedSink sink;
  Exchange exchange(sink, patient(), SystemClock().now());
  CHECK_FALSE(exchange.head_delivered());
  CHECK(exchange.deliver_head({200, {}}));
  CHECK(exchange.head_delivered());
  CHECK(exchange.deliver_body("one"));
  CHECK(exchange.deliver_body("two"));
  exchange.finish({});
  CHECK(exchange.wait({}).ok());
  CHECK(sink.body() == "onetwo");
}

TEST_CASE("exchange: the first outcome stays") {
  WatchedSink sink([](std::string_view) { return kRefusal; });
  Exchange exchange(sink, patient(), SystemClock().now());
  CHECK(exchange.deliver_head({200, {}}));
  CHECK_FALSE(exchange.deliver_body("one"));
  exchange.finish(Error{ErrorCode::kUnavailable, "body: transfer ended"});
  const auto outcome = exchange.wait({});
  REQUIRE_FALSE(outcome.ok());
  CHECK(outcome.error() == kRefusal);
}

TEST_CASE("exchange: the sink is left alone once the caller has gone") {
  WatchedSink sink;
  Exchange exchange(sink, patient(), SystemClock().now());
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(exchange.wait(stop.get_token()).ok());
  CHECK_FALSE(exchange.deliver_head({200, {}}));
  CHECK_FALSE(exchange.deliver_body("late"));
  exchange.finish({});
  CHECK(sink.calls() == 0);
}

TEST_CASE("exchange: a finished response wins over a stop that comes later") {
  WatchedSink sink;
  Exchange exchange(sink, patient(), SystemClock().now());
  exchange.deliver_head({204, {}});
  exchange.finish({});
  std::stop_source stop;
  stop.request_stop();
  CHECK(exchange.wait(stop.get_token()).ok());
}

}  // namespace lookout::http
