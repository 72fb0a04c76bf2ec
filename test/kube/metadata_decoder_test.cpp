#include "lookout/kube/metadata_decoder.hpp"

#include <catch2/catch.hpp>

#include <limits>

#include "test/kube/arbitrary_meta.hpp"
#include "test/kube/feed.hpp"
#include "test/kube/testdata.hpp"
#include "test/kube/wire_builder.hpp"

namespace lookout::kube {
namespace {

using wire::bytes_field;
using wire::Object;
using wire::sample_meta;

constexpr std::size_t kWhole = std::numeric_limits<std::size_t>::max();

struct Listed {
  std::vector<helm::SecretMeta> items;
  ListEnd end;
};

Result<Listed> list(WireFormat format, std::string_view bytes, std::size_t piece_bytes = kWhole,
                    DecoderLimits limits = {}) {
  Listed out;
  MetadataListDecoder decoder(
      format, [&out](const helm::SecretMeta& meta) { out.items.push_back(meta); }, limits);
  if (Result<void> fed = feed_pieces(decoder, bytes, piece_bytes); !fed) return fed.error();
  Result<ListEnd> end = decoder.finish();
  if (!end) return end.error();
  out.end = *end;
  return out;
}

std::vector<Object> samples() {
  Object second{sample_meta("sh.helm.release.v1.shop.v2.v1"), std::nullopt, {{"a", "b"}}};
  second.meta.labels.clear();
  second.meta.created_seconds = 0;
  return {Object{sample_meta(), std::nullopt, {}}, second};
}

std::string list_of(std::string_view raw) {
  return wire::envelope("meta.k8s.io/v1", "PartialObjectMetadataList", raw);
}

const std::string kListMeta = bytes_field(1, bytes_field(2, "5"));

}  // namespace

TEST_CASE("wire format: by media type") {
  CHECK(*wire_format("application/vnd.kubernetes.protobuf") == WireFormat::kProtobuf);
  CHECK(*wire_format("application/json") == WireFormat::kJson);
  const auto other = GENERATE(as<std::string>(), "text/html", "text/plain", "");
  const auto refused = wire_format(other);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kMalformed);
  CHECK(refused.error().message == "unexpected content type \"" + other + "\"");
}

TEST_CASE("metadata list: a real server's answer in every form") {
  const auto file = GENERATE(as<std::string>(), "metadata_list.pb", "metadata_list.json",
                             "metadata_list_pretty.json");
  const bool json = file.ends_with("json");
  const auto answer = list(json ? WireFormat::kJson : WireFormat::kProtobuf, testdata(file), 100);
  REQUIRE(answer);
  CHECK(answer->end.resource_version == "320");
  CHECK(answer->end.continue_token.empty());
  REQUIRE(answer->items.size() == 4);
  const auto redis = std::find_if(
      answer->items.begin(), answer->items.end(),
      [](const helm::SecretMeta& meta) { return meta.name == "sh.helm.release.v1.redis.v2"; });
  REQUIRE(redis != answer->items.end());
  CHECK(redis->ns == "default");
  CHECK(redis->uid == "3dde59f3-e875-4f1a-be44-c07ddf481188");
  CHECK(redis->resource_version == "318");
  CHECK(redis->created_seconds == 1'795'257'351);
  CHECK(redis->labels == decltype(redis->labels){{"modifiedAt", "1709287872"},
                                                 {"name", "redis"},
                                                 {"owner", "helm"},
                                                 {"status", "deployed"},
                                                 {"version", "2"}});
}

TEST_CASE("metadata list: a page of a real server has its continue token") {
  const auto json = list(WireFormat::kJson, testdata("metadata_page.json"));
  const auto protobuf = list(WireFormat::kProtobuf, testdata("metadata_page.pb"));
  REQUIRE(json);
  REQUIRE(protobuf);
  CHECK(json->end.continue_token.substr(0, 10) == "eyJ2IjoibW");
  CHECK(json->end.continue_token == protobuf->end.continue_token);
  CHECK(json->items == protobuf->items);
  CHECK(json->items.size() == 2);
}

TEST_CASE("metadata list: cut at every byte, every cut short is noticed") {
  const auto format = GENERATE(WireFormat::kProtobuf, WireFormat::kJson);
  const std::string bytes = wire::metadata_list(format, samples(), {"77", "next"});
  const std::size_t tail = format == WireFormat::kProtobuf ? 4 : 1;  // after what must be there
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    std::vector<helm::SecretMeta> items;
    MetadataListDecoder decoder(format,
                                [&items](const helm::SecretMeta& meta) { items.push_back(meta); });
    REQUIRE(feed_cut(decoder, bytes, cut));
    const auto end = decoder.finish();
    REQUIRE(end);
    REQUIRE(end->resource_version == "77");
    REQUIRE(end->continue_token == "next");
    REQUIRE(items.size() == 2);
    REQUIRE(items[0] == samples()[0].meta);
    REQUIRE(items[1] == samples()[1].meta);
    const auto half = list(format, std::string_view(bytes).substr(0, cut));
    if (cut < bytes.size() - tail) REQUIRE_FALSE(half);
    if (!half) REQUIRE(half.error().code == ErrorCode::kMalformed);
  }
}

