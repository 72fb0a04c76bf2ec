#include "lookout/kube/access_review.hpp"

#include <catch2/catch.hpp>

#include "src/kube/access_review_json.hpp"
#include "test/aws/stepping_clock.hpp"
#include "test/kube/transport_ledger.hpp"

using namespace lookout;
using namespace lookout::kube;
using fakes::ScriptedResponse;

namespace {

constexpr const char* kTokenTarget = "/apis/authentication.k8s.io/v1/tokenreviews";
constexpr const char* kAccessTarget = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
constexpr const char* kKnown =
    R"({"status":{"authenticated":true,"audiences":["a","b"],"user":{"username":"u","uid":"1",)"
    R"("groups":["g","system:authenticated"],"extra":{"k":["v","w"]}}}})";

const UserInfo kUser{"u", "1", {"g", "system:authenticated"}, {{"k", {"v", "w"}}}};

ScriptedResponse answer(int status, std::string body, const char* target) {
  ScriptedResponse response;
  response.status = status;
  response.body = {std::move(body)};
  response.expected_target = target;
  return response;
}

ScriptedResponse broken(ErrorCode code, const std::string& message) {
  ScriptedResponse response;
  response.status = 0;
  response.error = Error{code, message};
  return response;
}

struct Setup {
  explicit Setup(std::vector<ScriptedResponse> script, std::vector<std::string> audiences = {}) {
    ledger.script(std::move(script));
    config.server = http::parse_url("https://cluster.example:6443").value();
    config.token = "ours";
    client = ApiClient::create(config, ledger.factory(), clock).value();
    reviewer = std::make_unique<AccessReviewer>(*client, std::move(audiences), clock);
  }
  std::vector<http::Request> sent() { return ledger.last().requests(); }

  aws::SteppingClock clock;
  ClusterConfig config;
  TransportLedger ledger;
  std::unique_ptr<ApiClient> client;
  std::unique_ptr<AccessReviewer> reviewer;
};

}  // namespace

TEST_CASE("access review: a token is asked about in a TokenReview") {
  Setup setup({answer(201, kKnown, kTokenTarget)}, {"b", "c"});
  const auto user = setup.reviewer->review_token("secret", {});
  REQUIRE(user.ok());
  CHECK(*user == kUser);
  const http::Request sent = setup.sent().at(0);
  CHECK(sent.method == http::Method::kPost);
  CHECK(sent.body == R"({"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview",)"
                     R"("spec":{"audiences":["b","c"],"token":"secret"}})");
  CHECK(*sent.headers.find("Content-Type") == "application/json");
  CHECK(*sent.headers.find("Authorization") == "Bearer ours");
  CHECK(sent.header_timeout == AccessReviewer::kReviewTimeout);
  const auto requests = setup.client->stats().requests.snapshot();
  CHECK(requests.at({"201", "POST", "cluster.example:6443"}) == 1);
  CHECK(setup.client->stats().review_seconds.snapshot().cumulative.back() == 1);
  CHECK(setup.client->stats().request_seconds.snapshot().cumulative.back() == 0);
}

TEST_CASE("access review: a user is asked about in a SubjectAccessReview, whole") {
  Setup setup({answer(201, R"({"status":{"allowed":true}})", kAccessTarget)});
  CHECK(*setup.reviewer->review_access(kUser, {"get", "/metrics"}, {}));
  CHECK(setup.sent().at(0).body ==
        R"({"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{)"
        R"("extra":{"k":["v","w"]},"groups":["g","system:authenticated"],)"
        R"("nonResourceAttributes":{"path":"/metrics","verb":"get"},"uid":"1","user":"u"}})");
}

TEST_CASE("access review: what a user is not is not sent") {
  const std::string body = access_review_json({"u", "", {}, {}}, {"get", "/\xFF\"\n"});
  CHECK(body ==
        "{\"apiVersion\":\"authorization.k8s.io/v1\",\"kind\":\"SubjectAccessReview\","
        "\"spec\":{\"nonResourceAttributes\":{\"path\":\"/\xEF\xBF\xBD\\\"\\n\","
        "\"verb\":\"get\"},\"user\":\"u\"}}");
  CHECK(token_review_json("t", {}).find("audiences") == std::string::npos);
}

