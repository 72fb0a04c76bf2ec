#include "src/repository/index_fetch.hpp"

#include <catch2/catch.hpp>

#include <future>

#include "lookout/encoding/gzip.hpp"

#include "src/repository/answer.hpp"
#include "src/repository/byte_pipe.hpp"
#include "test/repository/scan_fixture.hpp"

using namespace lookout;
using namespace lookout::repository;
using fakes::ScriptedResponse;
using fakes::ScriptedTransport;

namespace {

IndexFetch fetch(ScriptedResponse response, std::stop_token stop = {}) {
  ScriptedTransport transport;
  transport.add(std::move(response));
  return fetch_index(transport, {}, std::move(stop));
}

helm::IndexFailure failure_of(const IndexFetch& fetched) {
  REQUIRE(std::holds_alternative<helm::IndexFailure>(fetched.content));
  return std::get<helm::IndexFailure>(fetched.content);
}

std::size_t versions_of(const IndexFetch& fetched) {
  REQUIRE(std::holds_alternative<helm::ChartIndex>(fetched.content));
  const auto& charts = std::get<helm::ChartIndex>(fetched.content).charts;
  REQUIRE(charts.size() == 1);
  return charts[0].versions.size();
}

std::vector<std::string> in_pieces(const std::string& text, std::size_t bytes) {
  std::vector<std::string> pieces;
  for (std::size_t i = 0; i < text.size(); i += bytes) pieces.push_back(text.substr(i, bytes));
  return pieces;
}

}  // namespace

TEST_CASE("index fetch: an index in pieces of any size, larger than the pipe") {
  const std::size_t piece = GENERATE(509U, 16'384U, 10'000'000U);
  const std::string text = index_text(4'000);
  REQUIRE(text.size() > BytePipe::kBytesMax);
  const IndexFetch fetched = fetch(answer(200, {}, in_pieces(text, piece)));
  CHECK(versions_of(fetched) == 4'000);
  CHECK(fetched.bytes == text.size());
  CHECK(fetched.head.status == 200);
}

TEST_CASE("index fetch: gzip is undone, its size is as fetched") {
  const std::string body = encoding::gzip(index_text(500));
  const IndexFetch fetched =
      fetch(answer(200, {{"Content-Encoding", "gzip"}}, in_pieces(body, 100)));
  CHECK(versions_of(fetched) == 500);
  CHECK(fetched.bytes == body.size());
}

TEST_CASE("HRE-5: index fetch: an empty body is an empty index, no success") {
  CHECK(failure_of(fetch(answer(200))).defect == helm::IndexDefect::kEmpty);
}

TEST_CASE("index fetch: the parser ends a transfer that is of no use") {
  // Were the sender not released, its hundreds of megabytes would block in the pipe for ever.
  std::vector<std::string> body(1, "<html>");
  body.insert(body.end(), 100, std::string(1U << 20, 'x'));
  CHECK(failure_of(fetch(answer(200, {}, std::move(body)))).defect ==
        helm::IndexDefect::kNotAnIndex);
}

TEST_CASE("index fetch: a body that is cut short is the transfer's failure") {
  ScriptedResponse response = answer(200, {}, {index_text(100).substr(0, 5'000)});
  response.error = Error{ErrorCode::kUnavailable, "body: cut short"};
  const auto failure = failure_of(fetch(std::move(response)));
  CHECK_FALSE(failure.defect);
  CHECK(failure.error == Error{ErrorCode::kUnavailable, "body: cut short"});
}

TEST_CASE(
    "HRE-6: index fetch: an index that ends where an entry does is no success when it was cut") {
  // Complete YAML, but the peer had announced more.
  ScriptedResponse response = answer(200, {}, {index_text(3)});
  response.error = Error{ErrorCode::kUnavailable, "body: cut short"};
  CHECK_FALSE(failure_of(fetch(std::move(response))).defect);
}

TEST_CASE("HRE-7: index fetch: what is announced or comes too large is refused") {
  CHECK(failure_of(fetch(answer(200, {{"Content-Length", "200000000"}}, {"x"}))).error.code ==
        ErrorCode::kTooLarge);
  const std::string comment = "# " + std::string((1U << 20) - 3, 'x') + "\n";
  CHECK(failure_of(fetch(answer(200, {}, std::vector<std::string>(65, comment)))).error.code ==
        ErrorCode::kTooLarge);
}

TEST_CASE("index fetch: other statuses keep the beginning of their body") {
  const IndexFetch fetched = fetch(answer(403, {{"X", "y"}}, {"<Error>", "denied"}));
  REQUIRE(std::holds_alternative<Refusal>(fetched.content));
  CHECK(std::get<Refusal>(fetched.content).body == "<Error>denied");
  CHECK(fetched.head.status == 403);
  CHECK(*fetched.head.headers.find("x") == "y");
}

TEST_CASE("index fetch: an endless refusal is cut") {
  std::vector<std::string> body(200, std::string(1'000, 'x'));
  const IndexFetch fetched = fetch(answer(500, {}, std::move(body)));
  REQUIRE(std::holds_alternative<Refusal>(fetched.content));
  CHECK(std::get<Refusal>(fetched.content).body.size() == kRefusalBytesMax);
}

TEST_CASE("index fetch: no answer has no status") {
  ScriptedResponse response;
  response.error = Error{ErrorCode::kUnavailable, "connect: refused"};
  const IndexFetch fetched = fetch(std::move(response));
  CHECK(fetched.head.status == 0);
  CHECK(failure_of(fetched).error.message == "connect: refused");
}

TEST_CASE("index fetch: stop ends a silent body") {
  ScriptedTransport transport;
  ScriptedResponse response = answer(200, {}, {index_text(3)});
  response.end = fakes::ScriptEnd::kBlock;
  transport.add(std::move(response));
  std::stop_source stop;
  auto fetched =
      std::async(std::launch::async, [&] { return fetch_index(transport, {}, stop.get_token()); });
  REQUIRE(transport.wait_for_requests(1));
  stop.request_stop();
  REQUIRE(fetched.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
  CHECK(failure_of(fetched.get()).error.code == ErrorCode::kCancelled);
}
