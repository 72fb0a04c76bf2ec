#include "lookout/web/authentication.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <future>

#include "lookout/web/routes.hpp"

#include "test/aws/stepping_clock.hpp"
#include "test/web/scripted_reviews.hpp"

using namespace lookout;
using namespace lookout::web;
using namespace std::chrono_literals;

namespace {

http::ServerRequest request_with(const std::string& token, const std::string& path = "/metrics") {
  http::ServerRequest request;
  request.path = path;
  if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
  return request;
}

http::ServerRequest request_of(const http::ClientCertificate& holder,
                               const std::string& path = "/metrics") {
  http::ServerRequest request;
  request.path = path;
  request.client_certificate = holder;
  return request;
}

// The status of a decision; 200: passed.
int status_of(const std::optional<http::ServerResponse>& refusal) {
  return refusal ? refusal->status : 200;
}

struct Setup {
  explicit Setup(bool with_reviews = true, std::string static_token = "") {
    AuthenticationSources sources;
    if (with_reviews) sources.reviews = reviews.reviews();
    if (!static_token.empty()) {
      sources.knows_token = [static_token](std::string_view token) {
        return token == static_token;
      };
    }
    authentication.emplace(std::move(sources), clock);
    gate = authentication->gate();
  }
  // Decides later, perhaps.
  std::future<int> ask(const http::ServerRequest& request) {
    auto promise = std::make_shared<std::promise<int>>();
    gate(request, [promise](std::optional<http::ServerResponse> refusal) {
      promise->set_value(status_of(refusal));
    });
    return promise->get_future();
  }
  int status(const http::ServerRequest& request) {
    auto future = ask(request);
    REQUIRE(future.wait_for(10s) == std::future_status::ready);
    return future.get();
  }
  std::uint64_t counted(const std::string& result) {
    return authentication->stats().requests.snapshot().at({result});
  }

  aws::SteppingClock clock;
  test::ScriptedReviews reviews;
  std::optional<Authentication> authentication;
  http::Gate gate;
};

bool is_ready(const std::future<int>& future) {
  return future.wait_for(0s) == std::future_status::ready;
}

}  // namespace

TEST_CASE("authentication: health endpoints are open, everything else is not") {
  Setup setup;
  const auto health = create_health_handler([] { return HealthReport{true, "", {}}; });
  for (const char* path : {"/livez", "/readyz", "/healthz", "/health", "/ready"}) {
    CAPTURE(path);
    CHECK(setup.status(request_with("", path)) == 200);
    CHECK(health(request_with("", path)).status == 200);
    http::ServerRequest verbose = request_with("", path);
    verbose.query = "verbose";
    CHECK(setup.status(verbose) == 401);
  }
  for (const char* path :
       {"/", "/metrics", "/metrics/self", "/charts", "/charts.js", "/style.css", "/api/v1/releases",
        "/no-such-path", "/healthz/", "/livez/x", "//livez"}) {
    CAPTURE(path);
    CHECK(setup.status(request_with("", path)) == 401);
  }
  CHECK(setup.reviews.tokens().empty());
  CHECK(setup.counted("unauthenticated") == 16);
}

TEST_CASE("authentication: refusals tell nothing but what to bring") {
  Setup setup;
  http::ServerResponse refusal;
  setup.gate(request_with(""), [&](std::optional<http::ServerResponse> given) {
    refusal = std::move(given).value();
  });
  CHECK(refusal.status == 401);
  CHECK(*refusal.headers.find("WWW-Authenticate") == "Bearer");
  CHECK(*refusal.headers.find("Cache-Control") == "no-store");
  CHECK(refusal.headers.find("Content-Security-Policy") != nullptr);
  CHECK(*refusal.body.pieces().at(0) == "unauthorized\n");
}

TEST_CASE("authentication: a token that the API server knows and allows passes") {
  Setup setup;
  setup.reviews.know("good", "prometheus");
  setup.reviews.allow("prometheus", "/metrics");
  CHECK(setup.status(request_with("good")) == 200);
  const auto accesses = setup.reviews.accesses();
  REQUIRE(accesses.size() == 1);
  CHECK(accesses[0].second == kube::PathAccess{"get", "/metrics"});
  http::ServerRequest head = request_with("good");
  head.method = http::Method::kHead;
  CHECK(setup.status(head) == 200);
  CHECK(setup.reviews.accesses().size() == 1);
  CHECK(setup.status(request_with("good", "/charts")) == 403);
  CHECK(setup.status(request_with("bad")) == 401);
  CHECK(setup.counted("allowed") == 2);
  CHECK(setup.counted("denied") == 1);
  CHECK(setup.counted("unauthenticated") == 1);
}

