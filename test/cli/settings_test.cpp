#include "src/cli/settings.hpp"

#include <catch2/catch.hpp>

#include "src/cli/settings_sources.hpp"

using namespace lookout;
using namespace lookout::cli;

namespace {

Result<Settings> from_flags(GivenValues flags, std::string_view host = "host") {
  return resolve_settings({std::move(flags), {}, {}, {}}, host);
}

}  // namespace

TEST_CASE("settings: nothing given is the documented default") {
  const auto settings = resolve_settings({}, "host");
  REQUIRE(settings.ok());
  CHECK(*settings == Settings());
  // The table's texts are what --help and the README show: they must be the real defaults.
  for (const SettingRow& row : settings_table()) {
    if (row.default_text.empty()) continue;
    CAPTURE(row.flag);
    Settings set;
    REQUIRE(row.apply(set, {std::string(row.default_text)}).ok());
    CHECK(set == Settings());
  }
}

TEST_CASE("settings: flags beat the environment, which beats the file") {
  const GivenValues flag = {{"log-level", {"debug"}}};
  const GivenValues variable = {{"log-level", {"warn"}}, {"log-format", {"json"}}};
  const GivenValues file = {
      {"log-level", {"error"}}, {"log-format", {"text"}}, {"max-series", {"7"}}};
  const auto settings = resolve_settings({flag, variable, {file, {}, {}}, {}}, "host");
  REQUIRE(settings.ok());
  CHECK(settings->log_level == log::Level::kDebug);
  CHECK(settings->log_format == log::Format::kJson);
  CHECK(settings->max_series == 7);
}

TEST_CASE("settings: a bad value is named with where it was given") {
  CHECK(from_flags({{"payload", {"always"}}}).error() ==
        Error{ErrorCode::kInvalid, "--payload: expected one of current, never, got \"always\""});
  const auto variable = resolve_settings({{}, {{"max-series", {"-1"}}}, {}, {}}, "host");
  CHECK(variable.error().message ==
        "environment: HELM_LOOKOUT_MAX_SERIES: expected a whole number, at least 0, got \"-1\"");
  const auto file =
      resolve_settings({{}, {}, {{{"metrics-bind-address", {"nine"}}}, {}, {}}, {}}, "host");
  CHECK(file.error().message ==
        "settings file: metricsBindAddress: expected HOST:PORT or :PORT, got \"nine\"");
}

TEST_CASE("settings: bad values of each kind are refused") {
  using Case = std::pair<const char*, std::vector<std::string>>;
  const auto given = GENERATE(
      Case{"namespaces", {"Team"}}, Case{"namespaces", {"a", "-b"}}, Case{"decode", {"fast"}},
      Case{"storage-driver", {"sql"}}, Case{"metrics-path", {"metrics"}},
      Case{"metrics-path", {"/a?b"}}, Case{"metrics-path", {"/readyz"}}, Case{"log-level", {""}},
      Case{"total-shards", {"0"}}, Case{"health-probe-bind-address", {"localhost"}},
      Case{"max-series", {"1e3"}}, Case{"releases", {"maybe"}}, Case{"charts-page", {"yes!"}},
      Case{"charts-path", {"charts"}}, Case{"charts-path", {"/metrics/self"}},
      Case{"charts-path", {"/api/v1/charts"}});
  CAPTURE(given.first);
  const auto settings = from_flags({{given.first, given.second}});
  REQUIRE_FALSE(settings.ok());
  CHECK(settings.error().code == ErrorCode::kInvalid);
  CHECK_THAT(settings.error().message, Catch::StartsWith("--" + std::string(given.first)));
}

TEST_CASE("settings: TLS and authentication come in combinations that make sense") {
  const GivenValues tls = {{"tls-cert-file", {"c"}}, {"tls-private-key-file", {"k"}}};
  const auto with = [&](GivenValues more) {
    more.insert(tls.begin(), tls.end());
    return more;
  };
  const auto right =
      GENERATE_COPY(GivenValues{}, tls, with({{"client-ca-file", {"a"}}}),
                    GivenValues{{"auth-filter", {"true"}}}, GivenValues{{"auth-token-file", {"t"}}},
                    with({{"auth-filter", {"1"}}, {"auth-audiences", {"a", "b"}}}));
  CHECK(from_flags(right).ok());
}

