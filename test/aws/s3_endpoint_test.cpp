#include "lookout/aws/s3_endpoint.hpp"

#include <catch2/catch.hpp>

#include "lookout/aws/sigv4.hpp"

#include "test/aws/sheet.hpp"
#include "test/testdata.hpp"

namespace lookout::aws {
namespace {

std::string url_of(const S3Location& location) {
  const auto target = resolve_s3(location);
  if (!target) {
    CHECK(target.error().code == ErrorCode::kInvalid);
    CHECK(target.error().message.starts_with("s3: "));
    return "error";
  }
  return target->origin.scheme + "://" + host_header(target->origin) + target->path;
}

Addressing addressing_of(const std::string& style) {
  if (style == "path") return Addressing::kPath;
  return style == "virtual" ? Addressing::kVirtualHost : Addressing::kAutomatic;
}

}  // namespace

TEST_CASE("s3 endpoint: where botocore goes") {
  for (const auto& row : read_table(testdata_path("aws/s3_endpoints.tsv"))) {
    REQUIRE(row.size() == 8);
    const S3Location location{.bucket = row[0],
                              .key = row[1],
                              .region = row[2],
                              .endpoint = row[3],
                              .addressing = addressing_of(row[4]),
                              .dual_stack = row[5] == "1",
                              .fips = row[6] == "1"};
    CAPTURE(location.bucket, location.key, location.region, location.endpoint, row[4], row[7]);
    const auto target = resolve_s3(location);
    if (row[7] == "error") {
      CHECK_FALSE(target.ok());
      continue;
    }
    REQUIRE(target.ok());
    const auto expected = http::parse_url(row[7]);
    REQUIRE(expected.ok());
    CHECK(target->origin.origin() == expected->origin());
    CHECK(target->path == expected->path);
  }
}

TEST_CASE("s3 endpoint: addressing that is chosen for what can be reached") {
  const auto [endpoint, bucket, expected] = GENERATE(table<std::string, std::string, std::string>({
      {"", "bucket", "https://bucket.s3.us-east-1.amazonaws.com/k"},
      {"", "my.bucket", "https://s3.us-east-1.amazonaws.com/my.bucket/k"},
      {"", "Old_Bucket", "https://s3.us-east-1.amazonaws.com/Old_Bucket/k"},
      {"http://minio:9000", "bucket", "http://minio:9000/bucket/k"},
      {"https://s3.example.org", "bucket", "https://s3.example.org/bucket/k"},
      {"http://127.0.0.1:9000", "bucket", "http://127.0.0.1:9000/bucket/k"},
      {"https://[fd00::1]", "bucket", "https://[fd00::1]/bucket/k"},
      {"https://example.org/s3//", "bucket", "https://example.org/s3/bucket/k"},
  }));
  CHECK(url_of({.bucket = bucket, .key = "k", .endpoint = endpoint}) == expected);
}

TEST_CASE("s3 endpoint: the bucket itself, for listings") {
  CHECK(url_of({.bucket = "bucket"}) == "https://bucket.s3.us-east-1.amazonaws.com/");
  CHECK(url_of({.bucket = "bucket", .addressing = Addressing::kPath}) ==
        "https://s3.us-east-1.amazonaws.com/bucket");
}

TEST_CASE("s3 endpoint: a key is encoded once") {
  const auto [key, path] = GENERATE(table<std::string, std::string>({
      {"charts/index.yaml", "/charts/index.yaml"},
      {"a b+c", "/a%20b%2Bc"},
      {"a%2Fb", "/a%252Fb"},
      {"/leading", "//leading"},
      {"a/../b", "/a/../b"},
      {"\xc3\xa4?#", "/%C3%A4%3F%23"},
  }));
  CHECK(resolve_s3({.bucket = "bucket", .key = key})->path == path);
}

TEST_CASE("s3 endpoint: what cannot be one") {
  const S3Location location = GENERATE(values<S3Location>({
      {.bucket = ""},
      {.bucket = "a/b"},
      {.bucket = ".."},
      {.bucket = "bucket\r\nHost: evil"},
      {.bucket = "arn:aws:s3:eu-west-1:123456789012:accesspoint/x"},
      {.bucket = std::string(256, 'a')},
      {.bucket = "bucket", .key = std::string(1025, 'k')},
      {.bucket = "bucket", .region = "eu-west-1.evil.example"},
      {.bucket = "bucket", .region = "EU"},
      {.bucket = "bucket", .region = "-"},
      {.bucket = "bucket", .endpoint = "minio:9000"},
      {.bucket = "bucket", .endpoint = "socks5://minio:9000"},
      {.bucket = "bucket", .endpoint = "http://user:password@minio:9000"},
      {.bucket = "bucket", .endpoint = "http://minio:9000/?x=1"},
      {.bucket = "bucket", .endpoint = "http://minio:9000", .dual_stack = true},
      {.bucket = "bucket", .endpoint = "http://minio:9000", .fips = true},
      {.bucket = "bucket", .region = "cn-north-1", .fips = true},
      {.bucket = "Old_Bucket", .addressing = Addressing::kVirtualHost},
      {.bucket = "192.168.5.4", .addressing = Addressing::kVirtualHost},
      {.bucket = "a.-b", .addressing = Addressing::kVirtualHost},
      {.bucket = "bucket",
       .endpoint = "http://127.0.0.1:9000",
       .addressing = Addressing::kVirtualHost},
      {.bucket = "bucket", .endpoint = "http://[::1]", .addressing = Addressing::kVirtualHost},
  }));
  CHECK(url_of(location) == "error");
}

TEST_CASE("s3 endpoint: an endpoint's password is not quoted") {
  const auto target = resolve_s3({.bucket = "bucket", .endpoint = "ftp://user:canary@minio"});
  REQUIRE_FALSE(target.ok());
  CHECK(target.error().message.find("canary") == std::string::npos);
}

}  // namespace lookout::aws
