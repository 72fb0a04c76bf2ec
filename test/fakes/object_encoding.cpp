#include "test/fakes/object_encoding.hpp"

#include "test/fakes/json_text.hpp"
#include "test/fakes/object_json.hpp"
#include "test/fakes/object_protobuf.hpp"
#include "test/fakes/protobuf_writer.hpp"

namespace lookout::fakes {
namespace {

constexpr std::string_view kMetaVersion = "meta.k8s.io/v1";
constexpr TypeName kStatusType{"v1", "Status"};
constexpr std::size_t kPieceBytes = 64U << 10U;

std::string json_document(std::string compact, const Representation& as) {
  return (as.pretty ? pretty_json(compact) : std::move(compact)) + "\n";
}

std::string json_event(std::string_view type, std::string_view object, const Representation& as) {
  std::string out = R"({"type":)";
  append_quoted(out, type);
  out += R"(,"object":)";
  out += object;
  return json_document(out + "}", as);
}

// Collects pieces of kPieceBytes, or everything when `whole`.
class Pieces {
 public:
  Pieces(const PieceSink& out, bool whole) : out_(out), whole_(whole) {}
  bool add(std::string_view bytes) {
    pending_ += bytes;
    return whole_ || pending_.size() < kPieceBytes || flush();
  }
  bool flush() {
    const bool taken = pending_.empty() || out_(pending_);
    pending_.clear();
    return taken;
  }

 private:
  const PieceSink& out_;
  const bool whole_;
  std::string pending_;
};

bool encode_list_json(const ListHead& head, const std::vector<ObjectPtr>& items,
                      const Representation& as, const PieceSink& out) {
  Pieces pieces(out, as.metadata_only);
  pieces.add(list_head_json(head, as.metadata_only));
  std::string item;
  for (std::size_t i = 0; i < items.size(); ++i) {
    item.assign(i > 0 ? "," : "");
    append_object_json(item, *items[i], as.metadata_only, JsonKind::kListItem);
    if (!pieces.add(item)) return false;
  }
  return pieces.add("]}\n") && pieces.flush();
}

std::string list_item(const Object& object, bool metadata_only) {
  std::string out;
  append_bytes(out, 2, object_message(object, metadata_only));
  return out;
}

bool encode_list_protobuf(const ListHead& head, const std::vector<ObjectPtr>& items,
                          const Representation& as, const PieceSink& out) {
  std::string meta;
  append_bytes(meta, 1, list_meta_message(head));
  std::size_t raw_bytes = meta.size();
  for (const ObjectPtr& item : items) raw_bytes += list_item(*item, as.metadata_only).size();

  Pieces pieces(out, as.metadata_only);
  pieces.add(envelope_head(list_type(head.resource, as.metadata_only), raw_bytes) + meta);
  for (const ObjectPtr& item : items) {
    if (!pieces.add(list_item(*item, as.metadata_only))) return false;
  }
  return pieces.add(envelope_tail()) && pieces.flush();
}

}  // namespace

std::string_view Representation::content_type() const {
  return protobuf ? "application/vnd.kubernetes.protobuf" : "application/json";
}

std::string_view Representation::watch_content_type() const {
  return protobuf ? "application/vnd.kubernetes.protobuf;stream=watch" : "application/json";
}

TypeName object_type(Resource resource, bool metadata_only) {
  if (metadata_only) return {kMetaVersion, "PartialObjectMetadata"};
  return {"v1", resource == Resource::kSecrets ? "Secret" : "ConfigMap"};
}

TypeName list_type(Resource resource, bool metadata_only) {
  if (metadata_only) return {kMetaVersion, "PartialObjectMetadataList"};
  return {"v1", resource == Resource::kSecrets ? "SecretList" : "ConfigMapList"};
}

std::string_view managed_fields() {
  return R"({"f:data":{".":{},"f:release":{}},"f:metadata":{"f:labels":{".":{},"f:createdAt":{},)"
         R"("f:name":{},"f:owner":{},"f:status":{},"f:version":{}}},"f:type":{}})";
}

std::string encode_object(const Object& object, const Representation& as) {
  if (as.protobuf) {
    return envelope(object_type(object.resource, as.metadata_only),
                    object_message(object, as.metadata_only));
  }
  std::string out;
  append_object_json(out, object, as.metadata_only, JsonKind::kNamed);
  return json_document(std::move(out), as);
}

std::string encode_refusal(const Refusal& refusal, const Representation& as) {
  if (as.protobuf) return envelope(kStatusType, refusal_message(refusal));
  return json_document(refusal_json(refusal), as);
}

bool encode_list(const ListHead& head, const std::vector<ObjectPtr>& items,
                 const Representation& as, const PieceSink& out) {
  if (as.protobuf) return encode_list_protobuf(head, items, as, out);
  if (!as.pretty) return encode_list_json(head, items, as, out);
  std::string compact;
  encode_list_json(head, items, as, [&compact](std::string_view piece) {
    compact += piece;
    return true;
  });
  compact.pop_back();
  return out(json_document(std::move(compact), as));
}

std::string encode_event(std::string_view type, const Object& object, const Representation& as) {
  if (as.protobuf) {
    return watch_frame(type, envelope(object_type(object.resource, as.metadata_only),
                                      object_message(object, as.metadata_only)));
  }
  std::string json;
  append_object_json(json, object, as.metadata_only, JsonKind::kNamed);
  return json_event(type, json, as);
}

std::string encode_bookmark(const ListHead& head, BookmarkKind kind, const Representation& as) {
  if (!as.protobuf) return json_event("BOOKMARK", bookmark_json(head, kind, as.metadata_only), as);
  return watch_frame("BOOKMARK", envelope(object_type(head.resource, as.metadata_only),
                                          bookmark_message(head, kind)));
}

std::string encode_error_event(const Refusal& refusal, const Representation& as) {
  if (!as.protobuf) return json_event("ERROR", refusal_json(refusal), as);
  return watch_frame("ERROR", envelope(kStatusType, refusal_message(refusal)));
}

}  // namespace lookout::fakes