TEST_CASE("authentication: what is no bearer token never reaches the API server") {
  Setup setup;
  const std::string field =
      GENERATE("", "Bearer", "Bearer ", "Basic dTpw", "bearer a b", "Bearertoken",
               "Bearer to\x01ken", "Bearer caf\xC3\xA9", "token");
  CAPTURE(field);
  http::ServerRequest request = request_with("");
  request.headers.add("Authorization", field);
  CHECK(setup.status(request) == 401);
  CHECK(setup.reviews.tokens().empty());
}

TEST_CASE("authentication: the scheme's name has no case") {
  Setup setup;
  setup.reviews.know("good", "u");
  setup.reviews.allow("u", "/metrics");
  http::ServerRequest request = request_with("");
  request.headers.add("Authorization", "bEARER  good ");
  CHECK(setup.status(request) == 200);
  CHECK(setup.reviews.tokens() == std::vector<std::string>{"good"});
}

TEST_CASE("authentication: what was found out holds for a while, then is asked again") {
  Setup setup;
  setup.reviews.know("good", "u");
  setup.reviews.allow("u", "/metrics");
  CHECK(setup.status(request_with("good")) == 200);
  setup.clock.advance(59s);
  auto cached = setup.ask(request_with("good"));
  CHECK(is_ready(cached));  // decided on the spot
  CHECK(setup.reviews.tokens().size() == 1);
  setup.clock.advance(1s);
  CHECK(setup.status(request_with("good")) == 200);
  CHECK(setup.reviews.tokens().size() == 2);
  CHECK(setup.reviews.accesses().size() == 1);

  // A binding that was taken away is noticed after five minutes.
  setup.reviews.allow("u", "/metrics", false);
  setup.clock.advance(239s);
  CHECK(setup.status(request_with("good")) == 200);
  setup.clock.advance(1s);
  CHECK(setup.status(request_with("good")) == 403);
  // One that was given, after half a minute.
  setup.reviews.allow("u", "/metrics");
  setup.clock.advance(29s);
  CHECK(setup.status(request_with("good")) == 403);
  setup.clock.advance(1s);
  CHECK(setup.status(request_with("good")) == 200);
}

TEST_CASE("authentication: a token that was revoked or came to life is noticed") {
  Setup setup;
  setup.reviews.know("good", "u");
  setup.reviews.allow("u", "/metrics");
  CHECK(setup.status(request_with("good")) == 200);
  setup.reviews.forget("good");
  setup.clock.advance(1min);
  CHECK(setup.status(request_with("good")) == 401);
  setup.reviews.know("good", "u");
  setup.clock.advance(9s);
  CHECK(setup.status(request_with("good")) == 401);
  setup.clock.advance(1s);
  CHECK(setup.status(request_with("good")) == 200);
}

TEST_CASE("authentication: without the API server only what is cached passes") {
  Setup setup;
  setup.reviews.know("good", "u");
  setup.reviews.allow("u", "/metrics");
  CHECK(setup.status(request_with("good")) == 200);
  setup.reviews.fail(Error{ErrorCode::kUnavailable, "connect: refused"});
  CHECK(setup.status(request_with("good")) == 200);
  CHECK(setup.status(request_with("good", "/charts")) == 503);
  CHECK(setup.status(request_with("other")) == 503);
  setup.clock.advance(1min);
  CHECK(setup.status(request_with("good")) == 503);
  CHECK(setup.counted("error") == 3);
  // A failure is never remembered.
  setup.reviews.fail(std::nullopt);
  CHECK(setup.status(request_with("good")) == 200);
  CHECK(setup.status(request_with("other")) == 401);
}