TEST_CASE("settings: half of TLS or of authentication is refused") {
  const auto [given, message] = GENERATE(table<GivenValues, std::string>({
      {{{"tls-cert-file", {"c"}}}, "--tls-cert-file and --tls-private-key-file: give both or none"},
      {{{"tls-private-key-file", {"k"}}},
       "--tls-cert-file and --tls-private-key-file: give both or none"},
      {{{"client-ca-file", {"a"}}},
       "--client-ca-file: needs --tls-cert-file and --tls-private-key-file"},
      {{{"auth-audiences", {"a"}}}, "--auth-audiences: needs --auth-filter"},
      {{{"auth-audiences", {"a"}}, {"auth-filter", {"false"}}},
       "--auth-audiences: needs --auth-filter"},
      {{{"auth-filter", {"maybe"}}}, "--auth-filter: expected true or false, got \"maybe\""},
  }));
  CHECK(from_flags(given).error() == Error{ErrorCode::kInvalid, message});
}

TEST_CASE("settings: namespaces are each watched once, 64 at most") {
  CHECK(from_flags({{"namespaces", {"b", "a", "b"}}})->namespaces ==
        std::vector<std::string>{"a", "b"});
  std::vector<std::string> many;
  for (int i = 0; i < 65; ++i) many.push_back("ns-" + std::to_string(i));
  CHECK_FALSE(from_flags({{"namespaces", many}}).ok());
  many.pop_back();
  CHECK(from_flags({{"namespaces", many}}).ok());
}

TEST_CASE("settings: a pod's own name goes before the host's, which may be the node's") {
  const auto host_name = [](const std::map<std::string, std::string>& environment) {
    return read_sources({}, environment)->host_name;
  };
  CHECK(host_name({{"POD_NAME", "lookout-2"}, {"HOSTNAME", "node-7"}}) == "lookout-2");
  CHECK(host_name({{"POD_NAME", ""}, {"HOSTNAME", "lookout-1"}}) == "lookout-1");
}

TEST_CASE("settings: the shard comes from the flag or from the pod's name") {
  CHECK(from_flags({{"total-shards", {"3"}}}, "helm-lookout-2")->shard == 2);
  CHECK(from_flags({{"total-shards", {"3"}}, {"shard", {"1"}}}, "helm-lookout-2")->shard == 1);
  CHECK_FALSE(from_flags({{"total-shards", {"3"}}}, "helm-lookout").ok());
  CHECK_FALSE(from_flags({{"total-shards", {"3"}}}, "helm-lookout-3").ok());
  CHECK_FALSE(from_flags({{"shard", {"1"}}}).ok());
}

TEST_CASE("settings: environment variables are the flags' names in capitals") {
  const auto given = values_from_environment(
      {{"HELM_LOOKOUT_LOG_LEVEL", "debug"}, {"HELM_LOOKOUT_NAMESPACES", "a, b"}, {"PATH", "/bin"}});
  REQUIRE(given.ok());
  CHECK(*given == GivenValues{{"log-level", {"debug"}}, {"namespaces", {"a", "b"}}});
}

TEST_CASE("settings: other exporters' variables are aliases, ours win") {
  CHECK(*values_from_environment({{"METRICS_PORT", "9571"}, {"METRICS_PATH", "/m"}}) ==
        GivenValues{{"metrics-bind-address", {":9571"}}, {"metrics-path", {"/m"}}});
  CHECK(*values_from_environment(
            {{"METRICS_PORT", "9571"}, {"HELM_LOOKOUT_METRICS_BIND_ADDRESS", ":1"}}) ==
        GivenValues{{"metrics-bind-address", {":1"}}});
  CHECK(*values_from_environment({{"ENABLE_HTML", "false"}, {"HTML_PATH", "/"}}) ==
        GivenValues{{"charts-page", {"false"}}, {"charts-path", {"/"}}});
  CHECK(values_from_environment({{"METRICS_PORT", ""}})->empty());
}

TEST_CASE("settings: an unknown variable of ours is an error, a Service's is not") {
  const auto unknown = values_from_environment({{"HELM_LOOKOUT_NAMESPACE", "a"}});
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.error().message == "environment: unknown variable HELM_LOOKOUT_NAMESPACE");
  CHECK(values_from_environment({{"HELM_LOOKOUT_SERVICE_HOST", "10.0.0.1"},
                                 {"HELM_LOOKOUT_PORT", "tcp://10.0.0.1:9104"},
                                 {"HELM_LOOKOUT_PORT_9104_TCP_ADDR", "10.0.0.1"},
                                 {"METRICS_PORT", "tcp://10.0.0.2:80"},
                                 {"HELM_LOOKOUT_CONFIG", "/etc/x"}})
            ->empty());
  CHECK_FALSE(values_from_environment({{"HELM_LOOKOUT_METRICS_PORT", "9571"}}).ok());
}

