#include <catch2/catch.hpp>

#include <string>

#include "controllers/repository_scanner.hpp"
#include "src/cli/migrate_source.hpp"
#include "src/cli/migrate_yaml.hpp"

using namespace lookout;
using namespace lookout::cli;
using Catch::Contains;
using encoding::Yaml;

namespace {

std::string text_of(const std::string& text) {
  const auto migration = migrate_text(text, "");
  REQUIRE(migration.ok());
  return migration->text;
}

std::vector<Yaml> repositories_of(const std::string& migrated) {
  const auto values = encoding::parse_yaml(migrated);
  REQUIRE(values.ok());
  const Yaml* list = values->find("repositories");
  return list == nullptr ? std::vector<Yaml>() : list->items;
}

std::string value_at(const Yaml& values, std::string_view path) {
  return scalar_of(find_path(values, path));
}

std::string overrides(const std::string& second) {
  return "helmRegistries:\n  override:\n"
         "  - registry: {url: 'https://a.example.org/x', secretRef: {name: one, userKey: u, "
         "passKey: p}}\n  - registry: " +
         second + "\n";
}

}  // namespace

TEST_CASE("migrate: of a URL that may hold a password in its path nothing is printed") {
  const std::string url = GENERATE(
      as<std::string>(), "https://bob:hush?cret@h.example.org/", "https://bob:hush/b@h.example.org",
      "https://bob:hush#b@h.example.org/x", "https://bob:s/hush@h.example.org", "https://bob:hush",
      "https://bob:12/3@hush.example.org/x", "bob:hush?x@h.example.org", "oci://bob:hush/x@h/y",
      "h.example.org/x?t=hush&next=https://h.example.org", "https://h.example.org/x?t=hu@hush");
  CAPTURE(url);
  for (const std::string& text :
       {"INDEX_URL=" + url + "\n", "helmRegistries: {override: [{registry: {url: '" + url +
                                       "'}}, {registry: {url: '" + url + "'}}]}\n"}) {
    const std::string migrated = text_of(text);
    CHECK_THAT(migrated, !Contains("hush") && !Contains("bob"));
    CHECK_THAT(migrated, Contains("existingSecret"));
  }
}

TEST_CASE("migrate: repositories whose URLs are not printed stay apart") {
  const auto list =
      repositories_of(text_of("helmRegistries: {override: [{registry: {url: 'https://a:b/c@d'}}, "
                              "{registry: {url: 'https://e:f/g@h'}}]}\n"));
  REQUIRE(list.size() == 2);
  CHECK(value_at(list[0], "name") != value_at(list[1], "name"));
}

TEST_CASE("migrate: a known URL's Secret is kept, or told") {
  const std::string none_first = text_of(
      "helmRegistries:\n  override:\n  - registry: {url: 'https://a.example.org/x'}\n"
      "  - registry: {url: 'https://a.example.org/x/', secretRef: {name: two, userKey: u, "
      "passKey: p}}\n");
  REQUIRE(repositories_of(none_first).size() == 1);
  CHECK(value_at(repositories_of(none_first)[0], "existingSecret") == "two");
  CHECK(value_at(repositories_of(none_first)[0], "secretKeys.username") == "u");

  const std::string other = text_of(overrides(
      "{url: 'https://a.example.org/x', secretRef: {name: two, userKey: u, passKey: p}}"));
  REQUIRE(repositories_of(other).size() == 1);
  CHECK(value_at(repositories_of(other)[0], "existingSecret") == "one");
  CHECK_THAT(other, Contains("override[1].registry.secretRef"));

  const std::string same = text_of(overrides(
      "{url: 'https://a.example.org/x', secretRef: {name: one, userKey: u, passKey: p}}"));
  CHECK_THAT(same, !Contains("override[1]"));

  const std::string user = text_of(overrides("{url: 'https://u:hush@a.example.org/x'}"));
  CHECK_THAT(user, Contains("override[1].registry.url") && !Contains("hush"));
}

TEST_CASE("migrate: names of repositories and of their Secrets do not collide") {
  const std::string text = text_of(
      "scanInterval: 5m\nconfig: {inline: {url: 'https://a.example.org'}}\nrepositories:\n"
      "- {name: default, url: 'https://b.example.org'}\n"
      "- {name: a b, url: 'https://c.example.org', auth: {bearerToken: hush}}\n"
      "- {name: a.b, url: 'https://d.example.org', auth: {bearerToken: hush}}\n");
  const auto list = repositories_of(text);
  REQUIRE(list.size() == 4);
  CHECK(value_at(list[0], "name") == "default");
  CHECK(value_at(list[1], "name") == "default-2");
  CHECK_THAT(text, Contains("# - repositories[0].name: is \"default-2\" here"));
  CHECK(value_at(list[2], "existingSecret") == "helm-lookout-a-b");
  CHECK(value_at(list[3], "existingSecret") == "helm-lookout-a-b-2");
}

TEST_CASE("migrate: no more repositories than can be scanned") {
  std::string text = "helmRegistries:\n  override:\n";
  for (std::size_t i = 0; i <= controllers::kRepositoriesMax; ++i) {
    text += "  - registry: {url: 'https://a.example.org/" + std::to_string(i) + "'}\n";
  }
  const std::string migrated = text_of(text);
  CHECK(repositories_of(migrated).size() == controllers::kRepositoriesMax);
  CHECK_THAT(migrated, Contains("override[128].registry: is left out"));
}
