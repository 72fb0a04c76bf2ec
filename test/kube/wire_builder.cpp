#include "test/kube/wire_builder.hpp"

#include "lookout/encoding/time.hpp"

namespace lookout::kube::wire {
namespace {

constexpr std::string_view kMetaGroup = "meta.k8s.io/v1";

std::string pair_message(std::string_view first, std::string_view second) {
  return bytes_field(1, first) + bytes_field(2, second);
}

std::string protobuf_meta(const Object& object) {
  const helm::SecretMeta& meta = object.meta;
  std::string out = bytes_field(1, meta.name) + bytes_field(2, "") + bytes_field(3, meta.ns) +
                    bytes_field(4, "") + bytes_field(5, meta.uid) +
                    bytes_field(6, meta.resource_version) + number_field(7, 0);
  out += bytes_field(8, meta.created_seconds == 0
                            ? std::string()
                            : number_field(1, static_cast<std::uint64_t>(meta.created_seconds)) +
                                  number_field(2, 0));
  for (const auto& [key, value] : meta.labels) out += bytes_field(11, pair_message(key, value));
  for (const auto& [key, value] : object.annotations) {
    out += bytes_field(12, pair_message(key, value));
  }
  return out + bytes_field(17, bytes_field(1, "helm") + bytes_field(7, "{\"f:data\":{}}"));
}

std::string json_map(const Annotations& entries) {
  std::string out = "{";
  for (const auto& [key, value] : entries) {
    if (out.size() > 1) out += ',';
    out += json_string(key) + ":" + json_string(value);
  }
  return out + "}";
}

std::string json_kind(std::string_view api_version, std::string_view kind) {
  return "\"kind\":" + json_string(kind) + ",\"apiVersion\":" + json_string(api_version) + ",";
}

std::string json_list(std::string_view api_version, std::string_view kind, const ListEnd& end,
                      const std::vector<Object>& objects) {
  const bool partial = api_version == kMetaGroup;
  std::string out = "{" + json_kind(api_version, kind) +
                    "\"metadata\":{\"resourceVersion\":" + json_string(end.resource_version);
  if (!end.continue_token.empty()) out += ",\"continue\":" + json_string(end.continue_token);
  out += "},\"items\":[";
  for (const Object& object : objects) {
    if (&object != &objects.front()) out += ',';
    out += json_object(object, partial ? json_kind(kMetaGroup, "PartialObjectMetadata") : "");
  }
  return out + "]}\n";
}

std::string protobuf_list(std::string_view api_version, std::string_view kind, const ListEnd& end,
                          const std::vector<Object>& objects) {
  std::string raw = bytes_field(1, bytes_field(1, "") + bytes_field(2, end.resource_version) +
                                       bytes_field(3, end.continue_token));
  for (const Object& object : objects) raw += bytes_field(2, protobuf_object(object));
  return envelope(api_version, kind, raw);
}

}  // namespace

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  return out + static_cast<char>(value);
}

std::string number_field(std::uint32_t number, std::uint64_t value) {
  return varint(std::uint64_t{number} << 3) + varint(value);
}

std::string bytes_field(std::uint32_t number, std::string_view content) {
  return varint(std::uint64_t{number} << 3 | 2) + varint(content.size()) + std::string(content);
}

std::string envelope(std::string_view api_version, std::string_view kind, std::string_view raw) {
  return std::string("k8s\0", 4) + bytes_field(1, pair_message(api_version, kind)) +
         bytes_field(2, raw) + bytes_field(3, "") + bytes_field(4, "");
}

std::string frame(std::string_view event) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(event.size() >> shift);
  return out + std::string(event);
}

std::string json_string(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string protobuf_object(const Object& object) {
  std::string out = bytes_field(1, protobuf_meta(object));
  if (object.release) {
    out += bytes_field(2, pair_message("other", "x"));
    out += bytes_field(2, pair_message("release", *object.release));
  }
  return out;
}

std::string json_object(const Object& object, std::string_view kind_members) {
  const helm::SecretMeta& meta = object.meta;
  std::string out =
      "{" + std::string(kind_members) + "\"metadata\":{\"name\":" + json_string(meta.name) +
      ",\"namespace\":" + json_string(meta.ns) + ",\"uid\":" + json_string(meta.uid) +
      ",\"resourceVersion\":" + json_string(meta.resource_version) + ",\"creationTimestamp\":";
  out += meta.created_seconds == 0 ? "null"
                                   : json_string(encoding::format_rfc3339(meta.created_seconds));
  if (!meta.labels.empty()) out += ",\"labels\":" + json_map(meta.labels);
  if (!object.annotations.empty()) out += ",\"annotations\":" + json_map(object.annotations);
  out += R"(,"managedFields":[{"manager":"helm","fieldsV1":{"f:data":{".":{}}}}]})";
  if (object.release) {
    out += R"(,"data":{"other":"eA==","release":)" + json_string(*object.release) + "}";
  }
  return out + "}";
}

std::string metadata_list(WireFormat format, const std::vector<Object>& objects,
                          const ListEnd& end) {
  constexpr std::string_view kKind = "PartialObjectMetadataList";
  return format == WireFormat::kJson ? json_list(kMetaGroup, kKind, end, objects)
                                     : protobuf_list(kMetaGroup, kKind, end, objects);
}

std::string payload_list(WireFormat format, std::string_view kind,
                         const std::vector<Object>& objects) {
  const ListEnd end{"9", ""};
  return format == WireFormat::kJson ? json_list("v1", kind, end, objects)
                                     : protobuf_list("v1", kind, end, objects);
}

std::string single(WireFormat format, std::string_view kind, const Object& object) {
  if (format == WireFormat::kJson) return json_object(object, json_kind("v1", kind)) + "\n";
  return envelope("v1", kind, protobuf_object(object));
}

std::string watch_event(WireFormat format, std::string_view type, const Object& object) {
  constexpr std::string_view kKind = "PartialObjectMetadata";
  if (format == WireFormat::kJson) {
    return "{\"type\":" + json_string(type) +
           ",\"object\":" + json_object(object, json_kind(kMetaGroup, kKind)) + "}\n";
  }
  const std::string raw = envelope(kMetaGroup, kKind, protobuf_object(object));
  return frame(bytes_field(1, type) + bytes_field(2, bytes_field(1, raw)));
}

helm::SecretMeta sample_meta(const std::string& name) {
  helm::SecretMeta meta;
  meta.ns = "default";
  meta.name = name;
  meta.uid = "8676f737-a149-476a-aabe-3a99e18e72bd";
  meta.resource_version = "317";
  meta.labels = {{"name", "redis"}, {"owner", "helm"}, {"status", "deployed"}, {"version", "1"}};
  meta.created_seconds = 1'709'287'872;
  return meta;
}

}  // namespace lookout::kube::wire
