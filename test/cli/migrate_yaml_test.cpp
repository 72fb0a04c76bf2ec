#include "src/cli/migrate_yaml.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::cli;
using encoding::Yaml;

namespace {

Yaml parsed(const std::string& text) {
  const auto document = encoding::parse_yaml(text);
  INFO(text);
  REQUIRE(document.ok());
  return *document;
}

void check_same(const Yaml& a, const Yaml& b) {
  REQUIRE(a.kind == b.kind);
  CHECK(a.scalar == b.scalar);
  REQUIRE(a.items.size() == b.items.size());
  for (std::size_t i = 0; i < a.items.size(); ++i) check_same(a.items[i], b.items[i]);
  REQUIRE(a.members.size() == b.members.size());
  for (std::size_t i = 0; i < a.members.size(); ++i) {
    CHECK(a.members[i].first == b.members[i].first);
    check_same(a.members[i].second, b.members[i].second);
  }
}

}  // namespace

TEST_CASE("migrate yaml: a string reads back as that string, whatever it holds") {
  const std::string text = GENERATE(
      as<std::string>(), "", "plain", "5m", "5", "1e3", "0x1F", "true", "No", "~", "null", "- x",
      "a: b", "a:", "#x", "x #y", "'", "\"", "\\", "a\nb", "\ttab", "{{ .Values.x }}", "*a", "&a",
      "!x", "%x", "@x", "`", " lead", "trail ", "\x01", "\x7f", "\xc2\x80", "\xc2\x85",
      "\xe2\x80\xa8", "\xe2\x80\xa9", "\xef\xbb\xbf", "\xc3\xa9", "\xe6\x97\xa5", "12:30:45",
      "2024-01-01", ".5", "-", "---", "...", "<<", "=", "key: [1", "a, b", "1_000", "Infinity");
  const Yaml value = yaml_mapping({{"a", yaml_text(text)}, {"b", yaml_list({yaml_text(text)})}});
  const Yaml again = parsed(render_yaml(value));
  check_same(value, again);
  // As text for readers with more types than ours, unless it looks like nothing else.
  const bool typed = text == "5" || text == "true" || text == "No" || text == "1e3" ||
                     text == "0x1F" || text == "2024-01-01" || text == "12:30:45" || text == ".5" ||
                     text == "1_000";
  if (typed) CHECK(again.find("a")->quoted);
}

TEST_CASE("migrate yaml: a plain scalar keeps its type") {
  const std::string text =
      GENERATE(as<std::string>(), "true", "9104", "-1", "1.10", "500m", "1e3", "2024-01-01");
  CHECK(render_yaml(yaml_mapping({{"a", yaml_plain(text)}})) == "a: " + text + "\n");
}

TEST_CASE("migrate yaml: hostile keys stay keys") {
  const std::string key = GENERATE(as<std::string>(), "a: b", "\n- x", "#", "\"", "true", "", "{");
  const Yaml value = yaml_mapping({{key, yaml_mapping({{key, yaml_text("x")}})}});
  check_same(value, parsed(render_yaml(value)));
}

TEST_CASE("migrate yaml: nested lists and mappings read back as they were") {
  const std::string text = GENERATE(as<std::string>(), "a: []\n", "a: {}\n", "- - 1\n  - 2\n",
                                    "a:\n- b: 1\n  c:\n  - {}\n", "a: null\n", "- {}\n- []\n",
                                    "- a:\n  - b:\n      c: d\n");
  const Yaml value = parsed(text);
  check_same(value, parsed(render_yaml(value)));
}

TEST_CASE("migrate yaml: paths are made and found") {
  Yaml root;
  make_path(root, "a.b") = yaml_text("x");
  make_path(root, "a.c") = yaml_text("w");
  make_member(root, "d.e") = yaml_text("z");
  CHECK(render_yaml(root) == "a:\n  b: x\n  c: w\nd.e: z\n");
  CHECK(scalar_of(find_path(root, "a.c")) == "w");
  CHECK(find_path(root, "a.b.c") == nullptr);
  CHECK(find_path(root, "x.b") == nullptr);
}