TEST_CASE("metadata list: what is encoded is decoded, alike in both formats") {
  CHECK(rc::check([] {
    const auto objects =
        *rc::gen::scale(0.12, rc::gen::container<std::vector<Object>>(wire::object_generator()));
    const auto piece_bytes = *rc::gen::inRange<std::size_t>(1, 400);
    for (const WireFormat format : {WireFormat::kProtobuf, WireFormat::kJson}) {
      const auto bytes = wire::metadata_list(format, objects, {"1", ""});
      const auto answer = list(format, bytes, piece_bytes);
      RC_ASSERT(answer.ok());
      RC_ASSERT(answer->items.size() == objects.size());
      for (std::size_t i = 0; i < objects.size(); ++i) {
        RC_ASSERT(answer->items[i] == objects[i].meta);
      }
    }
  }));
}

TEST_CASE("metadata list: arbitrary bytes are refused or read, never more") {
  CHECK(rc::check([] {
    const auto format = *rc::gen::element(WireFormat::kProtobuf, WireFormat::kJson);
    auto bytes = wire::metadata_list(format, samples(), {"1", ""});
    const auto changes = *rc::gen::container<std::vector<std::pair<std::size_t, char>>>(
        rc::gen::pair(rc::gen::inRange<std::size_t>(0, bytes.size()), rc::gen::arbitrary<char>()));
    for (const auto& [at, byte] : changes) bytes[at] = byte;
    const auto whole = list(format, bytes);
    const auto pieces = list(format, bytes, 1);
    RC_ASSERT(whole.ok() == pieces.ok());
    if (whole.ok()) RC_ASSERT(whole->items == pieces->items);
  }));
}

TEST_CASE("metadata list: JSON with its keys in any order") {
  const std::string item = wire::json_object({sample_meta(), std::nullopt, {}}, "");
  const auto body = GENERATE_COPY(values<std::string>({
      R"({"items":[)" + item +
          R"(],"metadata":{"resourceVersion":"5","remainingItemCount":3},)"
          R"("apiVersion":"meta.k8s.io/v1","kind":"PartialObjectMetadataList"})",
      " \r\n{ \"metadata\" : {\"resourceVersion\":\"5\"} "
      ",\n\t\"kind\":\"PartialObjectMetadataList\","
      "\"apiVersion\":\"meta.k8s.io/v1\",\"more\":[{\"items\":7}],\"items\" : [\n" +
          item + "\n ] }\n",
  }));
  const auto answer = list(WireFormat::kJson, body);
  REQUIRE(answer);
  CHECK(answer->end.resource_version == "5");
  REQUIRE(answer->items.size() == 1);
  CHECK(answer->items[0] == sample_meta());
}

TEST_CASE("metadata list: an empty list in all its forms") {
  const auto items = GENERATE(as<std::string>(), R"(,"items":null)", R"(,"items":[])", "");
  const auto answer = list(WireFormat::kJson,
                           R"({"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1",)"
                           R"("metadata":{"resourceVersion":"5"})" +
                               items + "}");
  REQUIRE(answer);
  CHECK(answer->items.empty());
  const auto protobuf = list(WireFormat::kProtobuf, list_of(kListMeta));
  REQUIRE(protobuf);
  CHECK(protobuf->end.resource_version == "5");
}

