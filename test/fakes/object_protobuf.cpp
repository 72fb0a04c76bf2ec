#include "test/fakes/object_protobuf.hpp"

#include "test/fakes/protobuf_writer.hpp"

namespace lookout::fakes {
namespace {

std::string time_message(std::int64_t seconds) {
  std::string out;
  append_number(out, 1, static_cast<std::uint64_t>(seconds));
  append_number(out, 2, 0);
  return out;
}

std::string entry_message(std::string_view key, std::string_view value) {
  std::string out;
  append_bytes(out, 1, key);
  append_bytes(out, 2, value);
  return out;
}

std::string managed_fields_message(const Object& object) {
  std::string fields;
  append_bytes(fields, 1, managed_fields());
  std::string out;
  append_bytes(out, 1, "Helm");
  append_bytes(out, 2, "Update");
  append_bytes(out, 3, "v1");
  append_bytes(out, 4, time_message(object.created_seconds));
  append_bytes(out, 6, "FieldsV1");
  append_bytes(out, 7, fields);
  append_bytes(out, 8, "");
  return out;
}

std::string meta_message(const Object& object) {
  std::string out;
  append_bytes(out, 1, object.name);
  append_bytes(out, 2, "");
  append_bytes(out, 3, object.ns);
  append_bytes(out, 4, "");
  append_bytes(out, 5, object.uid);
  append_bytes(out, 6, std::to_string(object.resource_version));
  append_number(out, 7, 0);
  append_bytes(out, 8, time_message(object.created_seconds));
  for (const auto& [key, value] : object.labels) append_bytes(out, 11, entry_message(key, value));
  append_bytes(out, 17, managed_fields_message(object));
  return out;
}

std::string details_message(const Refusal& refusal) {
  std::string out;
  append_bytes(out, 1, "");
  append_bytes(out, 2, "");
  append_bytes(out, 3, "");
  if (!refusal.cause_reason.empty() || !refusal.cause_message.empty()) {
    std::string cause;
    append_bytes(cause, 1, refusal.cause_reason);
    append_bytes(cause, 2, refusal.cause_message);
    append_bytes(cause, 3, "");
    append_bytes(out, 4, cause);
  }
  append_number(out, 5, refusal.retry_after_seconds.value_or(0));
  append_bytes(out, 6, "");
  return out;
}

constexpr std::string_view kMagic{"k8s\0", 4};

}  // namespace

std::string object_message(const Object& object, bool metadata_only) {
  std::string out;
  append_bytes(out, 1, meta_message(object));
  if (metadata_only) return out;
  if (object.value) append_bytes(out, 2, entry_message(object.data_key, *object.value));
  if (object.resource == Resource::kSecrets) append_bytes(out, 3, object.type);
  return out;
}

std::string list_meta_message(const ListHead& head) {
  std::string out;
  append_bytes(out, 1, "");
  append_bytes(out, 2, std::to_string(head.resource_version));
  append_bytes(out, 3, head.continue_token);
  if (head.remaining_items > 0) append_number(out, 4, head.remaining_items);
  return out;
}

std::string refusal_message(const Refusal& refusal) {
  std::string meta;
  append_bytes(meta, 1, "");
  append_bytes(meta, 2, "");
  append_bytes(meta, 3, refusal.continue_token);
  std::string out;
  append_bytes(out, 1, meta);
  append_bytes(out, 2, "Failure");
  append_bytes(out, 3, refusal.message);
  append_bytes(out, 4, refusal.reason);
  append_bytes(out, 5, details_message(refusal));
  append_number(out, 6, static_cast<std::uint64_t>(refusal.code));
  return out;
}

std::string bookmark_message(const ListHead& head, BookmarkKind kind) {
  std::string meta;
  for (const std::uint32_t field : {1U, 2U, 3U, 4U, 5U}) append_bytes(meta, field, "");
  append_bytes(meta, 6, std::to_string(head.resource_version));
  append_number(meta, 7, 0);
  append_bytes(meta, 8, "");
  if (kind == BookmarkKind::kInitialEventsEnd) {
    append_bytes(meta, 12, entry_message("k8s.io/initial-events-end", "true"));
  }
  std::string out;
  append_bytes(out, 1, meta);
  return out;
}

std::string envelope_head(TypeName type, std::size_t raw_bytes) {
  std::string out(kMagic);
  append_bytes(out, 1, entry_message(type.api_version, type.kind));
  append_varint(out, (2U << 3U) | 2U);
  append_varint(out, raw_bytes);
  return out;
}

// contentEncoding and contentType, both empty.
std::string_view envelope_tail() {
  return {"\x1a\x00\x22\x00", 4};
}

std::string envelope(TypeName type, std::string_view raw) {
  std::string out = envelope_head(type, raw.size());
  out += raw;
  out += envelope_tail();
  return out;
}

std::string watch_frame(std::string_view type, std::string_view enveloped_object) {
  std::string extension;
  append_bytes(extension, 1, enveloped_object);
  std::string event;
  append_bytes(event, 1, type);
  append_bytes(event, 2, extension);
  std::string out;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out += static_cast<char>((event.size() >> shift) & 0xffU);
  }
  return out + event;
}

}  // namespace lookout::fakes
