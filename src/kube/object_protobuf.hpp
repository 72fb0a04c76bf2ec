// Kubernetes messages that are whole in memory, in protobuf.
// Source: generated.proto of k8s.io/apimachinery (runtime, meta/v1) and k8s.io/api/core/v1.
#pragma once

#include <optional>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/kube/metadata_decoder.hpp"

#include "src/kube/object_parts.hpp"

namespace lookout::kube {

inline constexpr std::string_view kProtobufMagic{"k8s\0", 4};

// runtime.TypeMeta{1 apiVersion, 2 kind}; nullopt when damaged.
std::optional<TypeMeta> read_type_meta(std::string_view message);

// Magic + runtime.Unknown{1 typeMeta, 2 raw}.
struct Envelope {
  TypeMeta type;
  std::string_view raw;
};
std::optional<Envelope> read_envelope(std::string_view bytes);

// meta.v1.ListMeta{2 resourceVersion, 3 continue}.
std::optional<ListEnd> read_list_meta(std::string_view message);

// {1 ObjectMeta, 2 data{1 key, 2 value}}: PartialObjectMetadata has no field 2, Secret and
// ConfigMap have. kMalformed, kTooLarge (labels).
Result<void> read_object(std::string_view message, ObjectParts& parts);

// meta.v1.WatchEvent{1 type, 2 RawExtension{1 raw}}.
struct WatchEnvelope {
  std::string_view type;
  std::string_view raw;
};
std::optional<WatchEnvelope> read_watch_event(std::string_view message);

}  // namespace lookout::kube
