// What the fake writes is read back by the program's own decoders.
#include "test/fakes/object_encoding.hpp"

#include <catch2/catch.hpp>

#include "lookout/kube/metadata_decoder.hpp"
#include "lookout/kube/payload_decoder.hpp"
#include "lookout/kube/status.hpp"

#include "test/fakes/release_generator.hpp"

namespace lookout::fakes {
namespace {

using kube::WireFormat;

WireFormat format_of(const Representation& as) {
  return as.protobuf ? WireFormat::kProtobuf : WireFormat::kJson;
}

Representation any_representation() {
  Representation as;
  as.protobuf = GENERATE(true, false);
  as.metadata_only = true;
  if (!as.protobuf) as.pretty = GENERATE(true, false);
  return as;
}

std::vector<ObjectPtr> some_objects(ObjectStore& store) {
  for (std::uint32_t revision = 1; revision <= 3; ++revision) {
    ReleaseSpec spec;
    spec.name = "app";
    spec.revision = revision;
    store.put(whole_release(spec));
  }
  return store.list(Resource::kSecrets, "").objects;
}

std::string encode(const ListHead& head, const std::vector<ObjectPtr>& items,
                   const Representation& as) {
  std::string out;
  encode_list(head, items, as, [&out](std::string_view piece) {
    out += piece;
    return true;
  });
  return out;
}

}  // namespace

TEST_CASE("object encoding: a metadata list says what the store holds") {
  const Representation as = any_representation();
  ObjectStore store;
  const auto objects = some_objects(store);
  std::vector<helm::SecretMeta> seen;
  kube::MetadataListDecoder decoder(format_of(as),
                                    [&](const helm::SecretMeta& item) { seen.push_back(item); });
  REQUIRE(decoder.feed(encode({Resource::kSecrets, 77, "more", 5}, objects, as)).ok());
  const auto end = decoder.finish();
  REQUIRE(end.ok());
  CHECK(end->resource_version == "77");
  CHECK(end->continue_token == "more");
  REQUIRE(seen.size() == objects.size());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    CHECK(seen[i].name == objects[i]->name);
    CHECK(seen[i].uid == objects[i]->uid);
    CHECK(seen[i].resource_version == std::to_string(objects[i]->resource_version));
    CHECK(seen[i].labels == objects[i]->labels);
    CHECK(seen[i].created_seconds == objects[i]->created_seconds);
  }
}

TEST_CASE("object encoding: payloads of whole objects survive") {
  Representation as = any_representation();
  as.metadata_only = false;
  ObjectStore store;
  const auto objects = some_objects(store);
  std::size_t right = 0;
  kube::PayloadDecoder decoder(
      format_of(as), kube::PayloadDecoder::Shape::kList, kube::StorageDriver::kSecret,
      [&](const kube::PayloadObject& object) {
        const auto outcome = helm::decode_release(object.release.value(), object.encoding,
                                                  helm::DecodeMode::kVerify);
        right += std::holds_alternative<helm::ReleaseFacts>(outcome) ? 1U : 0U;
      });
  REQUIRE(decoder.feed(encode({Resource::kSecrets, 77, "", 0}, objects, as)).ok());
  REQUIRE(decoder.finish().ok());
  CHECK(right == objects.size());
}

TEST_CASE("object encoding: events, bookmarks and errors of a watch") {
  const Representation as = any_representation();
  ObjectStore store;
  const auto objects = some_objects(store);
  std::vector<kube::WatchEvent> seen;
  kube::WatchDecoder decoder(format_of(as), [&](const kube::WatchEvent& event) {
    seen.push_back(event);
    return Result<void>();
  });
  REQUIRE(decoder.feed(encode_event("DELETED", *objects[0], as)).ok());
  REQUIRE(decoder
              .feed(encode_bookmark({Resource::kSecrets, 78, "", 0},
                                    BookmarkKind::kInitialEventsEnd, as))
              .ok());
  REQUIRE(decoder.feed(encode_error_event({410, "Expired", "too old", {}, "", "", ""}, as)).ok());
  REQUIRE(decoder.finish().ok());
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].type == kube::WatchEvent::Type::kDeleted);
  CHECK(seen[0].object.name == objects[0]->name);
  CHECK(seen[1].initial_events_end);
  CHECK(seen[1].object.resource_version == "78");
  CHECK(seen[2].status.code == 410);
  CHECK(decoder.skipped_events() == 0);
}

TEST_CASE("object encoding: a refusal keeps its reason, token and time") {
  Representation as;
  as.protobuf = GENERATE(true, false);
  const auto status = kube::parse_status(encode_refusal(
      {504, "Timeout", "later", 7, "token", "ResourceVersionTooLarge", "too large"}, as));
  REQUIRE(status);
  CHECK(status->code == 504);
  CHECK(status->reason == "Timeout");
  CHECK(status->continue_token == "token");
  CHECK(status->resource_version_too_large);
  CHECK(status->retry_after_seconds == 7U);
}

}  // namespace lookout::fakes
