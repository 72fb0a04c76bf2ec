#include "src/kube/exec_plugin.hpp"

#include <catch2/catch.hpp>

#include "lookout/system/files.hpp"

#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::kube;
using lookout::testing::TemporaryFolder;

namespace {

constexpr const char* kV1 = "client.authentication.k8s.io/v1";

ClusterConfig config_with(const std::string& command) {
  ClusterConfig config;
  config.server = http::parse_url("https://cluster.example:6443/prefix").value();
  config.exec.emplace();
  config.exec->api_version = kV1;
  config.exec->command = command;
  config.exec->interactive_mode = "Never";
  return config;
}

std::string answer(const std::string& status) {
  return R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":)" +
         status + "}";
}

// Runs a plugin that writes KUBERNETES_EXEC_INFO to a file; returns that.
std::string info_told(ClusterConfig config, const TemporaryFolder& folder) {
  config.exec->command =
      folder.write_program("plugin", "printf %s \"$KUBERNETES_EXEC_INFO\" >" + folder.path("info") +
                                         "\nprintf '%s' '" + answer(R"({"token":"t"})") + "'\n");
  REQUIRE(run_exec_plugin(config, config.ca_pem, {}).ok());
  return system::read_file(folder.path("info")).value();
}

}  // namespace

TEST_CASE("A6: exec credential: what plugins answer") {
  const auto token = parse_exec_credential(answer(R"({"token":"t"})"), kV1);
  REQUIRE(token.ok());
  CHECK(*token == ExecCredential{"t", "", "", std::nullopt});

  const auto pair = parse_exec_credential(
      answer(R"({"token":null,"clientCertificateData":)"
             R"("-----BEGIN CERTIFICATE-----x-----END CERTIFICATE-----","clientKeyData":)"
             R"("-----BEGIN EC PRIVATE KEY-----","expirationTimestamp":"2024-03-01T09:11:12Z"})"),
      kV1);
  REQUIRE(pair.ok());
  CHECK(pair->token.empty());
  CHECK(pair->client_key_pem == "-----BEGIN EC PRIVATE KEY-----");
  CHECK(pair->expires == WallTime(std::chrono::seconds(1'709'284'272)));
}

TEST_CASE("A6: exec credential: the version must be the one that was asked for") {
  constexpr const char* kV1beta1 = "client.authentication.k8s.io/v1beta1";
  const std::string beta =
      R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1",)"
      R"("status":{"token":"t"}})";
  CHECK(parse_exec_credential(beta, kV1beta1).ok());
  CHECK_FALSE(parse_exec_credential(beta, kV1).ok());
  CHECK_FALSE(parse_exec_credential(answer(R"({"token":"t"})"), kV1beta1).ok());
}

TEST_CASE("A6: exec credential: everything else is refused without quoting it") {
  const auto [text, expected] = GENERATE(table<std::string, const char*>({
      {"", "no JSON object"},
      {"s3cret", "no JSON object"},
      {"[]", "no JSON object"},
      {answer("{}") + "x", "no JSON object"},
      {R"({"apiVersion":"client.authentication.k8s.io/v1","status":{"token":"s3cret"}})",
       "kind is not ExecCredential"},
      {R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1"})",
       "apiVersion is not client.authentication.k8s.io/v1"},
      {R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"})", "no status"},
      {answer("null"), "no status"},
      {answer("{}"), "neither token nor certificate"},
      {answer(R"({"token":""})"), "neither token nor certificate"},
      {answer(R"({"token":7})"), "token is no string"},
      {answer(R"({"token":"s3cret\n"})"), "token holds control characters"},
      {answer(R"({"token":"s3cret","expirationTimestamp":"tomorrow"})"),
       "expirationTimestamp is no RFC 3339 time"},
      {answer(R"({"token":"s3cret","clientKeyData":"-----BEGIN PRIVATE KEY-----"})"),
       "clientCertificateData and clientKeyData come together or not at all"},
      {answer(R"({"clientCertificateData":"s3cret","clientKeyData":"s3cret"})"),
       "certificate or key is not PEM"},
  }));
  CAPTURE(text);
  const auto credential = parse_exec_credential(text, kV1);
  REQUIRE_FALSE(credential.ok());
  CHECK(credential.error() == Error{ErrorCode::kMalformed, std::string("its output: ") + expected});
}

TEST_CASE("A6: exec info: version, interactive and, when asked for, the cluster") {
  const TemporaryFolder folder;
  ClusterConfig config = config_with("");
  CHECK(info_told(config, folder) ==
        R"({"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",)"
        R"("spec":{"interactive":false}})");

  config.exec->provide_cluster_info = true;
  config.exec->cluster_extension_json = R"({"audience":"x"})";
  config.tls_server_name = "name";
  config.insecure_skip_tls_verify = true;
  config.proxy_url = "http://proxy";
  config.ca_pem = "hello";
  CHECK(info_told(config, folder) ==
        R"({"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",)"
        R"("spec":{"cluster":{"certificate-authority-data":"aGVsbG8=","config":{"audience":"x"},)"
        R"("insecure-skip-tls-verify":true,"proxy-url":"http://proxy",)"
        R"("server":"https://cluster.example:6443/prefix","tls-server-name":"name"},)"
        R"("interactive":false}})");
}

TEST_CASE("A6: exec plugin: arguments and environment reach it") {
  const TemporaryFolder folder;
  const std::string print = "printf '" + answer(R"({"token":"%s"})") + "' \"$1-$SECRET\"\n";
  ClusterConfig config =
      config_with(folder.write_program("plugin", "test -n \"$PATH\" && " + print));
  config.exec->args = {"a"};
  config.exec->env = {{"SECRET", "b"}};
  const auto credential = run_exec_plugin(config, "", {});
  REQUIRE(credential.ok());
  CHECK(credential->token == "a-b");
}

TEST_CASE("A6: exec plugin: a failure tells the program and nothing it wrote") {
  const TemporaryFolder folder;
  const std::string path = folder.write_program("p", "echo s3cret; echo s3cret >&2; exit 7\n");
  const auto credential = run_exec_plugin(config_with(path), "", {});
  REQUIRE_FALSE(credential.ok());
  CHECK(credential.error() ==
        Error{ErrorCode::kUnauthorized, "credential plugin \"" + path + "\": exit code 7"});
}

TEST_CASE("A6: exec plugin: a missing program comes with its hint") {
  ClusterConfig config = config_with("lookout-no-such-plugin");
  config.exec->install_hint = "brew install it";
  CHECK(run_exec_plugin(config, "", {}).error() ==
        Error{ErrorCode::kUnauthorized,
              "credential plugin \"lookout-no-such-plugin\": no such program; "
              "\"brew install it\""});
}

TEST_CASE("A6: exec plugin: Always needs a terminal, IfAvailable does not") {
  const TemporaryFolder folder;
  ClusterConfig config =
      config_with(folder.write_program("plugin", "printf '" + answer(R"({"token":"t"})") + "'\n"));
  // Tests may run in a terminal.
  REQUIRE(::freopen("/dev/null", "r", stdin) != nullptr);
  config.exec->interactive_mode = "IfAvailable";
  CHECK(run_exec_plugin(config, "", {}).ok());
  config.exec->interactive_mode = "Always";
  const auto credential = run_exec_plugin(config, "", {});
  REQUIRE_FALSE(credential.ok());
  CHECK(credential.error().message.find("needs a terminal") != std::string::npos);
}

TEST_CASE("A6: exec plugin: one that hangs is killed with its children after a minute") {
  const TemporaryFolder folder;
  ClusterConfig config = config_with(
      folder.write_program("hung", "sleep 1000 & echo $! >" + folder.path("child") + "\nwait\n"));
  CHECK(config.exec->time_limit == std::chrono::seconds(60));
  config.exec->time_limit = std::chrono::milliseconds(500);
  const auto credential = run_exec_plugin(config, "", {});
  REQUIRE_FALSE(credential.ok());
  CHECK(credential.error().code == ErrorCode::kUnauthorized);
  CHECK_THAT(credential.error().message, Catch::Contains("timed out"));
  CHECK(system::read_file(folder.path("child")).ok());
}

TEST_CASE("A6: exec plugin: no shell reads its name or its arguments") {
  const TemporaryFolder folder;
  const std::string trap = "; touch " + folder.path("touched");
  ClusterConfig config = config_with("true" + trap);
  CHECK_FALSE(run_exec_plugin(config, "", {}).ok());
  config.exec->command = folder.write_program(
      "plugin", "printf '" + answer(R"({"token":"%s"})") + "' \"$#$(printf %s \"$1\" | wc -c)\"\n");
  config.exec->args = {"$(touch " + folder.path("touched") + ")" + trap};
  const auto credential = run_exec_plugin(config, "", {});
  REQUIRE(credential.ok());
  CHECK(credential->token == "1" + std::to_string(config.exec->args[0].size()));
  CHECK_FALSE(system::read_file(folder.path("touched")).ok());
}