TEST_CASE("metadata list: another kind is refused by name") {
  const auto row = GENERATE(values<std::pair<std::string, std::string>>({
      {"secret_list.json", "\"SecretList\""},
      {"secret_list.pb", "\"SecretList\" of \"v1\""},
      {"status_404.json", "\"Status\""},
      {"status_404.pb", "\"Status\" of \"v1\""},
  }));
  const bool json = row.first.ends_with("json");
  const auto answer = list(json ? WireFormat::kJson : WireFormat::kProtobuf, testdata(row.first));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kMalformed);
  CHECK_THAT(answer.error().message,
             Catch::StartsWith("expected kind PartialObjectMetadataList, got " + row.second));
}

TEST_CASE("metadata list: JSON that is no such list is malformed") {
  const std::string head = R"({"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1",)";
  const auto body = GENERATE_COPY(values<std::string>({
      "",
      "<!doctype html><html></html>",
      "[]",
      "null",
      R"({"metadata":{"resourceVersion":"5"},"items":[]})",
      head + R"("metadata":{"resourceVersion":"5"},"items":{}})",
      head + R"("metadata":{"resourceVersion":"5"},"items":[7]})",
      head + R"("metadata":{"resourceVersion":"5"},"items":[null]})",
      head + R"("metadata":{"resourceVersion":"5"},"items":[{}})",
      head + R"("metadata":{"resourceVersion":"5"},"items":[{"metadata":7}]})",
      head + R"("metadata":{"resourceVersion":"5"},"items":[{"metadata":{"name":7}}]})",
      head + R"("metadata":{"resourceVersion":"5"},"items":[{"metadata":{"name":["x"]}}]})",
      head + R"("metadata":{"resourceVersion":"5"},"items":[{"metadata":{"labels":"x"}}]})",
      head +
          R"("metadata":{"resourceVersion":"5"},"items":[{"metadata":{"creationTimestamp":"x"}}]})",
      head + R"("metadata":{"resourceVersion":"5"},"items":[{]}]})",
      head + R"("metadata":{"resourceVersion":"5"},"items":[]} {})",
      head + R"("metadata":"5","items":[]})",
      head + R"("metadata":{},"items":[]})",
      head + R"("metadata":{"resourceVersion":"5"},"items":[],})",
      head + R"("metadata":{"resourceVersion":"5"},"items":[,]})",
      R"({"kind":["PartialObjectMetadataList"]})",
      R"({"kind":"PartialObjectMetadataList","apiVersion":"example.com/v1"})",
      R"({"kind" "PartialObjectMetadataList"})",
      R"({kind:"PartialObjectMetadataList"})",
  }));
  const auto answer = list(WireFormat::kJson, body);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kMalformed);
}

