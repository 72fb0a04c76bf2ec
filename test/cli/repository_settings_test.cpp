#include "src/cli/repository_settings.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::cli;
using namespace std::chrono_literals;
using repository::HttpSource;
using repository::OciSource;
using repository::RepositorySettings;
using repository::S3Source;

namespace {

Result<std::vector<RepositorySettings>> parse(const std::string& yaml) {
  const auto node = encoding::parse_yaml(yaml);
  REQUIRE(node.ok());
  return parse_repositories(*node);
}

// One repository, its keys in flow style.
RepositorySettings one(const std::string& keys) {
  const auto parsed = parse("- {name: team, " + keys + "}\n");
  if (!parsed) FAIL(parsed.error().message);
  return parsed->front();
}

std::string mistake(const std::string& keys) {
  const auto parsed = parse("- {name: team, " + keys + "}\n");
  REQUIRE_FALSE(parsed.ok());
  CHECK(parsed.error().code == ErrorCode::kInvalid);
  return parsed.error().message;
}

const S3Source& s3(const RepositorySettings& settings) {
  return std::get<S3Source>(settings.source);
}

}  // namespace

TEST_CASE("repository settings: only a name and a URL are needed") {
  const auto settings = one("url: 'https://charts.example.org/stable'");
  CHECK(settings.name == "team");
  CHECK(settings.interval == 5min);
  CHECK(settings.timeout == 30s);
  CHECK(std::get<HttpSource>(settings.source).url.path == "/stable");
  CHECK(parse("[]")->empty());
  CHECK(parse("~")->empty());
}

TEST_CASE("repository settings: the scheme tells the type") {
  CHECK(std::get<HttpSource>(one("url: 'file:///srv/my%20charts'").source).file_path ==
        "/srv/my charts");
  CHECK(s3(one("url: 's3://bucket'")).location.key == "index.yaml");
  CHECK(s3(one("url: 's3://bucket/charts/'")).location.key == "charts/index.yaml");
  CHECK(s3(one("url: 's3://bucket/charts/all.yaml'")).location.key == "charts/all.yaml");
  CHECK(s3(one("url: 's3://bucket/charts', type: s3")).location.bucket == "bucket");
  const auto oci = std::get<OciSource>(one("url: 'oci://Registry:5000/team/app/'").source);
  CHECK(oci.host == "registry:5000");
  CHECK(oci.path == "team/app");
}

TEST_CASE("S3X-2: repository settings: S3 by bucket, at a server of one's own") {
  const auto settings = one(
      "bucket: charts, key: helm/index.yaml, region: eu-west-1, addressing: path,"
      " endpoint: 'http://minio:9000', interval: 1h30m, timeout: 10s, proxyURL: 'http://proxy:1'");
  const auto& location = s3(settings).location;
  CHECK(location == aws::S3Location{"charts", "helm/index.yaml", "eu-west-1", "http://minio:9000",
                                    aws::Addressing::kPath, false, false});
  CHECK(s3(settings).auth == S3Source::Auth::kDefaultChain);
  CHECK(settings.interval == 90min);
  CHECK(settings.timeout == 10s);
  CHECK(settings.proxy_url == "http://proxy:1");
}

TEST_CASE("repository settings: ways into S3") {
  const std::string where = "url: 's3://bucket', auth: ";
  const auto keys =
      s3(one(where + "{accessKeyIdEnv: A, secretAccessKeyFile: /f, sessionToken: t}"));
  CHECK(keys.auth == S3Source::Auth::kStatic);
  CHECK(keys.access_key_id == repository::Secret{"", "", "A"});
  CHECK(keys.secret_access_key == repository::Secret{"", "/f", ""});
  CHECK(keys.session_token == repository::Secret{"t", "", ""});
  CHECK(s3(one(where + "{anonymous: true}")).auth == S3Source::Auth::kAnonymous);
  const auto role = s3(one(where + "{roleArn: 'arn:aws:iam::1:role/r', externalId: x,"
                                   " sessionName: s, profile: p}"));
  CHECK(role.auth == S3Source::Auth::kDefaultChain);
  CHECK(role.role_arn == "arn:aws:iam::1:role/r");
  CHECK(role.external_id == "x");
  CHECK(role.session_name == "s");
  CHECK(role.profile == "p");
}

