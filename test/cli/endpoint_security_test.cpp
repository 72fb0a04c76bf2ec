#include "src/cli/endpoint_security.hpp"

#include <catch2/catch.hpp>

#include <future>

#include "test/aws/stepping_clock.hpp"
#include "test/kube/transport_ledger.hpp"
#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::cli;
using lookout::testing::TemporaryFolder;

namespace {

constexpr const char* kToken = "static-token-of-mine";

http::ServerRequest request_with(const std::string& token) {
  http::ServerRequest request;
  request.path = "/metrics";
  request.headers.add("Authorization", "Bearer " + token);
  return request;
}

int status(const http::Gate& gate, const http::ServerRequest& request) {
  std::promise<int> decided;
  gate(request, [&](std::optional<http::ServerResponse> refusal) {
    decided.set_value(refusal ? refusal->status : 200);
  });
  return decided.get_future().get();
}

fakes::ScriptedResponse answer(std::string body) {
  fakes::ScriptedResponse response;
  response.status = 201;
  response.body = {std::move(body)};
  return response;
}

}  // namespace

TEST_CASE("endpoint security: nothing set is open and plain") {
  const aws::SteppingClock clock;
  auto security = EndpointSecurity::create({}, nullptr, clock);
  REQUIRE(security.ok());
  const http::ServerOptions options = (*security)->server_options();
  CHECK_FALSE(options.tls);
  CHECK_FALSE(options.gate);
  CHECK((*security)->auth_stats() == nullptr);
  CHECK((*security)->token_file_stats() == nullptr);
  (*security)->poll();
  (*security)->stop();
}

TEST_CASE("endpoint security: TLS alone asks nobody who they are, a client CA does") {
  const aws::SteppingClock clock;
  Settings settings;
  settings.tls_cert_file = "c";
  settings.tls_private_key_file = "k";
  auto open = EndpointSecurity::create(settings, nullptr, clock);
  CHECK((*open)->server_options().tls->certificate_file == "c");
  CHECK((*open)->server_options().tls->private_key_file == "k");
  CHECK_FALSE((*open)->server_options().gate);

  settings.client_ca_file = "a";
  auto closed = EndpointSecurity::create(settings, nullptr, clock);
  const http::ServerOptions options = (*closed)->server_options();
  CHECK(options.tls->client_ca_file == "a");
  http::ServerRequest request = request_with("some-other-token");
  CHECK(status(options.gate, request) == 401);
  request.client_certificate.emplace();
  CHECK(status(options.gate, request) == 200);
}

TEST_CASE("endpoint security: tokens of the file, as it is now") {
  const aws::SteppingClock clock;
  const TemporaryFolder folder;
  Settings settings;
  settings.auth_token_file = folder.write("tokens", kToken);
  auto security = EndpointSecurity::create(settings, nullptr, clock);
  REQUIRE(security.ok());
  const http::Gate gate = (*security)->server_options().gate;
  CHECK(status(gate, request_with(kToken)) == 200);
  CHECK(status(gate, request_with("another-token-altogether")) == 401);
  folder.write("tokens", "another-token-altogether");
  (*security)->poll();
  CHECK(status(gate, request_with(kToken)) == 401);
  CHECK(status(gate, request_with("another-token-altogether")) == 200);
  CHECK((*security)->auth_stats()->requests.snapshot().at({"allowed"}) == 2);
  CHECK((*security)->token_file_stats()->tokens.value() == 1);

  settings.auth_token_file = folder.path("missing");
  CHECK(EndpointSecurity::create(settings, nullptr, clock).error().code == ErrorCode::kInvalid);
}

TEST_CASE("endpoint security: the filter asks the cluster, with its audiences") {
  const aws::SteppingClock clock;
  kube::TransportLedger ledger;
  ledger.script({answer(R"({"status":{"authenticated":true,"audiences":["mine"],)"
                        R"("user":{"username":"u"}}})"),
                 answer(R"({"status":{"allowed":true}})")});
  kube::ClusterConfig config;
  config.server = http::parse_url("https://cluster.example:6443").value();
  const auto client = kube::ApiClient::create(config, ledger.factory(), clock).value();
  Settings settings;
  settings.auth_filter = true;
  settings.auth_audiences = {"mine"};
  auto security = EndpointSecurity::create(settings, client.get(), clock);
  const http::Gate gate = (*security)->server_options().gate;
  CHECK(status(gate, request_with("some-service-account")) == 200);
  const auto sent = ledger.last().requests();
  REQUIRE(sent.size() == 2);
  CHECK_THAT(sent[0].body, Catch::Contains(R"("audiences":["mine"])"));
  CHECK_THAT(sent[1].body, Catch::Contains(R"("path":"/metrics","verb":"get")"));
  (*security)->stop();
  CHECK(status(gate, request_with("some-service-account")) == 503);
}
