#include "lookout/helm/release.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <variant>

#include "lookout/encoding/base64.hpp"
#include "lookout/encoding/gzip.hpp"

namespace lookout::helm {
namespace {

using encoding::base64_encode;

std::string payload_of(const std::string& json) {
  return base64_encode(encoding::gzip(json, 9));
}

DecodeOutcome decode(const std::string& payload, DecodeMode mode, const DecodeLimits& limits = {}) {
  return decode_release(payload, PayloadEncoding::kBase64, mode, limits);
}

// In Helm's order, with `tail` behind what we want.
std::string release_json(const std::string& tail) {
  return R"({"name":"web","info":{"first_deployed":"2024-03-01T10:11:12+01:00",)"
         R"("last_deployed":"2024-03-02T00:00:00Z","deleted":"","status":"pending-upgrade"},)"
         R"("chart":{"metadata":{"name":"nginx","version":"1.2.3","appVersion":"1.25",)"
         R"("deprecated":true})" +
         tail;
}

const ReleaseFacts kFacts{Status::kPendingUpgrade, true,         "nginx", "1.2.3", "1.25", true,
                          1'709'284'272,           1'709'337'600};

// Base64 noise that gzip cannot shrink, so that the tail is far from the prefix.
std::string noise(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 1;
  for (char& c : bytes) c = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24);
  return base64_encode(bytes);
}

TEST_CASE("decode: facts of a release, in both modes and encodings") {
  const auto mode = GENERATE(DecodeMode::kStop, DecodeMode::kVerify);
  const std::string payload = payload_of(release_json(R"(},"version":3})"));
  CHECK(decode(payload, mode) == DecodeOutcome(kFacts));
  CHECK(decode_release(base64_encode(payload), PayloadEncoding::kDoubleBase64, mode) ==
        DecodeOutcome(kFacts));
}

TEST_CASE("decode: the wrong number of base64 layers is refused") {
  const auto mode = GENERATE(DecodeMode::kStop, DecodeMode::kVerify);
  const std::string payload = payload_of(release_json("}}"));
  CHECK(decode(base64_encode(payload), mode) == DecodeOutcome(Undecodable::kBadJson));
  CHECK(decode_release(payload, PayloadEncoding::kDoubleBase64, mode) ==
        DecodeOutcome(Undecodable::kBase64));
}

TEST_CASE("decode: nothing at all is empty") {
  const auto encoding = GENERATE(PayloadEncoding::kBase64, PayloadEncoding::kDoubleBase64);
  CHECK(decode_release("", encoding, DecodeMode::kStop) == DecodeOutcome(Undecodable::kEmpty));
}

TEST_CASE("decode: stop mode does not see damage behind the facts, verify mode does") {
  const std::string tail = R"(,"values":{"x":")" + noise(60'000) + R"("}})";
  const std::string zipped = encoding::gzip(release_json(tail + "}"));
  std::string wrong_crc = zipped;
  wrong_crc[wrong_crc.size() - 8] ^= 1;
  const auto [damaged, reason] = GENERATE_COPY(table<std::string, Undecodable>({
      {base64_encode(wrong_crc), Undecodable::kGzip},
      {base64_encode(zipped.substr(0, zipped.size() / 2)), Undecodable::kGzip},
      {base64_encode(zipped).substr(0, 40'001), Undecodable::kBase64},
      {base64_encode(zipped) + "*", Undecodable::kBase64},
      {payload_of(release_json(tail + ",")), Undecodable::kBadJson},
      {payload_of(release_json(tail + "}x")), Undecodable::kBadJson},
      {payload_of(release_json(tail + R"(,"name":3})")), Undecodable::kWrongType},
  }));
  CHECK(decode(damaged, DecodeMode::kStop) == DecodeOutcome(kFacts));
  CHECK(decode(damaged, DecodeMode::kVerify) == DecodeOutcome(reason));
}

TEST_CASE("decode: a later duplicate is seen by verify mode only") {
  const std::string payload = payload_of(release_json(R"(},"info":{"status":"failed"}})"));
  CHECK(std::get<ReleaseFacts>(decode(payload, DecodeMode::kStop)).status ==
        Status::kPendingUpgrade);
  CHECK(std::get<ReleaseFacts>(decode(payload, DecodeMode::kVerify)).status == Status::kFailed);
}

TEST_CASE("decode: in another order than Helm's, stop mode reads on to the end") {
  const std::string json = R"({"version":1,"chart":{"values":{"a":{"metadata":{}}},)"
                           R"("metadata":{"name":"nginx"}},"info":{"status":"failed"})";
  const auto outcome = decode(payload_of(json + "}"), DecodeMode::kStop);
  CHECK(std::get<ReleaseFacts>(outcome).chart == "nginx");
  CHECK(std::get<ReleaseFacts>(outcome).status == Status::kFailed);
  CHECK(decode(payload_of(R"({"info":{}})"
                          "x"),
               DecodeMode::kStop) == DecodeOutcome(Undecodable::kBadJson));
}

TEST_CASE("decode: damage before the facts is refused in both modes") {
  const auto mode = GENERATE(DecodeMode::kStop, DecodeMode::kVerify);
  const auto [payload, reason] = GENERATE(table<std::string, Undecodable>({
      {"H4sI*", Undecodable::kBase64},
      {base64_encode(encoding::gzip(release_json("")).substr(0, 60)), Undecodable::kGzip},
      {base64_encode(release_json("").substr(0, 60)), Undecodable::kBadJson},
      {payload_of(R"({"name":3,"info":{},"chart":{"metadata":{}}})"), Undecodable::kWrongType},
      {payload_of("\xef\xbb\xbf{}"), Undecodable::kBadJson},
  }));
  CHECK(decode(payload, mode) == DecodeOutcome(reason));
}

TEST_CASE("decode: one after another on a thread do not disturb each other") {
  const std::string good = payload_of(release_json("}}"));
  const std::string cut = base64_encode(encoding::gzip(release_json("}}")).substr(0, 100));
  for (int i = 0; i < 3; ++i) {
    CHECK(decode(cut, DecodeMode::kVerify) == DecodeOutcome(Undecodable::kGzip));
    CHECK(decode(good, DecodeMode::kVerify) == DecodeOutcome(kFacts));
    CHECK(decode(good, DecodeMode::kStop) == DecodeOutcome(kFacts));
  }
}

TEST_CASE("limits: inflated bytes, to the byte") {
  const auto mode = GENERATE(DecodeMode::kStop, DecodeMode::kVerify);
  const std::string json = R"({"config":{"x":")" + std::string(10'000, 'x') + "\"}}";
  DecodeLimits limits;
  limits.inflated_bytes_max = json.size();
  const auto payload = GENERATE_COPY(payload_of(json), base64_encode(json));
  CHECK(std::holds_alternative<ReleaseFacts>(decode(payload, mode, limits)));
  --limits.inflated_bytes_max;
  CHECK(decode(payload, mode, limits) == DecodeOutcome(Undecodable::kTooLarge));
}

TEST_CASE("limits: text without end is refused, whatever it is made of") {
  const auto mode = GENERATE(DecodeMode::kStop, DecodeMode::kVerify);
  const std::string part = GENERATE(as<std::string>{}, " ", "x", "null,", "[],");
  DecodeLimits limits;
  limits.token_bytes_max = 10'000;
  std::string json = part == "x" ? R"({"name":")" : R"({"x":[)";
  while (json.size() < 20'000) json += part;
  CHECK(decode(payload_of(json), mode, limits) == DecodeOutcome(Undecodable::kTooLarge));
}

TEST_CASE("limits: a bomb is refused by default") {
  const std::string json = R"({"name":")" + std::string(9U << 20, 'x');
  CHECK(decode(payload_of(json), DecodeMode::kStop) == DecodeOutcome(Undecodable::kTooLarge));
}

TEST_CASE("limits: a string that is kept") {
  const auto mode = GENERATE(DecodeMode::kStop, DecodeMode::kVerify);
  const std::string field = GENERATE(as<std::string>{}, "name", "version", "appVersion");
  DecodeLimits limits;
  limits.string_bytes_max = 100;
  const auto json = [&](std::size_t size) {
    return R"({"chart":{"metadata":{")" + field + R"(":")" + std::string(size, 'x') + "\"}}}";
  };
  CHECK(std::holds_alternative<ReleaseFacts>(decode(payload_of(json(100)), mode, limits)));
  CHECK(decode(payload_of(json(101)), mode, limits) == DecodeOutcome(Undecodable::kTooLarge));
}

TEST_CASE("limits: a string that is skipped may be longer") {
  const std::string json = R"({"manifest":")" + std::string(2U << 20, 'x') + "\"}";
  CHECK(decode(payload_of(json), DecodeMode::kVerify) == DecodeOutcome(ReleaseFacts{}));
}

TEST_CASE("limits: depth") {
  DecodeLimits limits;
  limits.json_depth_max = 4;
  CHECK(decode(payload_of(R"({"x":[[{}]]})"), DecodeMode::kVerify, limits) ==
        DecodeOutcome(ReleaseFacts{}));
  CHECK(decode(payload_of(R"({"x":[[[{}]]]})"), DecodeMode::kVerify, limits) ==
        DecodeOutcome(Undecodable::kBadJson));
}

TEST_CASE("storage bytes: what Kubernetes counts, from the length alone") {
  const auto [bytes] = GENERATE(table<std::size_t>({{0}, {1}, {2}, {3}, {4}, {1000}, {1001}}));
  const std::string stored(bytes, 'x');
  CHECK(storage_bytes(stored, PayloadEncoding::kBase64) == bytes);
  CHECK(storage_bytes(base64_encode(stored), PayloadEncoding::kDoubleBase64) == bytes);
}

TEST_CASE("storage bytes: text that is no base64 has a length too") {
  CHECK(storage_bytes("=", PayloadEncoding::kDoubleBase64) == 0);
  CHECK(storage_bytes("==", PayloadEncoding::kDoubleBase64) == 0);
}

TEST_CASE("undecodable: reasons are the label values of the metric") {
  CHECK(undecodable_reason(Undecodable::kEmpty) == "empty");
  CHECK(undecodable_reason(Undecodable::kNoReleaseKey) == "no_release_key");
  CHECK(undecodable_reason(Undecodable::kBase64) == "base64");
  CHECK(undecodable_reason(Undecodable::kGzip) == "gzip");
  CHECK(undecodable_reason(Undecodable::kTooLarge) == "too_large");
  CHECK(undecodable_reason(Undecodable::kBadJson) == "bad_json");
  CHECK(undecodable_reason(Undecodable::kWrongType) == "wrong_type");
}

}  // namespace
}  // namespace lookout::helm
