#include "src/http/server_target.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::http;

TEST_CASE("target: origin and absolute forms give path and query", "[http]") {
  struct Row {
    std::string text;
    Target expected;
  };
  const Row row = GENERATE(values<Row>({
      {"/", {"/", ""}},
      {"/metrics", {"/metrics", ""}},
      {"/metrics?a=b&c", {"/metrics", "a=b&c"}},
      {"/readyz?", {"/readyz", ""}},
      {"/a%20b/%C3%A9", {"/a b/\xc3\xa9", ""}},
      {"/x?q=%2e%2e/..", {"/x", "q=%2e%2e/.."}},
      {"/..a/b../...", {"/..a/b../...", ""}},
      {"//", {"//", ""}},
      {"http://host:9104/metrics?x=1", {"/metrics", "x=1"}},
      {"HTTPS://[::1]:1/metrics", {"/metrics", ""}},
      {"http://host", {"/", ""}},
      {"http://host?x", {"/", "x"}},
      {"/redirect/http://host/x", {"/redirect/http://host/x", ""}},
  }));
  INFO(row.text);
  const Result<Target> target = parse_target(row.text);
  REQUIRE(target.ok());
  CHECK(*target == row.expected);
}

TEST_CASE("hostile target: traversal, controls and other forms are refused", "[http]") {
  const std::string text = GENERATE(values<std::string>({
      "",
      "*",
      "metrics",
      "host:443",
      "ftp://host/x",
      "http:///x",
      "http://",
      "/..",
      "/../etc/passwd",
      "/a/../b",
      "/.",
      "/a/./b",
      "/a/..",
      "/%2e%2e/x",
      "/%2E./x",
      "/a%2f..%2fb",
      "/..%5cx",
      "/a\\..\\b",
      "/%00",
      "/a%0d%0aSet-Cookie:x",
      "/%7f",
      "/%",
      "/%1",
      "/%zz",
      "/a b",
      "/a#b",
      "/caf\xc3\xa9",
      "http://host/../x",
  }));
  INFO(text);
  const Result<Target> target = parse_target(text);
  REQUIRE_FALSE(target.ok());
  CHECK(target.error().code == ErrorCode::kMalformed);
}

TEST_CASE("hostile target: a NUL byte itself is refused", "[http]") {
  CHECK_FALSE(parse_target(std::string_view("/a\0b", 4)).ok());
}

TEST_CASE("target: the limit is exact", "[http]") {
  const std::string longest = "/" + std::string(kTargetBytesMax - 1, 'a');
  CHECK(parse_target(longest).ok());
  const Result<Target> over = parse_target(longest + "a");
  REQUIRE_FALSE(over.ok());
  CHECK(over.error().code == ErrorCode::kTooLarge);
}
