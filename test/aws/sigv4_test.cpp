#include "lookout/aws/sigv4.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

#include "lookout/base/text.hpp"

#include "test/aws/sheet.hpp"
#include "test/testdata.hpp"

namespace lookout::aws {
namespace {

// Of the published vectors.
const Credentials kVectorKeys{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "",
                              std::nullopt};
const SigningScope kVectorScope{"us-east-1", "service",
                                WallTime(std::chrono::seconds(1'440'938'160))};

http::Method method_of(std::string_view name) {
  if (name == "HEAD") return http::Method::kHead;
  if (name == "POST") return http::Method::kPost;
  return name == "PUT" ? http::Method::kPut : http::Method::kGet;
}

// "GET /path HTTP/1.1", header lines (some folded), an empty line, the body.
http::Request parse_request(std::string_view text) {
  http::Request request;
  const std::size_t body = text.find("\n\n");
  if (body != std::string_view::npos) request.body = text.substr(body + 2);
  std::vector<std::pair<std::string, std::string>> fields;
  bool is_first = true;
  for (const std::string_view line : split(text.substr(0, body), '\n')) {
    if (std::exchange(is_first, false)) {
      const std::size_t space = line.find(' ');
      request.method = method_of(line.substr(0, space));
      request.target = line.substr(space + 1, line.rfind(' ') - space - 1);
    } else if (line.starts_with(' ')) {
      fields.back().second.append(line);
    } else if (!line.empty()) {
      const std::size_t colon = line.find(':');
      fields.emplace_back(line.substr(0, colon), line.substr(colon + 1));
    }
  }
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  return request;
}

// The session token of a canonical request, "" when none is signed.
std::string signed_token(std::string_view canonical) {
  static constexpr std::string_view kName = "\nx-amz-security-token:";
  const std::size_t at = canonical.find(kName);
  if (at == std::string_view::npos) return "";
  const std::string_view rest = canonical.substr(at + kName.size());
  return std::string(rest.substr(0, rest.find('\n')));
}

std::string authorization_of(const http::Request& request) {
  const std::string* const field = request.headers.find("Authorization");
  return field == nullptr ? "" : *field;
}

}  // namespace

TEST_CASE("sigv4: the published vectors") {
  for (const SheetCase& vector : read_sheet(testdata_path("aws/sigv4_vectors.txt"))) {
    CAPTURE(vector.name);
    http::Request request = parse_request(vector.parts.at("req"));
    Credentials credentials = kVectorKeys;
    credentials.session_token = signed_token(vector.parts.at("creq"));
    if (!credentials.session_token.empty()) {
      sign_request(request, "ignored", credentials, kVectorScope, PathRule::kNormalised);
    }
    const std::string canonical = canonical_request(request, "ignored", PathRule::kNormalised);
    CHECK(canonical == vector.parts.at("creq"));
    CHECK(string_to_sign(canonical, kVectorScope) == vector.parts.at("sts"));
    sign_request(request, "ignored", credentials, kVectorScope, PathRule::kNormalised);
    CHECK(authorization_of(request) == vector.parts.at("authz"));
  }
}

TEST_CASE("sigv4: botocore signs the same") {
  const char* const live = std::getenv("LOOKOUT_SIGV4_CASES");
  const std::string path = live != nullptr ? live : testdata_path("aws/sigv4_cases.tsv.gz");
  for (const std::vector<std::string>& row : read_table(path)) {
    REQUIRE(row.size() == 13);
    http::Request request;
    request.method = method_of(row[6]);
    request.target = row[9];
    request.body = row[10];
    if (!row[11].empty()) {
      // Decoded once already with the row: names and values have no '&' or '='.
      for (const std::string_view field : split(row[11], '&')) {
        const std::size_t equals = field.find('=');
        request.headers.add(http::percent_decode(field.substr(0, equals)).value(),
                            http::percent_decode(field.substr(equals + 1)).value());
      }
    }
    const SigningScope scope{row[2], row[0], WallTime(std::chrono::seconds(std::stoll(row[1])))};
    const PathRule rule = row[0] == "s3" ? PathRule::kAsSent : PathRule::kNormalised;
    sign_request(request, row[8], {row[3], row[4], row[5], std::nullopt}, scope, rule);
    if (authorization_of(request) != row[12]) {
      CAPTURE(request.target, row[8], row[11], canonical_request(request, row[8], rule));
      REQUIRE(authorization_of(request) == row[12]);
    }
  }
}

TEST_CASE("sigv4: S3 gets the body's digest and the session token, all of it signed") {
  http::Request request;
  request.target = "/charts/index.yaml";
  request.headers.add("If-None-Match", "\"etag\"");
  sign_request(request, "bucket.s3.eu-west-1.amazonaws.com", {"AKID", "secret", "token", {}},
               {"eu-west-1", "s3", kVectorScope.time}, PathRule::kAsSent);
  CHECK(*request.headers.find("x-amz-date") == "20150830T123600Z");
  CHECK(*request.headers.find("x-amz-security-token") == "token");
  CHECK(*request.headers.find("x-amz-content-sha256") ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(authorization_of(request).find(
            "SignedHeaders=host;if-none-match;x-amz-content-sha256;x-amz-date;"
            "x-amz-security-token, ") != std::string::npos);
  CHECK(authorization_of(request).find("secret") == std::string::npos);
}

TEST_CASE("sigv4: signing again replaces the signature") {
  http::Request request;
  request.target = "/key";
  const SigningScope scope{"us-east-1", "s3", kVectorScope.time};
  http::Request once = request;
  sign_request(once, "host", {"AKID", "secret", "", {}}, scope, PathRule::kAsSent);
  sign_request(request, "host", {"AKID", "secret", "old token", {}},
               {"eu-west-1", "s3", WallTime(std::chrono::seconds(1))}, PathRule::kAsSent);
  sign_request(request, "host", {"AKID", "secret", "", {}}, scope, PathRule::kAsSent);
  CHECK(request.headers.fields() == once.headers.fields());
}

TEST_CASE("sigv4: what of a path is signed") {
  const auto [target, as_sent, normalised] = GENERATE(table<std::string, std::string, std::string>({
      {"/", "/", "/"},
      {"", "/", "/"},
      {"?list-type=2", "/", "/"},
      {"/a%20b", "/a%20b", "/a%2520b"},
      {"/a//b/../c/", "/a//b/../c/", "/a/c/"},
      {"/../..", "/../..", "/"},
  }));
  http::Request request;
  request.target = target;
  const auto second_line = [&](PathRule rule) {
    return std::string(split(canonical_request(request, "host", rule), '\n').at(1));
  };
  CHECK(second_line(PathRule::kAsSent) == as_sent);
  CHECK(second_line(PathRule::kNormalised) == normalised);
}

TEST_CASE("sigv4: a query is signed as the service will encode it") {
  const auto [query, canonical] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"b=2&a=1", "a=1&b=2"},
      {"a=2&a=1&a", "a=&a=1&a=2"},
      {"prefix=a%2Fb&x=%e4", "prefix=a%2Fb&x=%E4"},
      {"prefix=a/b", "prefix=a%2Fb"},
      {"a=b=c", "a=b%3Dc"},
      {"bad=%zz", "bad=%25zz"},
      {"a-b=1&a=1", "a=1&a-b=1"},
  }));
  http::Request request;
  request.target = "/?" + query;
  CHECK(split(canonical_request(request, "host", PathRule::kAsSent), '\n').at(2) == canonical);
}

TEST_CASE("sigv4: Host has the port that is not the scheme's own") {
  const auto [url, host] = GENERATE(table<std::string, std::string>({
      {"https://s3.amazonaws.com", "s3.amazonaws.com"},
      {"https://s3.amazonaws.com:443/", "s3.amazonaws.com"},
      {"https://minio:80", "minio:80"},
      {"http://minio:80", "minio"},
      {"http://minio:9000", "minio:9000"},
      {"http://[::1]", "[::1]"},
      {"http://[::1]:9000", "[::1]:9000"},
  }));
  CHECK(host_header(http::parse_url(url).value()) == host);
}

}  // namespace lookout::aws