TEST_CASE("authentication: equal questions in flight are asked once") {
  Setup setup;
  setup.reviews.know("good", "u");
  setup.reviews.allow("u", "/metrics");
  setup.reviews.allow("u", "/charts");
  setup.reviews.hold();
  std::vector<std::future<int>> futures;
  for (int i = 0; i < 20; ++i) futures.push_back(setup.ask(request_with("good")));
  for (int i = 0; i < 20; ++i) futures.push_back(setup.ask(request_with("good", "/charts")));
  setup.reviews.wait_for_token_reviews(1);
  CHECK(std::none_of(futures.begin(), futures.end(), is_ready));
  setup.reviews.release();
  for (auto& future : futures) {
    REQUIRE(future.wait_for(10s) == std::future_status::ready);
    CHECK(future.get() == 200);
  }
  CHECK(setup.reviews.tokens().size() == 1);
  CHECK(setup.reviews.accesses().size() == 2);
}

TEST_CASE("authentication: a flood of made-up tokens is throttled and delays no regular") {
  Setup setup;
  setup.reviews.know("good", "u");
  setup.reviews.allow("u", "/metrics");
  CHECK(setup.status(request_with("good")) == 200);
  setup.clock.advance(1min);  // its review is due again
  setup.reviews.hold("made-up");
  std::vector<std::future<int>> futures;
  for (int i = 0; i < 300; ++i) {
    futures.push_back(setup.ask(request_with("made-up-" + std::to_string(i))));
  }
  const auto refused = std::count_if(futures.begin(), futures.end(), is_ready);
  CHECK(refused >= 300 - 2 - 64);
  CHECK(setup.counted("throttled") == static_cast<std::uint64_t>(refused));
  CHECK(setup.status(request_with("good")) == 200);
  setup.reviews.release();
  for (auto& future : futures) {
    REQUIRE(future.wait_for(10s) == std::future_status::ready);
    const int status = future.get();
    CHECK((status == 401 || status == 429));
  }
}

TEST_CASE("authentication: strangers are reviewed ten a second after a burst of fifty") {
  Setup setup;
  int strangers = 0;
  int reviewed = 0;
  const auto knock = [&](int count) {
    for (const int last = strangers + count; strangers < last; ++strangers) {
      if (setup.status(request_with("stranger-" + std::to_string(strangers))) == 401) ++reviewed;
    }
  };
  knock(60);
  CHECK(reviewed == 50);
  setup.clock.advance(1s);
  knock(20);
  CHECK(reviewed == 60);
  CHECK(setup.reviews.tokens().size() == 60);
}

TEST_CASE("authentication: one user's permissions are asked for ten a second after fifty") {
  Setup setup;
  for (const char* token : {"curious", "same-user"}) setup.reviews.know(token, "curious");
  setup.reviews.know("other", "other");
  setup.reviews.allow("other", "/metrics");
  int paths = 0;
  int refused = 0;
  const auto wander = [&](int count, const std::string& token) {
    for (const int last = paths + count; paths < last; ++paths) {
      const int status = setup.status(request_with(token, "/" + std::to_string(paths)));
      if (status == 429) ++refused;
    }
  };
  wander(60, "curious");
  CHECK(refused == 10);
  wander(5, "same-user");  // another token gives no second share
  CHECK(refused == 15);
  CHECK(setup.status(request_with("curious", "/0")) == 403);  // what is known still is
  CHECK(setup.status(request_with("other")) == 200);
  CHECK(setup.reviews.accesses().size() == 51);
  setup.clock.advance(1s);
  wander(20, "curious");
  CHECK(setup.reviews.accesses().size() == 61);
}

TEST_CASE("authentication: whoever asks for many paths waits behind whoever asks for one") {
  Setup setup;
  setup.reviews.know("many", "many");
  setup.reviews.know("one", "one");
  setup.reviews.hold("first");
  std::vector<std::future<int>> futures;
  futures.push_back(setup.ask(request_with("first")));
  setup.reviews.wait_for_token_reviews(1);
  for (int i = 0; i < 20; ++i) {
    futures.push_back(setup.ask(request_with("many", "/" + std::to_string(i))));
  }
  futures.push_back(setup.ask(request_with("one")));
  setup.reviews.release();
  for (auto& future : futures) REQUIRE(future.wait_for(10s) == std::future_status::ready);
  const auto accesses = setup.reviews.accesses();
  REQUIRE(accesses.size() == 21);
  CHECK(accesses[1].first.name == "one");
}

