#include "src/http/server_address.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::http;

TEST_CASE("listen address: host and port are split", "[http]") {
  struct Row {
    std::string text;
    ListenAddress expected;
  };
  const Row row = GENERATE(values<Row>({
      {":9104", {"", 9104}},
      {":0", {"", 0}},
      {"127.0.0.1:65535", {"127.0.0.1", 65535}},
      {"0.0.0.0:80", {"0.0.0.0", 80}},
      {"localhost:8081", {"127.0.0.1", 8081}},
      {"[::]:9104", {"::", 9104}},
      {"[::1]:1", {"::1", 1}},
      {"[fe80::1%lo]:1", {"fe80::1%lo", 1}},
  }));
  INFO(row.text);
  const Result<ListenAddress> address = parse_listen_address(row.text);
  REQUIRE(address.ok());
  CHECK(*address == row.expected);
}

TEST_CASE("listen address: what is none is invalid and quoted", "[http]") {
  const std::string text = GENERATE(values<std::string>(
      {"", "9104", ":", ":x", ":65536", ":-1", ":80 ", "127.0.0.1", "::1:80", "[::1]", "[]:80",
       "[127.0.0.1]:80", "[::1:80", "example.org:80", "256.0.0.1:80", "0:0:80", "[localhost]:80"}));
  INFO(text);
  const Result<ListenAddress> address = parse_listen_address(text);
  REQUIRE_FALSE(address.ok());
  CHECK(address.error().code == ErrorCode::kInvalid);
  CHECK(address.error().message.find("\"" + text + "\"") != std::string::npos);
}
