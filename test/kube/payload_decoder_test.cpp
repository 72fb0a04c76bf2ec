#include "lookout/kube/payload_decoder.hpp"

#include <catch2/catch.hpp>

#include <limits>

#include "lookout/encoding/base64.hpp"

#include "test/kube/arbitrary_meta.hpp"
#include "test/kube/feed.hpp"
#include "test/kube/testdata.hpp"
#include "test/kube/wire_builder.hpp"

namespace lookout::kube {
namespace {

using Shape = PayloadDecoder::Shape;
using wire::bytes_field;
using wire::Object;
using wire::sample_meta;

constexpr std::size_t kWhole = std::numeric_limits<std::size_t>::max();

struct Seen {
  helm::SecretMeta meta;
  std::optional<std::string> release;
  helm::PayloadEncoding encoding;
};

struct Source {
  WireFormat format = WireFormat::kJson;
  Shape shape = Shape::kList;
  StorageDriver driver = StorageDriver::kSecret;
};

Result<std::vector<Seen>> payloads(const Source& source, std::string_view bytes,
                                   std::size_t piece_bytes = kWhole, DecoderLimits limits = {}) {
  std::vector<Seen> out;
  PayloadDecoder decoder(
      source.format, source.shape, source.driver,
      [&out](const PayloadObject& object) {
        std::optional<std::string> release;
        if (object.release) release.emplace(*object.release);
        out.push_back({object.meta, release, object.encoding});
      },
      limits);
  if (Result<void> fed = feed_pieces(decoder, bytes, piece_bytes); !fed) return fed.error();
  if (Result<void> end = decoder.finish(); !end) return end.error();
  return out;
}

WireFormat format_of(const std::string& file) {
  return file.ends_with("json") ? WireFormat::kJson : WireFormat::kProtobuf;
}

// Helm's own layer decoded: starts with gzip's magic.
std::string gzip_of(const Seen& seen) {
  std::string text = *seen.release;
  if (seen.encoding == helm::PayloadEncoding::kDoubleBase64) {
    text = *encoding::base64_decode(text);
  }
  return *encoding::base64_decode(text);
}

}  // namespace

TEST_CASE("payloads: resource names") {
  CHECK(resource_name(StorageDriver::kSecret) == "secrets");
  CHECK(resource_name(StorageDriver::kConfigMap) == "configmaps");
}

TEST_CASE("payloads: real server's lists") {
  const auto file =
      GENERATE(as<std::string>(), "secret_list.pb", "secret_list.json", "secret_list_pretty.json");
  const auto seen = payloads({format_of(file), Shape::kList}, testdata(file), 50);
  REQUIRE(seen);
  REQUIRE(seen->size() == 4);
  for (const Seen& object : *seen) {
    CHECK(gzip_of(object).substr(0, 3) == "\x1f\x8b\x08");
    CHECK(*object.meta.label("owner") == "helm");
  }
}

TEST_CASE("payloads: real server's single objects and ConfigMaps") {
  const auto row = GENERATE(values<std::tuple<std::string, Shape, StorageDriver>>({
      {"secret.pb", Shape::kObject, StorageDriver::kSecret},
      {"secret.json", Shape::kObject, StorageDriver::kSecret},
      {"configmap.pb", Shape::kObject, StorageDriver::kConfigMap},
      {"configmap.json", Shape::kObject, StorageDriver::kConfigMap},
      {"configmap_list.pb", Shape::kList, StorageDriver::kConfigMap},
      {"configmap_list.json", Shape::kList, StorageDriver::kConfigMap},
  }));
  const auto& [file, shape, driver] = row;
  const auto seen = payloads({format_of(file), shape, driver}, testdata(file), 33);
  REQUIRE(seen);
  REQUIRE(seen->size() == 1);
  const bool secret = driver == StorageDriver::kSecret;
  CHECK(seen->front().meta.name ==
        (secret ? "sh.helm.release.v1.redis.v2" : "sh.helm.release.v1.cm.v1"));
  CHECK(gzip_of(seen->front()).substr(0, 3) == "\x1f\x8b\x08");
}

TEST_CASE("payloads: cut at every byte, every cut short is noticed") {
  const auto format = GENERATE(WireFormat::kProtobuf, WireFormat::kJson);
  const auto shape = GENERATE(Shape::kObject, Shape::kList);
  const Object object{sample_meta(), "SDRzSUFBQUE=", {}};
  const std::string bytes = shape == Shape::kObject
                                ? wire::single(format, "Secret", object)
                                : wire::payload_list(format, "SecretList", {object, object});
  const std::size_t tail = format == WireFormat::kProtobuf ? 4 : 1;
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    std::size_t objects = 0;
    PayloadDecoder decoder(format, shape, StorageDriver::kSecret,
                           [&objects](const PayloadObject& seen) {
                             ++objects;
                             REQUIRE(seen.release == "SDRzSUFBQUE=");
                             REQUIRE(seen.meta == sample_meta());
                           });
    REQUIRE(feed_cut(decoder, bytes, cut));
    REQUIRE(decoder.finish());
    REQUIRE(objects == (shape == Shape::kObject ? 1 : 2));
    if (cut < bytes.size() - tail) {
      REQUIRE_FALSE(payloads({format, shape}, std::string_view(bytes).substr(0, cut)));
    }
  }
}

