#include "lookout/encoding/yaml.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::encoding;
using Kind = Yaml::Kind;

namespace {

// One line that shows kinds, order and quoting: {a: 'x', b: [1, ~]}.
std::string flow(const Yaml& value) {
  std::string text;
  switch (value.kind) {
    case Kind::kNull:
      return "~";
    case Kind::kScalar:
      return value.quoted ? "'" + value.scalar + "'" : value.scalar;
    case Kind::kSequence:
      for (const Yaml& item : value.items) text += (text.empty() ? "" : ", ") + flow(item);
      return "[" + text + "]";
    case Kind::kMapping:
      for (const auto& [name, member] : value.members) {
        text += (text.empty() ? "" : ", ") + name + ": " + flow(member);
      }
      return "{" + text + "}";
  }
  return text;
}

std::string read(std::string_view text) {
  const auto value = parse_yaml(text);
  return value.ok() ? flow(*value) : value.error().message;
}

}  // namespace

TEST_CASE("parse_yaml: values as written") {
  const auto [text, expected] = GENERATE(table<const char*, const char*>({
      {"", "~"},
      {"---\n", "~"},
      {"# only a comment", "~"},
      {"a: 1.10", "{a: 1.10}"},
      {"a: '1'\nb: \"x\\ty\"", "{a: '1', b: 'x\ty'}"},
      {"a:\nb: ~\nc: null\nd: NULL\ne: 'null'\nf: \"\"",
       "{a: ~, b: ~, c: ~, d: ~, e: 'null', f: ''}"},
      {"a: !!str null\nb: !!str 5", "{a: 'null', b: '5'}"},
      {"- a\n- [b, {c: d}]\n-", "[a, [b, {c: d}], ~]"},
      {"a: |\n  one\n  two\nb: >-\n  one\n  two", "{a: 'one\ntwo\n', b: 'one two'}"},
      {"true: yes", "{true: yes}"},
      {"{\"a\": [1, true, null], \"b\": {}}", "{a: [1, true, ~], b: {}}"},
      {"first: 1\n---\nsecond: [", "{first: 1}"},
  }));
  CAPTURE(text);
  CHECK(read(text) == expected);
}

TEST_CASE("parse_yaml: JSON with tabs and escapes") {
  CHECK(read("{\n\t\"a\": \"\\u0041\\n\\\"\",\n\t\"b\":\t-1e3\n}") == "{a: 'A\n\"', b: -1e3}");
}

TEST_CASE("parse_yaml: aliases are copied in") {
  CHECK(read("a: &x {k: [v]}\nb: *x\nc: [*x]") == "{a: {k: [v]}, b: {k: [v]}, c: [{k: [v]}]}");
  CHECK(read("a: &x 1\nb: &x 2\nc: *x") == "{a: 1, b: 2, c: 2}");
}

TEST_CASE("parse_yaml: merge keys give way to own members and to earlier merges") {
  CHECK(read("b: &b {x: 1, y: 2}\nc: {<<: *b, y: 3}") == "{b: {x: 1, y: 2}, c: {y: 3, x: 1}}");
  CHECK(read("{x: 0, <<: [{x: 1, y: 1}, {y: 2, z: 2}]}") == "{x: 0, y: 1, z: 2}");
  CHECK(read("{'<<': {x: 1}}") == "{<<: {x: 1}}");
  CHECK(read("a: 1\n<<: text") == "line 2: << takes a mapping or a list of them");
  CHECK(read("<<: [{a: 1}, 2]") == "line 1: << takes a mapping or a list of them");
}

TEST_CASE("parse_yaml: what is malformed is named with its line") {
  const auto [text, expected] = GENERATE(table<const char*, const char*>({
      {"a: 1\nb: 2\na: 3", "line 3: key \"a\" again"},
      {"x:\n  k: 1\n  k:\n    deep: 1", "line 3: key \"k\" again"},
      {"a: *nowhere", "line 1: unknown alias \"nowhere\""},
      {"a: &a [*a]", "line 1: unknown alias \"a\""},
      {"? [a]\n: b", "line 1: a key that is no scalar"},
      {"a: [1,\nb: }", "line 2: did not find expected node content"},
      {"a:\n\t- b", "line 2: found character that cannot start any token"},
      {"a: \"\\q\"", "line 1: found unknown escape character"},
  }));
  CAPTURE(text);
  const auto value = parse_yaml(text);
  REQUIRE_FALSE(value.ok());
  CHECK(value.error().code == ErrorCode::kMalformed);
  CHECK(value.error().message == expected);
}

TEST_CASE("parse_yaml: bytes that are no text are refused") {
  const std::string text = GENERATE(std::string("a: \xff\xfe"), std::string("a: \x01"),
                                    std::string("a: b\0c", 6));
  const auto value = parse_yaml(text);
  REQUIRE_FALSE(value.ok());
  CHECK(value.error().code == ErrorCode::kMalformed);
}

TEST_CASE("parse_yaml: lines are those of the values") {
  const auto value = parse_yaml("a: 1\nb:\n  - x\n  - y\n");
  REQUIRE(value.ok());
  CHECK(value->find("a")->line == 1);
  CHECK(value->find("b")->line == 3);
  CHECK(value->find("b")->items[1].line == 4);
  CHECK(value->find("c") == nullptr);
  CHECK(value->find("a")->find("x") == nullptr);
}

TEST_CASE("parse_yaml: limits are inclusive") {
  YamlLimits limits;
  limits.bytes_max = 8;
  CHECK(parse_yaml("[a,b,c] ", limits).ok());
  CHECK(parse_yaml("[a,b,c]  ", limits).error().code == ErrorCode::kTooLarge);

  limits = {};
  limits.nodes_max = 4;
  CHECK(parse_yaml("[a, b, c]", limits).ok());
  CHECK(parse_yaml("[a, b, c, d]", limits).error().code == ErrorCode::kTooLarge);

  limits = {};
  limits.depth_max = 3;
  CHECK(parse_yaml("[[a]]", limits).ok());
  CHECK(parse_yaml("[[[a]]]", limits).error().code == ErrorCode::kTooLarge);
  CHECK(parse_yaml("- &x [a]\n- [*x]", limits).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("parse_yaml: aliases of aliases stay within the limits") {
  std::string nodes = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  std::string bytes = "a0: &a0 " + std::string(10'000, 'x') + "\n";
  for (int i = 1; i < 10; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    const std::string line = "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last +
                             "," + last + "," + last + "," + last + "," + last + "]\n";
    nodes += line;
    bytes += line;
  }
  CHECK(parse_yaml(nodes).error().code == ErrorCode::kTooLarge);
  CHECK(parse_yaml(bytes).error().code == ErrorCode::kTooLarge);
}
