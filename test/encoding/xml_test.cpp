#include "lookout/encoding/xml.hpp"

#include <catch2/catch.hpp>

namespace lookout::encoding {
namespace {

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += "<a>";
  for (std::size_t i = 0; i < depth; ++i) text += "</a>";
  return text;
}

ErrorCode refusal(std::string_view text, const XmlLimits& limits = {}) {
  const Result<Xml> parsed = parse_xml(text, limits);
  REQUIRE_FALSE(parsed.ok());
  CHECK(parsed.error().message.starts_with("XML: "));
  return parsed.error().code;
}

}  // namespace

TEST_CASE("xml: elements, text and children") {
  const auto parsed = parse_xml(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\" a='b'>\n"
      "  <!-- not this --><Name>bucket</Name><IsTruncated>true</IsTruncated>\n"
      "  <Contents><Key>a&amp;b&#x20AC;</Key><ETag>&quot;e&quot;</ETag></Contents>\n"
      "  <Contents><Key><![CDATA[<c>]]>d</Key></Contents>\n"
      "</ListBucketResult>");
  REQUIRE(parsed.ok());
  CHECK(parsed->name == "ListBucketResult");
  CHECK(parsed->child_text("Name") == "bucket");
  REQUIRE(parsed->children.size() == 4);
  CHECK(parsed->child("Contents")->child_text("Key") == "a&b\xe2\x82\xac");
  CHECK(parsed->child("Contents")->child_text("ETag") == "\"e\"");
  CHECK(parsed->children[3].child_text("Key") == "<c>d");
  CHECK(parsed->child("Missing") == nullptr);
  CHECK(parsed->child_text("Missing").empty());
}

TEST_CASE("xml: prefixes of names are dropped, white space that is all of a text is kept") {
  const auto parsed = parse_xml("<s:Error xmlns:s='x'><s:Code>A</s:Code><Key> </Key></s:Error>");
  REQUIRE(parsed.ok());
  CHECK(parsed->name == "Error");
  CHECK(parsed->child_text("Code") == "A");
  CHECK(parsed->child_text("Key") == " ");
}

TEST_CASE("xml: what is not one document is malformed") {
  const std::string text = GENERATE(as<std::string>{}, "", " ", "text", "{\"json\":true}", "<a>",
                                    "<a></b>", "<a", "<a/><b/>", "<!-- c -->", "<a>&#0;",
                                    "<html><body><br></body></html>", "\xff\xfe<\0a\0/\0>\0");
  CHECK(refusal(text) == ErrorCode::kMalformed);
}

TEST_CASE("xml: a DOCTYPE is refused, so nothing is expanded or fetched") {
  CHECK(refusal("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>") ==
        ErrorCode::kMalformed);
  CHECK(refusal("<!DOCTYPE html><html></html>") == ErrorCode::kMalformed);
  const auto unknown = parse_xml("<a>&x;</a>");
  REQUIRE(unknown.ok());
  CHECK(unknown->text == "&x;");
}

TEST_CASE("xml: bytes after a NUL are not overlooked") {
  CHECK(refusal(std::string_view("<a/>\0<b/>", 9)) == ErrorCode::kMalformed);
}

TEST_CASE("xml: bytes, depth and elements are bounded") {
  const XmlLimits limits{.bytes_max = 300, .depth_max = 5, .elements_max = 10};
  CHECK(parse_xml(nested(5), limits).ok());
  CHECK(refusal(nested(6), limits) == ErrorCode::kTooLarge);
  CHECK(parse_xml("<a><b/><b/><b/><b/><b/><b/><b/><b/><b/></a>", limits).ok());
  CHECK(refusal("<a><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/></a>", limits) == ErrorCode::kTooLarge);
  CHECK(parse_xml("<a>" + std::string(293, 'x') + "</a>", limits).ok());
  CHECK(refusal("<a>" + std::string(294, 'x') + "</a>", limits) == ErrorCode::kTooLarge);
}

TEST_CASE("xml: nesting beyond any stack is refused, not followed") {
  CHECK(refusal(nested(500'000)) == ErrorCode::kTooLarge);
}

}  // namespace lookout::encoding
