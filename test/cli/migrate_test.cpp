#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include "src/cli/arguments.hpp"
#include "src/cli/commands.hpp"
#include "src/cli/migrate_input.hpp"
#include "src/cli/migrate_source.hpp"
#include "src/cli/migrate_yaml.hpp"
#include "test/testdata.hpp"

using namespace lookout;
using namespace lookout::cli;
using encoding::Yaml;

namespace {

std::string content(const std::string& name) {
  std::ifstream file(testdata_path("migrate/" + name), std::ios::binary);
  INFO(name);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Sample {
  const char* name;
  const char* extension;
  MigrationSource source;
};
constexpr Sample kSamples[] = {
    {"s3-exporter-irsa", "yaml", MigrationSource::kHelmS3Exporter},
    {"s3-exporter-keys", "yaml", MigrationSource::kHelmS3Exporter},
    {"s3-exporter", "env", MigrationSource::kHelmS3Exporter},
    {"repository-exporter", "yaml", MigrationSource::kHelmS3Exporter},
    {"repository-exporter-config", "yaml", MigrationSource::kHelmS3Exporter},
    {"helm-exporter", "yaml", MigrationSource::kHelmExporter},
    {"helm-exporter-manifests", "yaml", MigrationSource::kHelmExporter},
    {"state-metrics-manifests", "yaml", MigrationSource::kHelmStateMetrics},
    {"state-metrics-arguments", "yaml", MigrationSource::kHelmStateMetrics},
};

std::string input_of(const Sample& sample) {
  return content(std::string(sample.name) + ".in." + sample.extension);
}

// The values of "text", parsed, comments aside.
Yaml values_of(const std::string& text, std::string_view from = "") {
  const auto migration = migrate_text(text, from);
  INFO(text);
  REQUIRE(migration.ok());
  const auto values = encoding::parse_yaml(migration->text);
  INFO(migration->text);
  REQUIRE(values.ok());
  return *values;
}

std::string text_of(const std::string& text, std::string_view from = "") {
  const auto migration = migrate_text(text, from);
  REQUIRE(migration.ok());
  return migration->text;
}

std::string value_at(const Yaml& values, std::string_view path) {
  return scalar_of(find_path(values, path));
}

}  // namespace

TEST_CASE("migrate: each program's settings become the values that are expected") {
  const Sample sample = GENERATE(from_range(std::begin(kSamples), std::end(kSamples)));
  const std::string input = input_of(sample);
  const auto root = read_migration_input(input);
  REQUIRE(root.ok());
  const auto source = detect_source(*root);
  REQUIRE(source.ok());
  CHECK(*source == sample.source);
  CHECK(text_of(input) == content(std::string(sample.name) + ".out.yaml"));
  CHECK(text_of(input, source_name(sample.source)) == text_of(input));
}

TEST_CASE("migrate: no secret is printed") {
  const Sample sample = GENERATE(from_range(std::begin(kSamples), std::end(kSamples)));
  const auto migration = migrate_text(input_of(sample), "");
  REQUIRE(migration.ok());
  CHECK(migration->text.find("hush") == std::string::npos);
  CHECK(migration->summary.find("hush") == std::string::npos);
}

TEST_CASE("migrate: a file cut anywhere gives values or an error, and no secret") {
  const Sample sample = GENERATE(from_range(std::begin(kSamples), std::end(kSamples)));
  const std::string input = input_of(sample);
  for (std::size_t size = 0; size < input.size(); size += 29) {
    const auto migration = migrate_text(input.substr(0, size), source_name(sample.source));
    const std::string text = migration ? migration->text : migration.error().message;
    CAPTURE(size);
    CHECK(text.find("hush") == std::string::npos);
    if (migration) CHECK(encoding::parse_yaml(migration->text).ok());
  }
}

TEST_CASE("migrate: whatever is broken in a file, the output is YAML") {
  constexpr std::string_view kPieces[] = {"\n- ", "\n  ", ": ",       "{",   "]", "\"",
                                          "|\n",  "&a ",  "*a",       "#",   "~", "=",
                                          "'",    "\x01", "\xc2\x85", "null"};
  std::mt19937 random(7);
  std::size_t accepted = 0;
  for (int i = 0; i < 250; ++i) {
    const Sample& sample = kSamples[random() % std::size(kSamples)];
    std::string text = input_of(sample);
    for (std::size_t changes = random() % 3 + 1; changes > 0; --changes) {
      text.erase(random() % text.size(), random() % 12);
      text.insert(random() % text.size(), kPieces[random() % std::size(kPieces)]);
    }
    const auto migration = migrate_text(text, source_name(sample.source));
    if (!migration) continue;
    ++accepted;
    CAPTURE(text, migration->text);
    CHECK(encoding::parse_yaml(migration->text).ok());
  }
  CHECK(accepted > 20);
}

TEST_CASE("migrate: what cannot be told apart asks for --from") {
  const std::string text =
      GENERATE(as<std::string>(), "resources: {}\n", "serviceMonitor: {interval: 30s}\n",
               "s3: {bucket: b}\ninfoMetric: true\n", "HTTPS_PROXY=http://proxy\n",
               "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n");
  const auto migration = migrate_text(text, "");
  REQUIRE_FALSE(migration.ok());
  CHECK(migration.error().code == ErrorCode::kInvalid);
  CHECK(migration.error().message.find("--from") != std::string::npos);
  for (const std::string& name : source_names()) CHECK(migrate_text(text, name).ok());
}

TEST_CASE("migrate: what is no input says so") {
  struct Case {
    std::string text;
    ErrorCode code;
  };
  const Case bad = GENERATE(
      Case{"", ErrorCode::kMalformed}, Case{" \n\t\n", ErrorCode::kMalformed},
      Case{"---\n---\n", ErrorCode::kMalformed}, Case{"hello", ErrorCode::kMalformed},
      Case{"- a\n- b\n", ErrorCode::kMalformed}, Case{"a: [1", ErrorCode::kMalformed},
      Case{"a: 1\n---\nb: 2\n", ErrorCode::kMalformed}, Case{"a: &a [*a]\n", ErrorCode::kMalformed},
      Case{"A=\xff\n", ErrorCode::kMalformed}, Case{"a: \xff\n", ErrorCode::kMalformed},
      Case{std::string(kMigrateBytesMax + 1, ' '), ErrorCode::kTooLarge},
      Case{std::string(200, '[') + std::string(200, ']'), ErrorCode::kTooLarge});
  CAPTURE(bad.text.substr(0, 40));
  const auto migration = migrate_text(bad.text, "helm-exporter");
  REQUIRE_FALSE(migration.ok());
  CHECK(migration.error().code == bad.code);
}

TEST_CASE("migrate: the command line") {
  const auto arguments = parse_arguments({"migrate-values", "old.yaml", "--from", "helm-exporter"});
  REQUIRE(arguments.ok());
  const auto& command = std::get<MigrateCommand>(arguments->command);
  CHECK(command.file == "old.yaml");
  CHECK(command.from == "helm-exporter");
  CHECK_FALSE(parse_arguments({"migrate-values"}).ok());
  CHECK_FALSE(parse_arguments({"migrate-values", "-", "--from", "kubecost"}).ok());
  CHECK(run_migrate({testdata_path("migrate/none.yaml"), ""}) == 1);
}

TEST_CASE("migrate: documents are bounded") {
  std::string text;
  for (std::size_t i = 0; i <= kMigrateDocumentsMax; ++i) text += "---\nkind: A\napiVersion: v1\n";
  const auto migration = migrate_text(text, "helm-exporter");
  REQUIRE_FALSE(migration.ok());
  CHECK(migration.error().code == ErrorCode::kTooLarge);
}

TEST_CASE("migrate: keys of the wrong kind are reported, not copied") {
  const auto text = text_of("s3: {bucket: [a]}\nscan: {interval: {a: 1}}\nauth: none\n");
  CHECK(text.find("# - s3.bucket\n") != std::string::npos);
  CHECK(text.find("# - scan.interval.a\n") != std::string::npos);
  CHECK(text.find("# - auth\n") != std::string::npos);
}

TEST_CASE("migrate: names from outside cannot leave their comment") {
  const auto text = text_of("infoMetric: true\n\"x\\nevil: true\": 1\n\"y\\u2028z: 1\": 2\n");
  const auto values = encoding::parse_yaml(text);
  REQUIRE(values.ok());
  CHECK(values->find("evil") == nullptr);
  CHECK(text.find("\xe2\x80\xa8") == std::string::npos);
}

TEST_CASE("migrate: helm-exporter's flags may come from the environment") {
  const Yaml values =
      values_of("INTERVAL_DURATION=1m\nNAMESPACES=a,b\nLOG_LEVEL=fatal\nHELM_DRIVER=sql\n");
  CHECK(find_path(values, "settings.namespaces")->items.size() == 2);
  CHECK(value_at(values, "settings.logLevel") == "error");
  CHECK(find_path(values, "settings.storageDriver") == nullptr);
}

TEST_CASE("migrate: repositories of one URL are one, others get names of their own") {
  const Yaml values = values_of(
      "helmRegistries:\n  override:\n"
      "  - registry: {url: 'https://a.example.org/x/'}\n    charts: [one]\n"
      "  - registry: {url: 'https://a.example.org/x/index.yaml'}\n    charts: [two]\n"
      "  - registry: {url: 'https://a.example.org/x?'}\n"
      "  - registry: {url: 'https://a.example.org/x.'}\n");
  const auto& list = find_path(values, "repositories")->items;
  REQUIRE(list.size() == 2);
  CHECK(value_at(list[0], "name") == "a-example-org-x");
  CHECK(value_at(list[1], "name") == "a-example-org-x-2");
  const auto& pins = find_path(values, "pins")->items;
  REQUIRE(pins.size() == 2);
  CHECK(value_at(pins[1], "repository") == "a-example-org-x");
}

TEST_CASE("migrate: a URL is printed without its user and its query") {
  const std::string url = GENERATE(as<std::string>(), "https://u:hush@a.example.org/x",
                                   "https://a.example.org/x?t=hush", "https://a.example.org/x#hush",
                                   "https://u@hush:p@a.example.org/x");
  const Yaml values = values_of("INDEX_URL=" + url + "\n");
  CHECK(value_at(find_path(values, "repositories")->items.at(0), "url") ==
        "https://a.example.org/x");
}

TEST_CASE("migrate: a ConfigMap's file is settings, its other entries are variables") {
  const Yaml values = values_of(
      "apiVersion: v1\nkind: ConfigMap\ndata:\n  S3_BUCKET: team\n  notes.yaml: '[broken'\n"
      "  USE_IAM_ROLE: 'true'\n");
  CHECK(value_at(find_path(values, "repositories")->items.at(0), "bucket") == "team");
}

TEST_CASE("migrate: zap's levels and an address become ours") {
  struct Case {
    const char* arguments;
    const char* path;
    const char* value;
  };
  const Case one =
      GENERATE(Case{"--zap-log-level=error", "settings.logLevel", "error"},
               Case{"-zap-log-level 3 --zap-devel=true", "settings.logLevel", "debug"},
               Case{"--zap-devel=false", "settings.logFormat", "json"},
               Case{"--zap-devel=false --zap-encoder=console", "settings.logFormat", ""},
               Case{"--metrics-bind-address=0.0.0.0:8080", "service.port", "8080"},
               Case{"--metrics-bind-address=:9104", "service.port", ""},
               Case{"--metrics-bind-address=0", "service.port", ""});
  CAPTURE(one.arguments);
  CHECK(value_at(values_of(one.arguments, "helm-state-metrics"), one.path) == one.value);
}

TEST_CASE("migrate: variables with a password in them are not printed") {
  const auto text = text_of(
      "S3_BUCKET=team\nAWS_ENDPOINT_URL_STS=http://user:hush@proxy\nAWS_ENDPOINT_URL_S3=u:hush@h\n"
      "AWS_PROFILE=plain\n");
  CHECK(text.find("hush") == std::string::npos);
  CHECK(text.find("# - env.AWS_ENDPOINT_URL_STS: holds an @") != std::string::npos);
  CHECK(text.find("plain") != std::string::npos);
}

TEST_CASE("migrate: an ingress' hosts as texts, and what is left out of them") {
  const auto text = text_of(
      "infoMetric: true\ningress:\n  enabled: true\n  hosts:\n  - a.example.org\n"
      "  - {host: b.example.org, paths: [/x], serviceName: other}\n  - {paths: [/y]}\n");
  const auto values = encoding::parse_yaml(text);
  REQUIRE(values.ok());
  const auto& hosts = find_path(*values, "ingress.hosts")->items;
  REQUIRE(hosts.size() == 2);
  CHECK(value_at(hosts[0], "host") == "a.example.org");
  CHECK(hosts[0].find("paths") == nullptr);
  CHECK(value_at(hosts[1], "host") == "b.example.org");
  CHECK(value_at(hosts[1].find("paths")->items.at(0), "path") == "/x");
  CHECK(text.find("# - ingress.hosts[1].serviceName\n") != std::string::npos);
  CHECK(text.find("# - ingress.hosts[2]: has no host") != std::string::npos);
}

TEST_CASE("migrate: an ingress' hosts that are no list are reported") {
  const auto text = text_of("infoMetric: true\ningress: {enabled: true, hosts: a.example.org}\n");
  CHECK(text.find("# - ingress.hosts\n") != std::string::npos);
}

TEST_CASE("migrate: variables, words and values are bounded") {
  std::string variables;
  std::string words;
  std::string documents;
  for (std::size_t i = 0; i <= kMigrateEntriesMax; ++i) {
    variables += "V" + std::to_string(i) + "=1\n";
    words += "--f" + std::to_string(i) + " ";
    // Never more than two hundred in a document.
    if (i % 100 == 0) documents += "---\nkind: A\napiVersion: v1\nspec:\n";
    documents += "  k" + std::to_string(i) + ": 1\n";
  }
  for (const std::string& text : {variables, words, documents}) {
    const auto migration = migrate_text(text, "helm-exporter");
    REQUIRE_FALSE(migration.ok());
    CHECK(migration.error().code == ErrorCode::kTooLarge);
    CHECK(migration.error().message.find("more than 20000") != std::string::npos);
  }
}
