#include "src/http/server_reader.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::http;

namespace {

std::string get(const std::string& target, const std::string& fields = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

std::optional<Verdict> read_whole(std::string_view bytes, const ServerLimits& limits = {}) {
  RequestReader reader(limits);
  reader.append(bytes);
  return reader.next();
}

// 0: more bytes needed; 200: accepted.
int status_of(const std::optional<Verdict>& verdict) {
  if (!verdict) return 0;
  const auto* const refusal = std::get_if<Refusal>(&*verdict);
  return refusal == nullptr ? 200 : refusal->status;
}

}  // namespace

TEST_CASE("request reader: a request with its parts", "[http]") {
  const auto verdict = read_whole("HEAD /a%20b?q=1 HTTP/1.1\r\nHost: h\r\nX-Y:  z \r\n\r\n");
  REQUIRE(status_of(verdict) == 200);
  const auto& accepted = std::get<Accepted>(*verdict);
  CHECK(accepted.request.method == Method::kHead);
  CHECK(accepted.request.path == "/a b");
  CHECK(accepted.request.query == "q=1");
  REQUIRE(accepted.request.headers.find("x-y") != nullptr);
  CHECK(*accepted.request.headers.find("x-y") == "z");
  CHECK(accepted.version == 11);
  CHECK(accepted.keep_alive);
}

TEST_CASE("request reader: any split of the bytes gives the same request", "[http]") {
  const std::string bytes = get("/metrics", "Accept: */*\r\n");
  const std::size_t step = GENERATE(1U, 2U, 3U, 7U, 20U);
  RequestReader reader({});
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    REQUIRE_FALSE(reader.next().has_value());
    reader.append(std::string_view(bytes).substr(at, step));
  }
  CHECK(status_of(reader.next()) == 200);
  CHECK_FALSE(reader.is_midway());
}

TEST_CASE("hostile pipelining: requests come in order", "[http]") {
  RequestReader reader({});
  reader.append(get("/1") + get("/2") + "GET /3");
  for (const char* path : {"/1", "/2"}) {
    const auto verdict = reader.next();
    REQUIRE(status_of(verdict) == 200);
    CHECK(std::get<Accepted>(*verdict).request.path == path);
  }
  CHECK_FALSE(reader.next().has_value());
  CHECK(reader.is_midway());
}

TEST_CASE("request reader: keep-alive follows version and Connection", "[http]") {
  const auto [head, expected] = GENERATE(table<std::string, bool>({
      {"GET / HTTP/1.1\r\nHost: x\r\n", true},
      {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n", false},
      {"GET / HTTP/1.0\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n", true},
  }));
  INFO(head);
  const auto verdict = read_whole(head + "\r\n");
  REQUIRE(status_of(verdict) == 200);
  CHECK(std::get<Accepted>(*verdict).keep_alive == expected);
}

TEST_CASE("request reader: an empty body is no body", "[http]") {
  CHECK(status_of(read_whole(get("/", "Content-Length: 0\r\n"))) == 200);
}

TEST_CASE("hostile fields: the limit of 100 is exact", "[http]") {
  std::string fields;
  for (int i = 0; i < 99; ++i) fields += "A: b\r\n";
  CHECK(status_of(read_whole(get("/", fields))) == 200);
  CHECK(status_of(read_whole(get("/", fields + "A: b\r\n"))) == 431);
}

TEST_CASE("hostile header: the limit of 16 KiB is exact, whatever the split", "[http]") {
  const ServerLimits limits;
  const std::size_t rest = get("/", "A: \r\n").size();
  const std::string longest =
      get("/", "A: " + std::string(limits.header_bytes_max - rest, 'a') + "\r\n");
  REQUIRE(longest.size() == limits.header_bytes_max);
  CHECK(status_of(read_whole(longest)) == 200);
  CHECK(status_of(read_whole(get("/", "A: " + std::string(limits.header_bytes_max, 'a')))) == 431);

  std::string many = "GET / HTTP/1.1\r\n";
  while (many.size() <= limits.header_bytes_max) many += "A: " + std::string(500, 'a') + "\r\n";
  RequestReader reader(limits);
  int status = 0;
  for (std::size_t at = 0; at < many.size() && status == 0; at += 100) {
    reader.append(std::string_view(many).substr(at, 100));
    status = status_of(reader.next());
  }
  CHECK(status == 431);
}
