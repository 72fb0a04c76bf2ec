#include "src/repository/peer_guard.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace lookout;
using namespace lookout::repository;

namespace {

http::Url url(const std::string& text) {
  return http::parse_url(text).value();
}

struct Reference {
  std::string location;
  std::string resolved;
};

}  // namespace

TEST_CASE("peer guard: an origin is scheme, host and port") {
  CHECK(same_origin(url("https://a.example/x"), url("https://A.example:443/y?z")));
  CHECK_FALSE(same_origin(url("https://a.example"), url("http://a.example")));
  CHECK_FALSE(same_origin(url("https://a.example"), url("https://a.example:8443")));
  CHECK_FALSE(same_origin(url("https://a.example"), url("https://b.example")));
}

TEST_CASE("peer guard: metadata addresses are known in every spelling") {
  const auto host =
      GENERATE("169.254.169.254", "169.254.170.2", "169.254.1", "2852039166", "0xa9fea9fe",
               "0251.0376.0251.0376", "0xa9.254.43518", "::ffff:169.254.169.254",
               "::ffff:a9fe:a9fe", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "fe80::1", "febf::1",
               "fd00:ec2::254", "fd00:ec2::23", "100.100.100.200", "192.0.0.192",
               "metadata.google.internal", "metadata.google.internal.", "169.254.169.254.");
  CHECK(is_metadata_host(host));
}

TEST_CASE("peer guard: other hosts are no metadata services") {
  const auto host = GENERATE("example.org", "10.0.0.1", "169.253.1.1", "fd00::1", "2001:db8::1",
                             "metadata.example.org", "127.0.0.1", "169.254.example.org");
  CHECK_FALSE(is_metadata_host(host));
}

TEST_CASE("peer guard: loopback is known in every spelling") {
  const auto loopback =
      GENERATE("127.0.0.1", "127.1", "2130706433", "0", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1",
               "localhost", "localhost.", "a.localhost");
  CHECK(is_loopback_host(loopback));
  const auto other = GENERATE("10.0.0.1", "localhost.example.org", "2001:db8::1", "128.0.0.1");
  CHECK_FALSE(is_loopback_host(other));
}

TEST_CASE("peer guard: references resolve as RFC 3986 says") {
  const Reference row = GENERATE(values<Reference>({
      {"https://b.example/i.yaml?s=1", "https://b.example:443/i.yaml?s=1"},
      {"//b.example/x", "https://b.example:443/x"},
      {"/x/y", "https://a.example:443/x/y"},
      {"other.yaml", "https://a.example:443/charts/other.yaml"},
      {"../up.yaml?q#f", "https://a.example:443/up.yaml?q"},
      {"../../../up", "https://a.example:443/up"},
      {"./here/", "https://a.example:443/charts/here/"},
      {"?token=2", "https://a.example:443/charts/index.yaml?token=2"},
      {"#top", "https://a.example:443/charts/index.yaml"},
      {"a/..", "https://a.example:443/charts/"},
      {"x?y=https://c.example/", "https://a.example:443/charts/x?y=https://c.example/"},
  }));
  const auto resolved =
      resolve_location(url("https://a.example/charts/index.yaml?token=1"), row.location);
  REQUIRE(resolved.ok());
  const std::string query = resolved->query.empty() ? "" : "?" + resolved->query;
  CHECK(resolved->redacted() + query == row.resolved);
}

TEST_CASE("peer guard: a user in a Location is nobody of ours") {
  const auto resolved = resolve_location(url("https://a.example/"), "https://u:p@a.example/x");
  REQUIRE(resolved.ok());
  CHECK(resolved->userinfo.empty());
}

TEST_CASE("peer guard: a Location that is none") {
  const auto location = GENERATE("", "  ", "ftp://b.example/", "https://", "javascript:alert(1)",
                                 "http://b.example/a b", "https://b.example:99999/");
  const auto resolved = resolve_location(url("http://a.example/"), location);
  REQUIRE_FALSE(resolved.ok());
  CHECK(resolved.error().code == ErrorCode::kMalformed);
}

TEST_CASE("peer guard: where a redirect must not lead") {
  const auto to = GENERATE("http://a.example/", "http://b.example/", "https://169.254.169.254/",
                           "https://[fd00:ec2::254]/", "https://2852039166/", "https://localhost/",
                           "https://127.0.0.1:8443/", "https://[::1]/", "socks5://b.example/");
  const auto resolved = resolve_location(url("https://a.example/index.yaml"), to);
  REQUIRE_FALSE(resolved.ok());
  CHECK(resolved.error().code == ErrorCode::kForbidden);
}

TEST_CASE("peer guard: where a redirect may lead") {
  const std::pair<const char*, const char*> row =
      GENERATE(std::pair("http://a.example", "https://a.example/"),
               std::pair("http://a.example", "http://10.1.2.3/"),
               std::pair("https://a.example", "https://b.example:8443/"),
               std::pair("http://127.0.0.1:80", "http://127.0.0.1:8080/"),
               std::pair("http://169.254.0.9", "http://169.254.0.9/charts/"));
  CHECK(check_peer(url(row.first), url(row.second)).ok());
}
