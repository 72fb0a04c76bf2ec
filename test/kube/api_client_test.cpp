#include "lookout/kube/api_client.hpp"

#include <catch2/catch.hpp>
#include <stdlib.h>

#include <optional>
#include <thread>

#include "src/kube/request_headers.hpp"
#include "test/kube/manual_clock.hpp"
#include "test/kube/transport_ledger.hpp"
#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::kube;
using fakes::ScriptedResponse;
using lookout::testing::TemporaryFolder;

namespace {

std::string certificate(const std::string& name) {
  return "-----BEGIN CERTIFICATE-----\n" + name + "\n-----END CERTIFICATE-----";
}

ScriptedResponse answer(int status, std::vector<std::string> body) {
  ScriptedResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

ScriptedResponse broken(const Error& error, int status = 0, std::vector<std::string> body = {}) {
  ScriptedResponse response = answer(status, std::move(body));
  response.error = error;
  return response;
}

ApiRequest request_for(const std::string& target) {
  ApiRequest request;
  request.target = target;
  request.accept = "application/json";
  return request;
}

struct Setup {
  explicit Setup(const std::string& server = "https://cluster.example:6443") {
    config.server = http::parse_url(server).value();
  }
  void open(std::vector<ScriptedResponse> script = {}) {
    ledger.script(std::move(script));
    auto created = ApiClient::create(config, ledger.factory(), clock);
    REQUIRE(created.ok());
    client = std::move(created).value();
  }
  Result<void> get(const std::string& target = "/api") {
    sink = {};
    return client->get(request_for(target), sink, {});
  }
  std::optional<std::string> sent(const char* header) {
    const http::Request request = ledger.last().requests().back();
    const std::string* found = request.headers.find(header);
    return found == nullptr ? std::nullopt : std::optional<std::string>(*found);
  }

  ManualClock clock;
  ClusterConfig config;
  TransportLedger ledger;
  CollectingSink sink;
  std::unique_ptr<ApiClient> client;
};

}  // namespace

TEST_CASE("api client: a request says who asks for what") {
  Setup setup;
  setup.config.token = "secret";
  setup.open({{}});
  ApiRequest request = request_for("/api/v1/secrets?limit=1");
  request.header_timeout = std::chrono::milliseconds(7);
  request.idle_timeout = std::chrono::milliseconds(8);
  REQUIRE(setup.client->get(request, setup.sink, {}).ok());
  const http::Request sent = setup.ledger.last().requests().at(0);
  CHECK(sent.method == http::Method::kGet);
  CHECK(sent.target == "/api/v1/secrets?limit=1");
  CHECK(sent.header_timeout == std::chrono::milliseconds(7));
  CHECK(sent.idle_timeout == std::chrono::milliseconds(8));
  CHECK(setup.sent("Accept") == "application/json");
  CHECK(setup.sent("Authorization") == "Bearer secret");
  CHECK(setup.sent("User-Agent") == http::user_agent());
  CHECK_FALSE(setup.sent("Impersonate-User"));
}

TEST_CASE("A8: api client: never an Authorization over http") {
  Setup setup("http://plain.example:8080");
  setup.config.token = "secret";
  setup.open({{}});
  REQUIRE(setup.get().ok());
  CHECK_FALSE(setup.sent("Authorization"));
}

TEST_CASE("api client: the server's path comes before the target") {
  Setup setup("https://rancher.example/k8s/clusters/c-1//");
  setup.open({{}});
  REQUIRE(setup.get("/api").ok());
  CHECK(setup.ledger.last().requests().at(0).target == "/k8s/clusters/c-1/api");
}

TEST_CASE("api client: 2xx goes to the sink, pieces in order") {
  Setup setup;
  setup.open({answer(201, {"a", "b"})});
  REQUIRE(setup.get().ok());
  CHECK(setup.sink.status == 201);
  CHECK(setup.sink.body == "ab");
  CHECK(setup.client->stats().bytes_received.value() == 2);
}

TEST_CASE("api client: any other status is an error and nothing for the sink") {
  const auto [status, code] = GENERATE(table<int, ErrorCode>({
      {400, ErrorCode::kInvalid},
      {403, ErrorCode::kForbidden},
      {404, ErrorCode::kNotFound},
      {410, ErrorCode::kGone},
      {429, ErrorCode::kThrottled},
      {500, ErrorCode::kUnavailable},
  }));
  CAPTURE(status);
  Setup setup;
  setup.open({answer(status, {R"({"kind":"Status","apiVersion":"v1",)", R"("message":"no"})"})});
  const auto result = setup.get();
  REQUIRE_FALSE(result.ok());
  CHECK(setup.sink.status == 0);
  CHECK(setup.sink.body.empty());
  CHECK(result.error().code == code);
}

TEST_CASE("api client: what a refusal repeats of our credentials is masked") {
  Setup setup;
  setup.config.token = "opensesame-opensesame";
  setup.config.impersonate.user = "someone-else";
  setup.config.impersonate.extra = {{"reason", {"known to few"}}};
  const std::string told = R"("Bearer opensesame-opensesame for someone-else, known to few")";
  setup.open({answer(403, {R"({"kind":"Status","apiVersion":"v1","message":)" + told + "}"}),
              broken({ErrorCode::kMalformed, "headers: \"opensesame-open\""})});
  const auto refused = setup.get();
  REQUIRE_FALSE(refused.ok());
  CHECK_THAT(refused.error().message,
             Catch::Contains("Bearer ********************* for someone-else"));
  CHECK_THAT(refused.error().message, !Catch::Contains("few"));
  CHECK(setup.get().error().message == "headers: \"***************\"");
}

TEST_CASE("api client: a refusal without end is cut, its status still tells") {
  Setup setup;
  setup.open({answer(403, std::vector<std::string>(100, std::string(10'000, 'x')))});
  CHECK(setup.get().error().code == ErrorCode::kForbidden);
  CHECK(setup.client->stats().bytes_received.value() <= 70'000);
}

TEST_CASE("api client: a refusal cut short keeps its status") {
  Setup setup;
  setup.open({broken({ErrorCode::kUnavailable, "body: reset"}, 403, {"{"})});
  CHECK(setup.get().error().code == ErrorCode::kForbidden);
}

TEST_CASE("api client: errors of the transport and the sink pass through") {
  Setup setup;
  const Error refused{ErrorCode::kUnavailable, "connect: refused"};
  setup.open({broken(refused)});
  CHECK(setup.get().error() == refused);

  struct FullSink final : http::BodySink {
    Result<void> on_head(const http::ResponseHead&) override { return {}; }
    Result<void> on_body(std::string_view) override {
      return Error{ErrorCode::kTooLarge, "enough"};
    }
  } full;
  setup.ledger.last().add(answer(200, {"x"}));
  CHECK(setup.client->get(request_for("/"), full, {}).error().message == "enough");
}

TEST_CASE("api client: requests are counted by code, method and host") {
  Setup setup;
  const Error reset{ErrorCode::kUnavailable, "headers: reset"};
  setup.open({{}, {}, answer(404, {}), broken(reset)});
  for (int i = 0; i < 4; ++i) static_cast<void>(setup.get());
  using Labels = LabelledCounter::Labels;
  CHECK(setup.client->stats().requests.snapshot() ==
        std::map<Labels, std::uint64_t>{{{"200", "GET", "cluster.example:6443"}, 2},
                                        {{"404", "GET", "cluster.example:6443"}, 1},
                                        {{"<error>", "GET", "cluster.example:6443"}, 1}});
}

TEST_CASE("api client: seconds count from sending to the headers") {
  Setup setup;
  ScriptedResponse slow;
  slow.on_request = [&](const http::Request&) { setup.clock.advance(std::chrono::seconds(3)); };
  setup.open({slow});
  REQUIRE(setup.get().ok());
  const auto seconds = setup.client->stats().request_seconds.snapshot();
  CHECK(seconds.sum == Approx(3));
  CHECK(seconds.cumulative.back() == 1);
}

TEST_CASE("A2: api client: a 401 makes the next request use the token as it is then") {
  Setup setup;
  const TemporaryFolder folder;
  setup.config.token_file = folder.write("token", "old");
  setup.open({answer(401, {"Unauthorized"}), {}});
  folder.write("token", "fresh");
  CHECK(setup.get().error().code == ErrorCode::kUnauthorized);
  CHECK(setup.ledger.last().requests().size() == 1);
  REQUIRE(setup.get().ok());
  CHECK(setup.sent("Authorization") == "Bearer fresh");
  CHECK(setup.client->credential_stats().reloads.value() == 1);
}

TEST_CASE("A4, A5: api client: changed TLS material makes a transport, old requests go on") {
  Setup setup;
  const TemporaryFolder folder;
  setup.config.ca_file = folder.write("ca", certificate("one"));
  ScriptedResponse watch = answer(200, {"x"});
  watch.end = fakes::ScriptEnd::kBlock;
  setup.open({watch, {}});
  const auto first = setup.ledger.made().at(0).transport;
  CHECK(setup.ledger.made()[0].options.tls.ca_pem == certificate("one"));

  std::stop_source stop;
  CollectingSink sink;
  Result<void> watched;
  std::jthread watcher(
      [&] { watched = setup.client->get(request_for("/watch"), sink, stop.get_token()); });
  REQUIRE(first->wait_for_requests(1));
  folder.write("ca", certificate("two"));
  setup.clock.advance(std::chrono::minutes(5));
  setup.ledger.script({{}, {}});
  REQUIRE(setup.get().ok());
  REQUIRE(setup.get().ok());
  REQUIRE(setup.ledger.made().size() == 2);
  CHECK(setup.ledger.made()[1].options.tls.ca_pem == certificate("two"));
  CHECK(first->requests().size() == 1);
  stop.request_stop();
  watcher.join();
  CHECK(watched.error().code == ErrorCode::kCancelled);
}

TEST_CASE("A4: api client: TLS material that is refused leaves the old transport") {
  Setup setup;
  const TemporaryFolder folder;
  setup.config.ca_file = folder.write("ca", certificate("one"));
  setup.open({{}, {}});
  folder.write("ca", certificate("bad inside"));
  setup.clock.advance(std::chrono::minutes(5));
  setup.ledger.refuse(true);
  CHECK(setup.get().ok());
  CHECK(setup.get().ok());
  CHECK(setup.ledger.last().requests().size() == 2);

  setup.ledger.refuse(false);
  setup.ledger.script({{}});
  folder.write("ca", certificate("three"));
  setup.clock.advance(std::chrono::minutes(5));
  CHECK(setup.get().ok());
  CHECK(setup.ledger.last().requests().size() == 1);
}

TEST_CASE("api client: fails to start as factory, files and proxy do") {
  Setup setup;
  SECTION("factory") {
    setup.ledger.refuse(true);
  }
  SECTION("token file") {
    setup.config.token_file = "/nonexistent/token";
  }
  SECTION("proxy") {
    setup.config.proxy_url = "::";
  }
  const auto client = ApiClient::create(setup.config, setup.ledger.factory(), setup.clock);
  REQUIRE_FALSE(client.ok());
  CHECK(client.error().code == ErrorCode::kInvalid);
}

TEST_CASE("api client: the kubeconfig's proxy, else the environment's") {
  for (const char* name :
       {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"}) {
    ::unsetenv(name);
  }
  Setup setup;
  const auto proxy = [&]() -> std::string {
    setup.open();
    const auto& chosen = setup.ledger.made().back().options.proxy;
    return chosen ? chosen->host_and_port() : "none";
  };
  CHECK(proxy() == "none");
  ::setenv("https_proxy", "http://lower.example:1", 1);
  CHECK(proxy() == "lower.example:1");
  ::setenv("HTTPS_PROXY", "http://upper.example:2", 1);
  CHECK(proxy() == "upper.example:2");
  ::setenv("NO_PROXY", ".example", 1);
  CHECK(proxy() == "none");
  setup.config.proxy_url = "http://configured.example:3";
  CHECK(proxy() == "configured.example:3");
  for (const char* name : {"HTTPS_PROXY", "https_proxy", "NO_PROXY"}) ::unsetenv(name);
}

TEST_CASE("api client: origin and TLS settings reach the transport") {
  Setup setup;
  setup.config.insecure_skip_tls_verify = true;
  setup.config.tls_server_name = "other";
  setup.open();
  const http::TransportOptions& options = setup.ledger.made().at(0).options;
  CHECK(options.origin == setup.config.server);
  CHECK(options.tls.insecure_skip_verify);
  CHECK(options.tls.server_name == "other");
}