TEST_CASE("repository settings: ways into HTTP and registries") {
  const auto http = std::get<HttpSource>(
      one("url: 'https://h', auth: {username: u, passwordFile: /p,"
          " headers: [{name: X-API-Key, valueEnv: KEY}, {name: x-b, value: b}]}")
          .source);
  CHECK(http.auth.username.value == "u");
  CHECK(http.auth.password.file == "/p");
  REQUIRE(http.auth.headers.size() == 2);
  CHECK(http.auth.headers[0].first == "X-API-Key");
  CHECK(http.auth.headers[0].second.environment == "KEY");
  const auto oci = std::get<OciSource>(one("url: 'oci://h/team', charts: [a, b/c], plainHTTP: true,"
                                           " auth: {bearerTokenEnv: T}")
                                           .source);
  CHECK(oci.auth.bearer_token.environment == "T");
  CHECK(oci.charts == std::vector<std::string>{"a", "b/c"});
  CHECK(oci.plain_http);
  CHECK(std::get<OciSource>(one("url: 'oci://h/a', auth: {dockerConfigFile: /d}").source)
            .docker_config_file == "/d");
}

TEST_CASE("repository settings: TLS by file or in place") {
  const auto tls = one("url: 'https://h', tls: {caFile: /ca, certFile: /c, keyEnv: K,"
                       " serverName: other, insecureSkipVerify: true}")
                       .tls;
  CHECK(tls.ca.file == "/ca");
  CHECK(tls.cert.file == "/c");
  CHECK(tls.key.environment == "K");
  CHECK(tls.server_name == "other");
  CHECK(tls.insecure_skip_verify);
}

TEST_CASE("repository settings: an unknown key is named at each level, with its line") {
  CHECK(mistake("url: 'https://h', bucket: b") ==
        "line 1: repositories[0]: unknown key \"bucket\"");
  CHECK(mistake("url: 'https://h', auth: {user: u}") ==
        "line 1: repositories[0].auth: unknown key \"user\"");
  CHECK(mistake("url: 'https://h', auth: {accessKeyId: u}") ==
        "line 1: repositories[0].auth: unknown key \"accessKeyId\"");
  CHECK(mistake("url: 'https://h', tls: {ciphers: all}") ==
        "line 1: repositories[0].tls: unknown key \"ciphers\"");
  CHECK(mistake("url: 'https://h', auth: {headers: [{name: a, value: b, env: c}]}") ==
        "line 1: repositories[0].auth.headers[0]: unknown key \"env\"");
  CHECK(mistake("ulr: 'https://h'") == "line 1: repositories[0]: unknown key \"ulr\"");
  CHECK(parse("- {name: a, url: 'https://h'}\n-\n  name: b\n  url: https://h\n  interva: 5m\n")
            .error()
            .message == "line 5: repositories[1]: unknown key \"interva\"");
}

TEST_CASE("repository settings: what contradicts itself is refused") {
  const auto [keys, complaint] = GENERATE(table<const char*, const char*>({
      {"interval: 5m", "give a url"},
      {"url: 'ftp://h'", "url: expected https://"},
      {"url: 'h/charts'", "url: expected https://"},
      {"url: 'https://h', type: s3", "url: is not of that type"},
      {"url: 'https://h', type: git", "type: expected one of http, s3, oci, got \"git\""},
      {"bucket: b1b, type: oci", "bucket: is for type s3"},
      {"url: 'https://u:hunter2@h'", "url: holds credentials"},
      {"url: 'file://h/charts'", "url: expected file:///PATH"},
      {"url: 's3://bucket', addressing: dns", "addressing: expected one of"},
      {"url: 'oci://h'", "url: expected oci://HOST/PATH/CHART"},
      {"url: 'oci://h/Team/App'", "url: expected a path of lower-case"},
      {"url: 'oci://h/a?x=1'", "url: expected no query"},
      {"url: 'oci://h/t', charts: [../up]", "charts: bad chart name"},
      {"url: 'https://h', auth: {password: hunter2}", "password: needs a username"},
      {"url: 'https://h', auth: {username: a, bearerToken: hunter2}", "or bearerToken"},
      {"url: 'https://h', auth: {username: a, usernameEnv: A}", "username: give one of"},
      {"url: 'https://h', auth: {username: a, passwordEnv: 'hunter2!'}", "name of an environment"},
      {"url: 'https://h', auth: {headers: [{name: Host, value: a}]}", "Host is not for settings"},
      {"url: 'https://h', auth: {headers: [{name: 'a b', value: a}]}", "name of an HTTP header"},
      {"url: 'https://h', auth: {headers: [{name: a}]}", "give value, valueFile or valueEnv"},
      {"url: 'https://h', auth: {headers: [{name: a, value: \"hunter2\\n\"}]}", "one line"},
      {"url: 'https://h', auth: {headers: [{name: a, value: b}, {name: A, value: b}]}", "twice"},
      {"url: 'https://h', auth: {bearerToken: a, headers: [{name: authorization, value: hunter2}]}",
       "set by username or bearerToken already"},
      {"url: 's3://bucket', auth: {accessKeyId: hunter2}", "belong together"},
      {"url: 's3://bucket', auth: {sessionToken: hunter2}", "belong together"},
      {"url: 's3://bucket', auth: {accessKeyId: a, secretAccessKey: b, profile: p}", "a profile"},
      {"url: 's3://bucket', auth: {anonymous: true, profile: p}", "no credentials"},
      {"url: 's3://bucket', auth: {roleArn: role}", "expected arn:"},
      {"url: 's3://bucket', auth: {externalId: x}", "need a roleArn"},
      {"url: 's3://bucket', auth: {anonymous: maybe}", "expected one of false, true"},
      {"url: 'https://h', tls: {certFile: /c}", "cert and key belong together"},
      {"url: 'https://h', proxyURL: 'ftp://h'", "proxyURL: "},
      {"url: 'https://h', auth: hunter2", "expected a mapping"},
      {"url: [a]", "url: expected one value"},
  }));
  CAPTURE(keys);
  const std::string message = mistake(keys);
  CHECK_THAT(message, Catch::Contains(complaint));
  CHECK_THAT(message, Catch::StartsWith("line 1: repositories[0]"));
  CHECK(message.find('\n') == std::string::npos);
  CHECK_THAT(message, !Catch::Contains("hunter2"));
}