TEST_CASE("access review: a token for none of the audiences is nobody's") {
  const auto [json, wanted, known] = GENERATE(table<const char*, const char*, bool>({
      {kKnown, "b", true},
      {kKnown, "c", false},
      {R"({"status":{"authenticated":true,"audiences":[],"user":{"username":"u"}}})", "b", false},
      {R"({"status":{"authenticated":true,"user":{"username":"u"}}})", "b", false},
      {R"({"status":{"authenticated":true,"audiences":null,"user":{"username":"u"}}})", "b", false},
  }));
  CAPTURE(json, wanted);
  CHECK(parse_token_review(json, {wanted}).value().has_value() == known);
  CHECK(parse_token_review(json, {}).value().has_value());
}

TEST_CASE("access review: an unauthenticated token is nobody's, whatever else is said") {
  const std::string json =
      GENERATE(R"({"status":{}})", R"({"status":{"authenticated":false}})",
               R"({"status":{"authenticated":null,"user":{"username":"u"}}})",
               R"({"status":{"error":"token expired","user":{"username":"system:admin"}}})");
  CAPTURE(json);
  CHECK(parse_token_review(json, {}).value() == std::nullopt);
}

TEST_CASE("access review: hostile answers about a token are errors, never a user") {
  const std::string json = GENERATE(
      "", "null", "[]", "{", "{}", R"({"status":null})", R"({"status":[]})",
      R"({"status":{"authenticated":"true","user":{"username":"u"}}})",
      R"({"status":{"authenticated":1,"user":{"username":"u"}}})",
      R"({"status":{"authenticated":true}})", R"({"status":{"authenticated":true,"user":"u"}})",
      R"({"status":{"authenticated":true,"user":{}}})",
      R"({"status":{"authenticated":true,"user":{"username":""}}})",
      R"({"status":{"authenticated":true,"user":{"username":7}}})",
      R"({"status":{"authenticated":true,"user":{"username":"u","uid":[]}}})",
      R"({"status":{"authenticated":true,"user":{"username":"u","groups":"system:masters"}}})",
      R"({"status":{"authenticated":true,"user":{"username":"u","groups":[null]}}})",
      R"({"status":{"authenticated":true,"user":{"username":"u","extra":[]}}})",
      R"({"status":{"authenticated":true,"user":{"username":"u","extra":{"k":"v"}}}})",
      R"({"status":{"authenticated":true,"audiences":"a","user":{"username":"u"}}})");
  CAPTURE(json);
  const auto user = parse_token_review(json, {});
  REQUIRE_FALSE(user.ok());
  CHECK(user.error().code == ErrorCode::kMalformed);
}

