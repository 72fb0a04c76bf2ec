#include "lookout/kube/cluster_config.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

#include "src/kube/in_cluster.hpp"
#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::kube;
using lookout::testing::TemporaryFolder;

namespace {

std::string kubeconfig(const std::string& server) {
  return "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\n"
         "clusters: [{name: c, cluster: {server: \"" +
         server + "\"}}]\n";
}

// Every source at once, so that a test sees which one wins.
struct Sources {
  Sources() {
    folder.write("explicit", kubeconfig("https://explicit"));
    folder.write("listed", kubeconfig("https://listed"));
    folder.write("home/.kube/config", kubeconfig("https://home"));
    folder.write("account/token", "token\n");
    folder.write("account/ca.crt", "anything");
    folder.write("account/namespace", "monitoring\n");
  }

  Result<ClusterConfig> load(const ClusterSelection& selection) const {
    return load_cluster_config_with(selection, environment, folder.path("account"));
  }

  TemporaryFolder folder;
  Environment environment = {{"KUBECONFIG", folder.path("listed")},
                             {"KUBERNETES_SERVICE_HOST", "10.0.0.1"},
                             {"KUBERNETES_SERVICE_PORT", "443"},
                             {"HOME", folder.path("home")}};
};

}  // namespace

TEST_CASE("A7: cluster config: --kubeconfig, KUBECONFIG, service account, home, in this order") {
  Sources sources;
  CHECK(sources.load({sources.folder.path("explicit"), ""})->server.host == "explicit");
  CHECK(sources.load({})->server.host == "listed");
  sources.environment.erase("KUBECONFIG");
  CHECK(sources.load({})->server.host == "10.0.0.1");
  sources.environment.erase("KUBERNETES_SERVICE_PORT");
  CHECK(sources.load({})->server.host == "home");
  sources.environment.erase("HOME");
  CHECK_FALSE(sources.load({}).ok());
}

TEST_CASE("A7: cluster config: says where it comes from") {
  Sources sources;
  const std::string path = sources.folder.path("explicit");
  CHECK(sources.load({path, ""})->description == "kubeconfig " + path + ", context x");
  CHECK(sources.load({path, "x"})->description == "kubeconfig " + path + ", context x");
  sources.environment.erase("KUBECONFIG");
  CHECK(sources.load({})->description == "service account");
}

TEST_CASE("A7: cluster config: a context is looked for in kubeconfigs only") {
  Sources sources;
  sources.environment.erase("KUBECONFIG");
  CHECK(sources.load({"", "x"})->server.host == "home");
  const auto missing = sources.load({"", "y"});
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().message ==
        "kubeconfig " + sources.folder.path("home/.kube/config") + ": no context \"y\"");
}

TEST_CASE("A7: cluster config: an explicit file must exist, a listed one need not") {
  Sources sources;
  const std::string gone = sources.folder.path("gone");
  const auto missing = sources.load({gone, ""});
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error() ==
        Error{ErrorCode::kInvalid, "kubeconfig: read \"" + gone + "\": No such file or directory"});
  sources.environment["KUBECONFIG"] = gone + "::" + sources.folder.path("listed");
  CHECK(sources.load({})->server.host == "listed");
}

TEST_CASE("A7: cluster config: a bad listed file is not skipped") {
  Sources sources;
  const std::string bad = sources.folder.write("bad", "clusters: 1");
  sources.environment["KUBECONFIG"] = sources.folder.path("listed") + ":" + bad;
  const auto config = sources.load({});
  REQUIRE_FALSE(config.ok());
  CHECK(config.error() == Error{ErrorCode::kInvalid, bad + ":.clusters: a list is expected"});
}

TEST_CASE("A7: cluster config: a KUBECONFIG that holds nothing falls back to the service account") {
  Sources sources;
  sources.environment["KUBECONFIG"] = sources.folder.path("gone");
  CHECK(sources.load({})->server.host == "10.0.0.1");
  sources.environment.erase("KUBERNETES_SERVICE_HOST");
  const auto none = sources.load({});
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().code == ErrorCode::kInvalid);
  CHECK(none.error().message.find("no cluster: ") == 0);
  CHECK(none.error().message.find(sources.folder.path("gone")) != std::string::npos);
}

TEST_CASE("A7: cluster config: an unreadable file at home is not passed over") {
  Sources sources;
  sources.environment = {{"HOME", sources.folder.path("home")}};
  std::filesystem::remove(sources.folder.path("home/.kube/config"));
  std::filesystem::create_directory(sources.folder.path("home/.kube/config"));
  const auto config = sources.load({});
  REQUIRE_FALSE(config.ok());
  CHECK(config.error().message.find("Is a directory") != std::string::npos);
}

TEST_CASE("A9: in-cluster: token, CA, namespace and address") {
  Sources sources;
  const auto config = in_cluster_config(sources.environment, sources.folder.path("account"));
  REQUIRE(config.ok());
  CHECK(config->server.origin() == "https://10.0.0.1:443");
  CHECK(config->token_file == sources.folder.path("account/token"));
  CHECK(config->ca_file == sources.folder.path("account/ca.crt"));
  CHECK(config->default_namespace == "monitoring");
}

TEST_CASE("A9: in-cluster: an IPv6 host gets brackets") {
  Sources sources;
  sources.environment["KUBERNETES_SERVICE_HOST"] = "fd00::1";
  const auto config = in_cluster_config(sources.environment, sources.folder.path("account"));
  REQUIRE(config.ok());
  CHECK(config->server.origin() == "https://[fd00::1]:443");
}

TEST_CASE("A9: in-cluster: namespace and CA are optional") {
  const Sources sources;
  std::filesystem::remove(sources.folder.path("account/namespace"));
  std::filesystem::remove(sources.folder.path("account/ca.crt"));
  const auto config = in_cluster_config(sources.environment, sources.folder.path("account"));
  REQUIRE(config.ok());
  CHECK(config->default_namespace == "default");
  CHECK(config->ca_file.empty());
}

TEST_CASE("in-cluster: without token there is no service account") {
  Sources sources;
  sources.environment.erase("KUBECONFIG");
  std::filesystem::remove(sources.folder.path("account/token"));
  CHECK(sources.load({})->server.host == "home");
  sources.environment.erase("HOME");
  const auto config = sources.load({});
  REQUIRE_FALSE(config.ok());
  CHECK(config.error() == Error{ErrorCode::kInvalid, "service account: read \"" +
                                                         sources.folder.path("account/token") +
                                                         "\": No such file or directory"});
}

TEST_CASE("in-cluster: a bad port is named") {
  Sources sources;
  sources.environment["KUBERNETES_SERVICE_PORT"] = "https";
  const auto config = in_cluster_config(sources.environment, sources.folder.path("account"));
  REQUIRE_FALSE(config.ok());
  CHECK(config.error().code == ErrorCode::kInvalid);
  CHECK(config.error().message.find("KUBERNETES_SERVICE_HOST and _PORT: ") == 0);
}
