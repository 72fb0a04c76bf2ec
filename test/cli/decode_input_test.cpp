#include "src/cli/decode_input.hpp"

#include <catch2/catch.hpp>

#include "lookout/encoding/base64.hpp"
#include "lookout/encoding/gzip.hpp"

using namespace lookout;
using namespace lookout::cli;

namespace {

const std::string kJson =
    R"({"name":"web","info":{"status":"deployed"},"chart":{"metadata":{"name":"nginx","version":"1.2.3"}}})";

// Decodes as the command does and gives the chart's name.
std::string chart_of(std::string_view text) {
  const auto input = parse_decode_input(text);
  REQUIRE(input.ok());
  REQUIRE(input->payload);
  const auto outcome =
      helm::decode_release(*input->payload, input->encoding, helm::DecodeMode::kVerify);
  REQUIRE(std::holds_alternative<helm::ReleaseFacts>(outcome));
  return std::get<helm::ReleaseFacts>(outcome).chart;
}

}  // namespace

TEST_CASE("decode input: a payload with any number of its layers") {
  const std::string gzip = encoding::gzip(kJson);
  const std::string once = encoding::base64_encode(gzip);
  CHECK(chart_of(kJson) == "nginx");
  CHECK(chart_of(gzip) == "nginx");
  CHECK(chart_of(once) == "nginx");
  CHECK(chart_of(once + "\n") == "nginx");
  CHECK(chart_of(encoding::base64_encode(once)) == "nginx");
}

TEST_CASE("decode input: a Secret in YAML, with its name") {
  const std::string twice = encoding::base64_encode(encoding::base64_encode(encoding::gzip(kJson)));
  const auto input = parse_decode_input(
      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: sh.helm.release.v1.web.v3\n"
      "  namespace: team\ndata:\n  release: " +
      twice + "\n");
  REQUIRE(input.ok());
  CHECK(input->name == "sh.helm.release.v1.web.v3");
  CHECK(input->ns == "team");
  CHECK(input->encoding == helm::PayloadEncoding::kDoubleBase64);
  CHECK(input->payload == twice);
}

TEST_CASE("decode input: a ConfigMap in JSON has one layer less") {
  const std::string once = encoding::base64_encode(encoding::gzip(kJson));
  CHECK(chart_of(R"({"kind":"ConfigMap","metadata":{"name":"x"},"data":{"release":")" + once +
                 "\"}}") == "nginx");
}

TEST_CASE("decode input: an object without the key has no payload") {
  const auto input = parse_decode_input("kind: Secret\ndata:\n  other: eA==\n");
  REQUIRE(input.ok());
  CHECK_FALSE(input->payload);
}

TEST_CASE("decode input: what is neither is refused by name") {
  CHECK_THAT(parse_decode_input("kind: Pod\n").error().message, Catch::Contains("\"Pod\""));
  CHECK(parse_decode_input(" \n").error().code == ErrorCode::kMalformed);
}

TEST_CASE("decode input: rows become one JSON object") {
  CHECK(rows_json({{"app version", "1"}, {"chart", "\xff"}}) ==
        "{\n  \"app_version\": \"1\",\n  \"chart\": \"\xef\xbf\xbd\"\n}");
}
