#include "test/fakes/scripted_transport.hpp"

#include <catch2/catch.hpp>

#include "test/http/conformance_parts.hpp"

namespace lookout::http {
namespace {

using conformance::message_of;
using conformance::WatchedSink;
using fakes::ScriptedResponse;
using fakes::ScriptedTransport;
using fakes::ScriptEnd;

}  // namespace

TEST_CASE("scripted transport: plays its steps in order and remembers the requests") {
  ScriptedTransport transport;
  transport.add(ScriptedResponse{.status = 200, .body = {"a", "b"}});
  transport.add(ScriptedResponse{.status = 410});
  WatchedSink first;
  WatchedSink second;
  Request request;
  request.target = "/first";
  CHECK(message_of(transport.send(request, first, {})) == "success");
  CHECK(message_of(transport.send({}, second, {})) == "success");
  CHECK(first.body() == "ab");
  CHECK(second.head().status == 410);
  REQUIRE(transport.requests().size() == 2);
  CHECK(transport.requests()[0].target == "/first");
  CHECK(transport.steps_left() == 0);
}

TEST_CASE("scripted transport: fails before, after or past its answers") {
  const Error broken{ErrorCode::kUnavailable, "body: cut"};
  ScriptedTransport transport;
  transport.add(ScriptedResponse{.error = broken});
  transport.add(ScriptedResponse{.body = {"half"}, .error = broken});
  WatchedSink none;
  CHECK(message_of(transport.send({}, none, {})) == "body: cut");
  CHECK(none.calls() == 0);
  WatchedSink half;
  CHECK(message_of(transport.send({}, half, {})) == "body: cut");
  CHECK(half.body() == "half");
  CHECK(message_of(transport.send({}, none, {})) == "script: no step left for /");
  CHECK(transport.mismatches() == 1);
}

TEST_CASE("scripted transport: an unexpected target is an error") {
  ScriptedTransport transport;
  transport.add(ScriptedResponse{.expected_target = "/expected"});
  WatchedSink sink;
  CHECK(message_of(transport.send({}, sink, {})) == "script: expected /expected, got /");
  CHECK(transport.mismatches() == 1);
}

TEST_CASE("scripted transport: blocks until stopped") {
  ScriptedTransport transport;
  transport.add(ScriptedResponse{.body = {"first"}, .end = ScriptEnd::kBlock});
  WatchedSink sink;
  conformance::Sending sending(transport, sink);
  CHECK(transport.wait_for_requests(1));
  CHECK(sink.wait_for_bytes(5));
  sending.stop();
  const auto outcome = sending.outcome();
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().code == ErrorCode::kCancelled);
}

TEST_CASE("scripted transport: errors of the sink come back as they are") {
  ScriptedTransport transport;
  transport.add(ScriptedResponse{.body = {"a", "b"}});
  WatchedSink sink([](std::string_view) { return Error{ErrorCode::kMalformed, "no"}; });
  CHECK(message_of(transport.send({}, sink, {})) == "no");
  CHECK(sink.body() == "a");
}

}  // namespace lookout::http