TEST_CASE("payloads: what is encoded is decoded, alike in both formats") {
  CHECK(rc::check([] {
    const auto objects =
        *rc::gen::scale(0.12, rc::gen::container<std::vector<Object>>(wire::object_generator()));
    const auto piece_bytes = *rc::gen::inRange<std::size_t>(1, 400);
    for (const WireFormat format : {WireFormat::kProtobuf, WireFormat::kJson}) {
      const auto bytes = wire::payload_list(format, "SecretList", objects);
      const auto seen = payloads({format, Shape::kList}, bytes, piece_bytes);
      RC_ASSERT(seen.ok());
      RC_ASSERT(seen->size() == objects.size());
      for (std::size_t i = 0; i < objects.size(); ++i) {
        RC_ASSERT((*seen)[i].meta == objects[i].meta);
        RC_ASSERT((*seen)[i].release == objects[i].release);
      }
    }
  }));
}

TEST_CASE("payloads: strings moved aside are never mistaken") {
  const std::string payload(1'000, 'A');
  const auto row = GENERATE_COPY(values<std::pair<std::string, std::string>>({
      {payload, payload},
      {std::string(256, 'B'), std::string(256, 'B')},
      {std::string(257, 'B'), std::string(257, 'B')},
      {"", ""},
      {"short", "short"},
      {R"(\u00000)", std::string("\0"
                                 "0",
                                 2)},
      {R"(\u00001)", std::string("\0"
                                 "1",
                                 2)},
      {R"(a\/b)", "a/b"},
      {R"(\/b)", "/b"},
      {payload + R"(\/\n\u0041\"\\)", payload + "/\nA\"\\"},
      {R"(\\)" + payload, "\\" + payload},
  }));
  const std::string body =
      R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"x",)"
      R"("annotations":{"\u00000":"\u00000",)"
      R"("long":")" +
      std::string(300, 'z') + R"("},"labels":{")" + std::string(300, 'k') +
      R"(":"\u00002"}},"data":{"release":")" + row.first + R"("}})";
  const auto piece_bytes = GENERATE(kWhole, std::size_t{1});
  const auto seen = payloads({WireFormat::kJson, Shape::kObject}, body, piece_bytes);
  REQUIRE(seen);
  REQUIRE(seen->size() == 1);
  CHECK(seen->front().release == row.second);
  REQUIRE(seen->front().meta.labels.size() == 1);
  CHECK(seen->front().meta.labels[0].first == std::string(300, 'k'));
  CHECK(seen->front().meta.labels[0].second == std::string("\0"
                                                           "2",
                                                           2));
}

