#include "src/kube/kubeconfig.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "lookout/base/text.hpp"
#include "lookout/encoding/base64.hpp"
#include "lookout/kube/api_client.hpp"
#include "lookout/system/files.hpp"

#include "src/kube/in_cluster.hpp"
#include "test/kube/kubectl_case.hpp"
#include "test/kube/manual_clock.hpp"
#include "test/kube/transport_ledger.hpp"

using namespace lookout;
using namespace lookout::kube;
using encoding::Yaml;

namespace {

// Where kubectl asks the person at the terminal, or where record.py has nothing that answers
// (scheme-less: kubectl speaks http to its TLS server).
const std::set<std::string> kNotOnTheWire = {"merge-anonymous",       "files-anonymous",
                                             "files-anonymous-empty", "inline",
                                             "identity-reach",        "identity-scheme-less"};
// kubectl's message says that the inline one overrides, yet it goes no further.
const std::set<std::string> kAcceptedHereOnly = {"inline-and-files"};

Result<ClusterConfig> load(const KubectlCase& one) {
  return load_cluster_config_with({"", one.context}, one.environment(), "/nonexistent");
}

// The request we send, as record.py writes it down.
std::optional<KubectlCase::Wire> sent_by_us(const ClusterConfig& config) {
  ManualClock clock;
  TransportLedger ledger;
  ledger.script({fakes::ScriptedResponse{}});
  auto client = ApiClient::create(config, ledger.factory(), clock);
  if (!client.ok()) return std::nullopt;
  CollectingSink sink;
  ApiRequest version;
  version.target = "/version";
  if (!(*client)->get(version, sink, {}).ok()) return std::nullopt;
  const http::Request request = ledger.last().requests().at(0);
  KubectlCase::Wire wire{request.target, {}};
  for (const auto& [name, value] : request.headers.fields()) {
    if (name == "Authorization" || name.rfind("Impersonate-", 0) == 0) {
      wire.headers.emplace_back(to_lower(name), value);
    }
  }
  std::sort(wire.headers.begin(), wire.headers.end());
  return wire;
}

std::string text_at(const Yaml* node, const char* key) {
  const Yaml* found = node == nullptr ? nullptr : node->find(key);
  return found == nullptr ? "" : found->scalar;
}

// The only entry of a list in minified output; nullptr when the list is empty.
const Yaml* only_entry(const Yaml& view, const char* list, const char* entry) {
  const Yaml* found = view.find(list);
  if (found == nullptr || found->items.empty()) return nullptr;
  CHECK(found->items.size() == 1);
  return found->items[0].find(entry);
}

// --flatten puts the content of files inline.
std::string content(const std::string& file, const std::string& pem) {
  if (!pem.empty() || file.empty()) return pem;
  return system::read_file(file).value();
}

std::string encoded(const std::string& file, const std::string& pem) {
  return encoding::base64_encode(content(file, pem));
}

void check_cluster(const Yaml& cluster, const ClusterConfig& config) {
  const std::string path = config.server.path == "/" ? "" : config.server.path;
  CHECK(text_at(&cluster, "server").find(config.server.host_and_port() + path) !=
        std::string::npos);
  CHECK(text_at(&cluster, "certificate-authority-data") == encoded(config.ca_file, config.ca_pem));
  CHECK(text_at(&cluster, "tls-server-name") == config.tls_server_name);
  CHECK(text_at(&cluster, "proxy-url") == config.proxy_url);
  CHECK((text_at(&cluster, "insecure-skip-tls-verify") == "true") ==
        config.insecure_skip_tls_verify);
}

void check_user(const Yaml* user, const ClusterConfig& config) {
  CHECK(text_at(user, "client-certificate-data") ==
        encoded(config.client_cert_file, config.client_cert_pem));
  CHECK(text_at(user, "client-key-data") == encoded(config.client_key_file, config.client_key_pem));
  CHECK(text_at(user, "token") == config.token);
  CHECK(text_at(user, "username") == config.username);
  CHECK(text_at(user, "password") == config.password);
  CHECK(text_at(user, "as") == config.impersonate.user);
  CHECK(text_at(user, "as-uid") == config.impersonate.uid);
  const Yaml* exec = user == nullptr ? nullptr : user->find("exec");
  REQUIRE((exec != nullptr) == config.exec.has_value());
  if (exec == nullptr) return;
  CHECK(text_at(exec, "apiVersion") == config.exec->api_version);
  CHECK(text_at(exec, "interactiveMode") == config.exec->interactive_mode);
  CHECK(text_at(exec, "installHint") == config.exec->install_hint);
  CHECK((text_at(exec, "provideClusterInfo") == "true") == config.exec->provide_cluster_info);
}

}  // namespace