TEST_CASE("authentication: one visitor's questions are bounded") {
  Setup setup;
  setup.reviews.know("good", "u");
  setup.reviews.hold();
  std::vector<std::future<int>> futures;
  for (int i = 0; i < 200; ++i) {
    futures.push_back(setup.ask(request_with("good", "/" + std::to_string(i))));
  }
  CHECK(std::count_if(futures.begin(), futures.end(), is_ready) >= 200 - 2 * 64);
  setup.reviews.release();
  for (auto& future : futures) {
    REQUIRE(future.wait_for(10s) == std::future_status::ready);
    const int status = future.get();
    CHECK((status == 403 || status == 429));
  }
}

TEST_CASE("authentication: a client certificate is a user with groups where there are reviews") {
  Setup setup;
  setup.reviews.allow("scraper", "/metrics");
  CHECK(setup.status(request_of({"scraper", {"monitoring"}})) == 200);
  CHECK(setup.status(request_of({"scraper", {"monitoring"}}, "/charts")) == 403);
  CHECK(setup.status(request_of({"other", {}})) == 403);
  CHECK(setup.reviews.tokens().empty());
  const kube::UserInfo user = setup.reviews.accesses().at(0).first;
  CHECK(user.name == "scraper");
  CHECK(user.groups == std::vector<std::string>{"monitoring", "system:authenticated"});
  // Another group is another user.
  CHECK(setup.status(request_of({"scraper", {"monitoring", "x"}})) == 200);
  CHECK(setup.reviews.accesses().size() == 4);
}

TEST_CASE("authentication: a certificate without a name leaves it to the token") {
  Setup setup;
  setup.reviews.know("good", "u");
  setup.reviews.allow("u", "/metrics");
  http::ServerRequest request = request_with("good");
  request.client_certificate = http::ClientCertificate{"", {"system:masters"}};
  CHECK(setup.status(request) == 200);
  CHECK(setup.status(request_of({"", {"system:masters"}})) == 401);
}

TEST_CASE("authentication: without reviews every verified certificate passes, tokens do not") {
  Setup setup(false);
  CHECK(setup.status(request_of({"anyone", {}})) == 200);
  CHECK(setup.status(request_of({"", {}})) == 200);
  CHECK(setup.status(request_with("some-token-of-somebody")) == 401);
  CHECK(setup.status(request_with("")) == 401);
}

TEST_CASE("authentication: a static token passes without a review") {
  const bool with_reviews = GENERATE(true, false);
  Setup setup(with_reviews, "static-token-of-mine");
  CHECK(setup.status(request_with("static-token-of-mine")) == 200);
  CHECK(setup.status(request_with("static-token-of-mine", "/anything")) == 200);
  CHECK(setup.reviews.tokens().empty());
  CHECK(setup.status(request_with("static-token-of-mines")) == 401);
  CHECK(setup.reviews.tokens().size() == (with_reviews ? 1U : 0U));
}

TEST_CASE("authentication: stopped, it refuses what waits and what comes") {
  Setup setup;
  setup.reviews.know("good", "u");
  setup.reviews.allow("u", "/metrics");
  CHECK(setup.status(request_with("good")) == 200);
  setup.reviews.hold();
  auto running = setup.ask(request_with("one"));
  auto waiting = setup.ask(request_with("two"));
  setup.reviews.wait_for_token_reviews(2);
  setup.authentication->stop();
  CHECK(running.get() == 503);
  CHECK(waiting.get() == 503);
  CHECK(setup.status(request_with("good")) == 503);
  setup.authentication->stop();
}

TEST_CASE("authentication: lookups are counted by cache and result") {
  Setup setup;
  setup.reviews.know("good", "u");
  setup.reviews.allow("u", "/metrics");
  CHECK(setup.status(request_with("good")) == 200);
  CHECK(setup.status(request_with("good")) == 200);
  const auto lookups = setup.authentication->stats().cache_lookups.snapshot();
  CHECK(lookups.at({"token", "hit"}) == 1);
  CHECK(lookups.at({"token", "miss"}) == 1);
  CHECK(lookups.at({"access", "hit"}) == 1);
  CHECK(setup.authentication->stats().token_review_seconds.snapshot().cumulative.back() == 1);
  CHECK(setup.authentication->stats().access_review_seconds.snapshot().cumulative.back() == 1);
}
