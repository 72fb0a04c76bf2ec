#include "src/repository/oci_link.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace lookout;
using namespace lookout::repository;

namespace {

Result<std::optional<http::Url>> next_after(const std::string& page, const std::string& link) {
  return next_page(*http::parse_url(page), {{"Link", link}});
}

}  // namespace

TEST_CASE("next link: what registries send") {
  const auto [field, expected] = GENERATE(table<std::string, std::string>({
      {R"(</v2/a/tags/list?last=b&n=2>; rel="next")", "/v2/a/tags/list?last=b&n=2"},
      {"<?last=b>;rel=next", "?last=b"},
      {"</v2/a>", "/v2/a"},
      {R"(</p>; rel="prev", </n>; title="x"; rel="NEXT last")", "/n"},
      {R"(</p>; rel="prev")", ""},
      {"</cut; rel=next", ""},
      {"/v2/a; rel=next", ""},
      {"<>; rel=next", ""},
      {"", ""},
  }));
  CAPTURE(field);
  CHECK(next_link({{"Link", field}}) == expected);
}

TEST_CASE("next link: absent, oversized, in a second field") {
  CHECK(next_link({{"Content-Type", "text/plain"}}).empty());
  CHECK(next_link({{"Link", "</" + std::string(kLinkBytesMax, 'x') + ">"}}).empty());
  CHECK(next_link({{"link", "</p>; rel=prev"}, {"LINK", "</n>"}}) == "/n");
}

TEST_CASE("next page: relative and absolute links, by our own scheme and port") {
  const std::string page = "https://reg.example.org:5000/v2/a/tags/list?n=2";
  const auto [link, expected] = GENERATE(table<std::string, std::string>({
      {"</v2/a/tags/list?last=b>", "https://reg.example.org:5000/v2/a/tags/list?last=b"},
      {"<list?last=b>", "https://reg.example.org:5000/v2/a/tags/list?last=b"},
      {"<?last=b>", "https://reg.example.org:5000/v2/a/tags/list?last=b"},
      {"<http://REG.example.org/v2/a/tags/list?last=b>",
       "https://reg.example.org:5000/v2/a/tags/list?last=b"},
      {"<https://u:p@reg.example.org/x>", "https://reg.example.org:5000/x"},
  }));
  CAPTURE(link);
  const auto next = next_after(page, link);
  REQUIRE(next.ok());
  CHECK(**next == *http::parse_url(expected));
}

TEST_CASE("next page: none is the end") {
  CHECK_FALSE(next_page(*http::parse_url("https://x/"), {})->has_value());
}

TEST_CASE("next page: other hosts and no URLs are refused") {
  const auto [link, code] = GENERATE(table<std::string, ErrorCode>({
      {"<https://evil.example.org/v2/>", ErrorCode::kForbidden},
      {"<//evil.example.org/v2/>", ErrorCode::kForbidden},
      {"<http://169.254.169.254/latest>", ErrorCode::kForbidden},
      {"<https://reg.example.org.evil/>", ErrorCode::kForbidden},
      {"<https://[bad/>", ErrorCode::kMalformed},
      {"<ftp://reg.example.org/>", ErrorCode::kMalformed},
      {"</a b>", ErrorCode::kMalformed},
  }));
  CAPTURE(link);
  const auto next = next_after("https://reg.example.org/v2/a/tags/list", link);
  REQUIRE_FALSE(next.ok());
  CHECK(next.error().code == code);
}