TEST_CASE("payloads: objects without the key") {
  const auto data = GENERATE(as<std::string>(), "", R"(,"data":null)", R"(,"data":{})",
                             R"(,"data":{"other":"eA=="})", R"(,"data":{"release":null})",
                             R"(,"stringData":{"release":"x"})");
  const auto seen =
      payloads({WireFormat::kJson, Shape::kObject},
               R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"x"})" + data + "}");
  REQUIRE(seen);
  CHECK_FALSE(seen->front().release);
}

TEST_CASE("payloads: wrong kinds and shapes are malformed") {
  const auto row = GENERATE(values<std::tuple<std::string, Shape, StorageDriver>>({
      {"secret.json", Shape::kList, StorageDriver::kSecret},
      {"secret_list.json", Shape::kObject, StorageDriver::kSecret},
      {"secret.json", Shape::kObject, StorageDriver::kConfigMap},
      {"configmap_list.json", Shape::kList, StorageDriver::kSecret},
      {"metadata_list.json", Shape::kList, StorageDriver::kSecret},
      {"status_404.json", Shape::kObject, StorageDriver::kSecret},
      {"secret.pb", Shape::kList, StorageDriver::kSecret},
      {"secret_list.pb", Shape::kObject, StorageDriver::kSecret},
      {"secret.pb", Shape::kObject, StorageDriver::kConfigMap},
      {"status_404.pb", Shape::kObject, StorageDriver::kSecret},
  }));
  const auto& [file, shape, driver] = row;
  const auto seen = payloads({format_of(file), shape, driver}, testdata(file));
  REQUIRE_FALSE(seen);
  CHECK(seen.error().code == ErrorCode::kMalformed);
  CHECK_THAT(seen.error().message, Catch::StartsWith("expected kind "));
}

TEST_CASE("payloads: hostile JSON objects are malformed") {
  const std::string head = R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"x"},)";
  const auto body = GENERATE_COPY(values<std::string>({
      "",
      "[]",
      head,
      head + R"("data":{"release":7}})",
      head + R"("data":{"release":{}}})",
      head + R"("data":[]})",
      head + R"("data":{"release":"\x"}})",
      head + R"("data":{"release":"\ud800)" + std::string(300, 'x') + R"("}})",
      head + R"("data":{}]})",
      head + R"("data":{}}{})",
  }));
  const auto seen = payloads({WireFormat::kJson, Shape::kObject}, body);
  REQUIRE_FALSE(seen);
  CHECK(seen.error().code == ErrorCode::kMalformed);
}

TEST_CASE("payloads: hostile protobuf objects are malformed") {
  const auto raw = GENERATE(values<std::string>({
      bytes_field(1, bytes_field(1, "x")) + wire::number_field(2, 1),
      bytes_field(1, bytes_field(1, "x")) + bytes_field(2, "\x12\x7f"),
      bytes_field(1, bytes_field(1, "x")) + bytes_field(2, wire::number_field(2, 7)),
      bytes_field(1, bytes_field(1, "x")) + "\x12",
      "\x13\x14",
  }));
  const auto seen =
      payloads({WireFormat::kProtobuf, Shape::kObject}, wire::envelope("v1", "Secret", raw));
  REQUIRE_FALSE(seen);
  CHECK(seen.error().code == ErrorCode::kMalformed);
}

TEST_CASE("payloads: limits") {
  const auto format = GENERATE(WireFormat::kProtobuf, WireFormat::kJson);
  const auto shape = GENERATE(Shape::kObject, Shape::kList);
  const Object object{sample_meta(), std::string(20'000, 'A'), {}};
  const std::string bytes = shape == Shape::kObject
                                ? wire::single(format, "Secret", object)
                                : wire::payload_list(format, "SecretList", {object});
  DecoderLimits limits;
  limits.item_bytes_max = 20'000;
  const auto seen = payloads({format, shape}, bytes, 512, limits);
  REQUIRE_FALSE(seen);
  CHECK(seen.error().code == ErrorCode::kTooLarge);
}

}  // namespace lookout::kube