TEST_CASE("A7: kubeconfig: every case means what kubectl makes of it") {
  for (const KubectlCase& one : kubectl_cases()) {
    DYNAMIC_SECTION(one.name) {
      const auto config = load(one);
      if (!config.ok()) {
        INFO(config.error().message);
        CHECK(config.error().code == ErrorCode::kInvalid);
        CHECK_FALSE(one.wire);
        CHECK(kNotOnTheWire.count(one.name) == 0);
        CHECK(kAcceptedHereOnly.count(one.name) == 0);
        continue;
      }
      const bool comparable =
          kNotOnTheWire.count(one.name) + kAcceptedHereOnly.count(one.name) == 0;
      if (comparable) CHECK(sent_by_us(*config) == one.wire);
      if (one.view.is_null()) continue;
      check_cluster(*only_entry(one.view, "clusters", "cluster"), *config);
      check_user(only_entry(one.view, "users", "user"), *config);
      const Yaml* context = only_entry(one.view, "contexts", "context");
      const std::string space = text_at(context, "namespace");
      CHECK(config->default_namespace == (space.empty() ? "default" : space));
    }
  }
}

TEST_CASE("A7: kubeconfig: inline data wins over files") {
  const auto cases = kubectl_cases();
  const auto both = std::find_if(cases.begin(), cases.end(), [](const KubectlCase& one) {
    return one.name == "inline-and-files";
  });
  const auto config = load(*both);
  REQUIRE(config.ok());
  CHECK(config->ca_pem.find("-----BEGIN CERTIFICATE-----") == 0);
  CHECK(config->ca_file == kubeconfig_folder() + "/nested/pki/ca.crt");
  ManualClock clock;
  ClusterConfig without_files = *config;
  without_files.ca_file = without_files.client_cert_file = without_files.client_key_file = "";
  CHECK((*Credentials::create(*config, clock))->held() ==
        (*Credentials::create(without_files, clock))->held());
}

TEST_CASE("A7: kubeconfig: paths are relative to their own file") {
  const std::string nested = kubeconfig_folder() + "/nested";
  const Environment environment = {{"KUBECONFIG", kubeconfig_folder() + "/first.yaml:" + nested +
                                                      "/files.yaml:" + nested + "/exec.yaml"}};
  const auto token = load_cluster_config({"", "token-file"}, environment);
  REQUIRE(token.ok());
  CHECK(token->token_file == nested + "/pki/token");
  CHECK(token->ca_file == nested + "/pki/ca.crt");
  const auto exec = load_cluster_config({nested + "/exec.yaml", "v1beta1"}, {});
  REQUIRE(exec.ok());
  CHECK(exec->exec->command == nested + "/bin/plugin");
}

TEST_CASE("A7: kubeconfig: a command without slash is left to PATH") {
  const auto exec = load_cluster_config({kubeconfig_folder() + "/nested/exec.yaml", "failing"}, {});
  REQUIRE(exec.ok());
  CHECK(exec->exec->command == "false");
}