TEST_CASE("HRE-9: intervals and time-outs that make no sense are refused") {
  const char* keys = GENERATE("interval: -5m", "interval: 999ms", "interval: 5", "interval: soon",
                              "timeout: 0", "timeout: 2h", "timeout: -1s");
  CAPTURE(keys);
  mistake("url: 'https://h', " + std::string(keys));
  CHECK(one("url: 'https://h', interval: 0").interval == 0s);
  CHECK(one("url: 'https://h', interval: 1s").interval == 1s);
}

TEST_CASE("HRE-9: a variable is not expanded, and that is said") {
  const char* keys =
      GENERATE("url: 'https://${HOST}/charts'", "url: 'https://h', auth: {bearerToken: '${TOKEN}'}",
               "url: 'https://h', auth: {username: u, password: 'x${_A1}y'}");
  CHECK_THAT(mistake(keys), Catch::Contains("variables are not expanded here"));
  CHECK(std::get<HttpSource>(
            one("url: 'https://h', auth: {username: u, password: 'a$b${c ${}'}").source)
            .auth.password.value == "a$b${c ${}");
}

TEST_CASE("HRE-11: names are there, and unique") {
  const char* item =
      GENERATE("{url: 'https://h'}", "{name: '', url: 'https://h'}",
               "{name: ' a', url: 'https://h'}", "{name: \"a\\n\", url: 'https://h'}",
               "{name: '"
               "                ', url: 'https://h'}");
  CAPTURE(item);
  CHECK_THAT(parse("- " + std::string(item) + "\n").error().message, Catch::Contains("name"));
  CHECK_FALSE(parse("- {name: " + std::string(129, 'a') + ", url: 'https://h'}\n").ok());
  const auto twice = parse("[{name: a, url: 'https://h'}, {name: a, url: 'https://i'}]");
  CHECK(check_repositories(*twice, {}).error().message == "repositories: two are named \"a\"");
}

TEST_CASE("repository settings: there are at most 128") {
  std::string list;
  for (int i = 0; i < 128; ++i) list += "- {name: r" + std::to_string(i) + ", url: 'https://h'}\n";
  CHECK(parse(list)->size() == 128);
  list += "- {name: last, url: 'https://h'}\n";
  CHECK(parse(list).error().message == "line 1: repositories: expected a list of at most 128");
}

TEST_CASE("repository settings: pins are of a chart or of a release") {
  const auto pins = [](const std::string& yaml) { return parse_pins(*encoding::parse_yaml(yaml)); };
  CHECK(*pins("[{chart: web, repository: r}, {namespace: n, release: w, repository: r}]") ==
        std::vector<state::Pin>{{"web", "", "", "r"}, {"", "n", "w", "r"}});
  const char* wrong = GENERATE("{chart: web}", "{repository: r}", "{namespace: n, repository: r}",
                               "{chart: c, release: w, repository: r}", "{chart: c, repo: r}");
  CAPTURE(wrong);
  CHECK_FALSE(pins("[" + std::string(wrong) + "]").ok());
}