TEST_CASE("settings: the file takes lists, texts and numbers") {
  const auto file = parse_settings_file(
      "namespaces: [a, b]\nnamespacesIgnore: x,y\nmaxSeries: 100\ncontext:\n# nothing\n");
  REQUIRE(file.ok());
  CHECK(file->values == GivenValues{{"namespaces", {"a", "b"}},
                                    {"namespaces-ignore", {"x", "y"}},
                                    {"max-series", {"100"}}});
  CHECK(*parse_settings_file("") == SettingsFile());
}

TEST_CASE("settings: a wrong file is named by line and key") {
  CHECK(parse_settings_file("logLevel: info\nnoSuchKey: 1\n").error().message ==
        "line 2: unknown key \"noSuchKey\"");
  const std::string text = GENERATE("logLevel: [a]\n", "namespaces: [[a]]\n", "- a\n",
                                    "logLevel: info\nlogLevel: warn\n", "repositories: a\n",
                                    "repositories: [a]\n", "pins: {}\n");
  CAPTURE(text);
  CHECK_FALSE(parse_settings_file(text).ok());
}

TEST_CASE("settings: repositories of the environment come first, names are unique") {
  GivenSources given;
  given.file = *parse_settings_file("repositories: [{name: team, url: 'https://example.org'}]\n");
  given.s3_exporter = repository::RepositorySettings();
  given.s3_exporter->name = "bucket";
  const auto settings = resolve_settings(given, "host");
  REQUIRE(settings.ok());
  REQUIRE(settings->repositories.size() == 2);
  CHECK(settings->repositories[0].name == "bucket");
  CHECK(settings->repositories[1].name == "team");
  given.s3_exporter->name = "team";
  CHECK(resolve_settings(given, "host").error().message == "repositories: two are named \"team\"");
}

TEST_CASE("settings: pins name a repository that is there") {
  const auto with_pin = [](const std::string& pin) {
    GivenSources given;
    given.file = *parse_settings_file(
        "repositories: [{name: team, url: 'https://example.org'}]\npins: [" + pin + "]\n");
    return resolve_settings(given, "host");
  };
  CHECK(with_pin("{chart: web, repository: team}")->pins ==
        std::vector<state::Pin>{{"web", "", "", "team"}});
  CHECK(with_pin("{chart: web, repository: other}").error().message ==
        "pins: there is no repository \"other\"");
}

TEST_CASE("settings: beside S3_BUCKET releases are watched if they can be, on port 9571 too") {
  GivenSources given;
  given.s3_exporter = repository::RepositorySettings();
  given.s3_exporter->name = "bucket";
  const auto defaults = resolve_settings(given, "host");
  CHECK(defaults->releases == ReleasesMode::kAuto);
  CHECK(defaults->metrics_bind_addresses == std::vector<std::string>{":9104", ":9571"});
  given.environment = {{"metrics-bind-address", {":80"}}};
  given.file.values = {{"releases", {"on"}}};
  const auto chosen = resolve_settings(given, "host");
  CHECK(chosen->releases == ReleasesMode::kOn);
  CHECK(chosen->metrics_bind_addresses == std::vector<std::string>{":80"});
}

TEST_CASE("HRE-9: nothing to watch and nothing to scan is no way to run") {
  CHECK(from_flags({{"releases", {"off"}}}).error().message ==
        "--releases=off: there are no repositories to scan either");
}

TEST_CASE("settings: the page of charts has an address of its own") {
  CHECK_FALSE(from_flags({{"charts-path", {"/metrics"}}}).ok());
  CHECK(from_flags({{"charts-path", {"/metrics"}}, {"charts-page", {"false"}}}).ok());
}

TEST_CASE("settings: names of flags in the environment and in the file") {
  CHECK(environment_name("health-probe-bind-address") == "HELM_LOOKOUT_HEALTH_PROBE_BIND_ADDRESS");
  CHECK(file_key("health-probe-bind-address") == "healthProbeBindAddress");
}