TEST_CASE("metadata list: hostile protobuf is malformed") {
  using wire::number_field;
  using wire::varint;
  const std::string type = bytes_field(
      1, bytes_field(1, "meta.k8s.io/v1") + bytes_field(2, "PartialObjectMetadataList"));
  const std::string magic("k8s\0", 4);
  const std::string negative(varint(~0ULL));
  const auto body = GENERATE_COPY(values<std::string>({
      "",
      "k8s",
      "k8t" + type,
      "{\"kind\":\"PartialObjectMetadataList\"}",
      magic,
      magic + type,
      magic + bytes_field(2, kListMeta),                               // no type before raw
      magic + bytes_field(1, "\x0a\x7f") + bytes_field(2, kListMeta),  // damaged type
      magic + type + number_field(2, 5),                               // raw as a number
      magic + type + "\x12" + negative,                                // raw of negative length
      magic + type + bytes_field(2, kListMeta) + bytes_field(2, ""),   // raw twice
      magic + type + bytes_field(2, kListMeta) + "\x1a\x05",           // cut behind raw
      magic + type + bytes_field(2, kListMeta) + "\x1a" + negative,
      magic + type + "\x13" + bytes_field(2, kListMeta),  // a group
      list_of(""),                                        // no resourceVersion
      list_of(bytes_field(1, number_field(2, 5))),
      list_of(kListMeta + number_field(2, 5)),  // an item as a number
      list_of(kListMeta + "\x12\x7f"),          // longer than the list
      list_of(kListMeta + "\x12" + negative),
      list_of(kListMeta + "\x12"),                              // no length
      list_of(kListMeta + "\x1a\x7f"),                          // unknown, too long
      list_of(kListMeta + "\x0f"),                              // wire type 7
      list_of(kListMeta + bytes_field(2, "\x0a\x7f")),          // metadata too long
      list_of(kListMeta + bytes_field(2, number_field(1, 1))),  // metadata as a number
      list_of(kListMeta + bytes_field(2, bytes_field(1, number_field(1, 1)))),
      list_of(kListMeta + bytes_field(2, bytes_field(1, bytes_field(8, "\x0a\x01x")))),
      list_of(kListMeta + bytes_field(2, bytes_field(1, number_field(11, 1)))),
      list_of(kListMeta + bytes_field(2, bytes_field(1, bytes_field(11, "\x0a\x7f")))),
      list_of(kListMeta + bytes_field(2, bytes_field(1, bytes_field(12, "\x08\x01")))),
      list_of(kListMeta +
              bytes_field(2, bytes_field(1, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"))),
  }));
  const auto piece_bytes = GENERATE(kWhole, std::size_t{1});
  const auto answer = list(WireFormat::kProtobuf, body, piece_bytes);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kMalformed);
}

TEST_CASE("metadata list: fields that nobody knows yet are skipped") {
  const std::string fixed64 = std::string("\x51") + "12345678";  // field 10
  const std::string item =
      bytes_field(1, bytes_field(1, "x") + fixed64 + bytes_field(99, "later")) +
      bytes_field(8, "z");
  const auto answer = list(WireFormat::kProtobuf,
                           list_of(bytes_field(7, std::string(70'000, 'x')) + kListMeta +
                                   wire::number_field(9, 3) + bytes_field(2, item)),
                           1'000);
  REQUIRE(answer);
  REQUIRE(answer->items.size() == 1);
  CHECK(answer->items[0].name == "x");
}

TEST_CASE("metadata list: a known field of another wire type is malformed") {
  const std::string label = std::string("\x5d") + "1234";  // field 11, 32 bits
  const auto answer =
      list(WireFormat::kProtobuf, list_of(kListMeta + bytes_field(2, bytes_field(1, label))));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kMalformed);
}

TEST_CASE("metadata list: limits on one item") {
  const auto format = GENERATE(WireFormat::kProtobuf, WireFormat::kJson);
  Object object{sample_meta(), std::nullopt, {{"long", std::string(5'000, 'x')}}};
  const std::string bytes = wire::metadata_list(format, {object, object, object}, {"1", ""});
  DecoderLimits limits;
  limits.item_bytes_max = 6'000;
  CHECK(list(format, bytes, 100, limits));
  limits.item_bytes_max = 5'000;
  const auto piece_bytes = GENERATE(kWhole, std::size_t{100});
  const auto answer = list(format, bytes, piece_bytes, limits);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kTooLarge);
  CHECK_THAT(answer.error().message, Catch::Contains("exceeds 5000"));
}

TEST_CASE("metadata list: too many labels") {
  const auto format = GENERATE(WireFormat::kProtobuf, WireFormat::kJson);
  Object object{sample_meta(), std::nullopt, {}};
  object.meta.labels.assign(10'000, {"k", "v"});
  CHECK(list(format, wire::metadata_list(format, {object}, {"1", ""})));
  object.meta.labels.emplace_back("k", "v");
  const auto answer = list(format, wire::metadata_list(format, {object}, {"1", ""}));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kTooLarge);
}

TEST_CASE("metadata list: JSON nested too deeply") {
  const std::string open(200, '[');
  const std::string close(200, ']');
  const auto answer = list(WireFormat::kJson,
                           R"({"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1",)"
                           R"("metadata":{"resourceVersion":"1"},"items":[{"x":)" +
                               open + close + "}]}");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kTooLarge);
}

}  // namespace lookout::kube