TEST_CASE("A7: kubeconfig: a plugin's cluster extension becomes JSON") {
  const auto exec = load_cluster_config({kubeconfig_folder() + "/nested/exec.yaml", "v1"}, {});
  REQUIRE(exec.ok());
  CHECK(exec->exec->cluster_extension_json ==
        R"({"audience":"77","flag":true,"list":["a",null],"number":1.5})");
}

TEST_CASE("A7: kubeconfig: a server without scheme is http, with TLS settings too") {
  const auto config =
      load_cluster_config({kubeconfig_folder() + "/identity.yaml", "scheme-less"}, {});
  REQUIRE(config.ok());
  CHECK(config->server.origin() == "http://cluster.example:6443");
}

TEST_CASE("A7: kubeconfig: impersonation in order") {
  const auto config = load_cluster_config({kubeconfig_folder() + "/identity.yaml", "as"}, {});
  REQUIRE(config.ok());
  CHECK(config->impersonate ==
        Impersonation{"jane",
                      "u-1",
                      {"developers", "system:masters"},
                      {{"example.com/scope", {"view", "edit"}}, {"Reason", {"audit"}}}});
}

TEST_CASE("A7: kubeconfig: refusals name file and key and no secret") {
  const auto [text, expected] = GENERATE(table<const char*, const char*>({
      {"clusters: {}", "/f:.clusters: a list is expected"},
      {"clusters: [text]", "/f:.clusters[0]: a mapping is expected"},
      {"users: [{name: a, user: {token: {x: s3cret}}}]",
       "/f:.users[0].user.token: a string is expected"},
      {"users: [{name: a, user: {client-key-data: 's3cret!'}}]",
       "/f:.users[0].user.client-key-data: not base64"},
      {"users: [{name: a, user: {as-groups: s3cret}}]",
       "/f:.users[0].user.as-groups: a list is expected"},
      {"users: [{name: a, user: {as-user-extra: {k: [[]]}}}]",
       "/f:.users[0].user.as-user-extra.k: a list of strings is expected"},
      {"users: [{name: a, user: {exec: {env: [{name: []}]}}}]",
       "/f:.users[0].user.exec.env.name: a string is expected"},
      {"users: [{name: a}, {name: a}]", "/f:.users[1]: name \"a\" again"},
      {"contexts: [{name: a, context: {cluster: []}}]",
       "/f:.contexts[0].context.cluster: a string is expected"},
      {"clusters: [{name: a, cluster: {extensions: [{name: []}]}}]",
       "/f:.clusters[0].cluster.extensions.name: a string is expected"},
      {"a: 1\na: 2", "/f: line 2: key \"a\" again"},
  }));
  CAPTURE(text);
  const auto config = parse_kubeconfig(text, "/f");
  REQUIRE_FALSE(config.ok());
  CHECK(config.error() == Error{ErrorCode::kInvalid, expected});
}

TEST_CASE("A7: kubeconfig: what would break a header or TLS is refused") {
  const auto [user, expected] = GENERATE(table<const char*, const char*>({
      {"token: \"a\\nb\"", "user \"u\": token: control characters"},
      {"{as: \"a\\r\\nX: y\"}", "user \"u\": as: control or non-ASCII characters"},
      {"{as: a, as-groups: [\"\\n\"]}", "user \"u\": as: control or non-ASCII characters"},
      {"{as: a, as-user-extra: {k: [\"\\n\"]}}", "user \"u\": as: control or non-ASCII characters"},
      {"{client-certificate-data: aGk=, client-key: k}",
       "user \"u\": client-certificate-data: no PEM certificate"},
      {"{client-key-data: aGk=}", "user \"u\": client-key-data: no PEM private key"},
  }));
  CAPTURE(user);
  const auto config = parse_kubeconfig(
      "clusters: [{name: c, cluster: {server: 'https://h'}}]\n"
      "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
      "users:\n- name: u\n  user:\n    " +
          std::string(user),
      "/f");
  REQUIRE(config.ok());
  const auto resolved = resolve_context(*config, "x");
  REQUIRE_FALSE(resolved.ok());
  CHECK(resolved.error().message == expected);
}
