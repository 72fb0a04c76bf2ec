#include "test/fakes/object_json.hpp"

#include "lookout/encoding/base64.hpp"
#include "lookout/encoding/time.hpp"

#include "test/fakes/json_text.hpp"

namespace lookout::fakes {
namespace {

void append_field(std::string& out, std::string_view key, std::string_view value) {
  append_quoted(out, key);
  out += ':';
  append_quoted(out, value);
}

void append_labels(std::string& out, const Labels& labels) {
  if (labels.empty()) return;
  out += R"(,"labels":{)";
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (i > 0) out += ',';
    append_field(out, labels[i].first, labels[i].second);
  }
  out += '}';
}

void append_meta(std::string& out, const Object& object) {
  const std::string created = encoding::format_rfc3339(object.created_seconds);
  out += R"("metadata":{)";
  append_field(out, "name", object.name);
  out += ',';
  append_field(out, "namespace", object.ns);
  out += ',';
  append_field(out, "uid", object.uid);
  out += ',';
  append_field(out, "resourceVersion", std::to_string(object.resource_version));
  out += ',';
  append_field(out, "creationTimestamp", created);
  append_labels(out, object.labels);
  out += R"(,"managedFields":[{"manager":"Helm","operation":"Update","apiVersion":"v1","time":")";
  out += created;
  out += R"(","fieldsType":"FieldsV1","fieldsV1":)";
  out += managed_fields();
  out += "}]}";
}

void append_contents(std::string& out, const Object& object) {
  const bool secret = object.resource == Resource::kSecrets;
  if (object.value) {
    out += R"(,"data":{)";
    append_quoted(out, object.data_key);
    out += ':';
    append_quoted(out, secret ? encoding::base64_encode(*object.value) : *object.value);
    out += '}';
  }
  if (secret) {
    out += ',';
    append_field(out, "type", object.type);
  }
}

void append_kind(std::string& out, const TypeName& type) {
  append_field(out, "kind", type.kind);
  out += ',';
  append_field(out, "apiVersion", type.api_version);
  out += ',';
}

void append_details(std::string& out, const Refusal& refusal) {
  out += R"(,"details":{)";
  if (!refusal.cause_message.empty() || !refusal.cause_reason.empty()) {
    out += R"("causes":[{)";
    append_field(out, "reason", refusal.cause_reason);
    out += ',';
    append_field(out, "message", refusal.cause_message);
    out += "}]";
    if (refusal.retry_after_seconds) out += ',';
  }
  if (refusal.retry_after_seconds) {
    out += R"("retryAfterSeconds":)" + std::to_string(*refusal.retry_after_seconds);
  }
  out += '}';
}

}  // namespace

void append_object_json(std::string& out, const Object& object, bool metadata_only, JsonKind kind) {
  out += '{';
  if (kind == JsonKind::kNamed || metadata_only) {
    append_kind(out, object_type(object.resource, metadata_only));
  }
  append_meta(out, object);
  if (!metadata_only) append_contents(out, object);
  out += '}';
}

std::string list_head_json(const ListHead& head, bool metadata_only) {
  std::string out = "{";
  append_kind(out, list_type(head.resource, metadata_only));
  out += R"("metadata":{)";
  append_field(out, "resourceVersion", std::to_string(head.resource_version));
  if (!head.continue_token.empty()) {
    out += ',';
    append_field(out, "continue", head.continue_token);
  }
  if (head.remaining_items > 0) {
    out += R"(,"remainingItemCount":)" + std::to_string(head.remaining_items);
  }
  return out + R"(},"items":[)";
}

std::string refusal_json(const Refusal& refusal) {
  std::string out = R"({"kind":"Status","apiVersion":"v1","metadata":{)";
  if (!refusal.continue_token.empty()) append_field(out, "continue", refusal.continue_token);
  out += R"(},"status":"Failure",)";
  append_field(out, "message", refusal.message);
  out += ',';
  append_field(out, "reason", refusal.reason);
  append_details(out, refusal);
  return out + R"(,"code":)" + std::to_string(refusal.code) + "}";
}

std::string bookmark_json(const ListHead& head, BookmarkKind kind, bool metadata_only) {
  std::string out = "{";
  append_kind(out, object_type(head.resource, metadata_only));
  out += R"("metadata":{)";
  append_field(out, "resourceVersion", std::to_string(head.resource_version));
  out += R"(,"creationTimestamp":null)";
  if (kind == BookmarkKind::kInitialEventsEnd) {
    out += R"(,"annotations":{"k8s.io/initial-events-end":"true"})";
  }
  return out + "}}";
}

}  // namespace lookout::fakes
