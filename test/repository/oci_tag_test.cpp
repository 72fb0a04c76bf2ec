#include "src/repository/oci_tag.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace lookout;
using namespace lookout::repository;

TEST_CASE("chart tags: strict SemVer, with _ for +") {
  const auto [tag, text] = GENERATE(table<std::string, std::string>({
      {"1.2.3", "1.2.3"},
      {"0.0.0", "0.0.0"},
      {"2.0.0_build.5", "2.0.0+build.5"},
      {"1.0.0-rc.1_20240101", "1.0.0-rc.1+20240101"},
      {"1.0.0-alpha-a.b", "1.0.0-alpha-a.b"},
  }));
  CAPTURE(tag);
  const auto parsed = parse_chart_tag(tag);
  REQUIRE(parsed);
  CHECK(parsed->tag == tag);
  CHECK(parsed->text == text);
  CHECK(parsed->version == helm::parse_version(text));
}

TEST_CASE("chart tags: what Helm does not see") {
  const std::string tag = GENERATE(
      as<std::string>(), "latest", "v1.2.3", "1.2", "1", "1.2.3.4", "01.2.3", "1.02.3", "1.2.03",
      "1.2.3-", "1.2.3-01", "1.2.3_", "1.2.3_a_b", "1.2.3+a", "1..3", "", " 1.2.3", "1.2.3\n",
      "sha256-0123456789012345678901234567890123456789012345678901234567890123.sig", "-1.2.3",
      ".1.2.3", "1.2.3/x", "1.2.3\xc3\xa4", "99999999999999999999.0.0");
  CAPTURE(tag);
  CHECK_FALSE(parse_chart_tag(tag));
}

TEST_CASE("chart tags: longer than a tag may be") {
  CHECK(parse_chart_tag("1.2.3-" + std::string(kTagBytesMax - 6, 'a')));
  CHECK_FALSE(parse_chart_tag("1.2.3-" + std::string(kTagBytesMax - 5, 'a')));
}

TEST_CASE("tags page: pages add up; null is an empty list") {
  std::vector<std::string> tags;
  CHECK(append_tags_page(R"({"name": "a/b", "tags": ["1.0.0", "latest"]})", 10, tags).ok());
  CHECK(append_tags_page(R"({"name": "a/b", "tags": null})", 10, tags).ok());
  CHECK(append_tags_page(R"({"tags": [], "child": ["x"], "manifest": {"y": {"tag": ["z"]}}})", 10,
                         tags)
            .ok());
  CHECK(append_tags_page(R"({"tags": ["2.0.0", 3, null, {"tags": "x"}]})", 10, tags).ok());
  CHECK(tags == std::vector<std::string>{"1.0.0", "latest", "2.0.0", "", "", ""});
}

TEST_CASE("tags page: something else") {
  std::vector<std::string> tags;
  const auto [text, code] = GENERATE(table<std::string, ErrorCode>({
      {"<html>", ErrorCode::kMalformed},
      {"", ErrorCode::kMalformed},
      {R"({"tags": ["1.0.0")", ErrorCode::kMalformed},
      {R"({"errors": []})", ErrorCode::kInvalid},
      {R"(["1.0.0"])", ErrorCode::kInvalid},
      {R"({"tags": ["1", "2", "3"]})", ErrorCode::kTooLarge},
  }));
  CAPTURE(text);
  const auto taken = append_tags_page(text, 2, tags);
  REQUIRE_FALSE(taken.ok());
  CHECK(taken.error().code == code);
  CHECK(tags.size() <= 2);
}

TEST_CASE("tags page: a long tag is cut to what is no tag") {
  std::vector<std::string> tags;
  CHECK(append_tags_page("{\"tags\": [\"1.2.3-" + std::string(1000, 'a') + "\"]}", 2, tags).ok());
  CHECK(tags.at(0).size() == kTagBytesMax + 1);
  CHECK_FALSE(parse_chart_tag(tags.at(0)));
}