TEST_CASE("access review: more groups than anyone has are refused") {
  std::string groups;
  for (std::size_t i = 0; i <= kUserListMax; ++i) groups += i == 0 ? R"("g")" : R"(,"g")";
  const std::string json =
      R"({"status":{"authenticated":true,"user":{"username":"u","groups":[)" + groups + "]}}}";
  CHECK(parse_token_review(json, {}).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("access review: only a plain yes allows") {
  const auto [json, allowed] = GENERATE(table<const char*, bool>({
      {R"({"status":{"allowed":true}})", true},
      {R"({"status":{"allowed":true,"denied":false,"evaluationError":"x"}})", true},
      {R"({"status":{"allowed":true,"denied":true}})", false},
      {R"({"status":{"allowed":false}})", false},
      {R"({"status":{"allowed":null}})", false},
      {R"({"status":{}})", false},
  }));
  CAPTURE(json);
  CHECK(parse_access_review(json).value() == allowed);
}

TEST_CASE("access review: hostile answers about access are errors") {
  const std::string json =
      GENERATE("", "true", "{}", R"({"status":true})", R"({"status":{"allowed":"true"}})",
               R"({"status":{"allowed":1}})", R"({"status":{"allowed":true,"denied":"no"}})");
  CAPTURE(json);
  CHECK(parse_access_review(json).error().code == ErrorCode::kMalformed);
}

TEST_CASE("access review: an answer without end is cut") {
  ScriptedResponse response = answer(201, "", kTokenTarget);
  response.body.assign(100, std::string(10'000, ' '));
  Setup setup({response});
  CHECK(setup.reviewer->review_token("t", {}).error().code == ErrorCode::kTooLarge);
  CHECK(setup.sent().size() == 1);
}

TEST_CASE("access review: an answer that drips past the time is given up") {
  ScriptedResponse response = answer(201, kKnown, kTokenTarget);
  aws::SteppingClock* clock = nullptr;
  response.on_request = [&clock](const http::Request&) {
    clock->advance(AccessReviewer::kReviewTimeout);
  };
  Setup setup({response, answer(201, kKnown, kTokenTarget)});
  clock = &setup.clock;
  const auto user = setup.reviewer->review_token("t", {});
  REQUIRE_FALSE(user.ok());
  CHECK(user.error().code == ErrorCode::kUnavailable);
  CHECK(setup.sent().size() == 1);
}

TEST_CASE("access review: what may pass is tried five times, later and later") {
  Setup setup({answer(500, "", kAccessTarget), broken(ErrorCode::kUnavailable, "headers: reset"),
               answer(429, "", kAccessTarget), answer(504, "", kAccessTarget),
               answer(503, "", kAccessTarget), answer(201, "{}", kAccessTarget)});
  const auto allowed = setup.reviewer->review_access(kUser, {"get", "/"}, {});
  CHECK(allowed.error().code == ErrorCode::kUnavailable);
  CHECK(setup.sent().size() == 5);
  const auto sleeps = setup.clock.sleeps();
  REQUIRE(sleeps.size() == 4);
  double base = 0.5;
  for (const Duration sleep : sleeps) {
    const double seconds = std::chrono::duration<double>(sleep).count();
    CHECK(seconds >= base - 1e-6);
    CHECK(seconds <= base * 1.2 + 1e-6);
    base *= 1.5;
  }
  // What is left of the time is the limit of the next attempt.
  CHECK(setup.sent().back().header_timeout < AccessReviewer::kReviewTimeout);
}

TEST_CASE("access review: a server that is down or refuses us is not asked again") {
  const auto response = GENERATE(broken(ErrorCode::kUnavailable, "connect: Connection refused"),
                                 broken(ErrorCode::kUnavailable, "resolve: no such host"),
                                 broken(ErrorCode::kUnavailable, "tls: certificate verify failed"),
                                 answer(403, "", kTokenTarget), answer(404, "", kTokenTarget));
  Setup setup({response, answer(201, kKnown, kTokenTarget)});
  CHECK_FALSE(setup.reviewer->review_token("t", {}).ok());
  CHECK(setup.sent().size() == 1);
}

TEST_CASE("access review: our own refused credentials are tried once more") {
  Setup setup({answer(401, "", kTokenTarget), answer(201, kKnown, kTokenTarget)});
  CHECK(setup.reviewer->review_token("t", {}).ok());
  Setup refused({answer(401, "", kTokenTarget), answer(401, "", kTokenTarget),
                 answer(201, kKnown, kTokenTarget)});
  CHECK(refused.reviewer->review_token("t", {}).error().code == ErrorCode::kUnauthorized);
}

TEST_CASE("access review: Retry-After is obeyed as far as there is time") {
  ScriptedResponse later = answer(429, "", kTokenTarget);
  later.headers.add("Retry-After", "3");
  Setup setup({later, answer(201, kKnown, kTokenTarget)});
  CHECK(setup.reviewer->review_token("t", {}).ok());
  CHECK(setup.clock.sleeps() == std::vector<Duration>{std::chrono::seconds(3)});

  ScriptedResponse too_late = answer(429, "", kTokenTarget);
  too_late.headers.add("Retry-After", "60");
  Setup hopeless({too_late, answer(201, kKnown, kTokenTarget)});
  CHECK(hopeless.reviewer->review_token("t", {}).error().code == ErrorCode::kThrottled);
  CHECK(hopeless.clock.sleeps().empty());
}

TEST_CASE("access review: stop ends it") {
  Setup setup({answer(500, "", kTokenTarget), answer(201, kKnown, kTokenTarget)});
  std::stop_source stop;
  stop.request_stop();
  CHECK(setup.reviewer->review_token("t", stop.get_token()).error().code == ErrorCode::kCancelled);
}
